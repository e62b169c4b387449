/**
 * @module What PATCH is to do to a group, decided before anything is done: the changed attributes, and the membership
 * changes in the order in which they were asked for.
 */
import { externalIdRule, groupNameRule } from '../directory/value-rules.js'
import type { Settings } from '../settings.js'
import type { Group, GroupAttributes } from '../state/group.js'
import { invalid } from './error.js'
import { checkMembershipChanges, parseMembers } from './group-resource.js'
import { isList, isObject, memberOf, type Json } from './json.js'
import type { PatchOperation } from './patch-request.js'
import { defined, readText, required } from './read.js'

export interface MemberChange {
  readonly op: 'add' | 'remove'
  readonly userId: string
}

export interface GroupPlan {
  readonly attributes: GroupAttributes
  readonly members: readonly MemberChange[]
  /** Seen in 2024: the request is refused, and the group is emptied all the same. */
  readonly emptiesAndFails: boolean
}

/** @throws ScimError 400 */
export function planGroupPatch(
  group: Group,
  operations: readonly PatchOperation[],
  settings: Settings,
): GroupPlan {
  let { displayName, externalId }: { displayName: string; externalId?: string | undefined } = group
  const members: MemberChange[] = []
  let emptiesAndFails = false
  for (const operation of operations) {
    const name = nameOf(operation)
    if (name === 'displayName') displayName = readDisplayName(operation)
    else if (name === 'externalId') externalId = readExternalId(operation)
    else if (settings.scim2024 && operation.op === 'replace' && isIgnoredIn2024(operation.value)) continue
    else if (settings.scim2024 && operation.op === 'replace' && isEmptyMember(operation.value))
      emptiesAndFails = true
    else members.push(...readMembers(operation))
  }
  checkMembershipChanges(members.length)
  const { description } = group
  return { attributes: defined({ displayName, externalId, description }), members, emptiesAndFails }
}

/** @throws ScimError 400 unless the path is that of an attribute that can be changed */
function nameOf({ path }: PatchOperation): 'displayName' | 'externalId' | 'members' {
  const [{ name, where }, ...rest] = path.steps
  if (where !== undefined || rest.length > 0) {
    throw invalid('paths of a group have neither filters nor sub-attributes; members are named in the value')
  }
  if (name === 'displayName' || name === 'externalId' || name === 'members') return name
  throw invalid(`${name} of a group cannot be changed by PATCH`)
}

function readDisplayName({ op, value }: PatchOperation): string {
  if (op === 'remove') throw invalid('displayName cannot be removed')
  return required(
    readText(value === undefined ? {} : { displayName: value }, 'displayName', groupNameRule),
    'displayName',
  )
}

function readExternalId({ op, value }: PatchOperation): string | undefined {
  if (op === 'remove') return undefined
  return required(
    readText(value === undefined ? {} : { externalId: value }, 'externalId', externalIdRule),
    'externalId',
  )
}

function readMembers({ op, value }: PatchOperation): readonly MemberChange[] {
  if (op === 'replace') throw invalid('members cannot be replaced')
  const ids = value === undefined ? [] : parseMembers(value)
  if (ids.length === 0) throw invalid(`${op} of members names no member`)
  return ids.map((userId) => ({ op, userId }))
}

function isIgnoredIn2024(value: Json | undefined): boolean {
  return value === undefined || (isList(value) && value.length === 0)
}

function isEmptyMember(value: Json | undefined): boolean {
  if (!isList(value) || value.length !== 1) return false
  const [only] = value
  return isObject(only) && memberOf(only, 'value') === ''
}
