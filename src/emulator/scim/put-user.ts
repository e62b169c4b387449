/**
 * @module `PUT /Users/<id>`: overwrites the whole user; 201, as in AWS's example.
 */
import { updateUser } from '../directory/users.js'
import { notFound } from './error.js'
import { scimAuthor, type ScimOperation } from './operation.js'
import { unwrap } from './refuse.js'
import { parseUser, requirePrimaryEmail, withHidden, writeUser } from './user-resource.js'

export const putUser: ScimOperation = {
  name: 'PutUser',
  method: 'PUT',
  path: 'Users/:id',
  handle: ({ context, id, body }) => {
    const known = context.state.tables.users.get(id)
    if (known === undefined) throw notFound(`there is no user ${id}`)
    const attributes = parseUser(body)
    requirePrimaryEmail(attributes)
    const user = unwrap(updateUser(context, id, withHidden(attributes, known), scimAuthor))
    return { status: 201, body: writeUser(user) }
  },
}
