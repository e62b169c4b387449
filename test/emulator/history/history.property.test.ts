/**
 * Any sequence of operations keeps the invariants of the state, the counts add up, and a seeded run is the same twice.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/emulator/seeded-random.js'
import { AwsWorld } from '../aws-world.js'
import { brokenInvariants, play, snapshot, steps, type Played, type Step } from './history.js'

const outstandingAssignments = 4
const settings = { outstandingAssignments, assignmentMs: 500, provisioningMs: 500 } as const

async function openSeeded(seed: number): Promise<AwsWorld> {
  return await AwsWorld.open({ settings, random: seededRandom(seed) })
}

async function playAll(world: AwsWorld, history: readonly Step[]): Promise<readonly Played[]> {
  const played: Played[] = []
  for (const step of history) {
    const answer = await play(world, step)
    if (answer !== undefined) played.push(answer)
    expect(brokenInvariants(await snapshot(world), outstandingAssignments)).toEqual([])
  }
  return played
}

interface Calls {
  readonly calls: Readonly<Record<string, number>>
  readonly callers: Readonly<Record<string, Readonly<Record<string, number>>>>
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0)

describe('any history', () => {
  test('keeps the invariants after each step, and the counts add up', async () => {
    await using world = await openSeeded(1)
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        await world.control('POST', 'reset')
        const before = await snapshot(world)
        const played = await playAll(world, history)
        expect(played.filter(({ status }) => status >= 500)).toEqual([])

        const { calls, callers } = (await world.control('GET', 'calls')) as Calls
        expect(total(calls)).toBe(played.length)
        for (const [operation, n] of Object.entries(calls)) expect(total(callers[operation] ?? {})).toBe(n)

        // Every request that was taken is there once, and has ended a while later.
        await world.advance(10_000)
        const after = await snapshot(world)
        const taken = played.filter(
          ({ target, status }) => /\.(Create|Delete)AccountAssignment$/.test(target) && status === 200,
        )
        expect(after.assignmentRequests).toHaveLength(taken.length)
        expect(after.assignmentRequests.filter(({ status }) => status === 'IN_PROGRESS')).toEqual([])
        expect(brokenInvariants(after, outstandingAssignments)).toEqual([])
        const users = played.filter(({ status }) => status === 200).map(({ target }) => target.split('.')[1])
        const made = users.filter((name) => name === 'CreateUser').length
        const gone = users.filter((name) => name === 'DeleteUser').length
        expect(after.users).toHaveLength(before.users.length + made - gone)
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  test('with the same seed and the same steps gives the same answers and the same state', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(1000), async (history, seed) => {
        await using first = await openSeeded(seed)
        await using second = await openSeeded(seed)
        // The address listened on differs from run to run and is part of some answers.
        const plain = (world: AwsWorld, value: unknown): string =>
          JSON.stringify(value).replaceAll(world.url, 'URL')
        expect(plain(second, await playAll(second, history))).toBe(
          plain(first, await playAll(first, history)),
        )
        expect(plain(second, await snapshot(second))).toBe(plain(first, await snapshot(first)))
      }),
      { numRuns: 5 },
    )
  }, 120_000)

  test('with another seed gives other ids', async () => {
    const create: Step = { do: 'createUser', user: 3, name: 3 }
    await using first = await openSeeded(1)
    await using second = await openSeeded(2)
    const one = await play(first, create)
    const other = await play(second, create)
    expect([one?.status, other?.status]).toEqual([200, 200])
    expect(one?.body).not.toEqual(other?.body)
  })
})
