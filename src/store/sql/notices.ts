/**
 * @module Notices between replicas by LISTEN and NOTIFY of PostgreSQL, on one connection of its own. What was lost while
 * the connection was broken is not known, so everybody is woken once when it is there again, on both sides. On SQLite
 * there is one process and nobody to tell.
 */
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { second, type DurationMs } from '../../core/time.js'
import type { Logger } from '../../lib/logger.js'
import { noticeTopics, type Notices, type NoticeTopic } from '../notice-store.js'
import { reasonOf } from './dialect.js'

export interface NoticesOptions {
  readonly url: string
  readonly logger: Logger
  /** Another replica said so, or may have said so. Must not throw. */
  readonly onNotice: (topic: NoticeTopic) => void
  readonly times?: NoticeTimes | undefined
}

export interface NoticeTimes {
  /** The first attempt after a broken connection waits as long as this, each further one twice as long as the last ... */
  readonly retryMs: DurationMs
  /** ... but not longer than this. */
  readonly longestRetryMs: DurationMs
  /** How often the connection is tried: where the network is cut, nobody says so. */
  readonly tryEveryMs: DurationMs
  readonly answerMs: DurationMs
}

const noticeTimes: NoticeTimes = {
  retryMs: second / 5,
  longestRetryMs: 5 * second,
  tryEveryMs: 10 * second,
  answerMs: 5 * second,
}

/** A burst of commits is told once, after the first. */
const gatherMs = 50

export function openNotices(options: NoticesOptions): Notices {
  return options.url.startsWith('sqlite:') ? silent : new PostgresNotices(options)
}

const silent: Notices = { tell: () => undefined, [Symbol.asyncDispose]: () => Promise.resolve() }

class PostgresNotices implements Notices {
  readonly #options: NoticesOptions
  readonly #times: NoticeTimes
  readonly #stop = new AbortController()
  /** Not told yet. */
  readonly #waiting = new Set<NoticeTopic>()
  #connected: Connected | undefined
  /** Told a moment ago: what comes now is told together. */
  #gathering = false
  readonly #running: Promise<void>

  constructor(options: NoticesOptions) {
    this.#options = options
    this.#times = options.times ?? noticeTimes
    this.#running = this.#run()
  }

  tell(topic: NoticeTopic): void {
    if (this.#stop.signal.aborted) return
    this.#waiting.add(topic)
    if (!this.#gathering) this.#send()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  #send(): void {
    const connected = this.#connected
    if (connected === undefined || this.#waiting.size === 0) return
    const topics = [...this.#waiting]
    this.#waiting.clear()
    this.#gathering = true
    setTimeout(() => {
      this.#gathering = false
      this.#send()
    }, gatherMs).unref()
    connected.notify(topics).catch((error: unknown) => {
      // Told with the next connection, together with everything else that was lost.
      for (const topic of topics) this.#waiting.add(topic)
      connected.fail(error)
    })
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await using connected = await Connected.open(this.#options, this.#times)
        attempt = 0
        this.#connected = connected
        for (const topic of noticeTopics) this.#options.onNotice(topic)
        this.#send()
        await connected.untilBroken(signal, this.#times)
      } catch (error) {
        if (signal.aborted) return
        this.#options.logger.warn(
          { problem: reasonOf(error) },
          'other replicas are not heard just now; each looks at the database by itself meanwhile',
        )
      } finally {
        this.#connected = undefined
      }
      const { retryMs, longestRetryMs } = this.#times
      const wait = Math.min(longestRetryMs, retryMs * 2 ** Math.min(attempt, 10))
      await delay(wait, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
}

/** One connection that listens. */
class Connected implements AsyncDisposable {
  readonly #client: pg.Client
  readonly #channel: string
  #fail: (error: unknown) => void = () => undefined
  readonly #failed: Promise<never>

  private constructor(client: pg.Client, channel: string) {
    this.#client = client
    this.#channel = channel
    this.#failed = new Promise<never>((_resolve, reject) => (this.#fail = reject))
    this.#failed.catch(() => undefined)
    client.on('error', (error) => this.#fail(error))
    client.on('end', () => this.#fail(new Error('the connection was ended')))
  }

  static async open({ url, onNotice }: NoticesOptions, { answerMs }: NoticeTimes): Promise<Connected> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'gatehouse notices',
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
      keepAlive: true,
    })
    // Listened to from the beginning: an error that nobody hears would end the process.
    client.on('error', () => undefined)
    try {
      await client.connect()
      // A channel is of a whole database, and a schema may be one of several gateways in it.
      const { rows } = await client.query<{ channel: string; pid: number }>(
        `select 'gatehouse_' || md5(current_schema()) as channel, pg_backend_pid() as pid`,
      )
      const [{ channel, pid } = { channel: '', pid: 0 }] = rows
      client.on('notification', ({ processId, payload = '' }) => {
        if (processId === pid) return
        for (const topic of noticeTopics) if (payload.split(' ').includes(topic)) onNotice(topic)
      })
      await client.query(`listen ${channel}`)
      return new Connected(client, channel)
    } catch (error) {
      client.end().catch(() => undefined)
      throw error
    }
  }

  async notify(topics: readonly NoticeTopic[]): Promise<void> {
    await this.#client.query('select pg_notify($1, $2)', [this.#channel, topics.join(' ')])
  }

  fail(error: unknown): void {
    this.#fail(error)
  }

  /** @throws what broke the connection. Returns when the signal is aborted. */
  async untilBroken(signal: AbortSignal, { tryEveryMs }: NoticeTimes): Promise<void> {
    while (!signal.aborted) {
      const wait = delay(tryEveryMs, undefined, { signal, ref: false }).catch(() => undefined)
      await Promise.race([wait, this.#failed])
      if (!signal.aborted) await Promise.race([this.#client.query('select 1'), this.#failed])
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A partner that is not reached is not waited for: with a statement under way `end` closes the socket at once.
    await Promise.race([this.#client.end().catch(() => undefined), delay(second, undefined, { ref: false })])
  }
}
