/**
 * @module Whether somebody could ask to join an access list: has what it requires of members, and may request every role
 * that it grants. A list that grants no role is nothing to ask for, so nobody finds it this way.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { asksForNothing, meetsRequirements } from '../../core/access-list/requirements.js'
import { requestRules } from '../../core/access-request/role-patterns.js'
import { listRoleNames } from '../../core/inventory/assignment-role.js'
import type { User } from '../../core/user/user.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'

export type Askable = (list: AccessList) => boolean

/** Answers for many lists: each role is looked at once, and to keep an answer for each list would cost more than it does. */
export function askable(
  { roles }: Pick<Authority, 'roles'>,
  user: User | undefined,
  { inventory }: Pick<CatalogView, 'inventory'>,
): Askable {
  if (user === undefined) return () => false
  if (!roles.some(({ allow }) => allow.request !== undefined)) return () => false
  const { allowedBy, deniedBy } = requestRules(roles, user.traits)
  const known = new Map<string, boolean>()
  const mayRequest = (role: string): boolean => {
    let may = known.get(role)
    if (may === undefined) {
      const names = listRoleNames(inventory, role)
      may = allowedBy(names).length > 0 && deniedBy(names) === undefined
      known.set(role, may)
    }
    return may
  }
  return ({ grants, membershipRequires }) =>
    grants.roles.length > 0 &&
    grants.roles.every(mayRequest) &&
    (asksForNothing(membershipRequires) || meetsRequirements(membershipRequires, user))
}
