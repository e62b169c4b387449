/**
 * @module Groups as SCIM resources. Who is in a group cannot be read here: `members` is empty in every answer, and
 * absent from that of CreateGroup.
 */
import { externalIdRule, groupNameRule, idRule, isWithin } from '../directory/value-rules.js'
import type { Group, GroupAttributes } from '../state/group.js'
import { invalid } from './error.js'
import { isList, isObject, memberOf, type Json, type JsonObject } from './json.js'
import { metaOf } from './meta.js'
import { checkSchemas, defined, readText, refuseUnknown, required } from './read.js'
import { groupUrn } from './urn.js'

/** Most membership changes of one request. */
export const maxMembershipChanges = 100

export interface GroupResource {
  readonly attributes: GroupAttributes
  /** Ids of users. */
  readonly members: readonly string[]
}

/** @throws ScimError 400 */
export function parseGroup(resource: JsonObject): GroupResource {
  refuseUnknown(resource, ['schemas', 'id', 'meta', 'displayName', 'externalId', 'members'], 'the group')
  checkSchemas(resource, [groupUrn])
  const attributes = defined({
    displayName: required(readText(resource, 'displayName', groupNameRule), 'displayName'),
    externalId: readText(resource, 'externalId', externalIdRule),
  })
  const members = memberOf(resource, 'members')
  const ids = members === undefined ? [] : parseMembers(members)
  checkMembershipChanges(ids.length)
  return { attributes, members: ids }
}

/**
 * The ids of a list of members; their `display` is not supported.
 * @throws ScimError 400
 */
export function parseMembers(members: Json): readonly string[] {
  if (!isList(members)) throw invalid('members is not a list')
  return members.map((member) => {
    if (!isObject(member)) throw invalid('members has something that is not an object')
    refuseUnknown(member, ['value', 'type', '$ref'], 'a member')
    const type = memberOf(member, 'type')
    if (type !== undefined && type !== 'User') throw invalid('a member is not a user; groups are not nested')
    const value = memberOf(member, 'value')
    if (typeof value !== 'string' || !isWithin(idRule, value))
      throw invalid('a member has no id as its value')
    return value
  })
}

/** @throws ScimError 400 */
export function checkMembershipChanges(count: number): void {
  if (count > maxMembershipChanges) {
    throw invalid(`${count} membership changes in one request; ${maxMembershipChanges} are allowed`)
  }
}

/** As GetGroup and ListGroups answer. */
export function writeGroup(group: Group): JsonObject {
  return { ...writeNewGroup(group), members: [] }
}

/** As CreateGroup answers. */
export function writeNewGroup(group: Group): JsonObject {
  const { id, externalId, displayName } = group
  return {
    id,
    ...(externalId !== undefined && { externalId }),
    meta: metaOf('Group', group),
    schemas: [groupUrn],
    displayName,
  }
}
