/**
 * @module What is said of a member, put together with what is there: what is left out stays as it is, and what changes
 * is told before and after. It reads the members that an edit holds, and changes none.
 */
import type { MemberChange } from '../../api/contract/access-lists.js'
import type { AccessListMember } from '../../core/access-list/access-list.js'
import { formatInstant, type Instant } from '../../core/time.js'
import { keyOf, type MemberEdit, type MemberKey, type MemberWish } from './edit-members.js'

/** As somebody wrote it. */
export interface WrittenMember extends MemberKey {
  /** `null` for no end; undefined leaves the end as it is. */
  readonly expiresAt: Instant | null | undefined
  /** Undefined leaves the reason as it is. */
  readonly reason: string | undefined
}

/** Whose membership has ended comes in anew: the end that is over does not stay. */
export function completeWish(
  { members, now }: Pick<MemberEdit, 'members' | 'now'>,
  written: WrittenMember,
): MemberWish {
  const before = members.get(keyOf(written))
  const end = before?.expiresAt !== undefined && now < before.expiresAt ? before.expiresAt : undefined
  return {
    kind: written.kind,
    name: written.name,
    expiresAt: written.expiresAt === undefined ? end : (written.expiresAt ?? undefined),
    reason: written.reason ?? before?.reason ?? '',
  }
}

/** What differs, each before and after; a side that has nothing is left out. */
export function sayMemberChanges(
  before: Pick<AccessListMember, 'expiresAt' | 'reason'>,
  after: Pick<AccessListMember, 'expiresAt' | 'reason'>,
): MemberChange[] {
  return [
    ...(before.expiresAt === after.expiresAt
      ? []
      : [{ field: 'end' as const, ...sides(endOf(before), endOf(after)) }]),
    ...(before.reason === after.reason
      ? []
      : [{ field: 'reason' as const, ...sides(before.reason, after.reason) }]),
  ]
}

function endOf({ expiresAt }: Pick<AccessListMember, 'expiresAt'>): string {
  return expiresAt === undefined ? '' : formatInstant(expiresAt)
}

function sides(before: string, after: string): Pick<MemberChange, 'before' | 'after'> {
  return { ...(before !== '' && { before }), ...(after !== '' && { after }) }
}
