/** @module `POST /v1/access-requests/:id/promote`: makes the requester a member of an access list instead. */
import { paths, promoteAccessRequest as schema, type AccessRequestAnswer } from '../../api/contract.js'
import { showChanged } from '../../service/access-requests/get-request.js'
import { promoteRequest } from '../../service/access-requests/promotions.js'
import { askingOf, requestAnswer } from '../request-answer.js'
import { json, route } from '../route.js'

export const promoteAccessRequest = route({
  method: 'post',
  path: paths.requestPromote,
  right: 'session',
  machine: true,
  summary: 'Makes the requester a member of an access list that grants everything asked for',
  answer: requestAnswer,
  body: schema,
  handler: async ({ deps, params, body, actor, origin }) => {
    const by = askingOf(actor)
    const { request } = await promoteRequest(deps, { id: params.id ?? '', by, origin }, body)
    const answer: AccessRequestAnswer = { request: await showChanged(deps, request, by) }
    return json(answer)
  },
})
