/**
 * Whatever is asked of the directory in whatever order: what must be unique is, nothing points at what is not there
 * (but for assignments, where they are kept), and no assignment is without its provisioned role.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EmulatorContext } from '../../../src/emulator/context.js'
import { createGroup, deleteGroup, updateGroup } from '../../../src/emulator/directory/groups.js'
import { addMember, removeMember } from '../../../src/emulator/directory/memberships.js'
import { createUser, deleteUser, updateUser } from '../../../src/emulator/directory/users.js'
import { pairKey } from '../../../src/emulator/state/assignment.js'
import { by, openDirectory, person } from './directory-world.js'

const small = fc.nat(4)
const step = fc.record({
  act: fc.constantFrom(
    'createUser',
    'updateUser',
    'deleteUser',
    'createGroup',
    'updateGroup',
    'deleteGroup',
    'addMember',
    'removeMember',
  ),
  user: small,
  group: small,
  name: small,
  email: small,
  externalId: fc.option(small, { nil: undefined }),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Carries out a step on the rows that there are, counted round; answers whether it was accepted. */
function play(context: EmulatorContext, { act, user, group, name, email, externalId }: Step): boolean {
  const { users, groups } = context.state.tables
  const userId = users.rows()[user % Math.max(users.size, 1)]?.id ?? 'nobody'
  const groupId = groups.rows()[group % Math.max(groups.size, 1)]?.id ?? 'nothing'
  const external = externalId !== undefined && { externalId: `x${externalId}` }
  const userAttributes = person(`u${name}`, { emails: [{ value: `m${email}` }], ...external })
  const groupAttributes = { displayName: `g${name}`, ...external }
  switch (act) {
    case 'createUser':
      return createUser(context, userAttributes, by).ok
    case 'updateUser':
      return updateUser(context, userId, userAttributes, by).ok
    case 'deleteUser':
      return deleteUser(context, userId).ok
    case 'createGroup':
      return createGroup(context, groupAttributes, by).ok
    case 'updateGroup':
      return updateGroup(context, groupId, groupAttributes, by).ok
    case 'deleteGroup':
      return deleteGroup(context, groupId).ok
    case 'addMember':
      return addMember(context, { groupId, userId }, by).ok
    case 'removeMember':
      return removeMember(context, { groupId, userId }).ok
  }
}

function expectUnique(values: readonly (string | undefined)[]): void {
  const given = values.filter((value) => value !== undefined)
  expect(new Set(given).size).toBe(given.length)
}

function check(context: EmulatorContext): void {
  const { users, groups, memberships, assignments, provisionedSets } = context.state.tables
  expectUnique(users.rows().map(({ userName }) => userName))
  expectUnique(users.rows().map(({ emails }) => emails?.[0]?.value))
  expectUnique(users.rows().map(({ externalId }) => externalId))
  expectUnique(groups.rows().map(({ displayName }) => displayName))
  expectUnique(groups.rows().map(({ externalId }) => externalId))
  expectUnique(memberships.rows().map(({ groupId, userId }) => `${groupId}/${userId}`))
  for (const { groupId, userId } of memberships.rows()) {
    expect([groups.has(groupId), users.has(userId)]).toEqual([true, true])
  }
  const pairs = assignments.rows().map((row) => pairKey(row.accountId, row.permissionSetArn))
  const provisioned = provisionedSets.rows().map((row) => pairKey(row.accountId, row.permissionSetArn))
  expect(new Set(provisioned)).toEqual(new Set(pairs))
  if (context.settings.staleAssignments === 'keep') return
  for (const { principalId } of assignments.rows()) {
    expect(users.has(principalId) || groups.has(principalId)).toBe(true)
  }
}

test.each(['keep', 'drop'] as const)(
  'any history keeps the directory whole (assignments: %s)',
  (staleAssignments) => {
    let accepted = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const context = openDirectory({ staleAssignments })
        for (const each of steps) {
          const before = context.state.tables.contents()
          if (play(context, each)) accepted += 1
          // What is refused changes nothing.
          else expect(context.state.tables.contents()).toEqual(before)
          check(context)
        }
      }),
      { seed: 7, numRuns: 100 },
    )
    expect(accepted).toBeGreaterThan(500)
  },
)

test('the same history gives the same rows twice', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      const [first, second] = [openDirectory(), openDirectory()].map((context) => {
        for (const each of steps) play(context, each)
        return context.state.tables.contents()
      })
      expect(first).toEqual(second)
    }),
    { seed: 7, numRuns: 50 },
  )
})
