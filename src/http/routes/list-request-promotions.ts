/** @module `GET /v1/access-requests/:id/promotions`: the access lists that could take the place of a request. */
import { paths, promotionsAnswer } from '../../api/contract.js'
import { listPromotions } from '../../service/access-requests/promotions.js'
import { askingOf } from '../request-answer.js'
import { json, route } from '../route.js'

export const listRequestPromotions = route({
  method: 'get',
  path: paths.requestPromotions,
  right: 'session',
  machine: true,
  summary: 'The access lists that the requester could join in place of a request, and why not',
  answer: { kind: 'json', schema: promotionsAnswer },
  handler: async ({ deps, params, actor }) =>
    json(await listPromotions(deps, params.id ?? '', askingOf(actor))),
})
