/** @module `POST /v1/access-requests/:id/reviews`: approves or denies items of a request. */
import { paths, reviewAccessRequest as schema, type AccessRequestAnswer } from '../../api/contract.js'
import { showChanged } from '../../service/access-requests/get-request.js'
import { reviewRequest } from '../../service/access-requests/review-request.js'
import { askingOf, requestAnswer } from '../request-answer.js'
import { json, route } from '../route.js'

export const reviewAccessRequest = route({
  method: 'post',
  path: paths.requestReviews,
  right: 'session',
  machine: true,
  summary: 'Approves or denies items of an access request, and may shorten it or move its start',
  answer: requestAnswer,
  body: schema,
  handler: async ({ deps, params, body, actor, origin }) => {
    const by = askingOf(actor)
    const { request, effectual } = await reviewRequest(deps, { id: params.id ?? '', by, origin }, body)
    const answer: AccessRequestAnswer = { request: await showChanged(deps, request, by), effectual }
    return json(answer)
  },
})
