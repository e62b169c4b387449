/** @module The sync of a large organisation: 10,000 users in 5,000 groups, 1,000 accounts, 500 permission sets. */
import type { BenchLine } from './line.js'
import { measureSync } from './sync-measure.js'

export async function bench(): Promise<BenchLine[]> {
  return await measureSync('large')
}
