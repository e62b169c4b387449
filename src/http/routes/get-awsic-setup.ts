/** @module `GET /v1/identity-center/:plugin/setup`: where the set-up of Identity Center stands, step by step. */
import { setupAnswer } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { readSetup } from '../../service/identity-center/setup.js'
import { json, route } from '../route.js'

export const getAwsicSetup = route({
  method: 'get',
  path: paths.awsicSetup,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'Where the set-up of Identity Center stands, step by step',
  answer: { kind: 'json', schema: setupAnswer },
  handler: async ({ deps, params }) => json(await readSetup(deps, params.plugin ?? '')),
})
