/** @module `GET /v1/webhooks`: webhooks with what became of their messages. */
import { paths, webhookListAnswer } from '../../api/contract.js'
import { listWebhooks as list } from '../../service/webhooks/show-webhooks.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listWebhooks = route({
  method: 'get',
  path: paths.webhooks,
  right: { resource: 'webhook', verb: 'list' },
  scoped: true,
  summary: 'Webhooks with what became of their messages',
  answer: { kind: 'json', schema: webhookListAnswer },
  handler: async ({ deps, actor }) => json({ items: await list(deps, authorityOf(actor)) }),
})
