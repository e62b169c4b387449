/** @module `GET /v1/users/:name/access`: the AWS accounts and permission sets that somebody has by their roles. */
import { accessAnswer, accessQuery } from '../../api/contract/access.js'
import { paths } from '../../api/contract.js'
import { listUserAccess as listAccess } from '../../service/access/user-access.js'
import { toAccessAnswer } from '../access-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listUserAccess = route({
  method: 'get',
  path: paths.userAccess,
  right: { resource: 'user', verb: 'read' },
  scoped: true,
  summary: 'The AWS accounts and permission sets that a person, or `token/NAME`, has by their roles',
  answer: { kind: 'json', schema: accessAnswer },
  query: accessQuery,
  handler: async ({ deps, params, query: { search, cursor, limit }, actor }) => {
    const input = { name: params.name ?? '', search, cursor, limit }
    const access = await listAccess(deps, input, authorityOf(actor))
    const lockedBy = access.lockedBy.length > 0 ? { lockedBy: [...access.lockedBy] } : {}
    return json({ ...toAccessAnswer(access), ...(access.locked && { locked: true }), ...lockedBy })
  },
})
