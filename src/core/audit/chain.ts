/**
 * @module The rules of the audit chain: what is hashed, what is signed, and how a broken chain is told from a whole
 * one. A hash chain alone can be rewritten from any point or cut at its end, so heads of it are signed and leave the
 * house; see `verification.ts` for what that proves and what not. The hash function is given, so this stays pure.
 */
import { formatInstant, type Instant } from '../time.js'

/** Stands before the first event. */
export const genesisHash = '0'.repeat(64)

/**
 * What is hashed to link an event to all before it. The previous hash has a fixed length and JSON text has no raw
 * newline, so no two different pairs give the same input.
 */
export function linkInput(previousHash: string, json: string): string {
  return `gatehouse-audit-v1\n${previousHash}\n${json}`
}

/** What is signed to fix the chain up to `sequence`: JSON, so that no field can flow into the next. */
export function headText(clusterName: string, sequence: number, hash: string, signedAt: Instant): string {
  return JSON.stringify(['gatehouse-audit-head-v1', clusterName, sequence, hash, formatInstant(signedAt)])
}

/** What stays of events that were pruned: how far they went, and what the chain held there. */
export interface AuditCheckpoint {
  /** The last event that was pruned. */
  readonly sequence: number
  /** Its hash, from which the chain goes on. */
  readonly hash: string
  /** How many events went away in this pruning. */
  readonly pruned: number
  /** Of the oldest and the newest of these. */
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly prunedAt: Instant
  readonly keyId: string
  /** base64url Ed25519 signature of {@link checkpointText}. */
  readonly signature: string
}

/** What is signed when events are pruned. */
export function checkpointText(
  clusterName: string,
  point: Omit<AuditCheckpoint, 'keyId' | 'signature'>,
): string {
  const { sequence, hash, pruned, firstAt, lastAt, prunedAt } = point
  const times = [firstAt, lastAt, prunedAt].map(formatInstant)
  return JSON.stringify(['gatehouse-audit-checkpoint-v1', clusterName, sequence, hash, pruned, ...times])
}

/** SHA-256 of UTF-8 text as lower-case hex. */
export type HashText = (text: string) => string

export interface ChainLink {
  readonly sequence: number
  readonly hash: string
  readonly json: string
}

/**
 * How the chain is broken, as far as one pass can tell. `edited` also stands for "something before it was removed and
 * the rest renumbered": the two look the same.
 */
export type ChainBreakKind = 'edited' | 'removed' | 'inserted' | 'reordered'

export interface ChainBreak {
  readonly sequence: number
  readonly kind: ChainBreakKind
  readonly says: string
}

export type ChainOutcome =
  | { readonly ok: true; readonly last: { readonly sequence: number; readonly hash: string } }
  | { readonly ok: false; readonly firstBreak: ChainBreak }

export interface ChainStart {
  /** Sequence number before the first event; 0 for the whole chain. */
  readonly afterSequence: number
  /** Hash before the first event; {@link genesisHash} for the whole chain. */
  readonly startHash: string
}

export const chainStart: ChainStart = { afterSequence: 0, startHash: genesisHash }

/** Checks that the events follow each other and `start`, and finds the first break. */
export function verifyChain(
  events: readonly ChainLink[],
  options: ChainStart & { readonly hash: HashText },
): ChainOutcome {
  let sequence = options.afterSequence
  let previous = options.startHash
  for (const [index, event] of events.entries()) {
    const firstBreak = findBreak(event, events[index + 1], { sequence, previous, hash: options.hash })
    if (firstBreak) return { ok: false, firstBreak }
    sequence = event.sequence
    previous = event.hash
  }
  return { ok: true, last: { sequence, hash: previous } }
}

/** The break between `before` and `event`, if there is one; `next` helps to tell which kind. */
export function findBreak(
  event: ChainLink,
  next: ChainLink | undefined,
  before: { readonly sequence: number; readonly previous: string; readonly hash: HashText },
): ChainBreak | undefined {
  const expected = before.sequence + 1
  const at = event.sequence
  if (at > expected) {
    const missing = at - 1 === expected ? `event ${expected} is` : `events ${expected} to ${at - 1} are`
    return { sequence: expected, kind: 'removed', says: `${missing} missing` }
  }
  if (at < expected) {
    const says = `event ${at} stands where event ${expected} belongs`
    return { sequence: expected, kind: 'reordered', says }
  }
  const link = (previous: string, { json }: ChainLink) => before.hash(linkInput(previous, json))
  if (link(before.previous, event) === event.hash) return undefined

  if (next && link(before.previous, next) === next.hash) {
    // The next event follows our predecessor: this one was put between them, or the two changed places.
    if (link(next.hash, event) === event.hash) {
      return { sequence: at, kind: 'reordered', says: `events ${at} and ${next.sequence} changed places` }
    }
    return {
      sequence: at,
      kind: 'inserted',
      says: `event ${at} was put in between events that belong together`,
    }
  }
  if (next && link(before.previous, next) === event.hash) {
    const says = `the contents of events ${at} and ${next.sequence} changed places`
    return { sequence: at, kind: 'reordered', says }
  }
  return {
    sequence: at,
    kind: 'edited',
    says: `event ${at} was edited, or events before it were removed and the rest renumbered`,
  }
}
