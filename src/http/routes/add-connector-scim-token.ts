/** @module `POST /v1/connectors/:name/scim-tokens`: a new token for the directory of a connector, shown in this one answer. */
import { addDirectoryTokenAnswer, addDirectoryTokenRequest, paths } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { parseInstant } from '../../core/time.js'
import { scimBase } from '../../service/directory/address.js'
import { addDirectoryToken } from '../../service/directory/tokens.js'
import { toTokenItem } from '../directory-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const addConnectorScimToken = route({
  method: 'post',
  path: paths.connectorScimTokens,
  right: { resource: 'oidc', verb: 'update' },
  orRight: { resource: 'saml', verb: 'update' },
  scoped: true,
  summary: 'Makes a SCIM token for the directory of a connector; others stay good',
  answer: { kind: 'json', schema: addDirectoryTokenAnswer, status: 201 },
  body: addDirectoryTokenRequest,
  handler: async ({ deps, params, body, actor, origin }) => {
    const expiresAt = body.expiresAt === undefined ? undefined : parseInstant(body.expiresAt)
    if (body.expiresAt !== undefined && expiresAt === undefined) {
      const message = 'is not an instant; write for example 2027-01-31T08:00:00Z'
      const fields = [{ path: 'body.expiresAt', message }]
      throw new GatewayError('INVALID_INPUT', `expiresAt: ${message}`, { fields })
    }
    const input = { connector: params.name ?? '', label: body.label, expiresAt }
    const { token, secret } = await addDirectoryToken(deps, input, authorityOf(actor), origin)
    const shown = toTokenItem(token, deps.clock.now())
    return json({ baseUrl: scimBase(deps.publicUrl), token: shown, secret }, 201)
  },
})
