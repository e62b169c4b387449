/**
 * @module A bound on how long one call may take. The wait goes through `Timers`, so that a seeded scheduler holds it
 * like any other; the work is told to stop by its signal, and left behind where it does not listen.
 */
import type { Timers } from './timers.js'

/** Thrown where the time was over before the work; what the work did until then is not known. */
export class TimeOver extends Error {
  override readonly name = 'TimeOver'
}

/**
 * Runs `make` for at most `ms`.
 * @throws TimeOver when the time is over, the reason of `signal` when that is aborted, or what `make` throws
 */
export async function withTimeLimit<T>(
  timers: Pick<Timers, 'sleep'>,
  ms: number,
  signal: AbortSignal | undefined,
  make: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const work = new AbortController()
  const wait = new AbortController()
  const stop = (): void => work.abort(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const ended = new Promise<never>((_resolve, reject) => {
      work.signal.addEventListener('abort', () => reject(asError(work.signal.reason)), { once: true })
    })
    timers.sleep(ms, wait.signal).then(
      () => work.abort(new TimeOver(`no answer within ${ms} ms`)),
      () => undefined,
    )
    return await Promise.race([make(work.signal), ended])
  } finally {
    wait.abort()
    signal?.removeEventListener('abort', stop)
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('stopped')
}
