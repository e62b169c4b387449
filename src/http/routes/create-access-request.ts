/** @module `POST /v1/access-requests`: asks for roles, account assignments and applications for a time. */
import { createAccessRequest as schema, createAccessRequestAnswer, paths } from '../../api/contract.js'
import { askForAccess } from '../../service/access-requests/ask.js'
import { showAsked } from '../../service/access-requests/get-request.js'
import { askingOf } from '../request-answer.js'
import { json, route } from '../route.js'

export const createAccessRequest = route({
  method: 'post',
  path: paths.accessRequests,
  right: 'session',
  machine: true,
  summary: 'Asks for access for a time; a dry run says on which terms, and keeps nothing',
  answer: { kind: 'json', schema: createAccessRequestAnswer },
  body: schema,
  handler: async ({ deps, body, actor, origin }) => {
    const by = askingOf(actor)
    const asked = await askForAccess(deps, body, { ...by, origin })
    return json(await showAsked(deps, asked, { ...by, dryRun: body.dryRun }))
  },
})
