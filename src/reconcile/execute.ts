/**
 * @module Does a plan: what may go on, in its order, each action after those that it needs, several at once where they
 * do not meet. One object's failure is written down and the others go on; credentials that AWS refuses stop everything.
 */
import type { AwsCallError } from '../core/governor/call.js'
import type { FailureWords } from '../core/plan/failure-words.js'
import type { Action, ActionKey } from '../core/plan/plan.js'
import { doMeet, mayOvertake } from './overtake.js'
import { makeChange, makeLocalChanges, type ChangeOutcome, type Serial } from './change.js'
import type { Cycle } from './cycle.js'

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
}

export interface ExecuteOptions {
  /** Actions that go before the others, whatever their place: a person may be waiting. */
  readonly first: ReadonlySet<ActionKey>
  readonly interruption: Interruption
  /** Told how many have ended. */
  readonly onProgress: (done: number, total: number) => void
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

type Lane = 'local' | 'scim' | 'aws'

/** AWS takes 15 assignments at once from everybody; SCIM is limited by its rate, and order matters more there. */
const atOnce: Readonly<Record<Exclude<Lane, 'local'>, number>> = { scim: 4, aws: 10 }
const localBatch = 500

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
  readonly #running = new Map<ActionKey, { readonly action: Action; readonly ended: Promise<void> }>()
  readonly #lanes = { scim: 0, aws: 0 }
  readonly #failedKeys = new Set<ActionKey>()
  readonly #ended = new Set<ActionKey>()
  readonly #failed: { action: Action; failure: AwsCallError['failure']; words: FailureWords }[] = []
  readonly #serial: Serial = serial()
  #succeeded = 0
  #stopped: ExecuteResult['stopped']
  #wasInterrupted = false
  #error: { readonly thrown: unknown } | undefined

  constructor(cycle: Cycle, actions: readonly Action[], options: ExecuteOptions) {
    this.#cycle = cycle
    this.#options = options
    this.#total = actions.length
    const rank = ({ key, priority }: Action) => (options.first.has(key) || priority === 'urgent' ? 0 : 1)
    const sorted = [...actions].sort((a, b) => rank(a) - rank(b))
    this.#waiting = new Map(sorted.map((action) => [action.key, promoted(action, options.first)]))
  }

  async toEnd(): Promise<ExecuteResult> {
    for (;;) {
      await this.#begin()
      if (this.#running.size === 0) break
      const running = [...this.#running.values()]
      const isNews = await Promise.race([
        ...running.map(({ ended }) => ended.then(() => false)),
        ...(this.#isBroken ? [] : [this.#options.interruption.next().then(() => true)]),
      ])
      if (isNews) await this.#overtake()
    }
    if (this.#error !== undefined) throw this.#error.thrown
    return {
      succeeded: this.#succeeded,
      failed: this.#failed,
      ended: this.#ended,
      stopped: this.#stopped,
      wasInterrupted: this.#wasInterrupted,
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
    const begun = [...this.#running.values()].map(({ action }) => action)
    try {
      for (const action of await this.#options.interruption.urgent()) {
        const others = [...begun, ...this.#failed.map((one) => one.action)]
        const { key } = action
        const lane = laneOf(action)
        if (this.#isBroken || lane === 'local' || this.#isRefused(lane)) continue
        if (!mayOvertake(action) || this.#running.has(key) || this.#ended.has(key)) continue
        if (!others.some((one) => doMeet(action, one))) this.#start(promoted(action, new Set([key])), lane)
      }
    } catch (thrown) {
      this.#error ??= { thrown }
    }
  }

  /** Begins what can begin now. */
  async #begin(): Promise<void> {
    for (;;) {
      if (!this.#isOver && this.#options.interruption.isSet()) this.#wasInterrupted = true
      if (this.#isOver) return
      const local: Action[] = []
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
        } else if (this.#lanes[lane] < atOnce[lane]) {
          this.#start(action, lane)
        } else if (this.#lanes.scim >= atOnce.scim && this.#lanes.aws >= atOnce.aws) {
          break
        }
      }
      if (local.length === 0) return
      await this.#doLocal(local)
    }
  }

  #isRefused(lane: Lane): boolean {
    if (this.#stopped === undefined) return false
    return lane === 'scim' || this.#stopped.service !== 'scim'
  }

  #stateOf({ after }: Action): 'now' | 'later' | 'never' {
    if (after.some((key) => this.#failedKeys.has(key))) return 'never'
    return after.some((key) => this.#waiting.has(key) || this.#running.has(key)) ? 'later' : 'now'
  }

  #start(action: Action, lane: Exclude<Lane, 'local'>): void {
    this.#waiting.delete(action.key)
    this.#lanes[lane] += 1
    const ended = makeChange(this.#cycle, action, this.#serial)
      .then(
        (outcome) => this.#end(action, outcome),
        (thrown: unknown) => {
          this.#error ??= { thrown }
        },
      )
      .finally(() => {
        this.#lanes[lane] -= 1
        this.#running.delete(action.key)
      })
    this.#running.set(action.key, { action, ended })
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
    this.#options.onProgress(this.#ended.size, this.#total)
  }
}

function promoted(action: Action, first: ReadonlySet<ActionKey>): Action {
  return first.has(action.key) ? { ...action, priority: 'urgent' } : action
}

function laneOf({ kind }: Action): Lane {
  switch (kind) {
    case 'ledger.update':
    case 'link.forget':
      return 'local'
    case 'assignment.create':
    case 'assignment.delete':
      return 'aws'
    case 'user.create':
    case 'user.adopt':
    case 'user.update':
    case 'user.activate':
    case 'user.deactivate':
    case 'user.delete':
    case 'group.create':
    case 'group.adopt':
    case 'group.rename':
    case 'group.delete':
    case 'members.add':
    case 'members.remove':
      return 'scim'
  }
}

function serial(): Serial {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}
