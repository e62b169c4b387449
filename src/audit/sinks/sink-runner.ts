/**
 * @module Brings one sink forward: reads what it has not taken, in pages, hands it over, and moves its position in the
 * store. Each sink has a runner of its own, so that one that is slow or down keeps neither the others nor a sign-in
 * waiting; events wait in the log. Of several replicas that share a sink the one that holds its lease delivers, for as
 * long as there is something. At least once and in order: a process that ends between handing over and moving hands over
 * again. When it is asked again after a failure says `core/audit/sink.ts`.
 */
import { isWorthTelling, sinkKey, sinkRetryMs, sinkSeenEveryMs } from '../../core/audit/sink.js'
import { minute, second, type DurationMs, type Instant } from '../../core/time.js'
import type { Logger } from '../../lib/logger.js'
import type { Random } from '../../lib/random.js'
import { TimeOver, withTimeLimit } from '../../lib/time-limit.js'
import type { Timers } from '../../lib/timers.js'
import type { SinkPlace, SinkPosition, SinkTrouble, Store } from '../../store/store.js'
import { eventRecord, headRecord, SinkError, type AuditSink, type SinkRecord } from './sink.js'

/** Notes what became of a batch; the use cases that also write the audit events about it. */
export interface SinkNotes {
  /** False where another process has moved the position meanwhile. */
  readonly move: (position: SinkPosition, to: SinkPlace) => Promise<boolean>
  /** `tell`: in the same transaction an event says that the sink fails. */
  readonly fail: (key: string, trouble: SinkTrouble, tell: boolean) => Promise<void>
}

export interface SinkRunnerOptions {
  readonly sink: AuditSink
  readonly store: Pick<Store, 'audit' | 'auditSinks' | 'leases'>
  readonly notes: SinkNotes
  readonly clusterName: string
  /** Names this process. */
  readonly holder: string
  readonly timers: Timers
  readonly random: Random
  readonly logger: Logger
  /** Records of one batch at most, … */
  readonly batchEvents?: number
  /** … and bytes, unless one record alone has more. */
  readonly batchBytes?: number
}

const headsInBatch = 50
/** Longer than a delivery may take, so that no other process begins while one is under way. */
const leaseMs = 2 * minute
/** A receiver that needs longer for a batch counts as one that took nothing. */
export const deliveryLimitMs = 30 * second
/** How long a wake waits for more events. */
export const gatherMs = 200
/** Another process delivers now; what it does not see any more is left for us. */
const busyMs = second
const brokenMs = 5 * second
/** A process that stops waits so long for a delivery. */
const graceMs = 2 * second

/** When to look again, and whether news make it sooner. */
interface Pause {
  readonly ms: DurationMs
  readonly untilNews: boolean
}

const idle: Pause = { ms: sinkSeenEveryMs, untilNews: true }

export class SinkRunner implements AsyncDisposable {
  readonly key: string
  readonly sink: AuditSink
  readonly #options: SinkRunnerOptions
  readonly #stop = new AbortController()
  readonly #cut = new AbortController()
  #asleep: AbortController | undefined
  #woken = false
  #seenAt: Instant | undefined
  #running: Promise<void> | undefined

