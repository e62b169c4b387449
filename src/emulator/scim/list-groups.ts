/**
 * @module `GET /Groups`: all groups, those that a filter chooses, and so also the groups of a user; always with empty
 * `members`.
 */
import { writeGroup } from './group-resource.js'
import { listPage } from './list-page.js'
import type { ScimOperation } from './operation.js'
import { selectGroups } from './select-rows.js'

export const listGroups: ScimOperation = {
  name: 'ListGroups',
  method: 'GET',
  path: 'Groups',
  handle: (call) =>
    listPage(call, {
      of: 'ListGroups',
      select: (filter) => selectGroups(call.context.readable(), filter),
      write: writeGroup,
    }),
}
