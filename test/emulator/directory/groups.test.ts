import { describe, expect, test } from 'vitest'
import { createGroup, deleteGroup, updateGroup } from '../../../src/emulator/directory/groups.js'
import {
  addMember,
  deleteMembership,
  findMembership,
  removeMember,
} from '../../../src/emulator/directory/memberships.js'
import { groupQuota } from '../../../src/emulator/directory/value-rules.js'
import { ada, auditors, bo, cy, engineers, nobody } from '../identitystore/store-world.js'
import { accepted, by, openDirectory, problemOf, startAt } from './directory-world.js'

describe('createGroup', () => {
  test('makes an empty group with the stamps of its maker', () => {
    const context = openDirectory()
    const group = accepted(createGroup(context, { displayName: 'Pilots', externalId: 'ext-p' }, 'SCIM'))
    expect(group).toEqual({
      displayName: 'Pilots',
      externalId: 'ext-p',
      id: '00000001-0000-7000-8000-000000000000',
      createdAt: startAt,
      updatedAt: startAt,
      createdBy: 'SCIM',
      updatedBy: 'SCIM',
    })
  })

  test.each([
    ['displayName', { displayName: 'Engineers' }],
    ['externalId', { displayName: 'x', externalId: 'ext-engineers' }],
  ])('refuses the %s of another group', (attribute, attributes) => {
    const context = openDirectory()
    expect(problemOf(createGroup(context, attributes, by))).toEqual({ kind: 'duplicate', attribute })
    expect(context.state.tables.groups.size).toBe(2)
  })

  test('takes the external id of a user', () => {
    accepted(createGroup(openDirectory(), { displayName: 'x', externalId: 'ext-ada' }, by))
  })

  test.each(['Administrator', 'AWSAdministrators'])('refuses the reserved name %s', (name) => {
    const result = createGroup(openDirectory(), { displayName: name }, by)
    expect(problemOf(result)).toEqual({ kind: 'reserved-name', name })
  })

  test('refuses one group more than the quota', () => {
    const groups = Array.from({ length: groupQuota - 1 }, (_, index) => ({
      id: `id-${index}`,
      displayName: `g${index}`,
      createdAt: 0,
      updatedAt: 0,
    }))
    const context = openDirectory({}, { groups, memberships: [] })
    accepted(createGroup(context, { displayName: 'the last' }, by))
    expect(problemOf(createGroup(context, { displayName: 'one more' }, by))).toEqual({
      kind: 'quota',
      resource: 'groups',
      limit: 100_000,
    })
  })
})

describe('updateGroup', () => {
  test('replaces all attributes; the members stay', () => {
    const context = openDirectory()
    const group = accepted(updateGroup(context, engineers, { displayName: 'Builders' }, by))
    expect(group).not.toHaveProperty('description')
    expect(group).toMatchObject({ id: engineers, displayName: 'Builders', updatedAt: startAt, updatedBy: by })
    expect(context.state.tables.memberships.by('group', engineers).size).toBe(2)
  })

  test('lets a group keep its name and external id', () => {
    const same = { displayName: 'Engineers', externalId: 'ext-engineers' }
    accepted(updateGroup(openDirectory(), engineers, same, by))
  })

  test.each([
    ['displayName', { displayName: 'Engineers' }],
    ['externalId', { displayName: 'Auditors', externalId: 'ext-engineers' }],
  ])('refuses the %s of another group', (attribute, attributes) => {
    const result = updateGroup(openDirectory(), auditors, attributes, by)
    expect(problemOf(result)).toEqual({ kind: 'duplicate', attribute })
  })

  test('refuses a reserved name', () => {
    const result = updateGroup(openDirectory(), auditors, { displayName: 'Administrator' }, by)
    expect(problemOf(result)).toEqual({ kind: 'reserved-name', name: 'Administrator' })
  })

  test('does not find what is absent', () => {
    const result = updateGroup(openDirectory(), nobody, { displayName: 'x' }, by)
    expect(problemOf(result)).toEqual({ kind: 'absent', resource: 'group', id: nobody })
  })
})

describe('deleteGroup', () => {
  test('takes its memberships along, and keeps members and assignments', () => {
    const context = openDirectory()
    accepted(deleteGroup(context, engineers))
    const { users, memberships, assignments } = context.state.tables
    expect([users.size, memberships.size]).toEqual([3, 0])
    expect(assignments.by('principal', engineers).size).toBe(2)
  })

  test('drops assignments by the setting, with the roles that nobody holds any more', () => {
    const context = openDirectory({ staleAssignments: 'drop' })
    accepted(deleteGroup(context, engineers))
    const { assignments, provisionedSets } = context.state.tables
    expect(assignments.rows().map(({ principalId }) => principalId)).toEqual([ada])
    expect(provisionedSets.rows().map(({ accountId }) => accountId)).toEqual(['333333333333'])
  })

  test('does not find what was deleted before', () => {
    const context = openDirectory()
    accepted(deleteGroup(context, engineers))
    expect(problemOf(deleteGroup(context, engineers))).toEqual({
      kind: 'absent',
      resource: 'group',
      id: engineers,
    })
  })
})

describe('members', () => {
  test('come once', () => {
    const context = openDirectory()
    const pair = { groupId: auditors, userId: cy }
    const membership = accepted(addMember(context, pair, by))
    expect(membership).toMatchObject({ ...pair, createdAt: startAt, createdBy: by })
    expect(findMembership(context.state.tables, pair)).toBe(membership)
    expect(problemOf(addMember(context, pair, by))).toEqual({ kind: 'member-present', ...pair })
  })

  test.each([
    ['group', { groupId: nobody, userId: ada }],
    ['user', { groupId: auditors, userId: nobody }],
  ])('need a %s that exists', (resource, pair) => {
    const context = openDirectory()
    expect(problemOf(addMember(context, pair, by))).toEqual({ kind: 'absent', resource, id: nobody })
    expect(context.state.tables.memberships.size).toBe(2)
  })

  test('go once', () => {
    const context = openDirectory()
    const pair = { groupId: engineers, userId: ada }
    expect(accepted(removeMember(context, pair))).toMatchObject(pair)
    expect(problemOf(removeMember(context, pair))).toEqual({ kind: 'member-absent', ...pair })
    expect(context.state.tables.memberships.rows().map(({ userId }) => userId)).toEqual([bo])
  })

  test('who do not exist are not there', () => {
    const pair = { groupId: engineers, userId: nobody }
    expect(problemOf(removeMember(openDirectory(), pair))).toEqual({ kind: 'member-absent', ...pair })
  })

  test('of a group that is absent cannot be removed', () => {
    const result = removeMember(openDirectory(), { groupId: nobody, userId: ada })
    expect(problemOf(result)).toEqual({ kind: 'absent', resource: 'group', id: nobody })
  })

  test('go by the id of the membership too, once', () => {
    const context = openDirectory()
    const id = findMembership(context.state.tables, { groupId: engineers, userId: ada })?.id ?? ''
    expect(accepted(deleteMembership(context, id)).userId).toBe(ada)
    expect(problemOf(deleteMembership(context, id))).toEqual({ kind: 'absent', resource: 'membership', id })
  })
})
