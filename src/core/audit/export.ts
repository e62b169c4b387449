/**
 * @module The forms in which events leave the house: JSON lines, which carry what proves them where they are whole, and
 * CSV for spreadsheets. One event is one line; `src/audit/export-file.ts` reads the JSON lines again.
 */
import { writeCsv } from '../csv.js'
import { formatInstant } from '../time.js'
import type { AuditCheckpoint, ChainLink } from './chain.js'
import { describeEvent } from './describe.js'
import type { AuditEvent } from './event.js'
import type { AuditSelection } from './search.js'

export type ExportFormat = 'csv' | 'jsonl'

/** The first line of JSON lines. */
export interface ExportHeader {
  readonly clusterName: string
  /** Every event after `after` up to `through` is there: `all`. Else only those that the filter means. */
  readonly holds: 'all' | 'selection'
  readonly filter: AuditSelection
  /** Sequence number before the first event that could be there, and the hash that the chain held. */
  readonly after: number
  readonly startHash: string
  /** Sequence number of the last event that could be there. */
  readonly through: number
  /** Whether there are events before or after that were left out on purpose. */
  readonly excerpt: boolean
}

export function headerLine(header: ExportHeader): string {
  const { clusterName, holds, filter, after, startHash, through, excerpt } = header
  return line({
    record: 'export',
    version: 1,
    cluster_name: clusterName,
    holds,
    excerpt,
    filter,
    after,
    start_hash: startHash,
    through,
  })
}

export function keyLine({
  id,
  publicKeyPem,
}: {
  readonly id: string
  readonly publicKeyPem: string
}): string {
  return line({ record: 'key', key_id: id, public_key_pem: publicKeyPem })
}

export function checkpointLine(point: AuditCheckpoint): string {
  return line({ record: 'checkpoint', ...checkpointFields(point) })
}

/** In the form in which a file keeps it. */
export function checkpointFields(point: AuditCheckpoint): Readonly<Record<string, string | number>> {
  const { sequence, hash, pruned, firstAt, lastAt, prunedAt, keyId, signature } = point
  return {
    sequence,
    hash,
    pruned,
    first_at: formatInstant(firstAt),
    last_at: formatInstant(lastAt),
    pruned_at: formatInstant(prunedAt),
    key_id: keyId,
    signature,
  }
}

interface Head {
  readonly sequence: number
  readonly hash: string
  readonly signedAt: number
  readonly keyId: string
  readonly signature: string
}

export function headLine({ sequence, hash, signedAt, keyId, signature }: Head): string {
  const signed_at = formatInstant(signedAt)
  return line({ record: 'head', sequence, hash, signed_at, key_id: keyId, signature })
}

export function eventLine({ sequence, hash, json }: ChainLink): string {
  return line({ record: 'event', sequence, hash, json })
}

/** The last line: without it the file was cut off. */
export function endLine(events: number): string {
  return line({ record: 'end', events })
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

/** Columns of the CSV form; `docs/audit-events.md` says what is in them. */
export const csvColumns = [
  'sequence',
  'time',
  'code',
  'event',
  'success',
  'user',
  'description',
  'name',
  'error',
  'address',
  'request_id',
  'uid',
  'hash',
  'json',
] as const

export function csvHeader(): string {
  return writeCsv([csvColumns])
}

/** One row; an event that somebody wrote past the gateway has its place and its text. */
export function csvRow({ sequence, hash, json }: ChainLink): string {
  const event = readEvent(json)
  const field = (name: string): string => {
    const value = event?.[name]
    return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
      ? String(value)
      : ''
  }
  const cells: Record<(typeof csvColumns)[number], string> = {
    sequence: String(sequence),
    time: field('time'),
    code: field('code'),
    event: field('event'),
    success: field('success'),
    user: field('user'),
    description: event ? describeEvent(event) : 'not an audit event',
    name: field('name'),
    error: field('error'),
    address: field('addr.remote'),
    request_id: field('request_id'),
    uid: field('uid'),
    hash,
    json,
  }
  return writeCsv([csvColumns.map((column) => cells[column])])
}

/** The event as the gateway wrote it; undefined for what it did not write. */
export function readEvent(json: string): AuditEvent | undefined {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null) return undefined
    const { event, code, time, uid, success } = value as Record<string, unknown>
    const isEvent = [event, code, time, uid].every((text) => typeof text === 'string')
    return isEvent && typeof success === 'boolean' ? (value as AuditEvent) : undefined
  } catch {
    return undefined
  }
}
