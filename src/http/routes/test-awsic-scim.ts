/** @module `POST /v1/identity-center/:plugin/scim/test`: tries the stored SCIM token. */
import { scimTestAnswer } from '../../api/contract/identity-center-scim.js'
import { paths } from '../../api/contract.js'
import { testStoredScim } from '../../service/identity-center/put-scim-token.js'
import { json, route } from '../route.js'

export const testAwsicScim = route({
  method: 'post',
  path: paths.awsicScimTest,
  right: { resource: 'plugin', verb: 'update' },
  summary: 'Writes, reads, changes and removes a user of its own with the stored SCIM token',
  answer: { kind: 'json', schema: scimTestAnswer },
  handler: async ({ deps, params }) => json(await testStoredScim(deps, params.plugin ?? '')),
})
