/**
 * @module Collects what questions about everybody are answered from: the resources of one moment, what requests give
 * and what is in AWS beside. What cannot be read is said to be unreadable, and never left out.
 */
import { z } from 'zod'
import type { AccessList } from '../../core/access-list/access-list.js'
import { RowsBelow } from '../../core/access-list/ways-in.js'
import { grantsOf } from '../../core/access-request/grants.js'
import type { DesiredInputUser, TimeBoxedGrant } from '../../core/entitlement/input.js'
import { mayLoseGrants } from '../../core/entitlement/overdue.js'
import type { DirectAssignment, HoldersInput } from '../../core/insight/account-holders.js'
import type { PathWorld } from '../../core/insight/holder-paths.js'
import type { RolesInput } from '../../core/insight/roles-of-people.js'
import { parseAssignmentRoleRef } from '../../core/inventory/assignment-role.js'
import { findLocks, personSubject, type Lock, type LockSubject } from '../../core/lock/lock.js'
import type { Role } from '../../core/role/role.js'
import type { Instant } from '../../core/time.js'
import { systemNames } from '../../core/user/user.js'
import { GatewayError } from '../../core/error.js'
import { lookUpPerson } from '../access-lists/people-of.js'
import { momentOf } from '../access-lists/review-summary.js'
import { withoutLocked } from '../access-requests/locked.js'
import { requestWorld } from '../access-requests/world.js'
import type { IdentityCenterDeps } from '../identity-center/deps.js'
import type { CatalogView } from '../resources/catalog-view.js'

export type InsightDeps = Pick<
  IdentityCenterDeps,
  'store' | 'catalog' | 'kinds' | 'clock' | 'syncs' | 'logger'
>

export interface Collected {
  readonly catalog: CatalogView
  readonly now: Instant
  readonly people: RolesInput
  readonly paths: PathWorld
}

export async function collectPeople({ store, catalog, clock }: InsightDeps): Promise<Collected> {
  const view = await catalog.read()
  const now = clock.now()
  const locks = view.locks()
  const whenOverdue = view.preference().accessListReviews
  const losing = view
    .accessLists()
    .flatMap(({ value }) => (mayLoseGrants(value, whenOverdue) ? [value.name] : []))
  const members = await store.members.listAll()
  const people: RolesInput = {
    users: collectUsers(view, locks, now),
    lists: collectLists(view),
    members,
    lockedRoles: collectLockedRoles(locks, now),
    whenOverdue,
    lastLeft: await store.members.lastLeft(losing, now),
    now,
    missing: (names) =>
      view.rolesOf({ roles: names.filter((name) => parseAssignmentRoleRef(name) === undefined) }).missing,
  }
  const known = view.parsed('access_list')
  const paths: PathWorld = {
    inventory: view.inventory,
    rows: new RowsBelow(members),
    lists: (name) => (known.has(name) ? (view.accessList(name) ?? { name }) : undefined),
    people: lookUpPerson(view),
    moment: momentOf(view, now),
  }
  return { catalog: view, now, people, paths }
}

export interface CollectedHolders extends HoldersInput {
  /** What requests would give that a lock is on; it counts for nothing now. */
  readonly lockedGrants: readonly TimeBoxedGrant[]
}

/** With what is about accounts; `accountId` is the only one that is asked about. */
export async function collectHolders(
  deps: InsightDeps,
  { catalog: view, now, people }: Collected,
  accountId: string,
): Promise<CollectedHolders> {
  const locks = view.locks()
  const isLocked = (roles: readonly string[]) => findLocks(locks, { roles }, now).length > 0
  const approved = await deps.store.accessRequests.listApproved(now)
  const free = new Set(await withoutLocked(deps.store, view, approved, now))
  const locked = approved.filter((request) => !free.has(request))
  const world = { ...requestWorld(view), isLocked }
  return {
    ...people,
    inventory: view.inventory,
    grants: grantsOf([...free], world, now),
    lockedGrants: grantsOf(locked, world, now),
    inAws: await collectInAws(deps, view, accountId),
    roleOf: (name) => {
      const ids = parseAssignmentRoleRef(name)
      if (ids !== undefined && ids.accountId !== accountId) return undefined
      const [role] = view.rolesOf({ roles: [name] }).roles
      return role !== undefined && isLocked([name]) ? withoutGrants(role) : role
    },
  }
}

