/**
 * @module When each call to AWS may be made. Calls wait in one queue for each bucket, the urgent first; buckets hold
 * what AWS's limits leave, times the share that we use. It decides and never does: `reconcile/call-governor.ts` makes
 * the calls and tells it how they ended. Time is an argument; nothing here waits.
 */
import { second, type DurationMs, type Instant } from '../time.js'
import { Bucket } from './bucket.js'
import type { AwsCall, AwsService, CallPriority } from './call.js'
import { needsOf, publishedRate, type Need } from './limits.js'
import { MinuteCounts } from './minute-counts.js'

/** A call that waits, or has begun. */
export interface Ticket {
  readonly call: AwsCall
  readonly since: Instant
  /** Undefined while it waits. */
  readonly begunAt: Instant | undefined
}

export interface GovernorFacts {
  readonly queue: number
  /** Until all that waits now has begun; undefined while nothing waits. */
  readonly secondsLeft: number | undefined
  readonly services: readonly {
    readonly service: AwsService
    readonly rate: number
    readonly limit: number
    readonly calls: number
    readonly throttled: number
    /** Reads that were made again since their connection broke before AWS said anything. */
    readonly repeated: number
    readonly queue: number
  }[]
  readonly history: readonly { readonly calls: number; readonly throttled: number }[]
}

interface Waiting {
  readonly call: AwsCall
  readonly since: Instant
  readonly sequence: number
  readonly needs: readonly Need[]
  begunAt: Instant | undefined
  gone: boolean
}

const priorities: readonly CallPriority[] = ['interactive', 'follow', 'normal', 'bulk', 'scan']
/** Each such wait lifts a call by one rank, never to the rank of those for whom a person waits. */
const ageing: DurationMs = 30 * second
const services: readonly AwsService[] = ['sso-admin', 'identitystore', 'organizations', 'iam', 'sts', 'scim']

interface ServiceCounts {
  calls: number
  throttled: number
  repeated: number
  queue: number
}

export class Governor {
  readonly #share: number
  readonly #buckets = new Map<string, Bucket>()
  /** By the first bucket of a call, then by priority. */
  readonly #lanes = new Map<string, Queue<Waiting>[]>()
  readonly #counts = new Map<AwsService, ServiceCounts>()
  readonly #history = new MinuteCounts()
  #sequence = 0

  /** @param options.rateShare Share of AWS's limits that we use at most, above 0 and up to 1. */
  constructor(options: { readonly rateShare: number }) {
    this.#share = Math.min(Math.max(options.rateShare, 0.01), 1)
  }

  enqueue(call: AwsCall, now: Instant): Ticket {
    const waiting: Waiting = {
      call,
      since: now,
      sequence: this.#sequence++,
      needs: needsOf(call),
      begunAt: undefined,
      gone: false,
    }
    this.#lane(waiting)[priorities.indexOf(call.priority)]?.push(waiting)
    this.#count(call.service).queue += 1
    return waiting
  }

  /** A call that will not be made after all. */
  cancel(ticket: Ticket): void {
    const waiting = this.#own(ticket)
    if (waiting.gone || waiting.begunAt !== undefined) return
    waiting.gone = true
    this.#count(waiting.call.service).queue -= 1
  }

