/**
 * @module Why somebody has, or has not, a permission set in an account, and what would change it. The verdict is that
 * of `core/role/pair-access.ts`, below the locks in force; each change is told only after it was tried on both.
 */
import { assignmentRoleName, buildAssignmentRole, type Pair } from '../inventory/assignment-role.js'
import { findNamedPair } from '../inventory/find-pair.js'
import type { Inventory } from '../inventory/inventory.js'
import { describeRemoval, lockReason } from '../lock/describe.js'
import type { Lock } from '../lock/lock.js'
import { findEntry, matchAccount, matchPermissionSet } from '../role/account-assignment.js'
import { roleReason, sortReasons, type Reason } from '../role/decision.js'
import { decidePair, quote } from '../role/pair-access.js'
import type { Role } from '../role/role.js'
import type { User } from '../user/user.js'
import { callHolder, type Change, type Explanation, type Holder } from './explanation.js'

export interface PairQuestion extends Holder<Pick<User, 'name'>> {
  /** The user's roles that exist. */
  readonly roles: readonly Role[]
  readonly missingRoles: readonly string[]
  /** Roles that could be given; those that whoever asks may not see are left out. */
  readonly allRoles: readonly Role[]
  /** Those in force on this person or their roles. */
  readonly locks: readonly Lock[]
  /** Why AWS gives it beside all roles: by a request, or as found at import. A lock takes that away, too. */
  readonly besideRoles?: readonly Reason[]
  /** Where roles come from. */
  readonly origins?: readonly Reason[]
  readonly inventory: Inventory
  /** Id, name or former name. */
  readonly account: string
  /** ARN or name. */
  readonly permissionSet: string
}

/** Longer lists help nobody; what is left out is counted. */
const limits = { addRole: 20, editRole: 3, nearMisses: 10 }

/** @throws GatewayError `NOT_FOUND`, `INVALID_INPUT` for an account or permission set that cannot be told. */
export function explainPair(question: PairQuestion): Explanation {
  const pair = findNamedPair(question.inventory, question)
  const { besideRoles = [], origins = [], roles, locks } = question
  const world: World = { pair, roles, locks, isGivenBeside: besideRoles.length > 0 }
  const { account, permissionSet } = pair
  const subject = `${permissionSet.name} on ${account.name} (${account.id})`
  const { user, role } = question
  const about = { ...(role === undefined ? { user: user.name } : { role }), subject }
  const holder = callHolder(question)
  const reasons = sortReasons([
    ...findReasons(world, question.missingRoles),
    ...origins,
    ...(locks.length > 0 ? [] : besideRoles),
  ])
  if (isGiven(world)) {
    return {
      ...about,
      effect: 'allow',
      says: `${holder} has ${subject}.`,
      reasons,
      changes: findPillars(world),
    }
  }
  const { changes, more } = findOpenings(question, world)
  return {
    ...about,
    effect: 'deny',
    says: `${holder} does not have ${subject}: ${causeOf(world)}.`,
    reasons,
    changes,
    ...(more === 0 ? {} : { moreChanges: more }),
  }
}

/** What the verdict hangs on; changes are tried by changing it. */
interface World {
  readonly pair: Pair
  readonly roles: readonly Role[]
  readonly locks: readonly Lock[]
  readonly isGivenBeside: boolean
}

interface Trial {
  readonly change: Change
  readonly after: World
}

function isGiven({ pair, roles, locks, isGivenBeside }: World): boolean {
  return locks.length === 0 && (isGivenBeside || decidePair(roles, idsOf(pair)).effect === 'allow')
}

function idsOf({ account, permissionSet }: Pair) {
  return { accountId: account.id, permissionSetArn: permissionSet.arn }
}

function causeOf({ pair, roles, locks }: World): string {
  if (locks.length > 0) return 'a lock is in force'
  if (roles.length === 0) return 'there is no role that exists'
  const { because } = decidePair(roles, idsOf(pair))
  return because === 'denied_by_role' ? 'a role denies it' : 'no role gives it'
}

function findReasons(world: World, missing: readonly string[]): Reason[] {
  const { reasons, because } = decidePair(world.roles, idsOf(world.pair))
  return sortReasons([
    ...world.locks.map(lockReason),
    ...reasons,
    ...(because === 'no_role_matches' ? findNearMisses(world) : []),
    ...missing.map((role): Reason => {
      return {
        role,
        rule: 'roles',
        effect: 'no_match',
        says: `Role "${role}" does not exist and grants nothing.`,
      }
    }),
  ])
}

/** Held roles of which one side matches: what people look for first. */
function findNearMisses({ pair, roles }: World): Reason[] {
  const ids = idsOf(pair)
  return [...roles]
    .sort(byName)
    .flatMap((role) => {
      const sets = matchAccount(role.allow, ids.accountId)
      const accounts = matchPermissionSet(role.allow, ids.permissionSetArn)
      if (!sets && !accounts) return []
      const says = sets
        ? 'does not allow it: in this account it gives other permission sets'
        : 'does not allow it: it gives this permission set in other accounts'
      return [roleReason(role, 'account_assignments', 'no_match', says)]
    })
    .slice(0, limits.nearMisses)
}

