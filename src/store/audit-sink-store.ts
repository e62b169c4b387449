/**
 * @module How far each sink of the audit log has come. Events wait in the log itself, so that a position is all that a
 * sink needs, and the lowest one says which events are still needed. Who delivers holds a lease (`LeaseStore`).
 */
import type { Instant } from '../core/time.js'

/** Since when a sink takes nothing, and when it is asked again. */
export interface SinkTrouble {
  readonly since: Instant
  /** Of the last attempt: for people, without secrets. */
  readonly error: string
  readonly attempts: number
  readonly nextAttemptAt: Instant
  /** Whether an audit event told of it. */
  readonly announced: boolean
}

export interface SinkPosition {
  /** The name, with `@` and the machine behind it for a sink that each machine has for itself. */
  readonly key: string
  readonly type: string
  /** Of the last event that the sink has taken; 0 for none. */
  readonly sequence: number
  /** Of the last signed head that it has taken; 0 for none. */
  readonly headSequence: number
  /** When it last took something. */
  readonly deliveredAt: Instant | undefined
  /** When a gateway that has the sink in its configuration last said so. */
  readonly seenAt: Instant
  readonly trouble: SinkTrouble | undefined
}

/** Where a sink stands in the log. */
export type SinkPlace = Pick<SinkPosition, 'sequence' | 'headSequence'>

export interface AuditSinkStore {
  /** All that there are, by key; those of sinks that nobody has configured any more, too. */
  positions(): Promise<SinkPosition[]>
  find(key: string): Promise<SinkPosition | undefined>
  /** Makes the position where there is none, and notes in any case that the sink is in use. */
  ensure(position: Pick<SinkPosition, 'key' | 'type' | 'seenAt'> & SinkPlace): Promise<SinkPosition>
  /**
   * Moves from one place to another and ends the trouble; false, and nothing is changed, where the sink stands
   * elsewhere by now.
   */
  move(key: string, from: SinkPlace, to: SinkPlace, at: Instant): Promise<boolean>
  /** Notes a failed attempt, which changes no place; false where there is no such position. */
  markFailed(key: string, trouble: SinkTrouble): Promise<boolean>
  /** Whether there was one. */
  delete(key: string): Promise<boolean>
}
