/** @module `PUT /v1/me/factors/:id`: gives a factor another name. */
import { factorRenameRequest, paths } from '../../api/contract.js'
import { renameFactor } from '../../service/people/own-factors.js'
import { personOf } from '../person.js'
import { route } from '../route.js'

export const renameOwnFactor = route({
  method: 'put',
  path: paths.meFactor,
  right: 'session',
  summary: "Gives one's own second factor another name",
  answer: { kind: 'empty' },
  body: factorRenameRequest,
  handler: async ({ deps, body, params, actor, origin }) => {
    await renameFactor(deps, { id: params.id ?? '', label: body.label }, personOf(actor), origin)
    return { kind: 'empty' }
  },
})
