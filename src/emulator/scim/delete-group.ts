/**
 * @module `DELETE /Groups/<id>`: 204; memberships go with the group, assignments by the setting `staleAssignments`.
 */
import { deleteGroup as removeGroup } from '../directory/groups.js'
import type { ScimOperation } from './operation.js'
import { unwrap } from './refuse.js'

export const deleteGroup: ScimOperation = {
  name: 'DeleteGroup',
  method: 'DELETE',
  path: 'Groups/:id',
  handle: ({ context, id }) => {
    unwrap(removeGroup(context, id))
    return { status: 204 }
  },
}
