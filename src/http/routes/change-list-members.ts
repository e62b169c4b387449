/** @module `POST /v1/access-lists/:name/change-members`: many members of an access list at once. */
import { changeMembersAnswer, changeMembersRequest, paths } from '../../api/contract.js'
import { changeMembers } from '../../service/access-lists/change-members.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const changeListMembers = route({
  method: 'post',
  path: paths.changeMembers,
  right: 'session',
  machine: true,
  summary: 'Adds, changes and removes many members of an access list, all in one change',
  answer: { kind: 'json', schema: changeMembersAnswer },
  body: changeMembersRequest,
  largeBody: true,
  handler: async ({ deps, params, body, actor, origin }) =>
    json(await changeMembers(deps, params.name ?? '', body, authorityOf(actor), origin)),
})
