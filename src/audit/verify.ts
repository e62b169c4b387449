/**
 * @module Verifies an audit log from its parts: events, signed heads and public keys, wherever they come from (the
 * API, a store, files). It needs no gateway and no secret. What the report can and cannot prove is said by
 * `core/audit/verification.ts`.
 */
import { chainStart, findBreak, type AuditCheckpoint, type ChainLink } from '../core/audit/chain.js'
import type { AuditBreak, AuditBreakKind, AuditReport } from '../core/audit/verification.js'
import type { ChainHead } from '../store/store.js'
import { sha256Hex } from './hash.js'
import type { SignedHead } from './head-sink.js'
import {
  isCheckpointSigned,
  isHeadSigned,
  readPublicKeys,
  type PublicKey,
  type PublicKeys,
} from './signatures.js'

export interface AuditEvidence {
  readonly clusterName: string
  /** In ascending order, however it is paged: the whole chain, what stayed of it, or an excerpt. */
  readonly events: AsyncIterable<ChainLink> | Iterable<ChainLink>
  readonly heads: readonly ChainHead[]
  readonly keys: readonly PublicKey[]
  /** Heads from a copy that was kept elsewhere. */
  readonly copies?: readonly SignedHead[] | undefined
  /** Key IDs noted elsewhere: only these count. A key ID is a hash of its key, so noting it pins the key. */
  readonly trustedKeyIds?: readonly string[] | undefined
  /** What stands for the events that retention removed. */
  readonly checkpoint?: AuditCheckpoint | undefined
  /** These are not all events: those after `after`, where the chain held `startHash`, up to `through`. */
  readonly excerpt?:
    { readonly after: number; readonly startHash: string; readonly through: number } | undefined
  readonly source?: 'gateway' | 'file'
  /** What was wrong with the file that they are from, before anything was verified. */
  readonly problems?: readonly string[]
}

const breaksReported = 100

