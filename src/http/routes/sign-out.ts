/** @module `DELETE /v1/session`: signs out. Without a session there is nothing to do, which is not an error. */
import { paths } from '../../api/contract.js'
import { signOut as endOwnSession } from '../../service/people/session.js'
import { route } from '../route.js'

export const signOut = route({
  method: 'delete',
  path: paths.session,
  right: 'public',
  handler: async ({ deps, sessionToken, origin }) => {
    if (sessionToken !== undefined) await endOwnSession(deps, sessionToken, origin)
    return { kind: 'empty', clearSession: true }
  },
})
