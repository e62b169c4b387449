/** The gateway that syncs is killed in the middle of its work, in real processes on a real PostgreSQL. */
import { expect, test } from 'vitest'
import { createPostgresSchema } from '../support/postgres.js'
import { playPoints, shortLease } from './replicas/points.js'

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
