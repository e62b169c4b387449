/**
 * @module What takes signed heads out of the database, so that whoever can rewrite the database cannot rewrite
 * them too. The form here is also the form of a line in a copy that `verify.ts` reads.
 */
import { z } from 'zod'
import { GatewayError } from '../core/error.js'
import { formatInstant, parseInstant } from '../core/time.js'
import type { ChainHead } from '../store/store.js'

export interface SignedHead extends ChainHead {
  readonly clusterName: string
}

export interface HeadSink {
  /** For log lines. */
  readonly name: string
  /** Resolves once the head is kept durably. */
  write(head: SignedHead): Promise<void>
  /** The newest head that it keeps, where it can tell: what a new process checks the chain against. */
  readLast?(): Promise<SignedHead | undefined>
}

const headLine = z.object({
  cluster_name: z.string(),
  sequence: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  signed_at: z.string(),
  key_id: z.string().min(1),
  signature: z.string().min(1),
})

/** One line of JSON, without the newline. */
export function formatHeadLine(head: SignedHead): string {
  return JSON.stringify({
    cluster_name: head.clusterName,
    sequence: head.sequence,
    hash: head.hash,
    signed_at: formatInstant(head.signedAt),
    key_id: head.keyId,
    signature: head.signature,
  })
}

/**
 * Reads a copy of the heads, one JSON object a line; empty lines are passed over, and so are the events between which
 * sinks put heads.
 * @throws GatewayError `INVALID_INPUT` naming the line.
 */
export function parseHeadLines(text: string, file: string): SignedHead[] {
  const heads: SignedHead[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const json = parseJson(line)
    if (isEventLine(json)) continue
    const parsed = headLine.safeParse(json)
    const signedAt = parsed.success ? parseInstant(parsed.data.signed_at) : undefined
    if (!parsed.success || signedAt === undefined) {
      throw new GatewayError(
        'INVALID_INPUT',
        `${file}: line ${index + 1} is no signed audit head; was it cut off?`,
      )
    }
    const { cluster_name: clusterName, sequence, hash, key_id: keyId, signature } = parsed.data
    heads.push({ clusterName, sequence, hash, signedAt, keyId, signature })
  }
  return heads
}

/** An event of either format: the one names itself, the other its class. */
function isEventLine(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false
  return Object.hasOwn(json, 'event') || Object.hasOwn(json, 'class_uid')
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // the schema refuses it with the place
  }
}
