/**
 * @module Which services answer, by gates that close when two calls in a row got no answer. While a gate is closed, one call at a
 * time may go through as a question, less and less often; the first answer opens it for all. It decides and never does:
 * whoever wants to call asks first, and tells how it ended. Time is an argument.
 */
import { minute, second, type DurationMs, type Instant } from '../time.js'
import type { AwsService } from './call.js'

/** Reads and changes of one service fail apart: what can be read may still refuse to be changed. */
export type Gate = `${AwsService} ${'read' | 'change'}`

/** A moment at first, since others under way may be answered. */
const shortest: DurationMs = second
const longest: DurationMs = minute

interface Closed {
  /** From the end of one question to the next. */
  wait: DurationMs
  /** When the next question may be asked. */
  askAt: Instant
  /** When the last call ended without an answer. */
  failedAt: Instant
  /** Whether a question was asked that has not failed yet. */
  isAsked: boolean
}

export class Outages {
  /** Where the last call got no answer: one may be lost without anybody being away. */
  readonly #doubted = new Set<Gate>()
  readonly #closed = new Map<Gate, Closed>()

  /** Whether a call may begin now. Where the gate is closed, the one that may is the question; ask again before another. */
  mayBegin(gate: Gate, now: Instant): boolean {
    const closed = this.#closed.get(gate)
    if (closed === undefined) return true
    if (now < closed.askAt) return false
    // Without a word about this question the next one may follow: whoever asked may be gone.
    closed.askAt = now + closed.wait
    closed.isAsked = true
    return true
  }

  /** Success or refusal: somebody is there. Another service that is away may be back, too, and is asked at once. */
  answered(gate: Gate, now: Instant): void {
    this.#doubted.delete(gate)
    if (!this.#closed.delete(gate)) return
    for (const closed of this.#closed.values()) closed.askAt = Math.min(closed.askAt, now)
  }

  /** No answer: 5xx, a broken connection, a time out. */
  unanswered(gate: Gate, now: Instant): void {
    const closed = this.#closed.get(gate)
    if (closed === undefined) {
      if (!this.#doubted.has(gate)) {
        this.#doubted.add(gate)
        return
      }
      this.#closed.set(gate, { wait: shortest, askAt: now + shortest, failedAt: now, isAsked: false })
      return
    }
    closed.failedAt = now
    // What was under way when the gate closed tells nothing new.
    if (!closed.isAsked) return
    closed.isAsked = false
    closed.wait = Math.min(closed.wait * 2, longest)
    closed.askAt = now + closed.wait
  }

  /** Somebody waits for something new: it may be the next question, a moment after the last failure. */
  askSoon(gate: Gate, now: Instant): void {
    const closed = this.#closed.get(gate)
    if (closed !== undefined) closed.askAt = Math.min(closed.askAt, Math.max(now, closed.failedAt + shortest))
  }

  /** A person says that something is to be tried now. */
  askSoonAll(now: Instant): void {
    for (const gate of this.#closed.keys()) this.askSoon(gate, now)
  }

  /** When the first of those that are closed may be asked; undefined where all are open. */
  get nextAskAt(): Instant | undefined {
    const waits = [...this.#closed.values()].map(({ askAt }) => askAt)
    return waits.length === 0 ? undefined : Math.min(...waits)
  }

  /** When the next question may be asked; undefined where the gate is open. */
  closedUntil(gate: Gate): Instant | undefined {
    return this.#closed.get(gate)?.askAt
  }
}
