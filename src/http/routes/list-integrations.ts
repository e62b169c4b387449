/** @module `GET /v1/integrations`: what is connected, with its health. */
import { integrationsAnswer } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { listIntegrations as listAll } from '../../service/identity-center/integrations.js'
import { json, route } from '../route.js'

export const listIntegrations = route({
  method: 'get',
  path: paths.integrations,
  right: { resource: 'plugin', verb: 'list' },
  summary: 'What is connected, with its health and what uses it',
  answer: { kind: 'json', schema: integrationsAnswer },
  handler: async ({ deps }) => json(await listAll(deps)),
})
