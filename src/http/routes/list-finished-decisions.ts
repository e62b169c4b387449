/** @module `GET /v1/access-lists/:name/reviews/:review/decisions`: whom a finished review kept and removed. */
import { finishedDecisionsAnswer, finishedDecisionsQuery, paths } from '../../api/contract.js'
import { listFinishedDecisions as find } from '../../service/access-lists/reviews/list-finished-decisions.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listFinishedDecisions = route({
  method: 'get',
  path: paths.finishedDecisions,
  right: 'session',
  machine: true,
  summary: 'What a finished review of an access list decided on each member',
  answer: { kind: 'json', schema: finishedDecisionsAnswer },
  query: finishedDecisionsQuery,
  handler: async ({ deps, params, query, actor }) =>
    json(
      await find(deps, { list: params.name ?? '', review: params.review ?? '' }, query, authorityOf(actor)),
    ),
})
