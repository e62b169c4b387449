/** @module `GET /v1/access-lists/:name/history`: what was done to an access list, newest first. */
import { listHistoryAnswer, listHistoryQuery, paths } from '../../api/contract.js'
import { listHistory } from '../../service/access-lists/list-history.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const getListHistory = route({
  method: 'get',
  path: paths.listHistory,
  right: 'session',
  machine: true,
  summary: 'What was done to an access list and its members, newest first',
  answer: { kind: 'json', schema: listHistoryAnswer },
  query: listHistoryQuery,
  handler: async ({ deps, params, query, actor }) =>
    json(await listHistory(deps, params.name ?? '', query, authorityOf(actor))),
})
