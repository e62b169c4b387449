/**
 * @module `POST /Users`: 201 and the user.
 */
import { createUser as addUser } from '../directory/users.js'
import { scimAuthor, type ScimOperation } from './operation.js'
import { unwrap } from './refuse.js'
import { parseUser, requirePrimaryEmail, writeUser } from './user-resource.js'

export const createUser: ScimOperation = {
  name: 'CreateUser',
  method: 'POST',
  path: 'Users',
  handle: ({ context, body }) => {
    const attributes = parseUser(body)
    requirePrimaryEmail(attributes)
    return { status: 201, body: writeUser(unwrap(addUser(context, attributes, scimAuthor))) }
  },
}
