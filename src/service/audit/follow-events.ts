/**
 * @module Follows the audit log: waits for the next page, or hands over page after page for as long as somebody listens.
 * Whether they still may is asked again with everything that they are given, and every few seconds.
 */
import { GatewayError } from '../../core/error.js'
import { hour, second, type DurationMs } from '../../core/time.js'
import type { ChainedEvent, Store } from '../../store/store.js'
import { listEvents, type AuditPageQuery } from './list-events.js'

/** Tells of events that have joined the chain; `src/audit/news.ts`. */
export interface AuditNewsPort {
  readonly version: number
  readonly ended: AbortSignal
  waitPast(version: number, ms: DurationMs, signal: AbortSignal): Promise<void>
}

export interface FollowDeps {
  readonly store: Store
  readonly clock: { now(): number }
  readonly flushAudit: () => Promise<void>
  readonly auditNews: AuditNewsPort
  readonly auditReaders: ReaderCount
}

export interface Follower {
  /** Counted by this name. */
  readonly name: string
  /** Aborted once they have gone. */
  readonly gone: AbortSignal
  /** @throws GatewayError where they may not read the log any more. */
  readonly assertAdmitted: () => Promise<void>
}

/** A lock, a role that was taken away and a session that ended stop a reader after so long at most. */
const recheckMs = 3 * second
/** Keeps proxies from taking silence for an end. */
const beatMs = 15 * second
/** Then the reader asks again, and another replica may answer. */
const longestMs = hour
const pageSize = 100

/** How many read along: each holds a connection. Of this process, as connections are. */
export class ReaderCount {
  readonly #byName = new Map<string, number>()
  readonly #most: { readonly all: number; readonly each: number }
  #all = 0

  constructor(most = { all: 200, each: 10 }) {
    this.#most = most
  }

  /** @throws GatewayError `TOO_MANY_ATTEMPTS`. */
  enter(name: string): () => void {
    const own = this.#byName.get(name) ?? 0
    if (own >= this.#most.each || this.#all >= this.#most.all) {
      throw new GatewayError(
        'TOO_MANY_ATTEMPTS',
        `${own >= this.#most.each ? `${own} readers in your name` : 'too many readers'} wait for audit events already; end one of them, or ask without wait`,
        { retryAfterSeconds: 10 },
      )
    }
    this.#byName.set(name, own + 1)
    this.#all += 1
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      this.#all -= 1
      const left = (this.#byName.get(name) ?? 1) - 1
      if (left === 0) this.#byName.delete(name)
      else this.#byName.set(name, left)
    }
  }
}

type FollowQuery = Omit<AuditPageQuery, 'order'>

/** Where the reader is, and what they have not seen; `cursor` moves past events that their filter leaves out. */
interface News {
  readonly events: ChainedEvent[]
  readonly cursor: number
}

/** Whoever is told of news is told of events that have joined the chain. */
const chained = () => Promise.resolve()

async function readNews(deps: FollowDeps, query: FollowQuery, after: number): Promise<News> {
  // Before the page: what comes between the two is read the next time.
  const last = (await deps.store.audit.last())?.sequence ?? 0
  const { events, nextCursor } = await listEvents(
    { store: deps.store, flushAudit: chained },
    {
      ...query,
      cursor: String(after),
      order: 'asc',
    },
  )
  const seen = events.at(-1)?.sequence ?? after
  return { events, cursor: nextCursor ?? Math.max(after, seen, last) }
}

/** The events behind the cursor, at once where there are some, else as soon as there is one within `waitMs`. */
export async function awaitEvents(
  deps: FollowDeps,
  query: FollowQuery,
  waitMs: DurationMs,
  { name, gone, assertAdmitted }: Follower,
): Promise<News> {
  const leave = deps.auditReaders.enter(name)
  try {
    const { auditNews, clock } = deps
    const end = clock.now() + waitMs
    let cursor = await firstCursor(deps, query.cursor)
    for (let left = waitMs; ;) {
      const { version } = auditNews
      const news = await readNews(deps, query, cursor)
      if (news.events.length > 0 || left <= 0 || gone.aborted || auditNews.ended.aborted) return news
      ;({ cursor } = news)
      await auditNews.waitPast(version, Math.min(left, recheckMs), gone)
      await assertAdmitted()
      left = end - clock.now()
    }
  } finally {
    leave()
  }
}

/**
 * Hands over what is behind the cursor and then what happens, until the reader goes, may not, or an hour is over.
 * @throws GatewayError `TOO_MANY_ATTEMPTS`.
 */
export function followEvents(deps: FollowDeps, query: FollowQuery, follower: Follower): AsyncGenerator<News> {
  // Now, and not with the first page: whoever is one too many is refused before the answer begins.
  return follow(deps, query, follower, deps.auditReaders.enter(follower.name))
}

async function* follow(
  deps: FollowDeps,
  query: FollowQuery,
  { gone, assertAdmitted }: Follower,
  leave: () => void,
): AsyncGenerator<News> {
  try {
    const { auditNews, clock } = deps
    const end = clock.now() + longestMs
    let cursor = await firstCursor(deps, query.cursor)
    let beatAt = clock.now()
    while (!gone.aborted && !auditNews.ended.aborted && clock.now() < end) {
      const { version } = auditNews
      const news = await readNews(deps, { ...query, limit: pageSize }, cursor)
      await assertAdmitted()
      ;({ cursor } = news)
      if (news.events.length > 0 || clock.now() >= beatAt) {
        yield news
        beatAt = clock.now() + beatMs
      }
      if (news.events.length < pageSize) await auditNews.waitPast(version, recheckMs, gone)
    }
  } finally {
    leave()
  }
}

/** Without a cursor: what happens from now on. */
async function firstCursor({ store, flushAudit }: FollowDeps, cursor: string | undefined): Promise<number> {
  await flushAudit()
  if (cursor !== undefined) return Number(cursor)
  return (await store.audit.last())?.sequence ?? 0
}
