/**
 * Whatever sequence of SCIM requests is sent: each one is taken as a whole or leaves nothing behind, and names, mail
 * addresses and external ids stay unique.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../src/emulator/scim/json.js'
import type { Contents } from '../../../src/emulator/state/tables.js'
import { minimalUser, patchOf, ScimWorld, valuesOf } from './scim-world.js'

let world: ScimWorld
beforeAll(async () => {
  world = await ScimWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Few values, so that they collide. */
const name = fc.constantFrom('a@made.example', 'b@made.example', 'c@made.example')
const external = fc.constantFrom('x', 'y', 'z')
const op = fc.constantFrom('add', 'replace', 'remove')
const position = fc.nat({ max: 3 })

const userOperation: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ op, path: fc.constant('userName'), value: name }),
  fc.record({ op, path: fc.constant('externalId'), value: external }, { requiredKeys: ['op', 'path'] }),
  fc.record({
    op,
    path: fc.constant('emails'),
    value: name.map((value): Json => [{ value, type: 'work', primary: true }]),
  }),
  fc.record({ op, path: fc.constant('emails[type eq "work"].value'), value: name }),
  fc.record({
    op: fc.constant('remove'),
    path: fc.constantFrom('emails', 'externalId', 'title', 'displayName'),
  }),
  fc.record({ op, value: fc.record({ title: fc.constantFrom('', 'T') }) }),
)

type Step =
  | {
      readonly kind: 'create-user' | 'delete-user' | 'create-group' | 'delete-group'
      readonly at: number
      readonly name: string
    }
  | { readonly kind: 'patch-user'; readonly at: number; readonly operations: readonly JsonObject[] }
  | {
      readonly kind: 'patch-group'
      readonly at: number
      readonly op: string
      readonly members: readonly number[]
      readonly name: string
    }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('create-user', 'delete-user', 'create-group', 'delete-group'),
    at: position,
    name,
  }),
  fc.record({
    kind: fc.constant('patch-user'),
    at: position,
    operations: fc.array(userOperation, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('patch-group'),
    at: position,
    op,
    members: fc.array(position, { maxLength: 3 }),
    name,
  }),
)

async function take(one: Step, { users = [], groups = [] }: Contents): Promise<number> {
  const userAt = (at: number): string => users[at]?.id ?? '00000000-0000-7000-8000-000000000000'
  const group = `Groups/${groups[one.at]?.id ?? 'none'}`
  const send = async (method: string, path: string, body?: Json): Promise<number> =>
    (await world.send(method, path, body)).status
  switch (one.kind) {
    case 'create-user':
      return send('POST', 'Users', minimalUser(one.name))
    case 'delete-user':
      return send('DELETE', `Users/${userAt(one.at)}`)
    case 'create-group':
      return send('POST', 'Groups', { displayName: one.name, members: valuesOf([userAt(one.at)]) })
    case 'delete-group':
      return send('DELETE', group)
    case 'patch-user':
      return send('PATCH', `Users/${userAt(one.at)}`, patchOf(...one.operations))
    case 'patch-group': {
      const members = { op: one.op, path: 'members', value: valuesOf(one.members.map(userAt)) }
      const rename = { op: 'replace', path: 'displayName', value: one.name }
      return send('PATCH', group, patchOf(members, rename))
    }
  }
}

async function contents(): Promise<Contents> {
  return (await world.aws.control('GET', 'state?only=users,groups,memberships')) as Contents
}

function expectUnique(values: readonly (string | undefined)[]): void {
  const given = values.filter((value) => value !== undefined)
  expect(new Set(given).size).toBe(given.length)
}

test('requests are taken whole or not at all, and what is unique stays so', async () => {
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      await world.reset()
      let before = await contents()
      for (const one of steps) {
        const status = await take(one, before)
        statuses.add(status)
        const after = await contents()
        if (status >= 400) expect(after).toEqual(before)
        before = after
        const { users = [], groups = [], memberships = [] } = after
        expectUnique(users.map(({ userName }) => userName))
        expectUnique(users.map(({ emails }) => emails?.[0]?.value))
        expectUnique(users.map(({ externalId }) => externalId))
        expectUnique(groups.map(({ displayName }) => displayName))
        expectUnique(memberships.map(({ groupId, userId }) => `${groupId} ${userId}`))
        for (const { groupId, userId } of memberships) {
          expect(groups.map(({ id }) => id)).toContain(groupId)
          expect(users.map(({ id }) => id)).toContain(userId)
        }
      }
    }),
    { numRuns: 30, seed: 20261122 },
  )
  expect([...statuses].sort()).toEqual([200, 201, 204, 400, 404, 409])
})
