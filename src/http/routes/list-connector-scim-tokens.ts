/** @module `GET /v1/connectors/:name/scim-tokens`: the tokens by which the directory of a connector pushes. */
import { directoryTokensAnswer, paths } from '../../api/contract.js'
import { scimBase } from '../../service/directory/address.js'
import { listDirectoryTokens } from '../../service/directory/tokens.js'
import { toTokenItem } from '../directory-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listConnectorScimTokens = route({
  method: 'get',
  path: paths.connectorScimTokens,
  right: { resource: 'oidc', verb: 'read' },
  orRight: { resource: 'saml', verb: 'read' },
  scoped: true,
  summary:
    'The SCIM tokens of a connector, without their secrets, the address of the endpoint, and how much was pushed',
  answer: { kind: 'json', schema: directoryTokensAnswer },
  handler: async ({ deps, params, actor }) => {
    const { tokens, pushed } = await listDirectoryTokens(deps, params.name ?? '', authorityOf(actor))
    const now = deps.clock.now()
    const items = tokens.map((token) => toTokenItem(token, now))
    return json({ baseUrl: scimBase(deps.publicUrl), items, pushed })
  },
})
