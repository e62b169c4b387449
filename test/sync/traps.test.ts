/**
 * Intents and outcomes: AWS takes no token that would make a change happen once, and no transaction holds AWS and the
 * log together, so the order of what is written down is all there is. A process dies at every other step of a change.
 */
import { z } from 'zod'
import { beforeAll, describe, expect, test } from 'vitest'
import { plugin, scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { added, inAws, team } from './in-aws.js'

const eventForm = z.looseObject({ phase: z.string().optional(), change_id: z.string().optional() })

/** What was where when the process died, and in the end. */
interface Death {
  readonly intents: readonly string[]
  readonly ended: readonly string[]
  readonly links: number
  readonly outcomes: number
  readonly made: readonly string[]
  /** Phases in the log, by change, after the next process brought it to its end. */
  readonly phases: readonly (readonly (string | undefined)[])[]
}

async function log(world: SyncWorld): Promise<z.output<typeof eventForm>[]> {
  await world.store.audit.chain(1000, (previous, json) => `${previous.length}${json.length}`)
  const rows = await world.store.audit.list({ limit: 1000, order: 'asc' })
  return rows.map(({ json }) => eventForm.parse(JSON.parse(json)))
}

const kindOf = (key: string): string => key.split(' ')[0] ?? ''

/** Undefined once the process gets to its end before that step. */
async function dieAt(at: number): Promise<Death | undefined> {
  await using world = await SyncWorld.open()
  const before = await inAws(world)
  await team(1)(world)
  let steps = 0
  const onStep = () => (++steps >= at ? Promise.reject(new Error('dead')) : Promise.resolve())
  const mortal = world.runner('mortal', { onStep })
  await scanned(world, mortal)
  const isDead = await settle(mortal).then(
    () => false,
    () => true,
  )
  if (!isDead) return undefined
  const changes = await world.store.changes.list(plugin, { limit: 100 })
  const { users, groups, assignments } = added(before, await inAws(world))
  const atDeath = {
    intents: changes.map(({ key }) => kindOf(key)),
    ended: changes.filter(({ state }) => state !== 'open').map(({ key }) => kindOf(key)),
    links: (await world.store.principalLinks.list(plugin)).length,
    outcomes: (await log(world)).filter(({ phase }) => phase === 'outcome').length,
    made: [
      ...users.map(() => 'user.create'),
      ...groups.map(() => 'group.create'),
      ...assignments.map(() => 'assignment.create'),
    ],
  }
  await world.aws.advance(20_000)
  await settle(world.runner('heir'))
  const events = await log(world)
  const ids = (await world.store.changes.list(plugin, { limit: 100 })).map(({ id }) => id)
  const phases = ids.map((id) => events.filter((one) => one.change_id === id).map(({ phase }) => phase))
  return { ...atDeath, phases }
}

const deaths: Death[] = []
beforeAll(async () => {
  for (let at = 1; ; at += 2) {
    const death = await dieAt(at)
    if (death === undefined) break
    deaths.push(death)
  }
}, 180_000)

describe('T23: an intent before the call, its outcome after it', () => {
  test('nothing is in AWS that has no intent, wherever the process dies', () => {
    for (const { intents, made } of deaths) expect(intents).toEqual(expect.arrayContaining([...made]))
    // Some died after the call and before its outcome: that is what the intent is for.
    expect(deaths.some(({ ended, made }) => made.length > ended.length)).toBe(true)
  })

  test('an intent without an outcome is read again: made is made, and not made is told as unknown', async () => {
    for (const kind of ['reset-after', 'reset-before']) {
      await using world = await SyncWorld.open()
      const runner = world.runner()
      await scanned(world, runner)
      await world.user('ann@example.com')
      await world.fault('scim:CreateUser', kind)
      await runner.cycle()
      expect(await world.store.changes.listOpen(plugin)).toHaveLength(1)
      await settle(runner)
      const states = (await world.store.changes.list(plugin, { limit: 100 })).map(({ state }) => state)
      expect(states).toEqual(kind === 'reset-after' ? ['succeeded'] : ['succeeded', 'unknown'])
    }
  }, 30_000)
})

describe('T35: an intent event and an outcome event', () => {
  test('stand in the log for each change, in this order, once each, whoever ends it', () => {
    for (const { phases } of deaths) {
      expect(phases.length).toBeGreaterThan(2)
      expect(phases).toEqual(phases.map(() => ['intent', 'outcome']))
    }
  })

  test('the outcome is in the log exactly when the bond and the state of the change say the same', () => {
    for (const { ended, links, outcomes } of deaths) {
      expect(outcomes).toBe(ended.length)
      expect(links).toBe(ended.filter((kind) => kind === 'user.create' || kind === 'group.create').length)
    }
  })
})
