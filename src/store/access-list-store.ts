/**
 * @module What is kept of reviews of access lists, and mail that is to be sent. A review in progress is the rows of its
 * decisions: owners may leave it and come back, and share it. Mail is written in the transaction of what it tells of,
 * and sent afterwards until it is sent or given up (an outbox): nothing that was announced is lost with a process.
 */
import type { Instant } from '../core/time.js'

export interface ReviewDecision {
  readonly list: string
  readonly kind: 'user' | 'list'
  readonly name: string
  readonly decision: 'keep' | 'remove'
  readonly note: string
  readonly by: string
  readonly at: Instant
}

export interface FinishedReview {
  /** A random id, which its audit event has too. */
  readonly id: string
  readonly list: string
  readonly reviewedAt: Instant
  /** When it was due; undefined for one that nobody asked for. */
  readonly dueAt: Instant | undefined
  /** Whoever decided anything, and who submitted, by name. */
  readonly reviewers: readonly string[]
  /** Undefined for those of versions that did not keep it. */
  readonly submittedBy: string | undefined
  readonly notes: string
  readonly kept: number
  readonly removed: readonly {
    readonly kind: 'user' | 'list'
    readonly name: string
    readonly note: string
  }[]
  /** What else it changed, as sentences. */
  readonly changes: readonly string[]
  readonly nextDueAt: Instant | undefined
}

/** What a finished review decided on one member. */
export interface FinishedDecision {
  readonly kind: 'user' | 'list'
  readonly name: string
  readonly decision: 'keep' | 'remove'
  readonly note: string
  readonly by: string
}

export interface ReviewStore {
  /** Of the review in progress, by kind and name. */
  listDecisions(list: string): Promise<ReviewDecision[]>
  /**
   * How many decisions on members of now each of these lists has, where it has any, by who made them. What was decided
   * on somebody before they became a member again says nothing of them.
   */
  countDecisions(
    lists: readonly string[],
    now: Instant,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>>
  /** Adds or replaces by (list, kind, name). */
  putDecisions(decisions: readonly ReviewDecision[]): Promise<void>
  deleteDecisions(list: string, of?: readonly Pick<ReviewDecision, 'kind' | 'name'>[]): Promise<number>
  /** With what it decided on each member. */
  add(review: FinishedReview, decided: readonly FinishedDecision[]): Promise<void>
  /** By kind and name; nothing of reviews of versions that did not keep it. */
  listFinishedDecisions(list: string, review: string): Promise<FinishedDecision[]>
  /** Newest first; `before` is the id of the last one of the page before. */
  list(list: string, page: { readonly limit: number; readonly before?: string }): Promise<FinishedReview[]>
  /** The reviews and decisions of a list that goes. */
  deleteList(list: string): Promise<void>
}

export interface OutboxMessage {
  readonly id: string
  /** Two messages with the same key are one: whoever writes it twice sends it once. Kept after it was sent. */
  readonly key: string
  readonly channel: 'mail' | 'webhook'
  /** A mail address, or the name of a webhook. */
  readonly to: string
  /** Of a webhook the kind of event. */
  readonly subject: string
  /** Of a webhook the body. */
  readonly text: string
  readonly html: string
  readonly createdAt: Instant
  readonly notBefore: Instant
  /** Not sent after that: it would tell of what is over. */
  readonly expiresAt: Instant
  readonly attempts: number
  readonly lastError: string | undefined
}

/** What waits in line for one way to send: all mail, all webhooks, or what is for one webhook. */
export interface OutboxLine {
  readonly channel: OutboxMessage['channel']
  readonly to?: string
}

/** What became of one message; the words of it are not kept. */
export interface OutboxDelivery {
  readonly id: string
  readonly subject: string
  readonly createdAt: Instant
  readonly state: 'waiting' | 'sent' | 'given_up'
  readonly attempts: number
  readonly lastError: string | undefined
  /** Of one that waits: when it is tried next. */
  readonly nextAt: Instant | undefined
  readonly endedAt: Instant | undefined
}

export interface OutboxStore {
  /** Those whose key is there already are left as they are. Answers how many are new. */
  add(messages: readonly OutboxMessage[]): Promise<number>
  /** What waits with one of these keys is sent no more, and may be written again; what was sent stays sent. */
  withdraw(keys: readonly string[]): Promise<void>
  /** Everything that waits there. */
  withdrawAll(line: OutboxLine): Promise<void>
  /**
   * The oldest that are due and that nobody else has in hand, those past their time too; they are in our hands until
   * `until`, and count one attempt more from here on, so that a process that dies over one counts it too. Of mail
   * where no other line is named.
   */
  claim(at: {
    readonly line?: OutboxLine
    readonly now: Instant
    readonly until: Instant
    readonly limit: number
  }): Promise<OutboxMessage[]>
  /** Its words are forgotten; its key stays. */
  markSent(id: string, at: Instant): Promise<void>
  /** `notBefore` undefined: given up, as `markSent` forgets. */
  markFailed(
    id: string,
    failure: { readonly error: string; readonly at: Instant; readonly notBefore: Instant | undefined },
  ): Promise<void>
  /** Waiting, and given up since then, with the error of the last of either; of mail where no other line is named. */
  count(since: Instant, line?: OutboxLine): Promise<OutboxCount>
  /** Rows that ended before, keys too, and those that nobody sends and whose time was over before. */
  deleteBefore(at: Instant): Promise<number>
  /** The next instant at which one is due and in nobody's hands; of mail where no other line is named. */
  nextAt(line?: OutboxLine): Promise<Instant | undefined>
  /** For whom something is due that is in nobody's hands, by name. */
  listDue(channel: OutboxLine['channel'], now: Instant): Promise<string[]>
  /** The last that were written, the newest first. */
  listLast(line: Required<OutboxLine>, limit: number): Promise<OutboxDelivery[]>
}

export interface OutboxCount {
  readonly waiting: number
  readonly givenUp: number
  readonly lastError: string | undefined
}
