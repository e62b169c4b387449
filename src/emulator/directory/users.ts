/**
 * @module Users of the identity store: made, changed and deleted by the rules that SCIM and the Identity Store API
 * share. Neither edge writes a user in another way.
 */
import type { EmulatorContext } from '../context.js'
import type { User, UserAttributes } from '../state/user.js'
import { releaseAssignments } from './assignments.js'
import { newId, stampChange, stampNew } from './new-row.js'
import { done, refused, type DirectoryProblem, type DirectoryResult } from './result.js'
import { reservedNames, userQuota } from './value-rules.js'

/** Makes a user; who was deleted under the same name before had another id. `by` is an ARN, or `SCIM`. */
export function createUser(
  context: EmulatorContext,
  attributes: UserAttributes,
  by: string,
): DirectoryResult<User> {
  const problem = findProblem(context, attributes, undefined)
  if (problem !== undefined) return refused(problem)
  if (context.state.tables.users.size >= userQuota) {
    return refused({ kind: 'quota', resource: 'users', limit: userQuota })
  }
  return put(context, { ...attributes, id: newId(context), ...stampNew(context, by) })
}

/** Replaces all attributes of a user; `active: false` is how a user is deactivated. */
export function updateUser(
  context: EmulatorContext,
  id: string,
  attributes: UserAttributes,
  by: string,
): DirectoryResult<User> {
  const known = context.state.tables.users.get(id)
  if (known === undefined) return refused({ kind: 'absent', resource: 'user', id })
  const problem = findProblem(context, attributes, known)
  if (problem !== undefined) return refused(problem)
  return put(context, { ...attributes, id, ...stampChange(context, known, by) })
}

/** Deletes a user with the memberships; assignments go or stay by the setting `staleAssignments`. */
export function deleteUser(context: EmulatorContext, id: string): DirectoryResult<User> {
  const { users, memberships } = context.state.tables
  const known = users.get(id)
  if (known === undefined) return refused({ kind: 'absent', resource: 'user', id })
  for (const membership of memberships.by('user', id).rows()) {
    context.commit({ table: 'memberships', delete: membership.id })
  }
  releaseAssignments(context, id)
  context.commit({ table: 'users', delete: id })
  return done(known)
}

/** `known` is the user before the change; what it keeps is never in its own way. */
function findProblem(
  context: EmulatorContext,
  attributes: UserAttributes,
  known: User | undefined,
): DirectoryProblem | undefined {
  const { users } = context.state.tables
  const { userName, externalId } = attributes
  const email = attributes.emails?.[0]?.value
  const isTaken = (index: 'userName' | 'email' | 'externalId', value: string | undefined): boolean =>
    value !== undefined &&
    users
      .by(index, value)
      .after(-1, 2)
      .some(({ key }) => key !== known?.id)
  if (userName !== known?.userName && reservedNames.includes(userName)) {
    return { kind: 'reserved-name', name: userName }
  }
  if (isTaken('userName', userName)) return { kind: 'duplicate', attribute: 'userName' }
  if (isTaken('email', email)) return { kind: 'duplicate', attribute: 'email' }
  if (isTaken('externalId', externalId)) return { kind: 'duplicate', attribute: 'externalId' }
  return undefined
}

function put(context: EmulatorContext, row: User): DirectoryResult<User> {
  context.commit({ table: 'users', put: row })
  return done(row)
}
