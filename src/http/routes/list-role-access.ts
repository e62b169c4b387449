/** @module `GET /v1/roles/:name/access`: the AWS accounts and permission sets that a role by itself gives. */
import { accessAnswer, accessQuery } from '../../api/contract/access.js'
import { paths } from '../../api/contract.js'
import { listRoleAccess as listAccess } from '../../service/access/role-access.js'
import { toAccessAnswer } from '../access-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listRoleAccess = route({
  method: 'get',
  path: paths.roleAccess,
  right: { resource: 'role', verb: 'read' },
  scoped: true,
  summary: 'The AWS accounts and permission sets that a role by itself gives',
  answer: { kind: 'json', schema: accessAnswer },
  query: accessQuery,
  handler: async ({ deps, params, query: { search, cursor, limit }, actor }) => {
    const input = { name: params.name ?? '', search, cursor, limit }
    return json(toAccessAnswer(await listAccess(deps, input, authorityOf(actor))))
  },
})
