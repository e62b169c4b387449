/** @module `GET /v1/roles`: names and descriptions of the roles that may be given. */
import { paths, roleListAnswer, type RoleItem } from '../../api/contract.js'
import { json, route } from '../route.js'

export const listRoles = route({
  method: 'get',
  path: paths.roles,
  right: { resource: 'role', verb: 'list' },
  summary: 'Names of the roles that may be given',
  answer: { kind: 'json', schema: roleListAnswer },
  handler: async ({ deps }) => {
    const roles = await deps.catalog.listRoles()
    const items = roles.map(({ value: { name, version } }): RoleItem => ({ name, version }))
    return json({ items })
  },
})
