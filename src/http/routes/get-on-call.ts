/** @module `GET /v1/on-call/:name`: one list of who is on call. */
import { onCallAnswer, paths } from '../../api/contract.js'
import { getOnCall as get } from '../../service/access-requests/on-call.js'
import { toOnCallItem } from '../on-call-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const getOnCall = route({
  method: 'get',
  path: paths.onCallList,
  right: { resource: 'on_call', verb: 'read' },
  scoped: true,
  summary: 'One list of who is on call',
  answer: { kind: 'json', schema: onCallAnswer },
  handler: async ({ deps, params, actor }) =>
    json({ list: toOnCallItem(await get(deps, params.name ?? '', authorityOf(actor))) }),
})
