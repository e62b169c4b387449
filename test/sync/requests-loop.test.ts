/** Requests where the sync and the keeper of time work by themselves, and a plugin that is removed meanwhile. */
import { afterEach, expect, test } from 'vitest'
import { hour, minute, second } from '../../src/core/time.js'
import { createGrantSource } from '../../src/service/access-requests/grant-source.js'
import { keepTime, startKeepingTime } from '../../src/service/access-requests/keep-time.js'
import { endingRows } from '../../src/service/identity-center/time-boxed.js'
import { plugin } from '../reconcile/sync-world.js'
import { openRequests, productionReadOnly, sandboxBilling, type RequestsWorld } from './requests-world.js'

let us: RequestsWorld
let stopAll: (() => Promise<void>) | undefined
afterEach(async () => {
  await stopAll?.()
  await us.world[Symbol.asyncDispose]()
})

/** Both loops, until the test is over. */
function begin(): void {
  const stop = new AbortController()
  const looping = us.runner.loop(stop.signal)
  const keeping = startKeepingTime(us.deps)
  stopAll = async () => {
    stopAll = undefined
    stop.abort()
    await looping
    await keeping[Symbol.asyncDispose]()
  }
}

/** How long it takes until `is` holds; time passes meanwhile. */
async function until(is: () => Promise<boolean>): Promise<number> {
  const { timers } = us.world
  const from = timers.now()
  while (!(await is())) {
    if (timers.now() - from > 20 * second) throw new Error('it did not come to it')
    await timers.sleep(100)
  }
  return timers.now() - from
}

test('an approval that another replica wrote is seen within the interval of looking, and its end within two seconds', async () => {
  us = await openRequests()
  begin()
  // Without a word to the sync: that is what another replica does.
  const { endsAt = 0 } = await us.approve(await us.ask({ durationMs: 5 * minute }))
  expect(await until(() => us.has())).toBeLessThan(5 * second)
  await us.world.aws.advance(endsAt - us.world.timers.now())
  expect(await until(async () => !(await us.has()))).toBeLessThan(2 * second)
})

test('a start is kept to the second, and its wait ends by itself', async () => {
  us = await openRequests()
  begin()
  const startAt = us.world.timers.now() + 10 * minute
  const id = await us.ask({ startAt })
  const waits = await us.ask({ pendingUntil: us.world.timers.now() + 5 * minute })
  await us.approve(id)
  await us.world.aws.advance(startAt - us.world.timers.now())
  await us.world.timers.sleep(1.5 * second)
  expect((await us.request(id)).activatedAt).toBe(startAt)
  expect((await us.request(waits)).state).toBe('expired')
  expect(await until(() => us.has())).toBeLessThan(3 * second)
})

test('what requests give is told before the plugin is removed, and nothing else of the person (T26)', async () => {
  us = await openRequests()
  await us.approve(await us.ask({ asked_: [sandboxBilling, productionReadOnly] }))
  await us.world.user('ann@example.com', [
    'dev',
    productionReadOnly.kind === 'assignment'
      ? `assignment/${productionReadOnly.accountId}/${productionReadOnly.permissionSetArn}`
      : '',
  ])
  await us.settle()
  const { ledger, principalLinks } = us.world.store
  const rows = endingRows(
    await ledger.list(plugin),
    await principalLinks.list(plugin),
    await us.runner.plan(),
  )
  const targets = rows.map(({ target }) => target)
  expect(targets).toHaveLength(1)
  expect(sandboxBilling.kind === 'assignment' && targets[0]?.startsWith(sandboxBilling.accountId)).toBe(true)
})

test('grants are worked out anew after a write and where time changes them, and not otherwise', async () => {
  us = await openRequests()
  const { store, timers, aws } = us.world
  const source = createGrantSource({ store, catalog: us.catalog, clock: timers })
  const none = await source.grants()
  expect(none).toEqual([])
  await us.approve(await us.ask({ durationMs: 10 * minute }))
  const some = await source.grants()
  expect(some).toHaveLength(1)
  expect(await source.grants()).toBe(some)
  await aws.advance(9 * minute)
  expect(await source.grants()).toBe(some)
  await aws.advance(minute)
  expect(await source.grants()).toEqual([])
})

test('of requests those are told to be over that ended, were removed or never were', async () => {
  us = await openRequests()
  const { store, timers, aws } = us.world
  const source = createGrantSource({ store, catalog: us.catalog, clock: timers })
  const [lives, released, over, gone] = [
    await us.ask({ durationMs: hour }),
    await us.ask(),
    await us.ask({ durationMs: 5 * minute }),
    await us.ask(),
  ]
  for (const id of [lives, released, over, gone]) await us.approve(id)
  await us.end(released, 'release')
  await store.accessRequests.delete(gone)
  await aws.advance(6 * minute)
  const ids = [lives, released, over, gone, 'none']
  expect([...(await source.findOver(ids))]).toEqual([released, over, gone, 'none'])
  await keepTime(us.deps)
  expect([...(await source.findOver(ids))]).toEqual([released, over, gone, 'none'])
})
