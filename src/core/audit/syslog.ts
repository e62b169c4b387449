/**
 * @module One audit record as a syslog message (RFC 5424): severity by outcome, place in the chain and reference as
 * structured data, and the JSON of the record as the message. What is longer than the receiver takes is replaced by a
 * short record that says so: half a JSON text would be of no use.
 */
import type { Instant } from '../time.js'
import { formatInstant } from '../time.js'

/** RFC 5424 6.2.1, by name. */
export const syslogFacilities = {
  user: 1,
  daemon: 3,
  auth: 4,
  authpriv: 10,
  audit: 13,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const
export type SyslogFacility = keyof typeof syslogFacilities

/** RFC 5424 6.2.1. */
const severities = { error: 3, warning: 4, notice: 5, informational: 6 } as const

export interface SyslogHeader {
  readonly facility: SyslogFacility
  readonly hostname: string
  readonly appName: string
  /** The largest message in bytes, without the length before it. */
  readonly maxBytes: number
}

export interface SyslogRecord {
  /** The event name, or `audit.head`. */
  readonly msgId: string
  readonly at: Instant
  /** Code of the event; its last letter is the severity. Undefined for a head. */
  readonly code: string | undefined
  readonly success: boolean
  /** Structured data, in this order. */
  readonly data: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/**
 * The ID of our structured data. 32473 is the enterprise number that RFC 5612 keeps for examples; Gatehouse has none of
 * its own.
 */
const structuredDataId = 'gatehouse@32473'

/** The octets of one message; BOM before the body, as RFC 5424 6.4 asks of UTF-8. */
export function formatSyslog(header: SyslogHeader, record: SyslogRecord): Uint8Array {
  const whole = encode(header, record, [], record.body)
  if (whole.length <= header.maxBytes) return whole
  const size = new TextEncoder().encode(record.body).length
  const named = Object.fromEntries(record.data)
  const short = JSON.stringify({ ...named, code: record.code, event: record.msgId, left_out_bytes: size })
  return encode(header, record, [['truncated', 'true']], short)
}

function encode(
  { facility, hostname, appName }: SyslogHeader,
  { msgId, at, code, success, data }: SyslogRecord,
  more: SyslogRecord['data'],
  body: string,
): Uint8Array {
  const priority = syslogFacilities[facility] * 8 + severities[severityOf(code, success)]
  const parameters = [...data, ...more].map(([name, value]) => ` ${name}="${escapeValue(value)}"`).join('')
  const head = `<${priority}>1 ${formatInstant(at)} ${token(hostname, 255)} ${token(appName, 48)} - ${token(msgId, 32)}`
  return new TextEncoder().encode(`${head} [${structuredDataId}${parameters}] \uFEFF${body}`)
}

/** `E` is an error and `W` a warning; what failed and is neither is still more than information. */
export function severityOf(code: string | undefined, success: boolean): keyof typeof severities {
  if (code?.endsWith('E')) return 'error'
  if (code?.endsWith('W')) return 'warning'
  return success ? 'informational' : 'notice'
}

/** Printable ASCII without spaces, as all fields of the header are; `-` where nothing is left. */
function token(text: string, max: number): string {
  const kept = text.replace(/[^\x21-\x7e]/g, '').slice(0, max)
  return kept === '' ? '-' : kept
}

/** RFC 5424 6.3.3: quotation mark, backslash and closing bracket; control characters have no use here. */
function escapeValue(text: string): string {
  return text.replace(/[\p{Cc}]/gu, ' ').replace(/["\\\]]/g, (found) => `\\${found}`)
}

/** RFC 5425 4.3: the length in octets, a space, the message. */
export function frameSyslog(message: Uint8Array): Uint8Array {
  const length = new TextEncoder().encode(`${message.length} `)
  const framed = new Uint8Array(length.length + message.length)
  framed.set(length)
  framed.set(message, length.length)
  return framed
}