/** Checks every link, every head and every signature; a break is a line of the report, never an exception. */
export async function verifyAudit(evidence: AuditEvidence): Promise<AuditReport> {
  const { excerpt } = evidence
  const breaks: AuditBreak[] = (evidence.problems ?? []).map((says) => breakOf(0, 'file', says))
  const keys = trustedKeys(evidence)
  const { heads, headsChecked, copiesChecked } = collectHeads(evidence, keys, breaks)
  const begin = findStart(evidence, keys, heads, breaks)
  const bySequence = new Map<number, ChainHead[]>()
  for (const head of heads) {
    const isHere = head.sequence > begin.sequence && !(excerpt && head.sequence > excerpt.through)
    if (isHere) bySequence.set(head.sequence, [...(bySequence.get(head.sequence) ?? []), head])
    else if (head.sequence === begin.sequence && head.hash !== begin.hash) breaks.push(rewritten(head))
  }

  const kept = new Set(evidence.heads.map((head) => head.sequence))
  let { sequence, hash } = begin
  let eventsChecked = 0
  let lastSignedHead = heads.find((head) => head.sequence === begin.sequence && head.hash === begin.hash)
  for await (const [event, next] of pairs(evidence.events)) {
    const broken = findBreak(event, next, { sequence, previous: hash, hash: sha256Hex })
    if (broken) breaks.push(broken)
    eventsChecked += 1
    // After a break the chain is taken up again from what is stored, so that every break is found, not the first.
    sequence = event.sequence
    hash = event.hash
    for (const head of bySequence.get(event.sequence) ?? []) {
      if (head.hash !== event.hash) {
        breaks.push(rewritten(head))
        continue
      }
      lastSignedHead = newer(lastSignedHead, head)
      // The gateway keeps a head before it hands it out, and removes those of pruned events alone.
      if (!excerpt && !kept.has(head.sequence)) {
        const says = 'a copy has a signed head that is not there any more'
        breaks.push(breakOf(head.sequence, 'head_removed', says))
      }
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
  if (excerpt && excerpt.through !== sequence) {
    const says = `the file says that it holds events up to ${excerpt.through}, but they end at ${sequence}`
    breaks.push(breakOf(Math.min(excerpt.through, sequence), 'truncated', says))
  }
  // An excerpt says itself where it ends, so heads beyond that prove nothing: without one at its end all of it may be made up.
  if (excerpt && lastSignedHead?.sequence !== excerpt.through) {
    const says = `no signed head tells what the log held at event ${excerpt.through}, where these events end`
    breaks.push(breakOf(excerpt.through, 'end_unproven', says))
  }
  const wantsProof = evidence.trustedKeyIds !== undefined || evidence.copies !== undefined
  if (!excerpt && evidence.source === 'file' && wantsProof && eventsChecked > 0 && !lastSignedHead) {
    breaks.push(breakOf(sequence, 'end_unproven', 'no signed head tells of any of these events'))
  }
  breaks.sort((a, b) => a.sequence - b.sequence)
  const { checkpoint } = evidence
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
    unsignedTail: Math.max(0, sequence - (lastSignedHead?.sequence ?? begin.sequence)),
    keysPinned: evidence.trustedKeyIds !== undefined,
    source: evidence.source ?? 'gateway',
    excerpt: excerpt && { after: excerpt.after, through: excerpt.through },
    pruned: checkpoint && !excerpt ? { through: checkpoint.sequence, at: checkpoint.prunedAt } : undefined,
    breaks: breaks.slice(0, breaksReported),
    breaksFound: breaks.length,
  }
}

function trustedKeys(evidence: AuditEvidence): PublicKeys {
  const keys = readPublicKeys(evidence.keys)
  const { trustedKeyIds } = evidence
  return trustedKeyIds ? new Map([...keys].filter(([id]) => trustedKeyIds.includes(id))) : keys
}

/** Where the first event has to follow: the beginning of all, a signed checkpoint, or a place that a head tells of. */
function findStart(
  evidence: AuditEvidence,
  keys: PublicKeys,
  heads: readonly ChainHead[],
  breaks: AuditBreak[],
): { readonly sequence: number; readonly hash: string } {
  const { checkpoint, excerpt, clusterName } = evidence
  const isGood = checkpoint !== undefined && isCheckpointSigned(keys, clusterName, checkpoint)
  if (checkpoint && !isGood) {
    const says = 'the checkpoint of what was pruned has no good signature by a key that counts'
    breaks.push(breakOf(checkpoint.sequence, 'checkpoint_signature', says))
  }
  const places = [...heads, ...(isGood ? [checkpoint] : [])]
  const start = { sequence: chainStart.afterSequence, hash: chainStart.startHash }
  if (excerpt === undefined) return checkpoint ?? start
  const { after: sequence, startHash: hash } = excerpt
  const isProven =
    sequence === start.sequence
      ? hash === start.hash
      : places.some((place) => place.sequence === sequence && place.hash === hash)
  if (!isProven) {
    const says = `no signed head tells what the log held at event ${sequence}, after which these events begin`
    breaks.push(breakOf(sequence, 'start_unproven', says))
  }
  return { sequence, hash }
}

function collectHeads(
  evidence: AuditEvidence,
  keys: PublicKeys,
  breaks: AuditBreak[],
): { heads: ChainHead[]; headsChecked: number; copiesChecked: number } {
  const { clusterName, copies = [] } = evidence
  const ours = evidence.heads.map((head) => ({ ...head, clusterName }))
  const isGood = (head: SignedHead): boolean => {
    if (!keys.has(head.keyId)) {
      const trust = evidence.trustedKeyIds ? 'is not among the trusted ones' : 'is not known'
      breaks.push(breakOf(head.sequence, 'head_unknown_key', `the key ${head.keyId} of a head ${trust}`))
      return false
    }
    if (head.clusterName === clusterName && isHeadSigned(keys, clusterName, head)) return true
    breaks.push(breakOf(head.sequence, 'head_signature', 'the signature of a head does not verify'))
    return false
  }
  return {
    heads: [...ours, ...copies].filter(isGood),
    headsChecked: ours.length + copies.length,
    copiesChecked: copies.length,
  }
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
