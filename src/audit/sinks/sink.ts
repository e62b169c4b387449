/**
 * @module What a sink of the audit log is: it takes records in chain order, and says once it has them for good. One file
 * here for each type; `sink-runner.ts` decides nothing either, it reads, hands over and notes how far it came.
 */
import { describeEvent } from '../../core/audit/describe.js'
import type { AuditEvent } from '../../core/audit/event.js'
import { toOcsf } from '../../core/audit/ocsf.js'
import type { SinkFormat, SinkType } from '../../core/audit/sink.js'
import { parseInstant, type Instant } from '../../core/time.js'
import type { ChainedEvent } from '../../store/store.js'
import { formatHeadLine, type SignedHead } from '../head-sink.js'

/** One event, or one signed head behind the events that it covers. */
export interface SinkRecord {
  readonly kind: 'event' | 'head'
  readonly sequence: number
  readonly hash: string
  /** One line of JSON in the format of the sink. */
  readonly text: string
  readonly at: Instant
  /** Of an event. */
  readonly name?: string | undefined
  readonly code?: string | undefined
  readonly uid?: string | undefined
  readonly success: boolean
}

export interface AuditSink extends AsyncDisposable {
  readonly name: string
  readonly type: SinkType
  /** Where it leads, for people; without secrets. */
  readonly target: string
  readonly format: SinkFormat
  /** Whether it takes signed heads as well as events. */
  readonly heads: boolean
  /** Where a sink that is new begins. */
  readonly start: 'beginning' | 'now'
  /** Of a sink that each machine has for itself. */
  readonly machine: string | undefined
  /**
   * Resolves once the receiver has all of them. What it took of a batch that failed is not known: it comes again.
   * @throws SinkError, or what the network or the disk throws; anything once `signal` is aborted.
   */
  deliver(records: readonly SinkRecord[], signal: AbortSignal): Promise<void>
}

/** Why a sink took nothing, in words for people and without secrets. */
export class SinkError extends Error {
  override readonly name = 'SinkError'
}

/** An event as a record. One that somebody wrote past the gateway goes out as it is: consumers should see it. */
export function eventRecord({ sequence, hash, json }: ChainedEvent, format: SinkFormat): SinkRecord {
  const event = parseEvent(json)
  const at = (event && parseInstant(event.time)) ?? 0
  const reference = json.replace(/[\r\n]/g, ' ')
  const text =
    format === 'ocsf' && event !== undefined ? JSON.stringify(toOcsf(event, { sequence, hash })) : reference
  if (event === undefined) return { kind: 'event', sequence, hash, text, at, success: false }
  const { event: name, code, uid, success } = event
  return { kind: 'event', sequence, hash, text, at, name, code, uid, success }
}

export function headRecord(head: SignedHead): SinkRecord {
  const { sequence, hash, signedAt } = head
  return { kind: 'head', sequence, hash, text: formatHeadLine(head), at: signedAt, success: true }
}

function parseEvent(json: string): AuditEvent | undefined {
  try {
    const event = JSON.parse(json) as AuditEvent
    // Whoever can write past the gateway may have left anything there; it must not stop the sink.
    describeEvent(event)
    return typeof event.time === 'string' && typeof event.uid === 'string' && typeof event.code === 'string'
      ? event
      : undefined
  } catch {
    return undefined
  }
}
