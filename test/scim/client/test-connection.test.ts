import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/lib/clock.js'
import type { ScimClient } from '../../../src/scim/client/scim-client.js'
import { testScim } from '../../../src/scim/client/test-connection.js'
import { ScimWorld } from '../../emulator/scim/scim-world.js'
import { connectScim, normal } from './scim-connection.js'

const userName = 'gatehouse-test-abc123@gatehouse.invalid'

let world: ScimWorld
beforeAll(async () => {
  world = await ScimWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => world.reset())

const timers = { now: () => systemClock.now(), sleep: () => Promise.resolve() }
const run = (client: ScimClient = connectScim(world).scim) =>
  testScim({ client, timers, unique: () => 'abc123' }, normal)
const fault = (operation: string, kind: string, more: object = {}) =>
  world.aws.control('POST', 'faults', { operation: `scim:${operation}`, at: 1, fault: { kind }, ...more })
const left = () => connectScim(world).scim.findUser(userName, normal)
const names = (steps: Awaited<ReturnType<typeof run>>['steps']) =>
  steps.map(({ name, ok }) => (ok ? name : `${name} fails`))

test('an endpoint that works reads, writes and is left as it was', async () => {
  const before = await world.aws.control('GET', 'state?only=users')
  const result = await run()
  expect(result.ok).toBe(true)
  expect(names(result.steps)).toEqual(['reach', 'read', 'create', 'read_back', 'change', 'clean_up'])
  expect(await world.aws.control('GET', 'state?only=users')).toEqual(before)
})

test('a token that is not taken reaches and may not read', async () => {
  const { scim } = connectScim({ endpoint: world.endpoint, token: 'wrong' })
  const result = await run(scim)
  expect(result.ok).toBe(false)
  expect(names(result.steps)).toEqual(['reach', 'read fails'])
  expect(JSON.stringify(result)).not.toContain('wrong')
})

test('an endpoint that does not answer is not reached', async () => {
  await fault('ListUsers', 'reset-before')
  expect(names((await run()).steps)).toEqual(['reach fails'])
})

test('a token that may only read is told, and nothing is left', async () => {
  await fault('CreateUser', 'expired-token')
  expect(names((await run()).steps)).toEqual(['reach', 'read', 'create fails'])
  expect(await left()).toBeUndefined()
})

test('a user whose creation was not answered is found and removed', async () => {
  await fault('CreateUser', 'reset-after')
  expect(names((await run()).steps)).toEqual(['reach', 'read', 'create fails', 'clean_up'])
  expect(await left()).toBeUndefined()
})

test('a change that fails still cleans up', async () => {
  await fault('PatchUser', 'error')
  expect(names((await run()).steps)).toEqual([
    'reach',
    'read',
    'create',
    'read_back',
    'change fails',
    'clean_up',
  ])
  expect(await left()).toBeUndefined()
})

test('what is left behind where cleaning up fails is inactive, and named', async () => {
  await fault('DeleteUser', 'error', { times: null })
  const result = await run()
  expect(names(result.steps).at(-1)).toBe('clean_up fails')
  expect(result.steps.at(-1)?.says).toContain(userName)
  expect(await left()).toMatchObject({ active: false })
})

test('a user who can be read only later is waited for', async () => {
  await world.aws.control('PUT', 'settings', { readLagMs: 600 })
  const lagging = { ...timers, sleep: (ms: number) => (ms > 0 ? world.aws.advance(ms) : Promise.resolve()) }
  const result = await testScim(
    { client: connectScim(world).scim, timers: lagging, unique: () => 'abc123' },
    normal,
  )
  expect(result).toMatchObject({ ok: true })
})