  constructor(options: SinkRunnerOptions) {
    this.#options = options
    this.sink = options.sink
    this.key = sinkKey(options.sink.name, options.sink.machine)
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** There may be something new. Returns at once. */
  wake(): void {
    this.#woken = true
    this.#asleep?.abort()
  }

  /** Lets a delivery that is under way come to its end for a moment, so that a restart doubles nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('stopped'))
    this.#asleep?.abort()
    const done = new AbortController()
    const cut = () => this.#cut.abort(new Error('stopped'))
    this.#options.timers.sleep(graceMs, done.signal).then(cut, () => undefined)
    await this.#running
    done.abort()
    await this.#options.sink[Symbol.asyncDispose]()
  }

  async #run(): Promise<void> {
    const { timers, logger, sink } = this.#options
    const { signal } = this.#stop
    while (!signal.aborted) {
      this.#woken = false
      let pause: Pause
      try {
        pause = await this.pass()
      } catch (error) {
        // The store does not answer; so does nothing else then, and it is said elsewhere too.
        if (!signal.aborted)
          logger.error({ err: error, sink: sink.name }, 'an audit sink could not be looked after')
        pause = { ms: brokenMs, untilNews: false }
      }
      if (!pause.untilNews) await timers.sleep(pause.ms, signal).catch(() => undefined)
      else if (!this.#woken) {
        this.#asleep = new AbortController()
        await timers.sleep(pause.ms, AbortSignal.any([this.#asleep.signal, signal])).catch(() => undefined)
        this.#asleep = undefined
      }
      if (this.#woken) await timers.sleep(gatherMs, signal).catch(() => undefined)
    }
  }

  /**
   * Delivers everything that is there, or as much as the sink takes.
   * @throws what the store throws; what the sink throws is noted.
   */
  async pass(): Promise<Pause> {
    const { store, timers, holder } = this.#options
    const position = await this.#position()
    const rest = restOf(position, timers.now())
    if (rest > 0) return { ms: rest, untilNews: false }
    if (!(await this.#isBehind(position))) return idle
    const lease = `audit-sink/${this.key}`
    if ((await store.leases.take(lease, holder, timers.now(), leaseMs)) === undefined) {
      return { ms: busyMs, untilNews: false }
    }
    try {
      // Read again: whoever held the lease before may have moved it.
      let at = await store.auditSinks.find(this.key)
      while (at !== undefined && !this.#stop.signal.aborted) {
        const still = restOf(at, timers.now())
        if (still > 0) return { ms: still, untilNews: false }
        const batch = await this.#read(at)
        if (batch === undefined) return idle
        if ((await store.leases.take(lease, holder, timers.now(), leaseMs)) === undefined) break
        const error = await this.#deliver(batch.records)
        if (this.#cut.signal.aborted) break
        if (error !== undefined) return await this.#noteFailure(at, error)
        if (!(await this.#options.notes.move(at, batch.to))) break
        at = { ...at, ...batch.to, trouble: undefined }
      }
      return { ms: busyMs, untilNews: false }
    } finally {
      await store.leases.release(lease, holder)
    }
  }

  /** The position, made where the sink is new; says from time to time that the sink is in use. */
  async #position(): Promise<SinkPosition> {
    const { store, sink, timers } = this.#options
    const now = timers.now()
    const known = await store.auditSinks.find(this.key)
    const isSeen = this.#seenAt !== undefined && now - this.#seenAt < sinkSeenEveryMs
    if (known !== undefined && isSeen) return known
    this.#seenAt = now
    const last = sink.start === 'now' ? await store.audit.last() : undefined
    const sequence = last?.sequence ?? 0
    const place = { sequence, headSequence: sequence }
    return await store.auditSinks.ensure({ key: this.key, type: sink.type, seenAt: now, ...place })
  }

  async #isBehind({ sequence, headSequence }: SinkPlace): Promise<boolean> {
    const { store, sink } = this.#options
    if (((await store.audit.last())?.sequence ?? 0) > sequence) return true
    if (!sink.heads) return false
    return (await store.audit.listHeads({ afterSequence: headSequence, limit: 1 })).length > 0
  }

  /** The next records and the place behind them; undefined where there is nothing. */
  async #read(from: SinkPlace): Promise<{ records: SinkRecord[]; to: SinkPlace } | undefined> {
    const { store, sink, clusterName, batchEvents = 200, batchBytes = 512 * 1024 } = this.#options
    const events = await store.audit.list({ cursor: from.sequence, limit: batchEvents, order: 'asc' })
    const records: SinkRecord[] = []
    let bytes = 0
    for (const event of events) {
      const record = eventRecord(event, sink.format)
      bytes += Buffer.byteLength(record.text)
      if (records.length > 0 && bytes > batchBytes) break
      records.push(record)
    }
    const sequence = records.at(-1)?.sequence ?? from.sequence
    let { headSequence } = from
    if (sink.heads) {
      const heads = await store.audit.listHeads({ afterSequence: headSequence, limit: headsInBatch })
      for (const head of heads) {
        if (head.sequence > sequence) break
        records.push(headRecord({ clusterName, ...head }))
        headSequence = head.sequence
      }
    }
    return records.length === 0 ? undefined : { records, to: { sequence, headSequence } }
  }

  /** Undefined once the sink has them. */
  async #deliver(records: readonly SinkRecord[]): Promise<string | undefined> {
    const { sink, timers } = this.#options
    try {
      await withTimeLimit(timers, deliveryLimitMs, this.#cut.signal, async (within) => {
        await sink.deliver(records, within)
      })
      return undefined
    } catch (error) {
      return explain(error)
    }
  }

  async #noteFailure(position: SinkPosition, error: string): Promise<Pause> {
    const { notes, timers, random, logger, sink } = this.#options
    const now = timers.now()
    const attempts = (position.trouble?.attempts ?? 0) + 1
    const wait = sinkRetryMs(attempts, random.bytes(1).readUInt8() / 255)
    const { since = now, announced = false } = position.trouble ?? {}
    const tell = isWorthTelling({ since, announced }, now)
    const trouble = { since, error, attempts, nextAttemptAt: now + wait, announced: announced || tell }
    await notes.fail(this.key, trouble, tell)
    logger.warn({ sink: sink.name, error, attempts }, 'an audit sink took nothing; it is tried again')
    return { ms: wait, untilNews: false }
  }
}

function restOf({ trouble }: SinkPosition, now: Instant): DurationMs {
  return trouble === undefined ? 0 : Math.max(0, trouble.nextAttemptAt - now)
}

/** For people, and short: codes of the system say it, its texts may hold addresses that redirect or much else. */
function explain(error: unknown): string {
  if (error instanceof SinkError) return error.message.slice(0, 300)
  if (error instanceof TimeOver) return 'the receiver did not take it in time'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC') return 'the disk is full (ENOSPC)'
  if (/^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return `it cannot be reached or written (${code})`
  return 'it cannot be reached or written'
}
