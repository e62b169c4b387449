/** Requests that end or begin while something is down, starts anew, or has much else to do. */
import { afterEach, expect, test } from 'vitest'
import { hour, minute, second } from '../../src/core/time.js'
import { keepTime } from '../../src/service/access-requests/keep-time.js'
import { demo } from '../emulator/aws-world.js'
import { plugin } from '../reconcile/sync-world.js'
import { callsForm, callsOf, inAws, people } from './in-aws.js'
import {
  ann,
  lineOf,
  newRequest,
  openRequests,
  sandboxBilling,
  type RequestsWorld,
} from './requests-world.js'

let us: RequestsWorld
afterEach(() => us.world[Symbol.asyncDispose]())

test('an end while AWS is down is written on time, and made in AWS as soon as it answers', async () => {
  us = await openRequests()
  const id = await us.ask()
  await us.approve(id)
  await us.settle()
  await us.world.fault('sso-admin:DeleteAccountAssignment', 'error', 3)
  await us.world.aws.advance(hour)
  await keepTime(us.deps)
  expect((await us.request(id)).state).toBe('expired')
  for (let times = 0; times < 3; times++) {
    await us.runner.cycle()
    expect(await us.has()).toBe(true)
    await us.world.timers.sleep(2 * minute)
  }
  await us.settle()
  expect(await us.has()).toBe(false)
})

test('an end while AWS throttles is sent again until AWS takes it, and fails nothing', async () => {
  us = await openRequests()
  const { endsAt = 0 } = await us.approve(await us.ask())
  await us.settle()
  await us.world.aws.advance(endsAt - us.world.timers.now())
  await us.world.fault('sso-admin:DeleteAccountAssignment', 'throttle', 3)
  const calls = await callsOf(us.world, us.settle)
  expect(calls['sso-admin:DeleteAccountAssignment']).toBe(4)
  expect(await us.has()).toBe(false)
  const { lastSync, errors } = await us.runner.state()
  expect([lastSync?.success, errors]).toEqual([true, []])
})

test('an end is sent on time while AWS works on earlier ones for minutes', async () => {
  us = await openRequests()
  const other = { kind: 'assignment', accountId: demo.production, permissionSetArn: demo.billingArn } as const
  const first = await us.approve(await us.ask({ durationMs: 10 * minute }))
  const last = await us.approve(await us.ask({ asked_: [other], durationMs: 10 * minute + 5 * second }))
  await us.settle()
  await us.world.aws.control('PUT', 'settings', { assignmentMs: 3 * minute })
  await us.world.aws.advance((first.endsAt ?? 0) - us.world.timers.now())
  const stop = new AbortController()
  const looping = us.runner.loop(stop.signal)
  const deletions = async () => {
    const { calls } = callsForm.parse(await us.world.calls())
    return calls['sso-admin:DeleteAccountAssignment'] ?? 0
  }
  await us.world.timers.sleep(second)
  expect(await deletions()).toBe(1)
  await us.world.timers.sleep((last.endsAt ?? 0) + 2 * second - us.world.timers.now())
  expect(await deletions()).toBe(2)
  expect([await us.has(), await us.has(other)]).toEqual([true, true])
  await us.world.timers.sleep(4 * minute)
  expect([await us.has(), await us.has(other)]).toEqual([false, false])
  stop.abort()
  await looping
})

test('an approval while AWS is down is made as soon as it answers, unless its time is over by then', async () => {
  us = await openRequests()
  await us.world.fault('sso-admin:CreateAccountAssignment', 'error', 1)
  await us.approve(await us.ask())
  await us.runner.cycle()
  expect(await us.has()).toBe(false)
  await us.world.timers.sleep(5 * minute)
  await us.settle()
  expect(await us.has()).toBe(true)
  await us.world.fault('sso-admin:CreateAccountAssignment', 'error', 1)
  const other = { kind: 'assignment', accountId: demo.production, permissionSetArn: demo.billingArn } as const
  await us.approve(await us.ask({ asked_: [other], durationMs: 5 * minute }))
  await us.runner.cycle()
  await us.world.aws.advance(6 * minute)
  await us.settle()
  expect(await us.has(other)).toBe(false)
})

