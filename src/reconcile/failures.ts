/**
 * @module What failed and when it is tried again: by action, doubled with each attempt from half a minute to an hour.
 * One bad object waits alone; the rest goes on. What failed because a service did not answer at all waits no longer than
 * the service is away: the first answer that anybody gets ends its waiting.
 */
import type { Action, ActionKey } from '../core/plan/plan.js'
import { hour, minute, second, type Instant } from '../core/time.js'
import { isAnswer, objectOf, type ChangeOutcome } from './change.js'
import { callingLanes, laneOf, type CallingLane } from './lane.js'
import type { Failure } from './notes.js'

const shortest = 30 * second
const longest = hour

export class Failures {
  readonly #byKey: Map<ActionKey, Failure>
  /** Failures after which the service has not answered anybody else yet. */
  readonly #unanswered: Readonly<Record<CallingLane, Set<ActionKey>>> = { scim: new Set(), aws: new Set() }

  constructor(known: readonly Failure[]) {
    this.#byKey = new Map(known.map((failure) => [failure.key, failure]))
    for (const { key, lane, answeredSince } of known) {
      if (lane !== undefined && answeredSince === false) this.#unanswered[lane].add(key)
    }
  }

  /** What became of an action, as soon as it is known: the order in which things ended tells whose fault they are. */
  ended(action: Action, outcome: ChangeOutcome, now: Instant): void {
    const lane = laneOf(action)
    if (lane === 'local') return
    if (isAnswer(outcome)) this.#answered(lane, action.key, now)
    if (outcome.state === 'succeeded') this.#delete(action.key)
    else this.#add(action, lane, outcome, now)
  }

  #add(
    action: Action,
    lane: CallingLane,
    { failure, words }: Exclude<ChangeOutcome, { readonly state: 'succeeded' }>,
    now: Instant,
  ): void {
    // No fault of the object: the limits of AWS, or credentials that would fail for everybody.
    if (failure === 'throttled' || failure === 'unauthorized') return
    const before = this.#byKey.get(action.key)
    const attempts = (before?.attempts ?? 0) + 1
    // One lost answer is found out by the next cycle, which reads AWS first; from the second on something is wrong.
    const isFound = failure === 'unknown_outcome' && attempts === 1
    // A service that answered others between two failures of one object was there: the fault is the object's.
    const wasAnswered = before !== undefined && before.answeredSince !== false
    const isOfService = failure === 'unknown_outcome' && !wasAnswered
    // How often a service that answers nobody is asked is for its gate to say, see `outages.ts`.
    const most = endsAccess(action) && failure === 'unknown_outcome' ? (isOfService ? 0 : minute) : longest
    const wait = isFound ? 0 : Math.min(shortest * 2 ** Math.min(attempts - 1, 20), most)
    this.#byKey.set(action.key, {
      key: action.key,
      ...objectOf(action),
      ...words,
      since: before?.since ?? now,
      attempts,
      notBefore: now + wait,
      lane,
      isOfService,
      answeredSince: false,
    })
    this.#unanswered[lane].add(action.key)
  }

  /** Whatever failed since the last answer is told; what failed for the silence alone is tried again at once. */
  #answered(lane: CallingLane, answered: ActionKey, now: Instant): void {
    for (const key of this.#unanswered[lane]) {
      const failure = this.#byKey.get(key)
      if (failure === undefined || key === answered) continue
      const fresh =
        failure.isOfService === true ? { attempts: 1, notBefore: Math.min(failure.notBefore, now) } : {}
      this.#byKey.set(key, { ...failure, ...fresh, answeredSince: true })
    }
    this.#unanswered[lane].clear()
  }

  #delete(key: ActionKey): void {
    this.#byKey.delete(key)
    for (const lane of callingLanes) this.#unanswered[lane].delete(key)
  }

  has(key: ActionKey): boolean {
    return this.#byKey.has(key)
  }

  /** Tries again at once what concerns this object. */
  forgetObject(name: string): void {
    for (const { key, name: of } of [...this.#byKey.values()]) {
      if (of === name || of.startsWith(`${name} `)) this.#delete(key)
    }
  }

  /** Without those that no plan asks for any more. */
  keepOnly(keys: ReadonlySet<ActionKey>): void {
    for (const key of [...this.#byKey.keys()]) if (!keys.has(key)) this.#delete(key)
  }

  waits(): ReadonlyMap<ActionKey, Instant> {
    return new Map([...this.#byKey.values()].map(({ key, notBefore }) => [key, notBefore]))
  }

  nextAt(now: Instant): Instant | undefined {
    const later = [...this.#byKey.values()].map(({ notBefore }) => notBefore).filter((at) => at > now)
    return later.length === 0 ? undefined : Math.min(...later)
  }

  list(): Failure[] {
    return [...this.#byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  }
}

/** A lock, the end of a time, or a user who is gone: it is tried again as often as the service may be asked. */
function endsAccess({ kind, uncounted }: Action): boolean {
  return kind === 'user.deactivate' || uncounted === true
}
