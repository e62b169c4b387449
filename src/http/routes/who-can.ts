/** @module `GET /v1/access/who-can`: everybody who reaches an account, a permission set in it, or an application. */
import { paths, whoCanAnswer, whoCanQuery } from '../../api/contract.js'
import { whoCan as findWhoCan } from '../../service/insight/who-can.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const whoCan = route({
  method: 'get',
  path: paths.whoCan,
  right: { resource: 'user', verb: 'list' },
  scoped: true,
  summary:
    'Everybody who reaches an AWS account, one permission set in it, or an application, with every way and its conditions',
  answer: { kind: 'json', schema: whoCanAnswer },
  query: whoCanQuery,
  handler: async ({ deps, query, actor }) => json(await findWhoCan(deps, query, authorityOf(actor))),
})
