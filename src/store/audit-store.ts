/**
 * @module What is remembered of the audit log: events, their places in the chain, and its signed heads. Events are
 * appended in the transaction of their change and chained afterwards, in commit order (`src/audit/sequencer.ts`).
 */
import type { AuditCheckpoint } from '../core/audit/chain.js'
import type { AuditEvent } from '../core/audit/event.js'
import type { Instant } from '../core/time.js'

/** An event with its place in the chain. */
export interface ChainedEvent {
  /** 1, 2, 3 … in commit order, without gaps. */
  readonly sequence: number
  /** Hex SHA-256 that links this event to all before it; see `core/audit/chain.ts`. */
  readonly hash: string
  /** The stored JSON text, byte for byte as it was hashed. */
  readonly json: string
}

export interface ChainHead {
  readonly sequence: number
  readonly hash: string
  readonly signedAt: Instant
  readonly keyId: string
  /** base64url Ed25519 signature; see `core/audit/chain.ts` for what is signed. */
  readonly signature: string
}

export interface AuditFilter {
  /** Exclusive: events after this sequence number (or before it when `order` is `desc`). */
  readonly cursor?: number
  /** Inclusive: no event beyond this sequence number, in the direction of `order`. */
  readonly until?: number
  readonly limit: number
  readonly order: 'asc' | 'desc'
  readonly types?: readonly string[]
  readonly user?: string
  readonly success?: boolean
  readonly from?: Instant
  readonly to?: Instant
}

/** Which events to count: those of [from, to), in buckets of `bucketMs`, the last of which may be shorter. */
export interface AuditSummaryFilter {
  readonly from: Instant
  readonly to: Instant
  readonly bucketMs: number
  readonly types?: readonly string[]
  readonly user?: string
  readonly success?: boolean
}

export interface AuditCount {
  readonly name: string
  readonly count: number
}

export interface AuditSummary {
  /** One for each bucket, empty ones included. */
  readonly buckets: readonly { readonly succeeded: number; readonly failed: number }[]
  /** Most frequent first, the 50 most frequent. */
  readonly types: readonly AuditCount[]
  readonly users: readonly AuditCount[]
}

export interface AuditStore {
  /** Appends within the transaction; the event joins the chain soon after the commit. */
  append(event: AuditEvent): Promise<void>
  /**
   * Chains what was committed since the last call, at most `limit` events, under a lock that only one process
   * holds (others wait); `link` computes the hash. Answers how many were chained: 0 once nothing is left.
   */
  chain(limit: number, link: (previousHash: string, json: string) => string): Promise<number>
  /** Chained events only. */
  list(filter: AuditFilter): Promise<ChainedEvent[]>
  /** Chained events only. Work grows with the events of the range, in statements of bounded length. */
  summarise(filter: AuditSummaryFilter): Promise<AuditSummary>
  findByUid(uid: string): Promise<ChainedEvent | undefined>
  last(): Promise<{ sequence: number; hash: string } | undefined>
  /** Sequence number of the oldest event that is there. */
  first(): Promise<number | undefined>
  /** The lowest and the highest sequence number of the events of [from, to), looked up in bounded statements. */
  bounds(span: { from: Instant; to: Instant }): Promise<{ first: number; last: number } | undefined>
  /** The newest; nothing before it is there any more. */
  lastCheckpoint(): Promise<AuditCheckpoint | undefined>
  /**
   * Removes the events up to the checkpoint and the heads before it, and keeps the checkpoint, in one transaction.
   * Answers how many events went away.
   */
  prune(point: AuditCheckpoint): Promise<number>
  addHead(head: ChainHead): Promise<void>
  lastHead(): Promise<ChainHead | undefined>
  /** The newest head below this sequence number. */
  headBefore(sequence: number): Promise<ChainHead | undefined>
  listHeads(page?: { afterSequence?: number; limit?: number }): Promise<ChainHead[]>
}