function toNames({ accountId, permissionSetArn }: ReturnType<typeof idsOf>) {
  return { account: accountId, permissionSetArn }
}

/** For what is given: each role without which it would not be. */
function findPillars(world: World): Change[] {
  const ids = toNames(idsOf(world.pair))
  return world.roles
    .filter((role) => findEntry(role.allow, ids) !== undefined)
    .sort(byName)
    .filter((role) => !isGiven({ ...world, roles: world.roles.filter((one) => one !== role) }))
    .map(({ name }) => ({
      kind: 'remove_role',
      role: name,
      says: `Without role "${name}" this would be refused.`,
    }))
}

function findOpenings(question: PairQuestion, world: World): { changes: Change[]; more: number } {
  const groups = [
    { trials: removeLocks(world), limit: Infinity },
    { trials: addRoles(question, world), limit: limits.addRole },
    { trials: liftDenials(world), limit: Infinity },
    { trials: addEntries(world), limit: Infinity },
  ]
  const found = groups.map(({ trials, limit }) => {
    const opening = trials.filter(({ after }) => isGiven(after))
    return { changes: opening.slice(0, limit), more: Math.max(0, opening.length - limit) }
  })
  return {
    changes: found.flatMap(({ changes }) => changes.map(({ change }) => change)),
    more: found.reduce((sum, { more }) => sum + more, 0),
  }
}

function removeLocks(world: World): Trial[] {
  return world.locks.map((lock) => ({
    change: { kind: 'remove_lock', says: describeRemoval(lock) },
    after: { ...world, locks: world.locks.filter((one) => one !== lock) },
  }))
}

/** The account assignment role, which gives nothing else, before stored ones from the narrowest on. */
function addRoles(question: PairQuestion, world: World): Trial[] {
  if (world.locks.length > 0) return []
  const held = new Set(world.roles.map(({ name }) => name))
  const stored = question.allRoles
    .filter((role) => !held.has(role.name) && decidePair([role], idsOf(world.pair)).effect === 'allow')
    .sort((a, b) => weight(a) - weight(b) || byName(a, b))
  const own = held.has(assignmentRoleName(world.pair)) ? [] : [buildAssignmentRole(world.pair)]
  return [...own, ...stored].map((role) => ({
    change: {
      kind: 'add_role',
      role: role.name,
      says: `Give ${callHolder(question)} the role "${role.name}".`,
    },
    after: { ...world, roles: [...world.roles, role] },
  }))
}

/** How much a role gives beside one pair: the fewer the better to hand out. */
function weight({ allow }: Role): number {
  const wide = allow.accountAssignments.filter(
    ({ account, permissionSet }) => account.includes('*') || permissionSet.includes('*'),
  )
  return wide.length * 1000 + allow.accountAssignments.length + allow.rules.length * 10
}

/** Takes a denying role away, or its denying entries out of it. */
function liftDenials(world: World): Trial[] {
  const ids = toNames(idsOf(world.pair))
  return [...world.roles].sort(byName).flatMap((role): Trial[] => {
    const denying = role.deny.accountAssignments.filter((one) =>
      findEntry({ accountAssignments: [one] }, ids),
    )
    if (denying.length === 0) return []
    const others = role.deny.accountAssignments.filter((one) => !denying.includes(one))
    const edited = { ...role, deny: { ...role.deny, accountAssignments: others } }
    const remove = `Take the role "${role.name}" away.`
    const edit = `Take ${denying.map(quote).join(' and ')} out of deny.account_assignments of role "${role.name}".`
    return [
      {
        change: { kind: 'remove_role', role: role.name, says: remove },
        after: { ...world, roles: world.roles.filter((one) => one !== role) },
      },
      {
        change: { kind: 'edit_role', role: role.name, says: edit },
        after: { ...world, roles: world.roles.map((one) => (one === role ? edited : one)) },
      },
    ]
  })
}

/** Adds the pair to one of a few held roles, for any would do; those that give accounts already come first. */
function addEntries(world: World): Trial[] {
  const { account, permissionSet } = world.pair
  const entry = { account: account.id, permissionSet: permissionSet.arn }
  const yaml = [
    'spec:',
    '  allow:',
    '    account_assignments:',
    `      - account: "${entry.account}"`,
    `        permission_set: ${entry.permissionSet}`,
  ].join('\n')
  return world.roles
    .filter(({ origin }) => origin === 'stored')
    .sort((a, b) => Number(isEmpty(a)) - Number(isEmpty(b)) || byName(a, b))
    .slice(0, limits.editRole)
    .map((role) => {
      const allow = { ...role.allow, accountAssignments: [...role.allow.accountAssignments, entry] }
      const says = `Add it to account_assignments of role "${role.name}"; all of its holders then have it.`
      return {
        change: { kind: 'edit_role', role: role.name, says, yaml },
        after: { ...world, roles: world.roles.map((one) => (one === role ? { ...role, allow } : one)) },
      }
    })
}

function isEmpty({ allow }: Role): boolean {
  return allow.accountAssignments.length === 0
}

function byName(a: Role, b: Role): number {
  return a.name < b.name ? -1 : 1
}
