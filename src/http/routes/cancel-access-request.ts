/** @module `POST /v1/access-requests/:id/cancel`: takes back a request before its access begins. */
import { endAccessRequest, paths } from '../../api/contract.js'
import { cancelRequest } from '../../service/access-requests/end-request.js'
import { answerEnded, requestAnswer } from '../request-answer.js'
import { route } from '../route.js'

export const cancelAccessRequest = route({
  method: 'post',
  path: paths.requestCancel,
  right: 'session',
  machine: true,
  summary: "Takes back an access request of one's own that waits, or whose access has not begun",
  answer: requestAnswer,
  body: endAccessRequest,
  handler: async (input) => await answerEnded(input, cancelRequest),
})
