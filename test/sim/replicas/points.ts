/**
 * @module Many points, one after the other, on one organisation: at each the replica that syncs is killed, and another
 * process is started in its place. The seed decides what people want and when death comes.
 */
import { Prng } from '../../../src/emulator/prng.js'
import { leaseTimes, type LeaseTimes } from '../../../src/reconcile/lease.js'
import { playRound, settle, type RoundResult } from './round.js'
import { ReplicaWorld } from './world.js'

/** A fifth of the real ones. */
export const shortLease: LeaseTimes = { ttlMs: 3000, renewEveryMs: 1000, callMs: 1800, marginMs: 200 }

export interface PointsOptions {
  readonly databaseUrl: string
  readonly seed: number
  readonly points: number
  /** How many processes serve at once. */
  readonly replicas: number
  readonly leaseTimes: LeaseTimes
  /** Called after each point. */
  readonly onPoint?: (index: number, round: RoundResult) => void
}

/** The longest from a death to the first change by another: the lease ends, calls that were under way end, it looks. */
export function longestGapMs({ ttlMs, callMs, marginMs }: LeaseTimes): number {
  return ttlMs + callMs + marginMs + 500
}

/** Answers the problems of all points. */
export async function playPoints(options: PointsOptions): Promise<string[]> {
  const { databaseUrl, seed, points, replicas, onPoint } = options
  const isReal = options.leaseTimes === leaseTimes
  await using world = await ReplicaWorld.open({
    databaseUrl,
    ...(!isReal && { leaseTimes: options.leaseTimes }),
  })
  const longestMs = longestGapMs(options.leaseTimes) + 20_000
  await Promise.all(Array.from({ length: replicas }, () => world.start()))
  let wanted = await settle(world, longestMs)
  const all: string[] = []
  for (let index = 0; index < points; index++) {
    const round = await playRound(world, new Prng(seed, `point ${index}`), wanted, { longestMs })
    const { leaseMs } = round
    wanted = round.wanted
    const problems = [...round.problems]
    // A slow machine may add to it what it likes; more than twice the lease is another reason.
    if ((leaseMs ?? 0) > 2 * options.leaseTimes.ttlMs)
      problems.push(`the lease was taken after ${leaseMs} ms`)
    all.push(...problems.map((problem) => `point ${index}: ${problem}`))
    onPoint?.(index, { ...round, problems })
    if (index < points - 1) await world.start()
  }
  return all
}
