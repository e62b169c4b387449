/** @module `GET /v1/access-lists/:name/reviews`: the reviews of an access list that are finished. */
import { listHistoryQuery, paths, reviewsAnswer } from '../../api/contract.js'
import { listReviews } from '../../service/access-lists/reviews/list-reviews.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listListReviews = route({
  method: 'get',
  path: paths.listReviews,
  right: 'session',
  machine: true,
  summary: 'The finished reviews of an access list, newest first',
  answer: { kind: 'json', schema: reviewsAnswer },
  query: listHistoryQuery,
  handler: async ({ deps, params, query, actor }) =>
    json(await listReviews(deps, params.name ?? '', query, authorityOf(actor))),
})
