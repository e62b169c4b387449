/** @module `GET /v1/users/:name/applications`: the applications that somebody may sign in to. */
import { applicationAccessAnswer } from '../../api/contract/access.js'
import { paths } from '../../api/contract.js'
import { listUserApplications as listApplications } from '../../service/access/applications.js'
import { toApplicationAccess } from '../access-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listUserApplications = route({
  method: 'get',
  path: paths.userApplications,
  right: { resource: 'user', verb: 'read' },
  scoped: true,
  summary: 'The applications, each with whether a person, or `token/NAME`, may sign in to it, and why',
  answer: { kind: 'json', schema: applicationAccessAnswer },
  handler: async ({ deps, params, actor }) => {
    const found = await listApplications(deps, params.name ?? '', authorityOf(actor))
    return json({ items: found.map(toApplicationAccess) })
  },
})
