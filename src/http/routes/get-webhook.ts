/** @module `GET /v1/webhooks/:name`: the state of one webhook, its last messages and the age of its secrets. */
import { paths, webhookAnswer } from '../../api/contract.js'
import { showWebhook } from '../../service/webhooks/show-webhooks.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const getWebhook = route({
  method: 'get',
  path: paths.webhook,
  right: { resource: 'webhook', verb: 'read' },
  scoped: true,
  summary: 'The state of a webhook: its last messages, when the next is tried, the age of its secrets',
  answer: { kind: 'json', schema: webhookAnswer },
  handler: async ({ deps, params, actor }) =>
    json(await showWebhook(deps, params.name ?? '', authorityOf(actor))),
})
