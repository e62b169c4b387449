/** @module `POST /v1/access-requests/:id/extend`: asks to go on with a request that gives access now. */
import { createAccessRequestAnswer, extendAccessRequest as schema, paths } from '../../api/contract.js'
import { askToExtend } from '../../service/access-requests/ask.js'
import { showAsked } from '../../service/access-requests/get-request.js'
import { askingOf } from '../request-answer.js'
import { json, route } from '../route.js'

export const extendAccessRequest = route({
  method: 'post',
  path: paths.requestExtend,
  right: 'session',
  machine: true,
  summary: 'Asks to go on with an access request from where it ends: a new request, decided like any',
  answer: { kind: 'json', schema: createAccessRequestAnswer },
  body: schema,
  handler: async ({ deps, params, body, actor, origin }) => {
    const by = askingOf(actor)
    const asked = await askToExtend(deps, { ...body, id: params.id ?? '' }, { ...by, origin })
    return json(await showAsked(deps, asked, { ...by, dryRun: body.dryRun }))
  },
})
