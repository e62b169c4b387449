/** @module `GET /v1/identity-center/:plugin/scim`: the SCIM URL and what is known of the tokens, never the tokens. */
import { scimAnswer } from '../../api/contract/identity-center-scim.js'
import { paths } from '../../api/contract.js'
import { findPlugin } from '../../service/identity-center/find-plugin.js'
import { readScim } from '../../service/identity-center/put-scim-token.js'
import { json, route } from '../route.js'

export const getAwsicScim = route({
  method: 'get',
  path: paths.awsicScim,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'The SCIM URL and the state of its tokens',
  answer: { kind: 'json', schema: scimAnswer },
  handler: async ({ deps, params }) =>
    json(await readScim(deps, await findPlugin(deps, params.plugin ?? ''))),
})
