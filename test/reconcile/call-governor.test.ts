/** The end of a governor: nothing waits or sleeps beyond it. */
import { expect, test } from 'vitest'
import { AwsCallError } from '../../src/core/governor/call.js'
import { createCallGovernor } from '../../src/reconcile/call-governor.js'

test('whoever waits for a turn hears of the end of the replica, and nothing sleeps after it', async () => {
  let asleep = 0
  const timers = {
    now: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) => {
      asleep += 1
      return new Promise<void>((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          asleep -= 1
          reject(new Error('stopped'))
        })
      })
    },
  }
  const governor = createCallGovernor({ timers, rateShare: 0.8 })
  const call = { service: 'sso-admin', operation: 'CreateAccountAssignment', priority: 'normal' } as const
  const outcomes = Array.from({ length: 50 }, () =>
    governor.run(call, { priority: 'normal' }, () => Promise.resolve('made')).catch(() => 'not made'),
  )
  await new Promise((resolve) => setImmediate(resolve))
  expect(asleep).toBe(1)
  governor.stop()
  const ended = await Promise.all(outcomes)
  expect(ended).toContain('made')
  expect(ended.filter((one) => one === 'not made').length).toBeGreaterThan(0)
  expect(asleep).toBe(0)
  await expect(governor.run(call, { priority: 'normal' }, () => Promise.resolve())).rejects.toThrow(
    'not made here any more',
  )
  await expect(
    governor.run(call, { priority: 'normal' }, () => Promise.resolve()),
  ).rejects.not.toBeInstanceOf(AwsCallError)
})
