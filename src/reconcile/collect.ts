/**
 * @module Collects what a plan is made from: the resources of one moment and what the store remembers. What cannot be
 * read is said to be unreadable; nothing is left out for being damaged.
 */
import { z } from 'zod'
import type { AccessList } from '../core/access-list/access-list.js'
import type { DesiredInput, DesiredInputUser, RoleLookup } from '../core/entitlement/input.js'
import { mayLoseGrants } from '../core/entitlement/overdue.js'
import { matchesFilters } from '../core/identity-center/filter.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { Account, Inventory } from '../core/inventory/inventory.js'
import { findLocks, lockSubjectOf, type Lock, type LockSubject } from '../core/lock/lock.js'
import type { PlanInput } from '../core/plan/input.js'
import type { Role } from '../core/role/role.js'
import { hour, type Instant } from '../core/time.js'
import { systemNames } from '../core/user/user.js'
import type { CatalogView } from '../service/resources/catalog-view.js'
import type { Store } from '../store/store.js'
import type { SyncDeps } from './deps.js'
import type { Reading } from './notes.js'
import type { Doubt, Seen } from './seen.js'

const labelsForm = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) })

/**
 * What is desired is made from this; a lock, a role or a list counts as it stands at `now`.
 */
export async function collectDesired(
  deps: Pick<SyncDeps, 'store' | 'grants'>,
  view: CatalogView,
  settings: PluginSettings,
  seen: Pick<Seen, 'accounts' | 'permissionSets'>,
  now: Instant,
): Promise<DesiredInput> {
  const locks = view.locks()
  const whenOverdue = view.preference().accessListReviews
  const losing = view
    .accessLists()
    .flatMap(({ value }) => (mayLoseGrants(value, whenOverdue) ? [value.name] : []))
  return {
    users: collectUsers(view, locks, now),
    lists: collectLists(view),
    members: await deps.store.members.listAll(),
    rolesOf: (names) => lookUpRoles(view, locks, names, now),
    lockedRoles: collectLockedRoles(locks, now),
    inventory: inventoryOf(view.inventory, seen, settings),
    settings,
    grants: (await deps.grants?.(settings.name)) ?? [],
    whenOverdue,
    lastLeft: await deps.store.members.lastLeft(losing, now),
    now,
  }
}

/** The next instant at which a lock ends by itself. */
export function nextLockEnd(view: CatalogView, now: Instant): Instant | undefined {
  const ends = view
    .locks()
    .flatMap(({ expiresAt }) => (expiresAt === undefined || expiresAt <= now ? [] : expiresAt))
  return ends.length === 0 ? undefined : Math.min(...ends)
}

function collectUsers(view: CatalogView, locks: readonly Lock[], now: Instant): DesiredInputUser[] {
  // Most users are not locked: each is only asked about where some lock may be theirs.
  return [...view.parsed('user')].flatMap(([name, parsed]): DesiredInputUser[] => {
    if (systemNames.includes(name)) return []
    const user = view.user(name)
    const lock = lockOf(locks, lockSubjectOf(user ?? { name, roles: [] }), now)
    if (user === undefined) return [{ name, lock, unreadable: true }]
    const { roles, traits, origin } = user
    const found = labelsForm.safeParse(parsed.stored.document)
    const labels = found.success ? found.data.metadata.labels : {}
    return [{ name, lock, roles, traits, origin, labels }]
  })
}

function lockOf(locks: readonly Lock[], subject: LockSubject, now: Instant): DesiredInputUser['lock'] {
  if (locks.length === 0) return undefined
  const found = findLocks(locks, subject, now)
  const [first] = found
  if (first === undefined) return undefined
  const ends = found.map(({ expiresAt }) => expiresAt)
  const until = ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0))
  return { says: first.message, until }
}

function collectLockedRoles(locks: readonly Lock[], now: Instant): NonNullable<DesiredInput['lockedRoles']> {
  const names = new Set(locks.flatMap(({ target }) => (target.kind === 'role' ? target.name : [])))
  return new Map(
    [...names].flatMap((name) => {
      const lock = lockOf(locks, { roles: [name] }, now)
      return lock === undefined ? [] : [[name, lock] as const]
    }),
  )
}

function collectLists(view: CatalogView): (AccessList | { readonly unreadable: string })[] {
  return [...view.parsed('access_list').keys()].map((name) => view.accessList(name) ?? { unreadable: name })
}

/** A locked role gives nothing, and goes on denying what it denies. */
function lookUpRoles(
  view: CatalogView,
  locks: readonly Lock[],
  names: readonly string[],
  now: Instant,
): RoleLookup {
  const unreadable = names.filter((name) => {
    const parsed = view.parsed('role').get(name)
    return parsed !== undefined && parsed.entry === undefined
  })
  const { roles, missing } = view.rolesOf({ roles: names.filter((name) => !unreadable.includes(name)) })
  const isLocked = ({ name }: Role) => locks.length > 0 && findLocks(locks, { roles: [name] }, now).length > 0
  return { roles: roles.map((role) => (isLocked(role) ? withoutGrants(role) : role)), missing, unreadable }
}

function withoutGrants(role: Role): Role {
  const { rules, request, reviewRequests } = role.allow
  const allow = {
    appLabels: {},
    appLabelsExpression: undefined,
    accountAssignments: [],
    rules,
    request,
    reviewRequests,
  }
  return { ...role, allow }
}

/**
 * Several instances may be connected: this one has its own permission sets, and the accounts that it lists, that its own
 * filters let in and that are active. The planner leaves every other account alone.
 */
function inventoryOf(
  all: Inventory,
  seen: Pick<Seen, 'accounts' | 'permissionSets'>,
  { accountFilters }: PluginSettings,
): Inventory {
  const isOpen = (account: Account): boolean =>
    seen.accounts.get(account.id)?.status === 'ACTIVE' && matchesFilters(accountFilters, account)
  return {
    revision: all.revision,
    accounts: all.accounts.filter(isOpen),
    permissionSets: all.permissionSets.filter(({ arn }) => seen.permissionSets.has(arn)),
  }
}

export interface Remembered {
  readonly links: PlanInput['links']
  readonly ledger: PlanInput['ledger']
  readonly approvals: PlanInput['approvals']
  readonly recent: PlanInput['recent']
}

export async function collectRemembered(store: Store, plugin: string, now: Instant): Promise<Remembered> {
  const approvals = await store.approvals.list(plugin)
  return {
    links: await store.principalLinks.list(plugin),
    ledger: await store.ledger.list(plugin),
    approvals: approvals.filter(({ expiresAt }) => now < expiresAt),
    recent: await store.changes.countSince(plugin, now - hour),
  }
}

/** The lists of AWS that are doubted now. */
export function doubtsIn({ doubts }: Reading): ReadonlySet<Doubt> {
  const names: readonly Doubt[] = ['users', 'groups', 'accounts', 'permission_sets']
  return new Set(names.filter((name) => doubts[name] !== undefined))
}
