/**
 * @module Groups of the identity store: made, changed and deleted by the rules that SCIM and the Identity Store API
 * share. Who is in them is the affair of `memberships.ts`.
 */
import type { EmulatorContext } from '../context.js'
import type { Group, GroupAttributes } from '../state/group.js'
import { releaseAssignments } from './assignments.js'
import { newId, stampChange, stampNew } from './new-row.js'
import { done, refused, type DirectoryProblem, type DirectoryResult } from './result.js'
import { groupQuota, reservedNames } from './value-rules.js'

/** Makes an empty group; one deleted under the same name before had another id. `by` is an ARN, or `SCIM`. */
export function createGroup(
  context: EmulatorContext,
  attributes: GroupAttributes,
  by: string,
): DirectoryResult<Group> {
  const problem = findProblem(context, attributes, undefined)
  if (problem !== undefined) return refused(problem)
  if (context.state.tables.groups.size >= groupQuota) {
    return refused({ kind: 'quota', resource: 'groups', limit: groupQuota })
  }
  return put(context, { ...attributes, id: newId(context), ...stampNew(context, by) })
}

/** Replaces all attributes of a group; its members stay. */
export function updateGroup(
  context: EmulatorContext,
  id: string,
  attributes: GroupAttributes,
  by: string,
): DirectoryResult<Group> {
  const known = context.state.tables.groups.get(id)
  if (known === undefined) return refused({ kind: 'absent', resource: 'group', id })
  const problem = findProblem(context, attributes, known)
  if (problem !== undefined) return refused(problem)
  return put(context, { ...attributes, id, ...stampChange(context, known, by) })
}

/** Deletes a group with its memberships; assignments go or stay by the setting `staleAssignments`. */
export function deleteGroup(context: EmulatorContext, id: string): DirectoryResult<Group> {
  const { groups, memberships } = context.state.tables
  const known = groups.get(id)
  if (known === undefined) return refused({ kind: 'absent', resource: 'group', id })
  for (const membership of memberships.by('group', id).rows()) {
    context.commit({ table: 'memberships', delete: membership.id })
  }
  releaseAssignments(context, id)
  context.commit({ table: 'groups', delete: id })
  return done(known)
}

/** `known` is the group before the change; what it keeps is never in its own way. */
function findProblem(
  context: EmulatorContext,
  { displayName, externalId }: GroupAttributes,
  known: Group | undefined,
): DirectoryProblem | undefined {
  const { groups } = context.state.tables
  const isTaken = (index: 'displayName' | 'externalId', value: string | undefined): boolean =>
    value !== undefined &&
    groups
      .by(index, value)
      .after(-1, 2)
      .some(({ key }) => key !== known?.id)
  if (displayName !== known?.displayName && reservedNames.includes(displayName)) {
    return { kind: 'reserved-name', name: displayName }
  }
  if (isTaken('displayName', displayName)) return { kind: 'duplicate', attribute: 'displayName' }
  if (isTaken('externalId', externalId)) return { kind: 'duplicate', attribute: 'externalId' }
  return undefined
}

function put(context: EmulatorContext, row: Group): DirectoryResult<Group> {
  context.commit({ table: 'groups', put: row })
  return done(row)
}
