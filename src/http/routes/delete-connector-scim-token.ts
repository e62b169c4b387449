/** @module `DELETE /v1/connectors/:name/scim-tokens/:id`: a token of a directory is worth nothing from then on. */
import { paths } from '../../api/contract.js'
import { deleteDirectoryToken } from '../../service/directory/tokens.js'
import { authorityOf } from '../person.js'
import { route } from '../route.js'

export const deleteConnectorScimToken = route({
  method: 'delete',
  path: paths.connectorScimToken,
  right: { resource: 'oidc', verb: 'update' },
  orRight: { resource: 'saml', verb: 'update' },
  scoped: true,
  summary: 'Deletes a SCIM token of a connector',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    const token = { connector: params.name ?? '', id: params.id ?? '' }
    await deleteDirectoryToken(deps, token, authorityOf(actor), origin)
    return { kind: 'empty' }
  },
})
