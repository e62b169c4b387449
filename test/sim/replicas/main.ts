/**
 * @module `npm run test:sim -- --replicas --points N`: the points of `points.ts` outside the gate, as many as one likes,
 * with the real times of the lease unless `--short-lease` is given.
 */
import { leaseTimes } from '../../../src/reconcile/lease.js'
import { startPostgres } from '../../support/postgres.js'
import { longestGapMs, playPoints, shortLease } from './points.js'

export interface ReplicaFlags {
  readonly seed: number
  readonly points: number
  readonly replicas: number
  readonly isShort: boolean
  readonly isVerbose: boolean
}

/** Answers whether everything was as it should be. The last line that it prints is `N passed, N failed`. */
export async function playReplicas({
  seed,
  points,
  replicas,
  isShort,
  isVerbose,
}: ReplicaFlags): Promise<boolean> {
  const times = isShort ? shortLease : leaseTimes
  const server = await startPostgres()
  let failed = 0
  let played = 0
  let longest = 0
  try {
    const problems = await playPoints({
      databaseUrl: server.url,
      ...{ seed, points, replicas, leaseTimes: times },
      onPoint: (index, { says, problems, goesOnMs = 0 }) => {
        played += 1
        longest = Math.max(longest, goesOnMs)
        if (problems.length > 0) {
          failed += 1
          console.log(`FAIL point ${index}: ${says}`)
        } else if (isVerbose) console.log(`point ${index}: ${says}`)
        for (const problem of problems) console.log(`  ! ${problem}`)
      },
    })
    if (problems.length > 0 && failed === 0) failed = 1
  } finally {
    await server.stop()
  }
  console.log(
    `the longest pause between a death and the next change of AWS was ${longest} ms of ${longestGapMs(times)}`,
  )
  console.log(`${played - failed} passed, ${failed + points - played} failed`)
  return failed === 0 && played === points
}
