/** @module `GET /v1/access/who-could`: people who do not have it and may ask for it, with who may approve. */
import { paths, whoCanQuery, whoCouldAnswer } from '../../api/contract.js'
import { whoCould as findWhoCould } from '../../service/insight/who-could.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const whoCould = route({
  method: 'get',
  path: paths.whoCould,
  right: { resource: 'user', verb: 'list' },
  scoped: true,
  summary: 'People who may ask for a permission set in an account, or an application, and who may approve it',
  answer: { kind: 'json', schema: whoCouldAnswer },
  query: whoCanQuery,
  handler: async ({ deps, query, actor }) => json(await findWhoCould(deps, query, authorityOf(actor))),
})
