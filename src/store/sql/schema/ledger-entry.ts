/** @module Table `ledger_entry`: assignments and memberships of ours in AWS; `reasons` is a JSON array. */
import type { LedgerEntry } from '../../../core/identity-center/observation.js'

export interface LedgerEntryTable {
  plugin: string
  kind: LedgerEntry['kind']
  principal: string
  target: string
  reasons: string
  since: number
}
