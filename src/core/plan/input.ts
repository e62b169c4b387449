/** @module What a plan is made from: what is desired, what was seen, what is ours, and how careful to be. */
import type { Desired } from '../entitlement/desired.js'
import type {
  LedgerEntry,
  Link,
  Observation,
  PairKey,
  PrincipalKind,
} from '../identity-center/observation.js'
import type { Restored } from '../identity-center/restored.js'
import type { PluginSettings } from '../identity-center/settings.js'
import type { Inventory } from '../inventory/inventory.js'
import type { Instant } from '../time.js'
import type { ActionKey, Approval } from './plan.js'

/** Changes of one kind that count against the limits of the guard, of assignments those of one pair. */
export interface RecentChange {
  /** Of the action. */
  readonly kind: string
  readonly pair: PairKey | undefined
  /** Removed members count one by one. */
  readonly count: number
  /** Of one that is under way: it counts once, also where this plan has it still. */
  readonly openKey: ActionKey | undefined
}

export interface PlanInput {
  readonly desired: Desired
  readonly observation: Observation
  readonly links: readonly Link[]
  readonly ledger: readonly LedgerEntry[]
  readonly settings: Pick<PluginSettings, 'drift' | 'restoreDeletedGroups' | 'deletionDelayMs' | 'guard'>
  readonly managementAccountId?: string | undefined
  readonly approvals: readonly Approval[]
  /** Nobody has seen a plan since the store was restored from a backup: everything waits. */
  readonly restored?: Restored | undefined
  /** Ids of requests that give nothing any more, ended before their time or not; those that time ends need no word here. */
  readonly endedRequests?: ReadonlySet<string>
  /**
   * What was taken away and given within the last hour, and what is under way, without what a person approved and what
   * locks and time ended.
   */
  readonly recent: readonly RecentChange[]
  /**
   * `first`: a person looks at this plan before anything is done, so users with exactly our userName are bound without
   * asking for each. `steady`: the sync runs by itself.
   */
  readonly mode: 'first' | 'steady'
  /** Actions that failed, with the instant before which they are not tried again. */
  readonly failures: ReadonlyMap<ActionKey, Instant>
  /**
   * Principals with an intent whose outcome is not known yet, by `principalKey` or, without an id, by
   * `unresolvedName`: nothing is planned for them. Where `unresolvedPart` says that only a part is awaited, access to
   * the other one may end meanwhile: it is of another service.
   */
  readonly unresolved: ReadonlySet<string>
  /** Ids of all accounts that AWS listed, filtered out or not; undefined until they were read. */
  readonly knownAccounts: ReadonlySet<string> | undefined
  /**
   * What roles are judged by: names of permission sets, and the accounts in which something may be changed. A known
   * account that is missing here (filtered out, suspended) is left alone.
   */
  readonly inventory: Inventory
  /**
   * ARNs of permission sets that AWS lets us assign to nobody, in whatever account; what is assigned may be taken away.
   */
  readonly unassignableSets?: ReadonlySet<string>
  readonly now: Instant
}

/** `object`: a user or a group itself, and the group's members. */
export type PrincipalPart = 'object' | 'assignments'

/** How `unresolved` says that of this principal nothing but one part is awaited. */
export function unresolvedPart(principal: string, part: PrincipalPart): string {
  return `${part} of ${principal}`
}

/** How `unresolved` names a principal that had no id when the intent was written. */
export function unresolvedName(kind: PrincipalKind, name: string): string {
  return `${kind}:${name}`
}
