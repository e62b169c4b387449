/** @module `POST /v1/webhooks/:name/test`: sends a message of no meaning now, and says what became of it. */
import { paths, webhookTestAnswer } from '../../api/contract.js'
import { testWebhook as test } from '../../service/webhooks/test-webhook.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const testWebhook = route({
  method: 'post',
  path: paths.webhookTest,
  right: { resource: 'webhook', verb: 'update' },
  scoped: true,
  summary: 'Sends a signed message of no meaning to a webhook now, and says what became of it',
  answer: { kind: 'json', schema: webhookTestAnswer },
  handler: async ({ deps, params, actor, origin }) =>
    json(await test(deps, params.name ?? '', authorityOf(actor), origin)),
})
