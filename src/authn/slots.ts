/**
 * @module A counting semaphore: at most `size` tasks run, at most `queue` wait, in order of arrival. It bounds the
 * memory of argon2 (19 MiB a task) and leaves threads of the shared pool to everyone else.
 */
import { GatewayError } from '../core/error.js'

export class Slots {
  readonly #size: number
  readonly #queue: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(size: number, queue: number) {
    this.#size = size
    this.#queue = queue
  }

  /** @throws GatewayError `UNAVAILABLE` when the queue is full; the task was not started then. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#size) this.#running += 1
    else await this.#turn()
    try {
      return await task()
    } finally {
      // The slot passes straight on to the next in line, so that a newcomer cannot overtake.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#queue) {
      throw new GatewayError(
        'UNAVAILABLE',
        'too many passwords are being checked just now; try again in a minute',
      )
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
