/**
 * @module Which users and groups a filter chooses. AWS documents a short list of attributes and pairs; every other
 * combination is refused.
 */
import { findMembership } from '../directory/memberships.js'
import type { Group } from '../state/group.js'
import type { RowList } from '../state/table.js'
import type { Tables } from '../state/tables.js'
import type { User } from '../state/user.js'
import { invalid, notFound } from './error.js'
import { parseFilter, type Term } from './filter.js'
import { listOf, mapRows } from './row-lists.js'

/**
 * All users where `filter` is absent.
 * @throws ScimError 400; 404 where it names a group that does not exist
 */
export function selectUsers(tables: Tables, filter: string | undefined): RowList<User> {
  const { users, groups, memberships } = tables
  if (filter === undefined) return users
  const { names, value } = read(filter)
  switch (names) {
    case 'userName':
      return users.by('userName', value('userName'))
    case 'externalId':
      return users.by('externalId', value('externalId'))
    case 'id':
      return listOf(users.get(value('id')))
    case 'groups.value': {
      const groupId = value('groups.value')
      if (!groups.has(groupId)) throw notFound(`there is no group ${groupId}`)
      return mapRows(memberships.by('group', groupId), ({ userId }) => users.get(userId))
    }
    case 'id and manager': {
      const user = users.get(value('id'))
      return listOf(user?.enterprise?.manager?.value === value('manager') ? user : undefined)
    }
    default:
      throw invalid(`users cannot be filtered by ${names}`)
  }
}

/**
 * All groups where `filter` is absent.
 * @throws ScimError 400; 404 where it names a member that does not exist
 */
export function selectGroups(tables: Tables, filter: string | undefined): RowList<Group> {
  const { users, groups, memberships } = tables
  if (filter === undefined) return groups
  const { names, value } = read(filter)
  const findMember = (attribute: string): string => {
    const userId = value(attribute)
    if (!users.has(userId)) throw notFound(`there is no user ${userId}`)
    return userId
  }
  switch (names) {
    case 'displayName':
      return groups.by('displayName', value('displayName'))
    case 'externalId':
      return groups.by('externalId', value('externalId'))
    case 'id':
      return listOf(groups.get(value('id')))
    case 'members.value':
      return mapRows(memberships.by('user', findMember('members.value')), ({ groupId }) =>
        groups.get(groupId),
      )
    case 'id and members': {
      const pair = { groupId: value('id'), userId: findMember('members') }
      return listOf(findMembership(tables, pair) === undefined ? undefined : groups.get(pair.groupId))
    }
    default:
      throw invalid(`groups cannot be filtered by ${names}`)
  }
}

interface ReadFilter {
  /** The attributes, sorted, joined by ` and `: the order in which they are written makes no difference. */
  readonly names: string
  readonly value: (attribute: string) => string
}

function read(filter: string): ReadFilter {
  const terms: readonly Term[] = parseFilter(filter)
  const names = terms.map(({ attribute }) => attribute).sort()
  return {
    names: names.join(' and '),
    value: (attribute) => terms.find((term) => term.attribute === attribute)?.value ?? '',
  }
}
