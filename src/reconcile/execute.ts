/**
 * @module Does a plan: what may go on, in its order, each action after those that it needs, several at once where they
 * do not meet. One object's failure is written down and the others go on; credentials that AWS refuses stop everything,
 * and while a service does not answer it is asked by one change at a time, less and less often.
 */
import type { AwsCallError } from '../core/governor/call.js'
import type { FailureWords } from '../core/plan/failure-words.js'
import type { Action, ActionKey } from '../core/plan/plan.js'
import { earliest, second, type Instant } from '../core/time.js'
import { isAnswer, makeChange, makeLocalChanges, type ChangeOutcome, type Serial } from './change.js'
import type { Cycle } from './cycle.js'
import { atOnce, gates, laneOf, queueOf, queues, type CallingLane, type Lane, type Queue } from './lane.js'
import { doMeet, mayOvertake } from './overtake.js'

export interface ExecuteResult {
  readonly succeeded: number
  readonly failed: readonly {
    readonly action: Action
    readonly failure: AwsCallError['failure']
    readonly words: FailureWords
  }[]
  /** Keys of actions that came to an end, one way or the other. */
  readonly ended: ReadonlySet<ActionKey>
  /** Refused credentials: nothing else was begun by them; a SCIM token refused keeps no assignment waiting. */
  readonly stopped: { readonly service: AwsCallError['service']; readonly words: FailureWords } | undefined
  /** Something else came in between: the rest is planned anew. */
  readonly wasInterrupted: boolean
  /** Where a service does not answer: when it may be asked again, and how many actions were not begun. */
  readonly held: { readonly until: Instant; readonly count: number } | undefined
}

export interface ExecuteOptions {
  /** Actions that go before the others, whatever their place: a person may be waiting. */
  readonly first: ReadonlySet<ActionKey>
  /** Those that failed before: they go last, so that they never stand for all when a service is asked. */
  readonly hasFailed: (key: ActionKey) => boolean
  readonly interruption: Interruption
  /** Told how many have ended. */
  readonly onProgress: (done: number, total: number) => void
  readonly onEnd: (action: Action, outcome: ChangeOutcome) => void
}

/** Something that came in between: nothing else of this plan begins after it. */
export interface Interruption {
  /** Asked before each beginning. */
  readonly isSet: () => boolean
  /** Resolves at the next one; asked for again after each. */
  readonly next: () => Promise<void>
  /** What a person may wait for now, of a new plan. */
  readonly urgent: () => Promise<readonly Action[]>
}

const localBatch = 500
/** So long at most an action waits for the end of one that had better be done before. */
const patience = 3 * second

/** @throws LeaseLost, and whatever is no failure of AWS, after what had begun has ended. */
export async function execute(
  cycle: Cycle,
  actions: readonly Action[],
  options: ExecuteOptions,
): Promise<ExecuteResult> {
  const run = new Run(cycle, actions, options)
  return await run.toEnd()
}

class Run {
  readonly #cycle: Cycle
  readonly #options: ExecuteOptions
  readonly #total: number
  /** In the order in which they are begun. */
  readonly #waiting: Map<ActionKey, Action>
  readonly #running = new Map<
    ActionKey,
    { readonly action: Action; readonly begunAt: Instant; readonly ended: Promise<void> }
  >()
  /** Of the newest plan, since this one was interrupted: what a person may wait for. */
  #urgent: readonly Action[] = []
  /** How many are under way, and how many of these overtook others, which do not wait for a place among those. */
  readonly #busy: Record<Queue, number> = { scim: 0, assignments: 0, ends: 0 }
  readonly #overtaking: Record<Queue, number> = { scim: 0, assignments: 0, ends: 0 }
  readonly #failedKeys = new Set<ActionKey>()
  readonly #ended = new Set<ActionKey>()
  readonly #failed: { action: Action; failure: AwsCallError['failure']; words: FailureWords }[] = []
  readonly #serial: Serial = serial()
  #succeeded = 0
  #stopped: ExecuteResult['stopped']
  /** When a service that does not answer may be asked by what waits for it. */
  #askAt: Instant | undefined
  #wasInterrupted = false
  #error: { readonly thrown: unknown } | undefined

  constructor(cycle: Cycle, actions: readonly Action[], options: ExecuteOptions) {
    this.#cycle = cycle
    this.#options = options
    this.#total = actions.length
    const rank = ({ key, priority }: Action): number => {
      if (options.first.has(key) || priority === 'urgent') return 0
      return options.hasFailed(key) ? 2 : 1
    }
    const sorted = [...actions].sort((a, b) => rank(a) - rank(b))
    this.#waiting = new Map(sorted.map((action) => [action.key, promoted(action, options.first)]))
    this.#askSoonFor(actions.filter(({ key }) => options.first.has(key)))
  }

