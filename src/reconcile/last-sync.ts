/** @module What the last cycle comes to, in one sentence for whoever looks at the status. */
import type { Instant } from '../core/time.js'
import type { SyncState } from '../service/identity-center/sync-port.js'
import type { ExecuteResult } from './execute.js'
import type { Memory } from './memory.js'

interface Circumstances {
  readonly memory: Memory
  /** Whether nothing is left to do. */
  readonly isDone: boolean
  readonly now: Instant
}

/**
 * Undefined where the cycle says nothing new: what was said before stands.
 * @param foundDone Changes of an earlier process, or of an answer that was lost, that AWS shows as made.
 */
export function sayLastSync(
  { succeeded, failed, stopped, ended, held }: ExecuteResult,
  foundDone: number,
  { memory, isDone, now }: Circumstances,
): SyncState['lastSync'] {
  const changed = succeeded + foundDone
  if (ended.size + foundDone > 0) {
    // Nothing is wrong with what AWS's limits put off, as long as they let anything through.
    const putOff = changed === 0 ? 0 : failed.filter(({ failure }) => failure === 'throttled').length
    const count = failed.length - putOff
    const success = count === 0 && stopped === undefined
    const later = putOff === 0 ? '' : ` The limits of AWS put off ${putOff}, which follow.`
    const waiting = held === undefined ? '' : ` AWS does not answer: ${held.count} wait.`
    const made = `${changed} ${changed === 1 ? 'change' : 'changes'} made, ${count} failed.${later}${waiting}`
    const { says, remedy } = stopped?.words ?? { says: made }
    return { at: now, success, says, changed, remedy }
  }
  if (!isDone || memory.progress.lastSync?.success === true || memory.failures.list().length > 0)
    return undefined
  return { at: now, success: true, says: 'Identity Center is as it should be.', changed: 0 }
}
