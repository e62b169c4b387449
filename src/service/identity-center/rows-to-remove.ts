/** @module Which access the removal of a plugin takes from AWS: what has an end always, and the rest where it is asked for. */
import type { LedgerEntry } from '../../core/identity-center/observation.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { lastImport } from './started.js'

/** What has an end always; with `all` whatever came after the import, too. What import found stays in AWS. */
export async function chooseRows(
  tx: Pick<StoreTransaction, 'notes'>,
  plugin: string,
  ledger: readonly LedgerEntry[],
  ending: ReadonlySet<LedgerEntry>,
  all: boolean,
): Promise<readonly LedgerEntry[]> {
  if (!all) return [...ending]
  const importedAt: Instant = (await lastImport(tx, plugin))?.at ?? Number.NEGATIVE_INFINITY
  return ledger.filter(
    (row) => ending.has(row) || (row.since > importedAt && !row.reasons.some(({ kind }) => kind === 'found')),
  )
}