  async toEnd(): Promise<ExecuteResult> {
    for (;;) {
      if (this.#wasInterrupted) this.#beginUrgent()
      else await this.#begin()
      if (this.#running.size === 0) break
      if (await this.#isNewsNext()) await this.#overtake()
    }
    if (this.#error !== undefined) throw this.#error.thrown
    return {
      succeeded: this.#succeeded,
      failed: this.#failed,
      ended: this.#ended,
      stopped: this.#stopped,
      wasInterrupted: this.#wasInterrupted,
      held:
        this.#isOver || this.#askAt === undefined
          ? undefined
          : { until: this.#askAt, count: this.#waiting.size },
    }
  }

  /** Until something of what was begun ends, a service may be asked again, or news come. */
  async #isNewsNext(): Promise<boolean> {
    const { timers } = this.#cycle.deps
    const over = new AbortController()
    const events = [...this.#running.values()].map(({ ended }) => ended.then(() => false))
    if (!this.#isBroken) events.push(this.#options.interruption.next().then(() => true))
    if (!this.#isOver && this.#askAt !== undefined) {
      const asked = () => false
      events.push(timers.sleep(Math.max(this.#askAt - timers.now(), 1), over.signal).then(asked, asked))
    }
    const patient = this.#patientUntil(timers.now())
    if (patient !== undefined) {
      const enough = () => false
      events.push(timers.sleep(patient - timers.now(), over.signal).then(enough, enough))
    }
    try {
      return await Promise.race(events)
    } finally {
      over.abort()
    }
  }

  get #isBroken(): boolean {
    return this.#error !== undefined || this.#isRefused('aws')
  }

  get #isOver(): boolean {
    return this.#isBroken || this.#wasInterrupted
  }

  /**
   * What has begun has to end before all is planned anew, and AWS may take minutes for it. What a person waits for
   * begins at once where it meets nothing of that, and nothing whose end is not known.
   */
  async #overtake(): Promise<void> {
    this.#wasInterrupted = true
    try {
      this.#urgent = await this.#options.interruption.urgent()
      this.#askSoonFor(this.#urgent.filter(({ key }) => !this.#options.hasFailed(key)))
    } catch (thrown) {
      this.#error ??= { thrown }
    }
  }

  #beginUrgent(): void {
    const begun = [...this.#running.values()].map(({ action }) => action)
    for (const action of this.#urgent) {
      const { key, kind } = action
      const lane = laneOf(action)
      if (this.#isBroken || lane === 'local' || this.#isRefused(lane)) continue
      const queue = queueOf({ kind, priority: 'urgent' })
      if (this.#isFull(queue, queue === 'ends' ? this.#busy : this.#overtaking)) continue
      const others = [...begun, ...this.#failed.map((one) => one.action)]
      const after = action.after.filter((before) => !this.#isPassed(action, before))
      if (!mayOvertake({ kind, after }) || this.#running.has(key) || this.#ended.has(key)) continue
      if (others.some((one) => doMeet(action, one)) || !this.#mayAsk(lane)) continue
      this.#start(promoted(action, new Set([key])), [this.#busy, this.#overtaking])
    }
  }

  /** Begins what can begin now. */
  async #begin(): Promise<void> {
    for (;;) {
      if (!this.#isOver && this.#options.interruption.isSet()) this.#wasInterrupted = true
      this.#askAt = undefined
      if (this.#isOver) return
      const local: Action[] = []
      const isShut = { scim: false, assignments: false, ends: false }
      for (const [key, action] of this.#waiting) {
        const state = this.#stateOf(action)
        if (state === 'never') {
          this.#waiting.delete(key)
          this.#failedKeys.add(key)
          continue
        }
        if (state === 'later') continue
        const lane = laneOf(action)
        if (lane === 'local') {
          local.push(action)
          if (local.length >= localBatch) break
        } else if (this.#isRefused(lane)) {
          this.#waiting.delete(key)
          this.#failedKeys.add(key)
        } else {
          const queue = queueOf(action)
          if (isShut[queue]) continue
          // Access that has ended and waits for a place: nothing else that nobody waits for goes before it.
          const isBehind = queue === 'assignments' && isShut.ends && action.priority !== 'urgent'
          isShut[queue] = isBehind || this.#isFull(queue, this.#busy) || !this.#mayAsk(lane)
          if (!isShut[queue]) this.#start(action)
          else if (queues.every((one) => isShut[one])) break
        }
      }
      const shut = queues.filter((queue) => isShut[queue])
      this.#askAt = earliest(shut.map((queue) => this.#closedUntil(queue === 'scim' ? 'scim' : 'aws')))
      if (local.length === 0) return
      await this.#doLocal(local)
    }
  }

  #isFull(queue: Queue, counts: Readonly<Record<Queue, number>>): boolean {
    return counts[queue] >= atOnce[queue]
  }

  #mayAsk(lane: CallingLane): boolean {
    return this.#cycle.outages.mayBegin(gates[lane], this.#cycle.deps.timers.now())
  }

  #closedUntil(lane: CallingLane): Instant | undefined {
    return this.#cycle.outages.closedUntil(gates[lane])
  }

  /** A person may be waiting: a service that was away is asked with what is new. */
  #askSoonFor(actions: readonly Action[]): void {
    const now = this.#cycle.deps.timers.now()
    for (const lane of new Set(actions.map(laneOf))) {
      if (lane !== 'local') this.#cycle.outages.askSoon(gates[lane], now)
    }
  }

  #isRefused(lane: Lane): boolean {
    if (this.#stopped === undefined) return false
    return lane === 'scim' || this.#stopped.service !== 'scim'
  }

  #stateOf(action: Action): 'now' | 'later' | 'never' {
    const before = action.after.filter((key) => !this.#isPassed(action, key))
    if (before.some((key) => this.#failedKeys.has(key))) return 'never'
    return before.some((key) => this.#waiting.has(key) || this.#running.has(key)) ? 'later' : 'now'
  }

  /** Whether it need not be waited for: it has succeeded, or was only better before and does not come to its end. */
  #isPassed({ ratherAfter = [] }: Action, key: ActionKey): boolean {
    if (this.#failedKeys.has(key)) return ratherAfter.includes(key)
    if (this.#ended.has(key)) return true
    if (!ratherAfter.includes(key)) return false
    const running = this.#running.get(key)
    if (running !== undefined) return this.#cycle.deps.timers.now() >= running.begunAt + patience
    const waiting = this.#waiting.get(key) ?? this.#urgent.find((one) => one.key === key)
    const lane = waiting === undefined ? 'local' : laneOf(waiting)
    return lane !== 'local' && (this.#isRefused(lane) || this.#closedUntil(lane) !== undefined)
  }

  /** When something that is under way is waited for no longer by what had better come after it. */
  #patientUntil(now: Instant): Instant | undefined {
    const ends = [...this.#running.values()].flatMap(({ action: { kind }, begunAt }) =>
      kind === 'user.deactivate' && begunAt + patience > now ? [begunAt + patience] : [],
    )
    return earliest(ends)
  }

  #start(action: Action, counts: readonly Record<Queue, number>[] = [this.#busy]): void {
    this.#waiting.delete(action.key)
    const queue = queueOf(action)
    for (const count of counts) count[queue] += 1
    const begunAt = this.#cycle.deps.timers.now()
    const ended = makeChange(this.#cycle, action, this.#serial)
      .then(
        (outcome) => this.#end(action, outcome),
        (thrown: unknown) => {
          this.#error ??= { thrown }
        },
      )
      .finally(() => {
        for (const count of counts) count[queue] -= 1
        this.#running.delete(action.key)
      })
    this.#running.set(action.key, { action, begunAt, ended })
  }

  async #doLocal(actions: readonly Action[]): Promise<void> {
    for (const { key } of actions) this.#waiting.delete(key)
    try {
      await this.#serial(() => makeLocalChanges(this.#cycle, actions))
      for (const action of actions) this.#end(action, { state: 'succeeded' })
    } catch (thrown) {
      this.#error ??= { thrown }
    }
  }

  #end(action: Action, outcome: ChangeOutcome): void {
    this.#ended.add(action.key)
    this.#noteAnswer(laneOf(action), outcome)
    if (outcome.state === 'succeeded') this.#succeeded += 1
    else this.#failedKeys.add(action.key)
    // A lost answer counts as well: a service that never answers has to show, and to be asked less and less often.
    if (outcome.state !== 'succeeded') {
      const { failure, service, words } = outcome
      if (failure === 'unauthorized' && (this.#stopped?.service ?? 'scim') === 'scim') {
        this.#stopped = { service, words }
      }
      this.#failed.push({ action, failure, words })
    }
    this.#options.onEnd(action, outcome)
    this.#options.onProgress(this.#ended.size, this.#total)
  }

  #noteAnswer(lane: Lane, outcome: ChangeOutcome): void {
    if (lane === 'local') return
    const { outages, deps } = this.#cycle
    const now = deps.timers.now()
    if (outcome.state === 'unknown') outages.unanswered(gates[lane], now)
    else if (isAnswer(outcome)) outages.answered(gates[lane], now)
  }
}

function promoted(action: Action, first: ReadonlySet<ActionKey>): Action {
  return first.has(action.key) ? { ...action, priority: 'urgent' } : action
}

function serial(): Serial {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}
