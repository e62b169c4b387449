/** The gateway that syncs is killed in the middle of its work, in real processes on a real PostgreSQL. */
import { expect, test } from 'vitest'
import { createPostgresSchema } from '../support/postgres.js'
import { Prng } from '../../src/emulator/prng.js'
import { openRelay } from '../support/relay.js'
import { playPoints, shortLease } from './replicas/points.js'
import { isDone, playRound, settle, until } from './replicas/round.js'
import { ReplicaWorld } from './replicas/world.js'

test('a replica that dies while it changes AWS is followed by another; nothing is lost, doubled or too much', async () => {
  const told: string[] = []
  const problems = await playPoints({
    databaseUrl: await createPostgresSchema(),
    ...{ seed: 1, points: 2, replicas: 2, leaseTimes: shortLease },
    onPoint: (_index, { says }) => told.push(says),
  })
  expect(problems, told.join('\n')).toEqual([])
  expect(told).toHaveLength(2)
}, 240_000)

test('a replica that is cut off from the database while it changes AWS leaves it to another, and comes back', async () => {
  const databaseUrl = await createPostgresSchema()
  const relay = await openRelay(databaseUrl)
  await using world = await ReplicaWorld.open({ databaseUrl, leaseTimes: shortLease })
  const databaseTimes = { connectMs: 500, statementMs: 900, answerMs: 1000 }
  const cutOff = await world.start({ databaseUrl: relay.url, databaseTimes })
  const longestMs = 60_000
  const before = await settle(world, longestMs)
  const other = await world.start()
  const { problems, wanted, says } = await playRound(world, new Prng(3, 'cut off'), before, {
    longestMs,
    strike: (victim) => {
      expect(victim).toBe(cutOff)
      return relay.hold()
    },
  })
  expect(problems, says).toEqual([])
  expect(await world.holder()).toBe(other)
  await relay.mend()
  // It is as good as any other afterwards.
  await world.stop(other)
  await until(longestMs, async () => ((await world.holder()) === cutOff ? true : undefined))
  expect(await isDone(world, wanted)).toBe(true)
}, 240_000)
