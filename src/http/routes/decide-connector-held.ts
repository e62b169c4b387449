/** @module `POST /v1/connectors/:name/held`: releases or refuses changes of a directory that wait. */
import { decideHeldRequest, heldChangesAnswer, paths } from '../../api/contract.js'
import { decideHeldChanges } from '../../service/directory/held.js'
import { toHeldItem } from '../directory-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const decideConnectorHeld = route({
  method: 'post',
  path: paths.connectorHeld,
  right: { resource: 'oidc', verb: 'update' },
  orRight: { resource: 'saml', verb: 'update' },
  scoped: true,
  summary: 'Releases or refuses changes of the directory of a connector that wait',
  answer: { kind: 'json', schema: heldChangesAnswer },
  body: decideHeldRequest,
  handler: async ({ deps, params, body: { decision, keys }, actor, origin }) => {
    const input = { connector: params.name ?? '', decision, keys }
    const held = await decideHeldChanges(deps, input, authorityOf(actor), origin)
    return json({ items: held.map(toHeldItem) })
  },
})
