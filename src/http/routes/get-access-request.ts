/** @module `GET /v1/access-requests/:id`: one request with its history, and what is in AWS for it now. */
import { paths, type AccessRequestAnswer } from '../../api/contract.js'
import { getRequest } from '../../service/access-requests/get-request.js'
import { askingOf, requestAnswer } from '../request-answer.js'
import { json, route } from '../route.js'

export const getAccessRequest = route({
  method: 'get',
  path: paths.accessRequest,
  right: 'session',
  machine: true,
  summary: 'One access request with its items, reviews and history, and what is in AWS for it now',
  answer: requestAnswer,
  handler: async ({ deps, params, actor }) => {
    const answer: AccessRequestAnswer = { request: await getRequest(deps, params.id ?? '', askingOf(actor)) }
    return json(answer)
  },
})
