/** @module `POST /v1/access-requests/:id/release`: gives access back before its end. */
import { endAccessRequest, paths } from '../../api/contract.js'
import { releaseRequest } from '../../service/access-requests/end-request.js'
import { answerEnded, requestAnswer } from '../request-answer.js'
import { route } from '../route.js'

export const releaseAccessRequest = route({
  method: 'post',
  path: paths.requestRelease,
  right: 'session',
  machine: true,
  summary: "Gives back the access of a request of one's own before its end",
  answer: requestAnswer,
  body: endAccessRequest,
  handler: async (input) => await answerEnded(input, releaseRequest),
})
