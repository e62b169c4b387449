/**
 * @module Verifies an audit log from its parts: events, signed heads and public keys, wherever they come from (the
 * API, a store, files). It needs no gateway and no secret. What the report can and cannot prove is said by
 * `core/audit/verification.ts`.
 */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { chainStart, findBreak, headText, type ChainLink } from '../core/audit/chain.js'
import type { AuditBreak, AuditBreakKind, AuditReport } from '../core/audit/verification.js'
import { GatewayError } from '../core/error.js'
import type { ChainHead } from '../store/store.js'
import { sha256Hex } from './hash.js'
import type { SignedHead } from './head-sink.js'

export interface AuditEvidence {
  readonly clusterName: string
  /** The whole chain in ascending order, however it is paged. */
  readonly events: AsyncIterable<ChainLink> | Iterable<ChainLink>
  readonly heads: readonly ChainHead[]
  readonly keys: readonly { readonly id: string; readonly publicKeyPem: string }[]
  /** Heads from a copy that was kept elsewhere. */
  readonly copies?: readonly SignedHead[] | undefined
  /** Key IDs noted elsewhere: only these count. A key ID is a hash of its key, so noting it pins the key. */
  readonly trustedKeyIds?: readonly string[] | undefined
}

const breaksReported = 100

/** Checks every link, every head and every signature; a break is a line of the report, never an exception. */
export async function verifyAudit(evidence: AuditEvidence): Promise<AuditReport> {
  const breaks: AuditBreak[] = []
  const { heads, headsChecked, copiesChecked } = collectHeads(evidence, breaks)
  const bySequence = new Map<number, ChainHead[]>()
  for (const head of heads) bySequence.set(head.sequence, [...(bySequence.get(head.sequence) ?? []), head])

  let { afterSequence: sequence, startHash: hash } = chainStart
  let eventsChecked = 0
  let lastSignedHead: ChainHead | undefined
  for await (const [event, next] of pairs(evidence.events)) {
    const broken = findBreak(event, next, { sequence, previous: hash, hash: sha256Hex })
    if (broken) breaks.push(broken)
    eventsChecked += 1
    // After a break the chain is taken up again from what is stored, so that every break is found, not the first.
    sequence = event.sequence
    hash = event.hash
    for (const head of bySequence.get(event.sequence) ?? []) {
      if (head.hash === event.hash) lastSignedHead = newer(lastSignedHead, head)
      else breaks.push(rewritten(head))
    }
    bySequence.delete(event.sequence)
  }
  for (const head of [...bySequence.values()].flat()) {
    breaks.push(
      head.sequence > sequence
        ? breakOf(
            head.sequence,
            'truncated',
            `a signed head tells of it, but the log ends at event ${sequence}`,
          )
        : breakOf(head.sequence, 'removed', 'a signed head tells of it, but the event is not there'),
    )
  }
  breaks.sort((a, b) => a.sequence - b.sequence)
  return {
    ok: breaks.length === 0,
    clusterName: evidence.clusterName,
    eventsChecked,
    headsChecked,
    copiesChecked,
    last: { sequence, hash },
    lastSignedHead: lastSignedHead && {
      sequence: lastSignedHead.sequence,
      signedAt: lastSignedHead.signedAt,
      keyId: lastSignedHead.keyId,
    },
    unsignedTail: Math.max(0, sequence - (lastSignedHead?.sequence ?? 0)),
    keysPinned: evidence.trustedKeyIds !== undefined,
    breaks: breaks.slice(0, breaksReported),
    breaksFound: breaks.length,
  }
}

/** The ID of a key is the SHA-256 of its SubjectPublicKeyInfo, as `keys/make-key.ts` gives it. */
function publicKeyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
}

function collectHeads(
  evidence: AuditEvidence,
  breaks: AuditBreak[],
): { heads: ChainHead[]; headsChecked: number; copiesChecked: number } {
  const keys = new Map<string, KeyObject>()
  for (const { id, publicKeyPem } of evidence.keys) {
    const key = parsePublicKey(id, publicKeyPem)
    if (evidence.trustedKeyIds?.includes(id) ?? true) keys.set(id, key)
  }
  const copies = evidence.copies ?? []
  const all: SignedHead[] = [
    ...evidence.heads.map((head) => ({ ...head, clusterName: evidence.clusterName })),
    ...copies,
  ]
  const heads = all.filter((head) => {
    const key = keys.get(head.keyId)
    if (key === undefined) {
      const trust = evidence.trustedKeyIds ? 'is not among the trusted ones' : 'is not known'
      breaks.push(breakOf(head.sequence, 'head_unknown_key', `the key ${head.keyId} of a head ${trust}`))
      return false
    }
    const text = headText(evidence.clusterName, head.sequence, head.hash, head.signedAt)
    const signature = Buffer.from(head.signature, 'base64url')
    if (
      head.clusterName === evidence.clusterName &&
      verify(null, Buffer.from(text, 'utf8'), key, signature)
    ) {
      return true
    }
    breaks.push(breakOf(head.sequence, 'head_signature', 'the signature of a head does not verify'))
    return false
  })
  return { heads, headsChecked: all.length, copiesChecked: copies.length }
}

/** @throws GatewayError `INVALID_INPUT` for a key that is not Ed25519 or not the one that its ID names. */
function parsePublicKey(id: string, pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `the audit key ${id} is no public key in PEM form`, {}, { cause })
  }
  if (key.asymmetricKeyType !== 'ed25519' || publicKeyId(key) !== id) {
    throw new GatewayError('INVALID_INPUT', `the audit key ${id} is not the Ed25519 key that its ID names`)
  }
  return key
}

function rewritten(head: ChainHead): AuditBreak {
  return breakOf(
    head.sequence,
    'rewritten',
    'its hash is not the one that was signed: the chain was rewritten at or before it',
  )
}

function breakOf(sequence: number, kind: AuditBreakKind, says: string): AuditBreak {
  return { sequence, kind, says }
}

function newer(a: ChainHead | undefined, b: ChainHead): ChainHead {
  return a === undefined || b.sequence >= a.sequence ? b : a
}

/** Each event with the one after it. */
async function* pairs(
  events: AsyncIterable<ChainLink> | Iterable<ChainLink>,
): AsyncGenerator<readonly [ChainLink, ChainLink | undefined]> {
  let previous: ChainLink | undefined
  for await (const event of events) {
    if (previous) yield [previous, event]
    previous = event
  }
  if (previous) yield [previous, undefined]
}
