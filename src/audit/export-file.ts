/**
 * @module Reads an export of the log (JSON lines, `core/audit/export.ts`) for verification without a gateway. A file is
 * read twice, first for what is around the events, so that memory does not grow with them. Everything in it is hostile
 * until parsed: lines are bounded, and what is no record of ours is told with its line.
 */
import { z } from 'zod'
import type { AuditCheckpoint, ChainLink } from '../core/audit/chain.js'
import { GatewayError } from '../core/error.js'
import { parseInstant } from '../core/time.js'
import type { ChainHead } from '../store/store.js'
import { toPublicKey, type PublicKey } from './signatures.js'
import type { AuditEvidence } from './verify.js'

/** Reads the file from its beginning, as often as it is called. */
export type OpenFile = () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>

const maxLineBytes = 16 * 1024 * 1024
/** Heads and keys are kept in memory: a head a minute for five years, and a key for each time that one was exchanged. */
const maxHeads = 3_000_000
const maxKeys = 100

const sequence = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const instant = z.string().transform((text, context) => {
  const value = parseInstant(text)
  if (value !== undefined) return value
  context.addIssue('is not an instant')
  return z.NEVER
})

export const checkpointForm = z
  .object({
    sequence,
    hash,
    pruned: sequence,
    first_at: instant,
    last_at: instant,
    pruned_at: instant,
    key_id: z.string(),
    signature: z.string(),
  })
  .transform(({ first_at, last_at, pruned_at, key_id, ...rest }): AuditCheckpoint => ({
    ...rest,
    firstAt: first_at,
    lastAt: last_at,
    prunedAt: pruned_at,
    keyId: key_id,
  }))

const headerForm = z.object({
  record: z.literal('export'),
  version: z.literal(1),
  cluster_name: z.string(),
  holds: z.enum(['all', 'selection']),
  excerpt: z.boolean(),
  filter: z.record(z.string(), z.unknown()),
  after: sequence,
  start_hash: hash,
  through: sequence,
})
const keyForm = z.object({ record: z.literal('key'), key_id: z.string(), public_key_pem: z.string() })
const headForm = z
  .object({
    record: z.literal('head'),
    sequence,
    hash: z.string(),
    signed_at: instant,
    key_id: z.string(),
    signature: z.string(),
  })
  .transform(({ sequence: at, hash: holds, signed_at: signedAt, key_id: keyId, signature }): ChainHead => ({
    sequence: at,
    hash: holds,
    signedAt,
    keyId,
    signature,
  }))
const eventForm = z.object({ record: z.literal('event'), sequence, hash: z.string(), json: z.string() })
const endForm = z.object({ record: z.literal('end'), events: sequence })

export interface ExportFile {
  /** For `verifyAudit`. */
  readonly evidence: AuditEvidence & { readonly problems: readonly string[] }
  /** What it says of its filter, where it holds a selection: then nothing can be proven of it. */
  readonly selection: Readonly<Record<string, unknown>> | undefined
}

/** @throws GatewayError `INVALID_INPUT` for what is no export, naming the line. */
export async function readExport(open: OpenFile, file: string): Promise<ExportFile> {
  const around = await readAround(open, file)
  const { header, keys, heads, checkpoint, problems } = around
  const whole: AuditEvidence & { readonly problems: readonly string[] } = {
    source: 'file',
    clusterName: header.cluster_name,
    events: readEvents(open, file),
    heads,
    keys,
    checkpoint,
    problems,
    // The same check of the end for both: what the file says that it holds must be there.
    ...(header.excerpt && {
      excerpt: { after: header.after, startHash: header.start_hash, through: header.through },
    }),
  }
  return { evidence: whole, selection: header.holds === 'selection' ? header.filter : undefined }
}

