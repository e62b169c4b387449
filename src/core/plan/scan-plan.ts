/**
 * @module How assignments are read in the fewest calls: by principal, or by pair of account and permission set that is
 * provisioned; never the full product. And how often a full look fits into the rate that is left for it (T22).
 */
import { second, type DurationMs } from '../time.js'

export interface AssignmentScanFacts {
  /** Principals whose assignments matter. */
  readonly principals: number
  /** Pages of their assignments as they were last seen, see `pagesByPrincipal`; not below `principals`. */
  readonly principalPages: number
  readonly accounts: number
  /** Pairs that are provisioned, where an earlier look counted them. */
  readonly provisionedPairs: number | undefined
  /** False for a delegated administrator, who may not ask by principal. */
  readonly mayAskByPrincipal: boolean
  /** Takes a permission that the least policy has not; a delegated administrator has it or reads nothing. */
  readonly mayAskByPair: boolean
}

export interface AssignmentScan {
  readonly by: 'principal' | 'pair'
  /** By pair, pages beyond the first of each are not counted: hardly a pair has a hundred principals. */
  readonly calls: number
}

/**
 * By pair costs one call for each account, to learn what is provisioned there, and one for each pair. Where pairs were
 * never counted, one for each account is assumed, which is the fewest that can be.
 */
export function planAssignmentScan(facts: AssignmentScanFacts): AssignmentScan {
  const byPair = facts.accounts + (facts.provisionedPairs ?? facts.accounts)
  if (!facts.mayAskByPrincipal) return { by: 'pair', calls: byPair }
  const byPrincipal = Math.max(facts.principals, facts.principalPages)
  return byPrincipal <= byPair || !facts.mayAskByPair
    ? { by: 'principal', calls: byPrincipal }
    : { by: 'pair', calls: byPair }
}

/** Rows of one answer of AWS about a principal's assignments. */
const rowsOfPage = 100

export interface AssignmentsSeen {
  readonly groups: readonly string[]
  readonly users: readonly string[]
  /** How many assignments the principal was last seen to have of its own; 0 where it was never read. */
  readonly ownOf: (kind: 'user' | 'group', id: string) => number
  readonly membersOf: (groupId: string) => Iterable<string>
}

/** AWS answers for a user what its groups give as well, so that members of large groups take many pages. */
export function pagesByPrincipal({ groups, users, ownOf, membersOf }: AssignmentsSeen): number {
  const throughGroups = new Map<string, number>()
  let pages = 0
  for (const id of groups) {
    const own = ownOf('group', id)
    pages += pagesOf(own)
    if (own === 0) continue
    for (const member of membersOf(id)) throughGroups.set(member, (throughGroups.get(member) ?? 0) + own)
  }
  for (const id of users) pages += pagesOf(ownOf('user', id) + (throughGroups.get(id) ?? 0))
  return pages
}

function pagesOf(rows: number): number {
  return Math.max(1, Math.ceil(rows / rowsOfPage))
}

export interface ScanCalls {
  readonly ssoAdmin: number
  readonly identitystore: number
}

/** Share of the rate that scans may use, so that work never waits for them. */
const scanShare = 0.5
const published = { ssoAdmin: 20, identitystore: 20 }

/**
 * The period of full looks: what is wished, or longer where the calls do not fit into their share of the rate.
 * @param rateShare Share of AWS's limits that we use at all.
 */
export function scanPeriod(calls: ScanCalls, rateShare: number, wishedMs: DurationMs): DurationMs {
  const seconds = Math.max(
    calls.ssoAdmin / (published.ssoAdmin * rateShare * scanShare),
    calls.identitystore / (published.identitystore * rateShare * scanShare),
  )
  return Math.max(wishedMs, Math.ceil(seconds * second))
}

/** A read that found less than half of what was there before, and at least ten fewer, is doubted before it is believed. */
export function isDoubtful(before: number, now: number): boolean {
  return now * 2 < before && before - now >= 10
}
