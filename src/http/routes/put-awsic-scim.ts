/** @module `PUT /v1/identity-center/:plugin/scim`: keeps a SCIM token, and the URL where it is given, after a test. */
import { putScimTokenAnswer, putScimTokenRequest } from '../../api/contract/identity-center-scim.js'
import { paths } from '../../api/contract.js'
import { putScimToken } from '../../service/identity-center/put-scim-token.js'
import { actorName, authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const putAwsicScim = route({
  method: 'put',
  path: paths.awsicScim,
  right: { resource: 'plugin', verb: 'update' },
  summary: 'Keeps a SCIM token in one of two slots, after a test that writes, reads and removes a user',
  answer: { kind: 'json', schema: putScimTokenAnswer },
  body: putScimTokenRequest,
  handler: async ({ deps, params, body, actor, origin }) =>
    json(await putScimToken(deps, params.plugin ?? '', body, actorName(actor), origin, authorityOf(actor))),
})
