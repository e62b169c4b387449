/**
 * @module Lists whose grants count for nothing, since nobody reviewed them in time and what was chosen for that case is
 * `remove_grants`. The same instant always gives the same answer.
 */
import type { AccessList, AccessListMember } from '../access-list/access-list.js'
import {
  countsAsFilled,
  overdueEffect,
  overduePolicy,
  stepOf,
  type OverduePolicy,
  type ReviewFacts,
} from '../access-list/review-schedule.js'
import type { Instant } from '../time.js'
import type { DesiredInput } from './input.js'

export interface OverdueLists {
  readonly withoutGrants: ReadonlySet<string>
  /** The next instant at which one more loses its grants. */
  readonly nextChangeAt: Instant | undefined
}

export function findOverdue(
  lists: readonly AccessList[],
  { members, lastLeft, whenOverdue, now }: Pick<DesiredInput, 'members' | 'lastLeft' | 'whenOverdue' | 'now'>,
): OverdueLists {
  const withoutGrants = new Set<string>()
  let nextChangeAt: Instant | undefined
  const lose = lists.filter((list) => mayLoseGrants(list, whenOverdue))
  const filled = lose.length === 0 ? new Set<string>() : listsWithMembers(members, now)
  for (const { name, review } of lose) {
    const schedule = { review, preference: whenOverdue }
    const left = { hasMembers: filled.has(name), lastLeftAt: lastLeft?.get(name) }
    const facts: ReviewFacts = { ...schedule, hasMembers: countsAsFilled(schedule, left) }
    const at = stepOf(facts)?.at
    if (overdueEffect(facts, now) === 'grants_removed') withoutGrants.add(name)
    else if (at !== undefined) nextChangeAt = Math.min(nextChangeAt ?? at, at)
  }
  return { withoutGrants, nextChangeAt }
}

/** Whether an overdue review of it takes its grants away. */
export function mayLoseGrants(
  { review }: Pick<AccessList, 'review'>,
  preference: OverduePolicy | undefined,
): boolean {
  return overduePolicy({ review, preference }).then === 'remove_grants'
}

function listsWithMembers(members: readonly AccessListMember[], now: Instant): Set<string> {
  return new Set(
    members.flatMap(({ list, expiresAt }) => (expiresAt === undefined || expiresAt > now ? [list] : [])),
  )
}
