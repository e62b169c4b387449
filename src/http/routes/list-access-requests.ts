/** @module `GET /v1/access-requests`: one's own requests, those that wait for one's decision, or all that one may see. */
import { accessRequestsAnswer, accessRequestsQuery, paths } from '../../api/contract.js'
import { listRequests } from '../../service/access-requests/list-requests.js'
import { askingOf } from '../request-answer.js'
import { json, route } from '../route.js'

export const listAccessRequests = route({
  method: 'get',
  path: paths.accessRequests,
  right: 'session',
  machine: true,
  summary: "The access requests of one's own, those to decide on, or all that one may see, by page",
  answer: { kind: 'json', schema: accessRequestsAnswer },
  query: accessRequestsQuery,
  handler: async ({ deps, query, actor }) => json(await listRequests(deps, query, askingOf(actor))),
})
