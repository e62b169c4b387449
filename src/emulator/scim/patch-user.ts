/**
 * @module `PATCH /Users/<id>`: 200 and the whole user.
 */
import { updateUser } from '../directory/users.js'
import { notFound } from './error.js'
import { scimAuthor, type ScimOperation } from './operation.js'
import { parsePatch } from './patch-request.js'
import { patchUserAttributes } from './patch-user-attributes.js'
import { unwrap } from './refuse.js'
import { writeUser } from './user-resource.js'

export const patchUser: ScimOperation = {
  name: 'PatchUser',
  method: 'PATCH',
  path: 'Users/:id',
  handle: ({ context, id, body }) => {
    const operations = parsePatch(body)
    const known = context.state.tables.users.get(id)
    if (known === undefined) throw notFound(`there is no user ${id}`)
    const user = unwrap(updateUser(context, id, patchUserAttributes(known, operations), scimAuthor))
    return { status: 200, body: writeUser(user) }
  },
}
