/**
 * @module `GET /Users/<id>`.
 */
import { notFound } from './error.js'
import type { ScimOperation } from './operation.js'
import { writeUser } from './user-resource.js'

export const getUser: ScimOperation = {
  name: 'GetUser',
  method: 'GET',
  path: 'Users/:id',
  handle: ({ context, id }) => {
    const user = context.readable().users.get(id)
    if (user === undefined) throw notFound(`there is no user ${id}`)
    return { status: 200, body: writeUser(user) }
  },
}
