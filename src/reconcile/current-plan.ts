/** @module The plan as of now: from the resources, what was seen, and what the store remembers. Changes nothing. */
import { buildDesired } from '../core/entitlement/build-desired.js'
import { findGaining, type Leave } from '../core/entitlement/gaining.js'
import { findHandedOver } from '../core/entitlement/handed-over.js'
import type { DesiredInput } from '../core/entitlement/input.js'
import { findReturning } from '../core/entitlement/returning.js'
import { matchesFilters } from '../core/identity-center/filter.js'
import type { LedgerEntry, Link, Observation } from '../core/identity-center/observation.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { Inventory } from '../core/inventory/inventory.js'
import { listClosedAccounts, outOfReach } from '../core/plan/closed-accounts.js'
import { makePlan } from '../core/plan/make-plan.js'
import type { Instant } from '../core/time.js'
import type { CurrentPlan } from '../service/identity-center/sync-port.js'
import type { CatalogView } from '../service/resources/catalog-view.js'
import { collectDesired, collectRemembered, doubtsIn } from './collect.js'
import type { SyncDeps } from './deps.js'
import type { Memory } from './memory.js'
import { readDeniedBlocks, readRestored } from './notes.js'

/** With what else ends the plan by time alone. */
export interface PlanNow extends CurrentPlan {
  readonly approvalEndsAt: Instant | undefined
  readonly countsRecent: boolean
}

export async function planNow(
  deps: SyncDeps,
  settings: PluginSettings,
  view: CatalogView,
  { seen, reading, failures }: Memory,
  unresolved: ReadonlySet<string>,
): Promise<PlanNow> {
  const now = deps.timers.now()
  const collected = await collectDesired(deps, view, settings, seen, now)
  const remembered = await collectRemembered(deps.store, settings.name, now)
  const restored = await readRestored(deps.store.notes, settings.name)
  const read = { users: reading.usersReadAt !== undefined, groups: reading.groupsReadAt !== undefined }
  const observation = seen.observation(read, doubtsIn(reading))
  const handedOver = findHandedOver(collected.grants, remembered.links, observation)
  const adoptedLists = listAdopted(remembered.links, observation)
  const input = { ...collected, grants: handedOver.needed, adoptedLists }
  const desired = buildDesired(input)
  const beyond = outOfReach(reading, await readDeniedBlocks(deps.store.notes, settings, view))
  const made = makePlan({
    ...remembered,
    restored,
    endedRequests: new Set([
      ...handedOver.requests,
      ...(await findEndedRequests(deps, remembered.ledger, now)),
    ]),
    desired,
    observation,
    settings,
    managementAccountId: reading.managementAccountId,
    mode: reading.firstDoneAt === undefined ? 'first' : 'steady',
    failures: failures.waits(),
    unresolved,
    knownAccounts: reading.accountsReadAt === undefined ? undefined : new Set(seen.accounts.keys()),
    // What is desired in an account out of reach is known, so that denials reach its members; nothing is changed there.
    inventory: without(input.inventory, beyond?.accountId),
    ...(beyond?.because === 'delegated_administrator' && {
      unassignableSets: new Set(reading.managementSets),
    }),
    now,
  })
  const { links, ledger, approvals, recent } = remembered
  const closed = listClosedAccounts({
    accounts: [...seen.accounts.values()].filter((account) =>
      matchesFilters(settings.accountFilters, account),
    ),
    ...{ ledger, links, desired },
    outOfReach: beyond,
  })
  const told = closed.map(({ says, remedy }) => (remedy === undefined ? says : `${says} ${remedy}`))
  const plan = { ...made, notes: [...made.notes, ...told] }
  const ends = approvals.map(({ expiresAt }) => expiresAt)
  const accounts = [...seen.accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const readAt = reading.lastScan?.at
  const lasting = () => buildDesired(withoutEnds(input))
  const gaining = (leave: Leave) => findGaining(input, leave)
  const returning = (leave: Leave) => findReturning(input, desired, leave)
  const current = {
    settings,
    plan,
    desired,
    lasting,
    gaining,
    returning,
    observation,
    accounts,
    links,
    ledger,
    closed,
    restored,
    madeAt: now,
    readAt,
  }
  return {
    ...current,
    approvalEndsAt: ends.length === 0 ? undefined : Math.min(...ends),
    countsRecent: recent.length > 0,
  }
}

/** Asked after what is desired was collected: a request that gave something then is told at the next plan. */
async function findEndedRequests(
  { endedRequests }: SyncDeps,
  ledger: readonly LedgerEntry[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (const { reasons } of ledger) {
    for (const reason of reasons) if (reason.kind === 'request' && reason.until > now) ids.add(reason.request)
  }
  return ids.size === 0 || endedRequests === undefined ? new Set() : await endedRequests([...ids])
}

/** One whose group is gone is not among them: nothing is made again for a list that gives nothing. */
function listAdopted(links: readonly Link[], { groups }: Observation): ReadonlySet<string> {
  const adopted = links.filter(
    ({ kind, origin, awsId }) => kind === 'group' && origin === 'adopted' && groups?.has(awsId) !== false,
  )
  return new Set(adopted.map(({ name }) => name))
}

function without(inventory: Inventory, accountId: string | undefined): Inventory {
  if (accountId === undefined) return inventory
  return { ...inventory, accounts: inventory.accounts.filter(({ id }) => id !== accountId) }
}

/** Without whatever time would end; what has ended already is gone by then, too. */
function withoutEnds(input: DesiredInput): DesiredInput {
  const members = input.members.filter(({ expiresAt }) => expiresAt === undefined)
  return { ...input, members, grants: [] }
}
