/** @module `POST /v1/webhooks/:name/rotate`: a new secret for a webhook, shown in this one answer. */
import { paths, webhookRotateAnswer } from '../../api/contract.js'
import { rotateWebhookSecret } from '../../service/webhooks/rotate-secret.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const rotateWebhook = route({
  method: 'post',
  path: paths.webhookRotate,
  right: { resource: 'webhook', verb: 'rotate' },
  scoped: true,
  summary: 'Makes a new secret for a webhook; the one before signs beside it for a day',
  answer: { kind: 'json', schema: webhookRotateAnswer },
  handler: async ({ deps, params, actor, origin }) =>
    json(await rotateWebhookSecret(deps, params.name ?? '', authorityOf(actor), origin)),
})