  /** The calls that begin now; their tokens are taken. */
  begin(now: Instant): Ticket[] {
    const begun: Ticket[] = []
    for (const lane of this.#lanes.values()) {
      for (;;) {
        const next = head(lane, now)
        if (next === undefined || this.#readyAt(next.waiting, now) > now) break
        next.queue.shift()
        this.#begin(next.waiting, now)
        begun.push(next.waiting)
      }
    }
    return begun
  }

  /** When `begin` will next answer something; undefined while nothing waits. */
  nextAt(now: Instant): Instant | undefined {
    let earliest: Instant | undefined
    for (const lane of this.#lanes.values()) {
      const next = head(lane, now)
      if (next === undefined) continue
      const at = this.#readyAt(next.waiting, now)
      earliest = earliest === undefined ? at : Math.min(earliest, at)
    }
    return earliest
  }

  succeeded(ticket: Ticket): void {
    for (const need of this.#own(ticket).needs) this.#buckets.get(need.bucket)?.succeeded(need.cost)
  }

  throttled(ticket: Ticket, retryAfterMs: DurationMs | undefined, now: Instant): void {
    const { needs, begunAt, call } = this.#own(ticket)
    this.#count(call.service).throttled += 1
    this.#history.add('throttled', now)
    for (const need of needs) this.#bucket(need, now).throttled(begunAt ?? now, retryAfterMs, now)
  }

  repeated({ call }: Ticket): void {
    this.#count(call.service).repeated += 1
  }

  /** For the status page: totals since the start, and the last hour by minute, oldest first. */
  describe(now: Instant): GovernorFacts {
    const counts = [...this.#counts.values()]
    const queue = counts.reduce((sum, one) => sum + one.queue, 0)
    return {
      queue,
      secondsLeft: queue === 0 ? undefined : this.#secondsLeft(),
      services: services.flatMap((service) => {
        const count = this.#counts.get(service)
        return count === undefined ? [] : [{ service, ...this.#rateOf(service), ...count }]
      }),
      history: this.#history.list(now),
    }
  }

  #begin(waiting: Waiting, now: Instant): void {
    waiting.begunAt = now
    for (const need of waiting.needs) this.#bucket(need, now).take(need.cost, now)
    const count = this.#count(waiting.call.service)
    count.queue -= 1
    count.calls += 1
    this.#history.add('calls', now)
  }

  #readyAt({ call, needs }: Waiting, now: Instant): Instant {
    const interactive = call.priority === 'interactive'
    return Math.max(...needs.map((need) => this.#bucket(need, now).readyAt(need.cost, interactive, now)))
  }

  /** Queues are worked off side by side, so the slowest one tells. */
  #secondsLeft(): number {
    let longest = 0
    for (const [name, lane] of this.#lanes) {
      const waiting = lane.reduce((sum, queue) => sum + queue.size, 0)
      const rate = this.#buckets.get(name)?.rate
      if (waiting > 0 && rate !== undefined) longest = Math.max(longest, waiting / rate)
    }
    return Math.ceil(longest)
  }

  /** Of the slowest bucket in use, since that is what holds up work. */
  #rateOf(service: AwsService): { rate: number; limit: number } {
    const limit = publishedRate(service)
    let share = 1
    for (const [name, bucket] of this.#buckets) {
      if (name !== service && !name.startsWith(`${service}/`)) continue
      const [first] = needsOf({ service, operation: name.slice(service.length + 1), priority: 'scan' })
      if (first !== undefined) share = Math.min(share, bucket.rate / first.limit.perSecond)
    }
    return { rate: limit * share, limit }
  }

  #lane({ needs }: Waiting): Queue<Waiting>[] {
    const name = needs[0]?.bucket ?? ''
    let lane = this.#lanes.get(name)
    if (lane === undefined) {
      lane = priorities.map(() => new Queue<Waiting>())
      this.#lanes.set(name, lane)
    }
    return lane
  }

  #bucket({ bucket: name, limit, ceiling }: Need, now: Instant): Bucket {
    let bucket = this.#buckets.get(name)
    if (bucket === undefined) {
      bucket = new Bucket(limit, ceiling, this.#share, now)
      this.#buckets.set(name, bucket)
    }
    return bucket
  }

  #count(service: AwsService): ServiceCounts {
    let count = this.#counts.get(service)
    if (count === undefined) {
      count = { calls: 0, throttled: 0, repeated: 0, queue: 0 }
      this.#counts.set(service, count)
    }
    return count
  }

  #own(ticket: Ticket): Waiting {
    // Tickets are made by `enqueue` alone, which hands out its own rows as what callers may read of them.
    return ticket as Waiting
  }
}

/** First in, first out, without moving what waits. */
class Queue<T extends { readonly gone: boolean }> {
  #items: T[] = []
  #from = 0

  get size(): number {
    return this.#items.length - this.#from
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** The oldest that still waits; those that were cancelled are passed over for good. */
  peek(): T | undefined {
    while (this.#items[this.#from]?.gone === true) this.#from += 1
    return this.#items[this.#from]
  }

  shift(): void {
    this.#from += 1
    if (this.#from < 1024 || this.#from * 2 < this.#items.length) return
    this.#items = this.#items.slice(this.#from)
    this.#from = 0
  }
}

function head(
  lane: readonly Queue<Waiting>[],
  now: Instant,
): { readonly queue: Queue<Waiting>; readonly waiting: Waiting } | undefined {
  let best: { queue: Queue<Waiting>; waiting: Waiting; rank: number } | undefined
  for (const [priority, queue] of lane.entries()) {
    const waiting = queue.peek()
    if (waiting === undefined) continue
    const lifted = priority - Math.floor(Math.max(0, now - waiting.since) / ageing)
    const rank = priority === 0 ? 0 : Math.max(1, lifted)
    const isBefore =
      best === undefined ||
      rank < best.rank ||
      (rank === best.rank && waiting.sequence < best.waiting.sequence)
    if (isBefore) best = { queue, waiting, rank }
  }
  return best
}
