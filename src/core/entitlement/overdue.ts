/**
 * @module Lists whose grants count for nothing, since nobody reviewed them in time and what was chosen for that case is
 * `remove_grants`. The same instant always gives the same answer.
 */
import type { AccessList, AccessListMember } from '../access-list/access-list.js'
import { overdueEffect, stepOf, type ReviewFacts } from '../access-list/review-schedule.js'
import type { Instant } from '../time.js'
import type { DesiredInput } from './input.js'

export interface OverdueLists {
  readonly withoutGrants: ReadonlySet<string>
  /** The next instant at which one more loses its grants. */
  readonly nextChangeAt: Instant | undefined
}

export function findOverdue(
  lists: readonly AccessList[],
  { members, whenOverdue, now }: Pick<DesiredInput, 'members' | 'whenOverdue' | 'now'>,
): OverdueLists {
  const withoutGrants = new Set<string>()
  let nextChangeAt: Instant | undefined
  const lose = lists.filter(({ review }) => (review?.whenOverdue ?? whenOverdue)?.then === 'remove_grants')
  const filled = lose.length === 0 ? new Set<string>() : listsWithMembers(members, now)
  for (const { name, review } of lose) {
    const facts: ReviewFacts = { review, preference: whenOverdue, hasMembers: filled.has(name) }
    const at = stepOf(facts)?.at
    if (overdueEffect(facts, now) === 'grants_removed') withoutGrants.add(name)
    else if (at !== undefined) nextChangeAt = Math.min(nextChangeAt ?? at, at)
  }
  return { withoutGrants, nextChangeAt }
}

function listsWithMembers(members: readonly AccessListMember[], now: Instant): Set<string> {
  return new Set(
    members.flatMap(({ list, expiresAt }) => (expiresAt === undefined || expiresAt > now ? [list] : [])),
  )
}