async function readAround(open: OpenFile, file: string) {
  const keys: PublicKey[] = []
  const heads: ChainHead[] = []
  const problems: string[] = []
  let header: z.infer<typeof headerForm> | undefined
  let checkpoint: AuditCheckpoint | undefined
  let end: number | undefined
  let events = 0
  let lastEvent: number | undefined
  for await (const { number, text } of readLines(open, file)) {
    const value = parseJson(text, file, number)
    if (header === undefined) {
      header = parseRecord(headerForm, value, file, number, 'the first line of an audit export')
      continue
    }
    if (end !== undefined) throw refused(file, number, 'stands after the end')
    const record = typeof value === 'object' && value !== null && 'record' in value ? value.record : undefined
    switch (record) {
      case 'event':
        events += 1
        lastEvent = parseRecord(eventForm, value, file, number, 'an event').sequence
        break
      case 'head':
        if (heads.length === maxHeads) throw refused(file, number, 'there are too many heads')
        heads.push(parseRecord(headForm, value, file, number, 'a signed head'))
        break
      case 'key': {
        if (keys.length === maxKeys) throw refused(file, number, 'is one key too many')
        const key = parseRecord(keyForm, value, file, number, 'a key')
        keys.push({ id: key.key_id, publicKeyPem: key.public_key_pem })
        break
      }
      case 'checkpoint':
        if (checkpoint !== undefined) throw refused(file, number, 'is a second checkpoint')
        checkpoint = parseRecord(checkpointForm, value, file, number, 'a checkpoint')
        break
      case 'end':
        end = parseRecord(endForm, value, file, number, 'the end').events
        break
      default:
        throw refused(file, number, 'is no record of an audit export')
    }
  }
  if (header === undefined) throw refused(file, 1, 'there is nothing in it')
  if (end === undefined) problems.push('the file has no end: it was cut off')
  else if (end !== events) problems.push(`the file says that it has ${end} events, and has ${events}`)
  if (header.holds === 'all' && (lastEvent ?? header.after) !== header.through) {
    problems.push(
      `the file says that it goes up to event ${header.through}, and ends at ${lastEvent ?? 'none'}`,
    )
  }
  return { header, keys, heads, checkpoint, problems }
}

async function* readEvents(open: OpenFile, file: string): AsyncGenerator<ChainLink> {
  for await (const { number, text } of readLines(open, file)) {
    const event = eventForm.safeParse(parseJson(text, file, number))
    if (event.success) yield event.data
  }
}

/**
 * The public keys in a file: PEM, one or several, or the `key` lines of an export.
 * @throws GatewayError `INVALID_INPUT` where there is none in it, or one is no key.
 */
export function readKeyFile(text: string, file: string): PublicKey[] {
  const isJson = text.trimStart().startsWith('{')
  const pems = isJson ? keyLines(text, file) : (text.match(pemBlock) ?? [])
  if (pems.length > 0) return pems.map((pem) => toPublicKey(pem, file))
  throw new GatewayError(
    'INVALID_INPUT',
    `${file}: there is no public key in it; give PEM or an export of the log`,
  )
}

const pemBlock = /-----BEGIN PUBLIC KEY-----[^-]{1,10000}-----END PUBLIC KEY-----/g

function keyLines(text: string, file: string): string[] {
  return text.split('\n').flatMap((one, index) => {
    if (one.trim() === '') return []
    const key = keyForm.safeParse(parseJson(one, file, index + 1))
    return key.success ? [key.data.public_key_pem] : []
  })
}

async function* readLines(
  open: OpenFile,
  file: string,
): AsyncGenerator<{ readonly number: number; readonly text: string }> {
  let rest: Uint8Array[] = []
  let size = 0
  let number = 0
  const take = (): string => {
    const text = Buffer.concat(rest).toString('utf8')
    rest = []
    size = 0
    number += 1
    return text
  }
  for await (const chunk of await open()) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      rest.push(chunk.subarray(from, at))
      from = at + 1
      const text = take()
      yield { number, text }
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
    size += chunk.length - from
    if (size > maxLineBytes) throw refused(file, number + 1, 'is too long for a record')
  }
  if (size > 0) {
    const text = take()
    yield { number, text }
  }
}

function parseJson(text: string, file: string, number: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refused(file, number, 'is no JSON; was it cut off?')
  }
}

function parseRecord<T>(form: z.ZodType<T>, value: unknown, file: string, number: number, what: string): T {
  const parsed = form.safeParse(value)
  if (parsed.success) return parsed.data
  throw refused(file, number, `is not ${what}`)
}

function refused(file: string, number: number, says: string): GatewayError {
  return new GatewayError('INVALID_INPUT', `${file}: line ${number} ${says}`, { line: number })
}