test('another process goes on between every two steps', async () => {
  us = await openRequests()
  const startAt = us.world.timers.now() + 10 * minute
  const id = await us.ask({ startAt })
  await us.restart()
  await us.approve(id)
  await us.restart()
  await us.settle()
  expect(await us.has()).toBe(false)
  await us.world.aws.advance(11 * minute)
  await us.restart()
  await keepTime(us.deps)
  await us.restart()
  await us.settle()
  expect(await us.has()).toBe(true)
  await us.restart()
  await us.world.aws.advance(hour)
  await us.restart()
  await us.runner.cycle()
  await us.restart()
  await us.settle()
  expect(await us.has()).toBe(false)
  expect(await us.request(id)).toMatchObject({
    state: 'expired',
    activatedAt: startAt,
    endsAt: startAt + hour,
  })
  expect(await us.events()).toEqual(['access_request.update activated', 'access_request.expire expired'])
})

test('one that began and ended while nothing ran never gave anything', async () => {
  us = await openRequests()
  const id = await us.ask({ startAt: us.world.timers.now() + 10 * minute })
  await us.approve(id)
  await us.world.aws.advance(5 * hour)
  await us.restart()
  await us.settle()
  expect(await us.has()).toBe(false)
  const over = await us.request(id)
  expect([over.state, over.activatedAt]).toEqual(['expired', undefined])
})

test('fifty that end at once go before bulk work, what ended first first', async () => {
  us = await openRequests()
  const { world } = us
  const names = people(50)
  const at = world.timers.now()
  for (const name of names) await world.user(name)
  // Later names end earlier, so that no order of names is the order of ends.
  for (const [place, user] of names.entries()) {
    const endsAt = at + hour - place * second
    await world.store.accessRequests.create({
      ...newRequest(`of ${user}`, at, [sandboxBilling]),
      ...{ user, state: 'approved', resolvedAt: at, activatedAt: at, endsAt },
      items: newRequest('x', at, [sandboxBilling]).items.map((item) => ({ ...item, state: 'approved' })),
    })
  }
  await us.settle()
  expect((await inAws(world)).assignments).toEqual(
    expect.arrayContaining(names.map((name) => lineOf(sandboxBilling, name))),
  )
  const settled = await world.store.changes.list(plugin, { limit: 1 })
  await world.list('crowd', [`assignment/${demo.sandbox}/${demo.readOnlyArn}`], names)
  await world.list('others', [`assignment/${demo.production}/${demo.readOnlyArn}`], names)
  await world.aws.advance(hour - world.timers.now() + at)
  await us.settle()
  const newer = (await world.store.changes.list(plugin, { limit: 500 })).reverse()
  const keys = newer.slice(newer.findIndex(({ id }) => id === settled[0]?.id) + 1).map(({ key }) => key)
  // Groups and members go another way to AWS, beside these.
  const begun = keys.filter((key) => key.startsWith('assignment.'))
  const idOf = (await inAws(world)).idOf
  expect(begun.length).toBeGreaterThan(50)
  expect(begun.slice(0, 50)).toEqual(
    names.toReversed().map((name) => {
      return `assignment.delete ${demo.sandbox}/${demo.billingArn} user/${String(idOf(name))}`
    }),
  )
  const ours = (line: string) => names.some((name) => line.startsWith(name))
  expect((await inAws(world)).assignments.filter(ours)).toEqual([])
}, 60_000)

test('what ended while the wait of others goes on keeps none of them', async () => {
  us = await openRequests()
  const first = await us.ask({ durationMs: 10 * minute })
  const waits = await us.ask()
  await us.approve(first)
  await us.world.aws.advance(11 * minute)
  await us.settle()
  expect((await us.request(waits)).state).toBe('pending')
  await us.approve(waits)
  await us.settle()
  expect(await us.has()).toBe(true)
  expect(await us.request(first)).toMatchObject({ user: ann, state: 'expired' })
})
