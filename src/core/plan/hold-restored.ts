/**
 * @module After a restore every change of AWS waits for a person. What only writes our own books goes on: it changes
 * nothing there, and the plan becomes clearer by it.
 */
import { formatInstant } from '../time.js'
import type { Hold } from './plan.js'
import type { PlanState } from './plan-state.js'

const ownBooks: ReadonlySet<string> = new Set(['ledger.update', 'link.forget'])

/** Adds its hold to every draft that is not approved by itself. */
export function holdRestored({ input: { restored }, drafts }: PlanState): void {
  if (restored === undefined) return
  const hold: Hold = {
    rule: 'after_restore',
    says: `Restored from a backup of ${formatInstant(restored.backupAt)}: nothing is changed in AWS until a person has seen the plan.`,
  }
  for (const draft of drafts.values()) if (!ownBooks.has(draft.change.kind)) draft.holds.push(hold)
}
