/** @module `DELETE /v1/session`: signs out. Without a session there is nothing to do, which is not an error. */
import { paths } from '../../api/contract.js'
import { signOut as endOwnSession, signOutOf } from '../../service/people/session.js'
import { route } from '../route.js'

export const signOut = route({
  method: 'delete',
  path: paths.session,
  right: 'public',
  summary: 'Signs out',
  answer: { kind: 'empty' },
  handler: async ({ deps, sessionToken, session, origin }) => {
    if (sessionToken !== undefined) await endOwnSession(deps, sessionToken, origin)
    else if (session !== undefined) await signOutOf(deps, session.session, origin)
    return { kind: 'empty', clearSession: true }
  },
})
