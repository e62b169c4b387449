/** @module `GET /v1/access-lists/:name/review`: the review of an access list as it stands. */
import { paths, reviewAnswer, reviewQuery } from '../../api/contract.js'
import { getReview } from '../../service/access-lists/reviews/get-review.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const getListReview = route({
  method: 'get',
  path: paths.listReview,
  right: 'session',
  machine: true,
  summary: 'The members of an access list with what is decided on each in the review in progress',
  answer: { kind: 'json', schema: reviewAnswer },
  query: reviewQuery,
  handler: async ({ deps, params, query, actor }) =>
    json(await getReview(deps, params.name ?? '', query, authorityOf(actor))),
})