/** A locked role gives nothing, and goes on denying what it denies. */
function withoutGrants(role: Role): Role {
  return { ...role, allow: { ...role.allow, accountAssignments: [] } }
}

/** Direct assignments of users in this account, as last seen, that neither roles nor requests give. */
async function collectInAws(
  { syncs, logger }: Pick<InsightDeps, 'syncs' | 'logger'>,
  view: CatalogView,
  accountId: string,
): Promise<DirectAssignment[]> {
  const found: DirectAssignment[] = []
  for (const { value } of view.plugins()) {
    try {
      const { observation, links, ledger, desired } = await (await syncs.of(value.name)).plan()
      const names = new Map(links.flatMap((link) => (link.kind === 'user' ? [[link.awsId, link.name]] : [])))
      const kept = new Set(
        ledger.flatMap(({ kind, principal, target, reasons }) =>
          kind === 'assignment' && reasons.some((reason) => reason.kind === 'found')
            ? [`${principal} ${target}`]
            : [],
        ),
      )
      for (const [principal, pairs] of observation.assignments) {
        if (!principal.startsWith('user/')) continue
        const awsId = principal.slice('user/'.length)
        for (const pair of pairs) {
          if (!pair.startsWith(`${accountId}/`)) continue
          const user = names.get(awsId) ?? observation.users?.get(awsId)?.userName ?? awsId
          const isKept = kept.has(`${principal} ${pair}`)
          if (isKept || desired.userPairs.get(user)?.has(pair) !== true) found.push({ user, pair, isKept })
        }
      }
    } catch (error) {
      // A plugin that is being set up or removed has nothing to tell.
      if (!(error instanceof GatewayError)) throw error
      logger.info({ plugin: value.name, problem: error.code }, 'what is in AWS could not be told')
    }
  }
  return found
}

const labelsForm = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) })

function collectUsers(view: CatalogView, locks: readonly Lock[], now: Instant): DesiredInputUser[] {
  return [...view.parsed('user')].flatMap(([name, parsed]): DesiredInputUser[] => {
    if (systemNames.includes(name)) return []
    const user = view.user(name)
    const lock = lockOf(locks, user === undefined ? { user: name } : personSubject(user), now)
    if (user === undefined) return [{ name, lock, unreadable: true }]
    const { roles, traits, origin } = user
    const labels = labelsForm.safeParse(parsed.stored.document).data?.metadata.labels ?? {}
    return [{ name, lock, roles, traits, origin, labels }]
  })
}

function collectLists(view: CatalogView): (AccessList | { readonly unreadable: string })[] {
  return [...view.parsed('access_list').keys()].map((name) => view.accessList(name) ?? { unreadable: name })
}

function collectLockedRoles(
  locks: readonly Lock[],
  now: Instant,
): Map<string, NonNullable<DesiredInputUser['lock']>> {
  const names = new Set(locks.flatMap(({ target }) => (target.kind === 'role' ? target.name : [])))
  return new Map(
    [...names].flatMap((name) => {
      const lock = lockOf(locks, { roles: [name] }, now)
      return lock === undefined ? [] : [[name, lock] as const]
    }),
  )
}

function lockOf(locks: readonly Lock[], subject: LockSubject, now: Instant): DesiredInputUser['lock'] {
  if (locks.length === 0) return undefined
  const [first, ...others] = findLocks(locks, subject, now)
  if (first === undefined) return undefined
  const ends = [first, ...others].map(({ expiresAt }) => expiresAt)
  const until = ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0))
  return { says: first.message, until }
}
