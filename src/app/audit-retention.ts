/** @module The retention of the audit log as the configuration says it, held back by what sinks have not taken. */
import { pruneAudit, type PrunerOptions } from '../audit/pruner.js'

/** For housekeeping; nothing is pruned without a retention. */
export function createRetention(
  options: Omit<PrunerOptions, 'retentionDays' | 'keptBack'>,
  retentionDays: number | undefined,
): { readonly pruneAudit?: () => Promise<number> } {
  if (retentionDays === undefined) return {}
  const keptBack = async (): Promise<number | undefined> => {
    const taken = (await options.store.auditSinks.positions()).map(({ sequence }) => sequence)
    return taken.length === 0 ? undefined : Math.min(...taken) + 1
  }
  return { pruneAudit: async () => await pruneAudit({ ...options, retentionDays, keptBack }) }
}
