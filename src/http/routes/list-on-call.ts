/** @module `GET /v1/on-call`: the lists of who is on call. */
import { onCallListsAnswer, paths } from '../../api/contract.js'
import { listOnCall as list } from '../../service/access-requests/on-call.js'
import { toOnCallItem } from '../on-call-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listOnCall = route({
  method: 'get',
  path: paths.onCallLists,
  right: { resource: 'on_call', verb: 'list' },
  scoped: true,
  summary: 'The lists of who is on call',
  answer: { kind: 'json', schema: onCallListsAnswer },
  handler: async ({ deps, actor }) =>
    json({ items: (await list(deps, authorityOf(actor))).map(toOnCallItem) }),
})
