/** @module The retention of the audit log as the configuration says it, held back by what sinks have not taken. */
import { pruneAudit, type PrunerOptions } from '../audit/pruner.js'

/** For housekeeping; nothing is pruned without a retention. */
export function createRetention(
  options: Omit<PrunerOptions, 'retentionDays' | 'keptBack'>,
  retentionDays: number | undefined,
  /** Of the sinks that are configured here; one without a position yet has taken nothing. */
  sinkKeys: readonly string[],
): { readonly pruneAudit?: () => Promise<number> } {
  if (retentionDays === undefined) return {}
  const keptBack = async (): Promise<number | undefined> => {
    const positions = await options.store.auditSinks.positions()
    const begun = new Set(positions.map(({ key }) => key))
    if (sinkKeys.some((key) => !begun.has(key))) return 1
    return positions.length === 0 ? undefined : Math.min(...positions.map(({ sequence }) => sequence)) + 1
  }
  return { pruneAudit: async () => await pruneAudit({ ...options, retentionDays, keptBack }) }
}
