import { expect, test } from 'vitest'
import { TimeOver, withTimeLimit } from '../../src/lib/time-limit.js'
import type { Timers } from '../../src/lib/timers.js'

/** Sleeps end when told to, and are counted while they last. */
class HeldTimers implements Timers {
  readonly asleep = new Set<() => void>()
  now(): number {
    return 0
  }
  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.asleep.add(resolve)
      signal?.addEventListener('abort', () => {
        this.asleep.delete(resolve)
        reject(new Error('stopped'))
      })
    })
  }
  wake(): void {
    for (const resolve of this.asleep) resolve()
  }
}

const never = () => new Promise<never>(() => undefined)

test('work that ends in time is answered, and its wait ends with it', async () => {
  const timers = new HeldTimers()
  expect(await withTimeLimit(timers, 10, undefined, () => Promise.resolve('done'))).toBe('done')
  expect(timers.asleep.size).toBe(0)
})

test('work that fails in time fails, and its wait ends with it', async () => {
  const timers = new HeldTimers()
  await expect(withTimeLimit(timers, 10, undefined, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  )
  expect(timers.asleep.size).toBe(0)
})

test('work that does not end is told to stop, and left behind where it does not listen', async () => {
  const timers = new HeldTimers()
  let told = false
  const work = withTimeLimit(timers, 10, undefined, (signal) => {
    signal.addEventListener('abort', () => (told = true))
    return never()
  })
  timers.wake()
  await expect(work).rejects.toThrow(TimeOver)
  expect(told).toBe(true)
})

test('an aborted signal stops the work for its own reason', async () => {
  const stop = new AbortController()
  const work = withTimeLimit(new HeldTimers(), 10, stop.signal, never)
  stop.abort(new Error('shutting down'))
  await expect(work).rejects.toThrow('shutting down')
})

test('a signal that was aborted before begins nothing', async () => {
  let begun = false
  const work = withTimeLimit(new HeldTimers(), 10, AbortSignal.abort(new Error('too late')), () => {
    begun = true
    return never()
  })
  await expect(work).rejects.toThrow('too late')
  expect(begun).toBe(false)
})
