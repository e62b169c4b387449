/** @module `GET /v1/connectors/:name/held`: the changes of a directory that wait for a person. */
import { heldChangesAnswer, paths } from '../../api/contract.js'
import { listHeldChanges } from '../../service/directory/held.js'
import { toHeldItem } from '../directory-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listConnectorHeld = route({
  method: 'get',
  path: paths.connectorHeld,
  right: { resource: 'oidc', verb: 'read' },
  orRight: { resource: 'saml', verb: 'read' },
  scoped: true,
  summary: 'The changes of the directory of a connector that wait for a person, and those that were decided',
  answer: { kind: 'json', schema: heldChangesAnswer },
  handler: async ({ deps, params, actor }) => {
    const held = await listHeldChanges(deps, params.name ?? '', authorityOf(actor))
    return json({ items: held.map(toHeldItem) })
  },
})
