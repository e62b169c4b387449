/**
 * @module What import works from: Identity Center as last seen, and what there is here already. Preview, import and
 * the check before the hand-over all start from these facts, so that they cannot tell different stories.
 */
import type { AccessList, AccessListMember } from '../access-list/access-list.js'
import type {
  LedgerEntry,
  Link,
  Observation,
  ObservedAccount,
  ObservedPermissionSet,
} from '../identity-center/observation.js'
import type { PluginSettings } from '../identity-center/settings.js'
import type { Instant } from '../time.js'

/** A person here, with what user filters and SCIM look at. */
export interface KnownUser {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** `local`, or the name of a connector. */
  readonly origin: string
  readonly traits: Readonly<Record<string, readonly string[]>>
  /** A lock is in force on the person. */
  readonly isLocked: boolean
}

export interface ImportFacts {
  readonly settings: PluginSettings
  readonly observation: Observation
  readonly accounts: readonly ObservedAccount[]
  readonly permissionSets: readonly ObservedPermissionSet[]
  readonly users: readonly KnownUser[]
  /** Every stored access list; those that cannot be read keep their names through `takenNames`. */
  readonly lists: readonly AccessList[]
  /** Names of access lists that no new one may have, readable or not. */
  readonly takenNames: readonly string[]
  readonly members: readonly AccessListMember[]
  readonly links: readonly Link[]
  readonly ledger: readonly LedgerEntry[]
  /** The default owners of the last import: a list that has exactly them was not handed over. Empty where not known. */
  readonly formerOwners: readonly string[]
  readonly now: Instant
}

/** "1 member", "12 members". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount} ${amount === 1 ? singular : plural}`
}
