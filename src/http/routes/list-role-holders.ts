/** @module `GET /v1/roles/:name/holders`: the people and machine users who hold a role. */
import { accessQuery, roleHoldersAnswer, type RoleHoldersAnswer } from '../../api/contract/access.js'
import { paths } from '../../api/contract.js'
import { listRoleHolders as listHolders } from '../../service/access/role-holders.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listRoleHolders = route({
  method: 'get',
  path: paths.roleHolders,
  right: { resource: 'role', verb: 'read' },
  scoped: true,
  summary: 'The people and machine users who hold a role, as far as the caller may list them',
  answer: { kind: 'json', schema: roleHoldersAnswer },
  query: accessQuery,
  handler: async ({ deps, params, query: { search, cursor, limit }, actor }) => {
    const input = { name: params.name ?? '', search, cursor, limit }
    const { items, next, total } = await listHolders(deps, input, authorityOf(actor))
    const answer: RoleHoldersAnswer = {
      items: [...items],
      ...(next !== undefined && { nextCursor: next }),
      total,
    }
    return json(answer)
  },
})
