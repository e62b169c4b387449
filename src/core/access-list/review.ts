/**
 * @module A review of the members of a list: what was decided on each of those who are in it now. Decisions are made
 * over days and by several people, while members and owners come and go: one on somebody who left is no decision any
 * more, not even after they came back, and whoever came is to be decided on. One by somebody who may not review the list
 * any more has lapsed: another has to answer for it.
 */
import type { Instant } from '../time.js'
import type { AccessListMember } from './access-list.js'

export type MemberKey = Pick<AccessListMember, 'kind' | 'name'>

export interface MemberDecision extends MemberKey {
  readonly decision: 'keep' | 'remove'
  readonly at: Instant
  /** Who made it, by name. */
  readonly by: string
}

export interface ReviewedMember<Decision extends MemberDecision> {
  readonly member: AccessListMember
  /** Undefined while it is open. */
  readonly decided: Decision | undefined
  /** What was decided by somebody who may not review the list any more: it is open. */
  readonly lapsed: Decision | undefined
}

/**
 * The members whose membership has not ended, in their order, with what stands decided on each; `reviewers` are those
 * who made decisions and may review the list now.
 */
export function matchDecisions<Decision extends MemberDecision>(
  members: readonly AccessListMember[],
  decisions: readonly Decision[],
  { reviewers, now }: { readonly reviewers: ReadonlySet<string>; readonly now: Instant },
): ReviewedMember<Decision>[] {
  const byMember = new Map(decisions.map((decision) => [memberKey(decision), decision]))
  return members
    .filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt)
    .map((member) => {
      const made = byMember.get(memberKey(member))
      if (made === undefined || made.at < member.joinedAt)
        return { member, decided: undefined, lapsed: undefined }
      return reviewers.has(made.by)
        ? { member, decided: made, lapsed: undefined }
        : { member, decided: undefined, lapsed: made }
    })
}

/** Names have no slash, so a user and a list of one name are told apart. */
export function memberKey({ kind, name }: MemberKey): string {
  return `${kind}/${name}`
}
