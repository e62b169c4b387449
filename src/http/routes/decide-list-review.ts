/** @module `POST /v1/access-lists/:name/review/decisions`: decisions on members, kept until the review is submitted. */
import { decideAnswer, decideRequest, paths } from '../../api/contract.js'
import { decide } from '../../service/access-lists/reviews/decide.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const decideListReview = route({
  method: 'post',
  path: paths.decideReview,
  right: 'session',
  machine: true,
  summary:
    'Decides on members in the review of an access list; nothing happens to them before it is submitted',
  answer: { kind: 'json', schema: decideAnswer },
  body: decideRequest,
  largeBody: true,
  handler: async ({ deps, params, body, actor, origin }) =>
    json(await decide(deps, params.name ?? '', body, authorityOf(actor), origin)),
})
