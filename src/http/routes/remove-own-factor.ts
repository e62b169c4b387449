/** @module `DELETE /v1/me/factors/:id`: removes a factor, with the proof of one; never the last one that is required. */
import { factorDeleteRequest, paths } from '../../api/contract.js'
import { removeFactor } from '../../service/people/own-factors.js'
import { personOf } from '../person.js'
import { route } from '../route.js'

export const removeOwnFactor = route({
  method: 'delete',
  path: paths.meFactor,
  right: 'session',
  summary: "Removes one's own second factor, with a code or a passkey",
  answer: { kind: 'empty' },
  body: factorDeleteRequest,
  handler: async ({ deps, body, params, actor, origin }) => {
    await removeFactor(deps, { id: params.id ?? '', ...body }, personOf(actor), origin)
    return { kind: 'empty' }
  },
})
