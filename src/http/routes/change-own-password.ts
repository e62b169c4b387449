/** @module `POST /v1/me/password`: a new password for oneself; all other sessions end. */
import { changePasswordRequest, paths } from '../../api/contract.js'
import { changePassword } from '../../service/people/own-settings.js'
import { personOf } from '../person.js'
import { route } from '../route.js'

export const changeOwnPassword = route({
  method: 'post',
  path: paths.mePassword,
  right: 'session',
  summary: 'A new password for oneself; all other sessions end',
  answer: { kind: 'empty' },
  body: changePasswordRequest,
  handler: async ({ deps, body, actor, origin }) => {
    await changePassword(deps, body, personOf(actor), origin)
    return { kind: 'empty' }
  },
})
