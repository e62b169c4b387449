/**
 * @module Work that is due at an instant: ends of asynchronous requests. It runs when the clock has reached it, in
 * order of time and then of arrival, so that a run with the same seed and calls is the same twice.
 */

interface Task {
  readonly at: number
  readonly run: () => void
}

export class Schedule {
  #tasks: Task[] = []
  #watch: () => void = () => undefined

  /** Calls `listener`, the only one, whenever {@link Schedule.nextAt} may have changed. */
  watch(listener: () => void): void {
    this.#watch = listener
  }

  /** Runs `run` once the clock has reached `at` (milliseconds since the epoch). */
  add(at: number, run: () => void): void {
    let [low, high] = [0, this.#tasks.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#tasks[middle]?.at ?? Infinity) > at) high = middle
      else low = middle + 1
    }
    this.#tasks.splice(low, 0, { at, run })
    if (this.#tasks[0]?.run === run) this.#watch()
  }

  /** Tasks that are not yet due. */
  get size(): number {
    return this.#tasks.length
  }

  /** When the next task is due. */
  nextAt(): number | undefined {
    return this.#tasks[0]?.at
  }

  /** Runs everything that is due at `now`, also what that adds. */
  runDue(now: number): void {
    for (let first = this.#tasks[0]; first !== undefined && first.at <= now; first = this.#tasks[0]) {
      this.#tasks.shift()
      this.#watch()
      first.run()
    }
  }
}
