/** @module `PUT /v1/on-call/:name`: says who is on call, in place of whoever was. */
import { putOnCallAnswer, putOnCallList, paths } from '../../api/contract.js'
import { putOnCall as put } from '../../service/access-requests/on-call.js'
import { toOnCallItem } from '../on-call-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const putOnCall = route({
  method: 'put',
  path: paths.onCallList,
  right: { resource: 'on_call', verb: 'update' },
  scoped: true,
  summary: 'Says who is on call, in place of the whole list',
  answer: { kind: 'json', schema: putOnCallAnswer },
  body: putOnCallList,
  largeBody: true,
  handler: async ({ deps, params, body: { users, until }, actor, origin }) => {
    const input = { name: params.name ?? '', users, until }
    const written = await put(deps, input, authorityOf(actor), origin)
    return json({ list: toOnCallItem(written), notes: written.notes })
  },
})
