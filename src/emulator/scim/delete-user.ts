/**
 * @module `DELETE /Users/<id>`: 204; memberships go with the user, assignments by the setting `staleAssignments`.
 */
import { deleteUser as removeUser } from '../directory/users.js'
import type { ScimOperation } from './operation.js'
import { unwrap } from './refuse.js'

export const deleteUser: ScimOperation = {
  name: 'DeleteUser',
  method: 'DELETE',
  path: 'Users/:id',
  handle: ({ context, id }) => {
    unwrap(removeUser(context, id))
    return { status: 204 }
  },
}
