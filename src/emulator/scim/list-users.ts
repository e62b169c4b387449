/**
 * @module `GET /Users`: all users, those that a filter chooses, and so also the members of a group.
 */
import { listPage } from './list-page.js'
import type { ScimOperation } from './operation.js'
import { selectUsers } from './select-rows.js'
import { writeUser } from './user-resource.js'

export const listUsers: ScimOperation = {
  name: 'ListUsers',
  method: 'GET',
  path: 'Users',
  handle: (call) =>
    listPage(call, {
      of: 'ListUsers',
      select: (filter) => selectUsers(call.context.readable(), filter),
      write: writeUser,
    }),
}
