/**
 * @module A review of the members of a list: what was decided on each of those who are in it now. Decisions are made
 * over days and by several people, while members come and go: one on somebody who left is no decision any more, not
 * even after they came back, and whoever came is to be decided on.
 */
import type { Instant } from '../time.js'
import type { AccessListMember } from './access-list.js'

export type MemberKey = Pick<AccessListMember, 'kind' | 'name'>

export interface MemberDecision extends MemberKey {
  readonly decision: 'keep' | 'remove'
  readonly at: Instant
}

export interface ReviewedMember<Decision extends MemberDecision> {
  readonly member: AccessListMember
  /** Undefined while it is open. */
  readonly decided: Decision | undefined
}

/** The members whose membership has not ended, in their order, with what stands decided on each. */
export function matchDecisions<Decision extends MemberDecision>(
  members: readonly AccessListMember[],
  decisions: readonly Decision[],
  now: Instant,
): ReviewedMember<Decision>[] {
  const byMember = new Map(decisions.map((decision) => [memberKey(decision), decision]))
  return members
    .filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt)
    .map((member) => {
      const decided = byMember.get(memberKey(member))
      return { member, decided: decided !== undefined && member.joinedAt <= decided.at ? decided : undefined }
    })
}

/** Names have no slash, so a user and a list of one name are told apart. */
export function memberKey({ kind, name }: MemberKey): string {
  return `${kind}/${name}`
}
