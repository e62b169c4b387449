/** @module The sync of a small and of a medium organisation; the large one is a benchmark of its own. */
import type { BenchLine } from './line.js'
import { measureSync } from './sync-measure.js'

export async function bench(): Promise<BenchLine[]> {
  return [...(await measureSync('small')), ...(await measureSync('medium'))]
}
