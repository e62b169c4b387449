/** @module `POST /v1/access-lists/:name/members`: adds a member, or changes the end or the reason of a membership. */
import { paths, putMemberAnswer, putMemberRequest } from '../../api/contract.js'
import { putMember as put } from '../../service/access-lists/put-member.js'
import { toMemberItem } from '../member-item.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const putMember = route({
  method: 'post',
  path: paths.listMembers,
  right: 'session',
  machine: true,
  summary: 'Adds a member to an access list, or changes one',
  answer: { kind: 'json', schema: putMemberAnswer },
  body: putMemberRequest,
  handler: async ({ deps, params, body, actor, origin }) => {
    const input = { list: params.name ?? '', ...body, expiresAt: body.expiresAt, reason: body.reason }
    const { action, member, notes } = await put(deps, input, authorityOf(actor), origin)
    return json({ action, member: toMemberItem(member), notes })
  },
})
