/** @module `POST /v1/access-requests/:id/revoke`: ends a request of somebody else. */
import { paths, revokeAccessRequest as schema } from '../../api/contract.js'
import { revokeRequest } from '../../service/access-requests/end-request.js'
import { answerEnded, requestAnswer } from '../request-answer.js'
import { route } from '../route.js'

export const revokeAccessRequest = route({
  method: 'post',
  path: paths.requestRevoke,
  right: 'session',
  machine: true,
  summary: 'Ends an access request of somebody else',
  answer: requestAnswer,
  body: schema,
  handler: async (input) => await answerEnded(input, revokeRequest),
})
