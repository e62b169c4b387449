/**
 * @module Who is in which group. A membership is of one user in one group, and there is at most one of each pair.
 */
import type { EmulatorContext } from '../context.js'
import type { Membership } from '../state/group.js'
import type { Tables } from '../state/tables.js'
import { newId, stampNew } from './new-row.js'
import { done, refused, type DirectoryResult } from './result.js'

export interface MemberPair {
  readonly groupId: string
  readonly userId: string
}

/** The membership of a user in a group, in the tables of the caller's choice. */
export function findMembership(tables: Tables, { groupId, userId }: MemberPair): Membership | undefined {
  return tables.memberships.find('pair', `${groupId}/${userId}`)
}

/** Puts a user into a group. `by` is an ARN, or `SCIM`. */
export function addMember(
  context: EmulatorContext,
  pair: MemberPair,
  by: string,
): DirectoryResult<Membership> {
  const { tables } = context.state
  const { groupId, userId } = pair
  if (!tables.groups.has(groupId)) return refused({ kind: 'absent', resource: 'group', id: groupId })
  if (!tables.users.has(userId)) return refused({ kind: 'absent', resource: 'user', id: userId })
  if (findMembership(tables, pair) !== undefined) return refused({ kind: 'member-present', groupId, userId })
  const row = { id: newId(context), groupId, userId, ...stampNew(context, by) }
  context.commit({ table: 'memberships', put: row })
  return done(row)
}

/** Takes a user out of a group; a user who does not exist is a member who is not there. */
export function removeMember(context: EmulatorContext, pair: MemberPair): DirectoryResult<Membership> {
  const { tables } = context.state
  const { groupId, userId } = pair
  if (!tables.groups.has(groupId)) return refused({ kind: 'absent', resource: 'group', id: groupId })
  const known = findMembership(tables, pair)
  if (known === undefined) return refused({ kind: 'member-absent', groupId, userId })
  return deleteMembership(context, known.id)
}

/** Takes a user out of a group by the id of the membership. */
export function deleteMembership(context: EmulatorContext, id: string): DirectoryResult<Membership> {
  const known = context.state.tables.memberships.get(id)
  if (known === undefined) return refused({ kind: 'absent', resource: 'membership', id })
  context.commit({ table: 'memberships', delete: id })
  return done(known)
}
