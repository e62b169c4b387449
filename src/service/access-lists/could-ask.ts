/**
 * @module Whether somebody could ask to join an access list: has what it requires of members, and may request every role
 * that it grants. A list that grants no role is nothing to ask for, so nobody finds it this way.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { asksForNothing, meetsRequirements } from '../../core/access-list/requirements.js'
import { listRoleNames } from '../../core/inventory/assignment-role.js'
import { parseMatcher } from '../../core/matcher.js'
import type { ClaimMapping, RequestConditions } from '../../core/role/role.js'
import type { User } from '../../core/user/user.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'

export type Askable = (list: AccessList) => boolean

/** Answers for many lists: each role is looked at once. */
export function askable(
  { roles }: Pick<Authority, 'roles'>,
  user: User | undefined,
  { inventory }: Pick<CatalogView, 'inventory'>,
): Askable {
  if (user === undefined) return () => false
  const requests = roles.flatMap(({ allow }) => allow.request ?? [])
  if (requests.length === 0) return () => false
  const allowed = patternsOf(requests, user)
  const denied = patternsOf(
    roles.flatMap(({ deny }) => deny.request ?? []),
    user,
  )
  const known = new Map<string, boolean>()
  const mayRequest = (role: string): boolean => {
    let may = known.get(role)
    if (may === undefined) {
      const names = listRoleNames(inventory, role)
      const isIn = (patterns: readonly Pattern[]) => patterns.some((matches) => names.some(matches))
      may = isIn(allowed) && !isIn(denied)
      known.set(role, may)
    }
    return may
  }
  const judge = ({ grants, membershipRequires }: AccessList): boolean =>
    grants.roles.length > 0 &&
    grants.roles.every(mayRequest) &&
    (asksForNothing(membershipRequires) || meetsRequirements(membershipRequires, user))
  const judged = new Map<AccessList, boolean>()
  return (list) => {
    let may = judged.get(list)
    if (may === undefined) judged.set(list, (may = judge(list)))
    return may
  }
}

type Pattern = (role: string) => boolean

function patternsOf(conditions: readonly RequestConditions[], user: User): Pattern[] {
  const patterns = new Set(conditions.flatMap(({ roles }) => roles))
  const names = new Set(
    conditions.flatMap(({ claimsToRoles }) => claimsToRoles.flatMap((mapping) => claimed(mapping, user))),
  )
  return [
    ...[...patterns].map((role) => parseMatcher(role, 'request.roles').matches),
    (role) => names.has(role),
  ]
}

function claimed({ claim, value, roles }: ClaimMapping, { traits }: User): readonly string[] {
  const values = Object.hasOwn(traits, claim) ? (traits[claim] ?? []) : []
  const { matches } = parseMatcher(value, 'request.claims_to_roles.value')
  return values.some(matches) ? roles : []
}
