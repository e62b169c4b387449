/**
 * Time of a simulated world. It stands still while anything works, and then moves to the next instant at which somebody
 * wants to be woken. Who is woken first among those of one instant is drawn from the seed, so that a seed replays
 * exactly and many seeds try many orders.
 */
import { setImmediate as turn, setTimeout as realTime } from 'node:timers/promises'
import type { Prng } from '../../../src/emulator/prng.js'
import { ManualClock } from '../../../src/lib/clock.js'

interface Sleeper {
  readonly at: number
  readonly owner: Life
  readonly wake: () => void
}

/** Whoever can end: what it waits for is then never over, as for a process that was killed. */
export interface Life {
  readonly isAlive: boolean
  /** Awaited before it goes on after anything: it may be stalled, as by a long collection of garbage. */
  readonly goOn?: () => Promise<void>
}

/** Turns of the event loop without any work after which nothing is under way: all waiting goes through here. */
const quietTurns = 4
/** A world that never comes to rest is a defect of its own. */
const mostTurns = 200_000
/** Nor is one in which somebody never stops working; histories that end have a tenth of it. */
const mostWakes = 100_000

export class Scheduler {
  /** The true time; it is also that of AWS. */
  readonly clock: ManualClock
  readonly #prng: Prng
  #sleepers: Sleeper[] = []
  /** Grows with everything that happens. */
  #activity = 0
  #underWay = 0
  #wakes = 0
  readonly #mostWakes: number

  constructor(start: number, prng: Prng, limits: { readonly mostWakes?: number } = {}) {
    this.#mostWakes = limits.mostWakes ?? mostWakes
    this.clock = new ManualClock(start)
    this.#prng = prng
  }

  /** Resolves at the instant that is `ms` from now, if `owner` still lives; rejects by the signal. */
  sleep(owner: Life, ms: number, signal?: AbortSignal): Promise<void> {
    this.#activity += 1
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason))
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#activity += 1
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
        if (owner.isAlive) reject(asError(signal?.reason))
      }
      const wake = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const sleeper: Sleeper = { at: this.clock.now() + Math.ceil(ms), owner, wake }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  /** Time waits for this work, which must not itself wait for time. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1
    this.#activity += 1
    try {
      return await work()
    } finally {
      this.#underWay -= 1
      this.#activity += 1
    }
  }

  /** Until nothing is under way at this instant. */
  async settle(): Promise<void> {
    let seen = this.#activity
    let quiet = 0
    for (let turns = 0; quiet < quietTurns; turns++) {
      if (turns > mostTurns) throw new Error('the world does not come to rest')
      await turn()
      quiet = this.#underWay === 0 && this.#activity === seen ? quiet + 1 : 0
      if (quiet === quietTurns && (await waitedForFiles())) quiet = 0
      seen = this.#activity
    }
  }

  /** Lets everything happen that is due until `end`, each thing at its instant. */
  async advanceTo(end: number): Promise<void> {
    for (;;) {
      await this.settle()
      const next = this.#nextSleeper()
      if (next === undefined || next.at > end) break
      this.clock.set(Math.max(next.at, this.clock.now()))
      this.#sleepers = this.#sleepers.filter((one) => one !== next)
      this.#activity += 1
      if (++this.#wakes > this.#mostWakes) throw new Error('somebody never stops working')
      next.wake()
    }
    this.clock.set(Math.max(end, this.clock.now()))
    await this.settle()
  }

  async advance(ms: number): Promise<void> {
    await this.advanceTo(this.clock.now() + ms)
  }

  /** Runs `work`, which may wait for time, and moves time until it ends. @throws what it throws, or after `limitMs` */
  async run<T>(work: Promise<T>, limitMs: number): Promise<T> {
    const end = this.clock.now() + limitMs
    const state: { done: boolean } = { done: false }
    const finish = (): void => {
      state.done = true
      this.#activity += 1
    }
    work.then(finish, finish)
    while (!state.done) {
      await this.settle()
      if (state.done) break
      const next = this.#nextSleeper()
      if (next === undefined) throw new Error('nobody waits for anything, and the work is not done')
      if (next.at > end) throw new Error(`the work is not done after ${limitMs} ms of virtual time`)
      await this.advanceTo(next.at)
    }
    return await work
  }

  /** The earliest; among those of one instant one that the seed picks. The dead are never woken. */
  #nextSleeper(): Sleeper | undefined {
    this.#sleepers = this.#sleepers.filter(({ owner }) => owner.isAlive)
    let at = Infinity
    for (const sleeper of this.#sleepers) at = Math.min(at, sleeper.at)
    const due = this.#sleepers.filter((sleeper) => sleeper.at === at)
    return due.length === 0 ? undefined : this.#prng.pick(due)
  }
}

/** The SDK looks into its shared files before its first call, which on a busy machine takes more than a few turns. */
async function waitedForFiles(): Promise<boolean> {
  const isReading = (): boolean => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
  if (!isReading()) return false
  while (isReading()) await realTime(1)
  return true
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('stopped')
}
