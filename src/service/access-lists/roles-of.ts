/** @module Roles that a person holds as a member of access lists, beside those of the user itself. */
import type { Instant } from '../../core/time.js'
import type { AccessListMemberStore } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { findListsOf } from './walk.js'

export interface ListRoles {
  readonly list: string
  /** As lists store them: names of roles and references to account assignment roles. */
  readonly roles: readonly string[]
}

/**
 * For each list that the user is a member of now, by itself or through nested lists, what it grants; by name of the
 * list. A list that cannot be read grants nothing. Locks are not looked at.
 */
export async function rolesThroughLists(
  view: Pick<CatalogView, 'accessList'>,
  members: Pick<AccessListMemberStore, 'listOf'>,
  user: string,
  now: Instant,
): Promise<ListRoles[]> {
  const lists = [...(await findListsOf(members, user, now))].sort()
  return lists.flatMap((name) => {
    const list = view.accessList(name)
    return list === undefined ? [] : [{ list: name, roles: list.grants.roles }]
  })
}
