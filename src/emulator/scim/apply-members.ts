/**
 * @module Carries out membership changes of one request, all or none: what can fail is looked for first.
 */
import { addMember, findMembership, removeMember } from '../directory/memberships.js'
import type { EmulatorContext } from '../context.js'
import { conflict, invalid, notFound, throttled } from './error.js'
import { scimAuthor } from './operation.js'
import type { MemberChange } from './patch-group-plan.js'
import { unwrap } from './refuse.js'

/**
 * The changes that make a difference to a group (`undefined`: one that is being made), one for each user.
 * @throws ScimError 404 for a user who does not exist, 400 for a group; 409 or 404 for a repeat, where the setting
 * `scimMemberRepeats` refuses them
 */
export function settleMembers(
  context: EmulatorContext,
  groupId: string | undefined,
  changes: readonly MemberChange[],
): readonly MemberChange[] {
  const { tables } = context.state
  const before = (userId: string): boolean =>
    groupId !== undefined && findMembership(tables, { groupId, userId }) !== undefined
  const after = new Map<string, boolean>()
  for (const { op, userId } of changes) {
    if (op === 'add') checkUser(context, userId)
    const isMember = after.get(userId) ?? before(userId)
    if (isMember === (op === 'add') && context.settings.scimMemberRepeats === 'refuse') {
      throw isMember ? conflict(`${userId} is a member already`) : notFound(`${userId} is no member`)
    }
    after.set(userId, op === 'add')
  }
  return [...after]
    .filter(([userId, isMember]) => isMember !== before(userId))
    .map(([userId, isMember]) => ({ op: isMember ? 'add' : 'remove', userId }))
}

/**
 * Takes one token for each membership change of a request.
 * @throws ScimError 429
 */
export function takeMembershipTokens(context: EmulatorContext, count: number): void {
  if (!context.settings.limits || count === 0) return
  if (!context.limits.take('scim:membership', context.clock.now(), count)) throw throttled(context.settings)
}

/** Carries out what {@link settleMembers} settled. */
export function applyMembers(
  context: EmulatorContext,
  groupId: string,
  changes: readonly MemberChange[],
): void {
  for (const { op, userId } of changes) {
    const pair = { groupId, userId }
    if (op === 'add') unwrap(addMember(context, pair, scimAuthor))
    else unwrap(removeMember(context, pair))
  }
}

function checkUser(context: EmulatorContext, id: string): void {
  const { users, groups } = context.state.tables
  if (groups.has(id)) throw invalid('a member is a group; groups are not nested')
  if (!users.has(id)) throw notFound(`there is no user ${id}`)
}
