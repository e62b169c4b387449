/** @module `GET /v1/roles/:name/applications`: the applications that a role by itself opens. */
import { applicationAccessAnswer } from '../../api/contract/access.js'
import { paths } from '../../api/contract.js'
import { listRoleApplications as listApplications } from '../../service/access/role-access.js'
import { toApplicationAccess } from '../access-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listRoleApplications = route({
  method: 'get',
  path: paths.roleApplications,
  right: { resource: 'role', verb: 'read' },
  scoped: true,
  summary: 'The applications, each with whether a role by itself opens it, and why',
  answer: { kind: 'json', schema: applicationAccessAnswer },
  handler: async ({ deps, params, actor }) => {
    const found = await listApplications(deps, params.name ?? '', authorityOf(actor))
    return json({ items: found.map(toApplicationAccess) })
  },
})
