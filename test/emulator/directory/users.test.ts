import { describe, expect, test } from 'vitest'
import { addMember } from '../../../src/emulator/directory/memberships.js'
import { createUser, deleteUser, updateUser } from '../../../src/emulator/directory/users.js'
import { userQuota } from '../../../src/emulator/directory/value-rules.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { ada, auditors, bo, cy, engineers, nobody } from '../identitystore/store-world.js'
import { accepted, by, openDirectory, person, problemOf, startAt } from './directory-world.js'

const full = person('dee@example.com', {
  externalId: 'ext-dee',
  emails: [{ value: 'dee@mail.example', type: 'work', primary: true }],
})

describe('createUser', () => {
  test('makes a row with an id of the form of AWS and the stamps of its maker', () => {
    const context = openDirectory()
    const user = accepted(createUser(context, full, by))
    expect(user).toEqual({
      ...full,
      id: '00000001-0000-7000-8000-000000000000',
      createdAt: startAt,
      updatedAt: startAt,
      createdBy: by,
      updatedBy: by,
    })
    expect(context.state.tables.users.get(user.id)).toBe(user)
  })

  test.each([
    ['userName', person('ada@example.com')],
    ['email', person('x', { emails: [{ value: 'bo.lind@example.com' }] })],
    ['externalId', person('x', { externalId: 'ext-ada' })],
  ])('refuses the %s of another user', (attribute, attributes) => {
    const context = openDirectory()
    expect(problemOf(createUser(context, attributes, by))).toEqual({ kind: 'duplicate', attribute })
    expect(context.state.tables.users.size).toBe(3)
  })

  test('lets users share a display name, and names that differ in case', () => {
    const context = openDirectory()
    accepted(createUser(context, person('ADA@example.com', { displayName: 'Ada' }), by))
    expect(context.state.tables.users.size).toBe(4)
  })

  test.each(['Administrator', 'AWSAdministrators'])('refuses the reserved name %s', (name) => {
    expect(problemOf(createUser(openDirectory(), person(name), by))).toEqual({ kind: 'reserved-name', name })
  })

  test('refuses one user more than the quota', () => {
    const users = Array.from({ length: userQuota - 1 }, (_, index) => ({
      ...person(`u${index}`),
      id: `id-${index}`,
      createdAt: 0,
      updatedAt: 0,
    }))
    const context = openDirectory({}, { users, memberships: [], assignments: [], provisionedSets: [] })
    accepted(createUser(context, person('the last'), by))
    expect(problemOf(createUser(context, person('one more'), by))).toEqual({
      kind: 'quota',
      resource: 'users',
      limit: 200_000,
    })
  })

  test('looks at what is written, not at what reads see', () => {
    const context = openDirectory({ readLagMs: 1000 })
    context.readable()
    accepted(createUser(context, full, by))
    expect(context.readable().users.size).toBe(3)
    expect(problemOf(createUser(context, full, by))).toEqual({ kind: 'duplicate', attribute: 'userName' })
  })
})

describe('updateUser', () => {
  test('replaces all attributes, and keeps id, place and the stamp of the making', () => {
    const context = openDirectory()
    const user = accepted(createUser(context, full, by))
    if (context.clock instanceof ManualClock) context.clock.set(startAt + 5000)
    const changed = person('dee@example.com', { active: false })
    expect(accepted(updateUser(context, user.id, changed, 'SCIM'))).toEqual({
      ...changed,
      id: user.id,
      createdAt: startAt,
      updatedAt: startAt + 5000,
      createdBy: by,
      updatedBy: 'SCIM',
    })
    expect(context.state.tables.users.rows().at(-1)?.active).toBe(false)
  })

  test('leaves who made a row of the organisation file unknown', () => {
    expect(accepted(updateUser(openDirectory(), ada, person('ada'), by))).not.toHaveProperty('createdBy')
  })

  test('lets a user keep name, mail address and external id', () => {
    const context = openDirectory()
    const user = accepted(createUser(context, full, by))
    expect(accepted(updateUser(context, user.id, { ...full, title: 'Lead' }, by)).title).toBe('Lead')
  })

  test.each([
    ['userName', person('bo@example.com')],
    ['email', person('ada@example.com', { emails: [{ value: 'bo.lind@example.com' }] })],
    ['externalId', person('ada@example.com', { externalId: 'ext-dee' })],
  ])('refuses the %s of another user, and changes nothing', (attribute, attributes) => {
    const context = openDirectory()
    accepted(createUser(context, full, by))
    const before = context.state.tables.users.get(ada)
    expect(problemOf(updateUser(context, ada, attributes, by))).toEqual({ kind: 'duplicate', attribute })
    expect(context.state.tables.users.get(ada)).toBe(before)
  })

  test('refuses a reserved name, unless the user has it from the start', () => {
    const context = openDirectory(
      {},
      { users: [{ ...person('Administrator'), id: ada, createdAt: 0, updatedAt: 0 }] },
    )
    accepted(updateUser(context, ada, person('Administrator', { title: 'x' }), by))
    accepted(updateUser(context, ada, person('ada'), by))
    expect(problemOf(updateUser(context, ada, person('Administrator'), by))).toEqual({
      kind: 'reserved-name',
      name: 'Administrator',
    })
  })

  test('does not find who is absent', () => {
    expect(problemOf(updateUser(openDirectory(), nobody, person('x'), by))).toEqual({
      kind: 'absent',
      resource: 'user',
      id: nobody,
    })
  })
})

describe('deleteUser', () => {
  test('takes the memberships of that user along, and keeps assignments by default', () => {
    const context = openDirectory()
    accepted(addMember(context, { groupId: auditors, userId: ada }, by))
    expect(accepted(deleteUser(context, ada)).userName).toBe('ada@example.com')
    const { users, memberships, assignments } = context.state.tables
    expect(users.rows().map(({ id }) => id)).toEqual([bo, cy])
    expect(memberships.rows().map(({ groupId, userId }) => [groupId, userId])).toEqual([[engineers, bo]])
    expect(assignments.by('principal', ada).size).toBe(1)
  })

  test('drops assignments by the setting, and a provisioned role only with its last assignment', () => {
    const context = openDirectory({ staleAssignments: 'drop' })
    accepted(deleteUser(context, ada))
    const { assignments, provisionedSets } = context.state.tables
    expect(assignments.by('principal', ada).size).toBe(0)
    // Engineers hold the same permission set in the same account.
    expect(provisionedSets.rows().map(({ accountId }) => accountId)).toEqual(['333333333333', '222222222222'])
  })

  test('frees name, mail address and external id; who takes them is another user', () => {
    const context = openDirectory()
    const first = accepted(createUser(context, full, by))
    accepted(deleteUser(context, first.id))
    expect(accepted(createUser(context, full, by)).id).not.toBe(first.id)
  })

  test('does not find who was deleted before', () => {
    const context = openDirectory()
    accepted(deleteUser(context, ada))
    expect(problemOf(deleteUser(context, ada))).toEqual({ kind: 'absent', resource: 'user', id: ada })
  })
})
