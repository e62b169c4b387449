import { CreateAccountAssignmentCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { EmulatorContext } from '../../../src/emulator/context.js'
import { DueTimer } from '../../../src/emulator/due-timer.js'
import { emptyOrganisation } from '../../../src/emulator/state/organisation.js'
import { ManualClock, systemClock, type Clock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import { startEmulator } from '../../../src/emulator/main.js'
import { adminKey, demo, demoRegion } from '../aws-world.js'
import { demoFile } from '../portal.js'
import { EventFeed } from './event-feed.js'

function newContext(clock: Clock): EmulatorContext & Disposable {
  const context = new EmulatorContext(emptyOrganisation, {
    clock,
    random: systemRandom,
    logger: createLogger('silent'),
    publicUrl: 'http://127.0.0.1',
  })
  return Object.assign(context, { [Symbol.dispose]: () => context.close() })
}

/** Timers of the same process fire in order of their instants: what was due before this has happened. */
const until = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('what is due on a real clock', () => {
  test('happens in time without a call, and in order', async () => {
    using context = newContext(systemClock)
    const begin = systemClock.now()
    const done: string[] = []
    await new Promise<void>((resolve) => {
      const { schedule } = context.state
      schedule.add(begin + 40, () => {
        done.push('second')
        schedule.add(begin + 60, resolve)
      })
      schedule.add(begin + 20, () => done.push('first'))
      schedule.add(begin - 5, () => done.push('overdue'))
    })
    expect(done).toEqual(['overdue', 'first', 'second'])
    expect(systemClock.now()).toBeGreaterThanOrEqual(begin + 60)
  })

  test('happens once where a call comes first', async () => {
    using context = newContext(systemClock)
    let times = 0
    const due = systemClock.now() + 10
    context.state.schedule.add(due, () => (times += 1))
    while (systemClock.now() < due) context.settle()
    context.settle()
    await until(20)
    expect(times).toBe(1)
  })

  test('is not lost where the work before it fails', async () => {
    using context = newContext(systemClock)
    const begin = systemClock.now()
    await new Promise<void>((resolve) => {
      context.state.schedule.add(begin + 5, () => {
        throw new Error('the work fails')
      })
      context.state.schedule.add(begin + 10, resolve)
    })
    expect(context.state.schedule.nextAt()).toBeUndefined()
  })

  test('does not happen after a reset, nor after the end', async () => {
    const done: string[] = []
    using context = newContext(systemClock)
    context.state.schedule.add(systemClock.now() + 5, () => done.push('before the reset'))
    context.reset()
    const ended = newContext(systemClock)
    ended.state.schedule.add(systemClock.now() + 5, () => done.push('before the end'))
    ended.close()
    ended.state.schedule.add(systemClock.now() + 6, () => done.push('after the end'))
    await until(25)
    expect(done).toEqual([])
  })
})

test('the event stream tells the end of an assignment in time, without a call', async () => {
  await using emulator = await startEmulator({
    listen: '127.0.0.1:0',
    orgFile: demoFile,
    clock: systemClock,
    logger: createLogger('silent'),
    settings: { assignmentMs: 50 },
  })
  const client = new SSOAdminClient({ endpoint: emulator.url, region: demoRegion, credentials: adminKey })
  await using feed = await EventFeed.open(emulator.url)
  await client.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      PermissionSetArn: demo.billingArn,
      PrincipalType: 'USER',
      PrincipalId: demo.adaId,
      TargetType: 'AWS_ACCOUNT',
      TargetId: demo.sandbox,
    }),
  )
  client.destroy()
  const tables: unknown[] = []
  while (!tables.includes('assignments')) {
    const [message] = await feed.take(1)
    if (message?.event === 'change') tables.push((message.data['change'] as { table: string }).table)
  }
  expect(tables[0]).toBe('assignmentRequests')
})

test('a virtual clock has no timer: what is due waits for a call', async () => {
  const clock = new ManualClock(0)
  using context = newContext(clock)
  let times = 0
  context.state.schedule.add(0, () => (times += 1))
  await until(5)
  expect(times).toBe(0)
  context.settle()
  expect(times).toBe(1)
})

test('an instant beyond what a timer can count is not due at once', async () => {
  let woken = 0
  const timer = new DueTimer(systemClock, () => (woken += 1))
  timer.arm(systemClock.now() + 2 ** 40)
  await until(5)
  expect(woken).toBe(0)
  timer.close()
})
