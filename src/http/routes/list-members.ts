/** @module `GET /v1/access-lists/:name/members`: who is in an access list. */
import { membersAnswer, membersQuery, paths } from '../../api/contract.js'
import { listMembers as list } from '../../service/access-lists/list-members.js'
import { toMemberItem } from '../member-item.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listMembers = route({
  method: 'get',
  path: paths.listMembers,
  right: 'session',
  machine: true,
  summary: 'The members of an access list, nested lists first',
  answer: { kind: 'json', schema: membersAnswer },
  query: membersQuery,
  handler: async ({ deps, params, query, actor }) => {
    const { items, next, total } = await list(deps, params.name ?? '', query, authorityOf(actor))
    return json({ items: items.map(toMemberItem), nextCursor: next, total })
  },
})
