/** @module The plan as of now: from the resources, what was seen, and what the store remembers. Changes nothing. */
import { buildDesired } from '../core/entitlement/build-desired.js'
import type { DesiredInput } from '../core/entitlement/input.js'
import { matchesFilters } from '../core/identity-center/filter.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import { describeClosedAccounts, outOfReach } from '../core/plan/closed-accounts.js'
import { makePlan } from '../core/plan/make-plan.js'
import type { Instant } from '../core/time.js'
import type { CurrentPlan } from '../service/identity-center/sync-port.js'
import type { CatalogView } from '../service/resources/catalog-view.js'
import { collectDesired, collectRemembered, doubtsIn } from './collect.js'
import type { SyncDeps } from './deps.js'
import type { Memory } from './memory.js'

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
  const input = await collectDesired(deps, view, settings, seen, now, outOfReach(reading))
  const remembered = await collectRemembered(deps.store, settings.name, now)
  const desired = buildDesired(input)
  const read = { users: reading.usersReadAt !== undefined, groups: reading.groupsReadAt !== undefined }
  const observation = seen.observation(read, doubtsIn(reading))
  const made = makePlan({
    ...remembered,
    desired,
    observation,
    settings,
    managementAccountId: reading.managementAccountId,
    mode: reading.firstDoneAt === undefined ? 'first' : 'steady',
    failures: failures.waits(),
    unresolved,
    knownAccounts: reading.accountsReadAt === undefined ? undefined : new Set(seen.accounts.keys()),
    inventory: input.inventory,
    now,
  })
  const { links, ledger, approvals, recent } = remembered
  const closed = describeClosedAccounts({
    accounts: [...seen.accounts.values()].filter((account) =>
      matchesFilters(settings.accountFilters, account),
    ),
    ledger,
    outOfReach: outOfReach(reading),
  })
  const plan = { ...made, notes: [...made.notes, ...closed] }
  const ends = approvals.map(({ expiresAt }) => expiresAt)
  const accounts = [...seen.accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const readAt = reading.lastScan?.at
  const lasting = () => buildDesired(withoutEnds(input))
  const current = {
    settings,
    plan,
    desired,
    lasting,
    observation,
    accounts,
    links,
    ledger,
    madeAt: now,
    readAt,
  }
  return {
    ...current,
    approvalEndsAt: ends.length === 0 ? undefined : Math.min(...ends),
    countsRecent: recent.length > 0,
  }
}

/** Without whatever time would end; what has ended already is gone by then, too. */
function withoutEnds(input: DesiredInput): DesiredInput {
  const members = input.members.filter(({ expiresAt }) => expiresAt === undefined)
  return { ...input, members, grants: [] }
}
