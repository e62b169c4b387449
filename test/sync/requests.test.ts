/** Access requests on their way to AWS and back, on the clock of the emulator. */
import { afterEach, describe, expect, test } from 'vitest'
import { hour, minute, second } from '../../src/core/time.js'
import { keepTime } from '../../src/service/access-requests/keep-time.js'
import { demo } from '../emulator/aws-world.js'
import { callsOf } from './in-aws.js'
import {
  ann,
  openRequests,
  productionReadOnly,
  rita,
  sandboxBilling,
  type RequestsWorld,
} from './requests-world.js'

let us: RequestsWorld
afterEach(() => us.world[Symbol.asyncDispose]())

const deletion = 'sso-admin:DeleteAccountAssignment'
const creation = 'sso-admin:CreateAccountAssignment'

async function deletionsOf(work: () => Promise<unknown>): Promise<number> {
  return (await callsOf(us.world, work))[deletion] ?? 0
}

describe('one request', () => {
  test('gives nothing while it waits, everything at its approval, and nothing from its end on', async () => {
    us = await openRequests()
    const id = await us.ask()
    await us.settle()
    expect(await us.has()).toBe(false)
    const approved = await us.approve(id)
    expect(approved).toMatchObject({ state: 'approved', activatedAt: us.world.timers.now() })
    await us.settle()
    expect(await us.has()).toBe(true)
    await us.world.aws.advance((approved.endsAt ?? 0) - us.world.timers.now() - second)
    await us.settle()
    expect(await us.has()).toBe(true)
    await us.world.aws.advance(second)
    await us.settle()
    expect(await us.has()).toBe(false)
    expect((await us.request(id)).state).toBe('expired')
    expect(await us.events()).toEqual(['access_request.expire expired'])
  })

  test('its end is sent to AWS even where nobody writes its new state', async () => {
    us = await openRequests()
    const id = await us.ask()
    await us.approve(id)
    await us.settle()
    await us.world.aws.advance(61 * minute)
    await us.runner.cycle()
    expect(await us.has()).toBe(false)
    expect((await us.request(id)).state).toBe('approved')
  })

  test('that nobody decides ends with its wait, and gives nothing', async () => {
    us = await openRequests()
    const id = await us.ask()
    await us.world.aws.advance(24 * hour)
    await us.settle()
    expect((await us.request(id)).state).toBe('expired')
    expect(await us.events()).toEqual(['access_request.expire expired'])
    await expect(us.approve(id)).rejects.toThrow('expired')
  })

  test('that starts later gives nothing before, and begins to the second', async () => {
    us = await openRequests()
    const startAt = us.world.timers.now() + 10 * minute
    const id = await us.ask({ startAt })
    const approved = await us.approve(id)
    expect([approved.activatedAt, approved.endsAt]).toEqual([undefined, startAt + hour])
    await us.settle()
    expect(await us.has()).toBe(false)
    await us.world.aws.advance(startAt - us.world.timers.now())
    await us.settle()
    expect(await us.has()).toBe(true)
    expect(await us.request(id)).toMatchObject({ activatedAt: startAt, endsAt: startAt + hour })
    expect(await us.events()).toEqual(['access_request.update activated'])
  })

  test.each(['release', 'revoke'] as const)('ends before its time at once: %s', async (how) => {
    us = await openRequests()
    const id = await us.ask()
    await us.approve(id)
    await us.settle()
    await us.end(id, how)
    expect(await deletionsOf(us.settle)).toBe(1)
    expect(await us.has()).toBe(false)
  })

  test('that ended and is in AWS all the same is known by the plan: at its end, or by a person before it', async () => {
    us = await openRequests()
    const revoked = await us.ask()
    const ending = await us.ask({ asked_: [productionReadOnly], durationMs: 10 * minute })
    await us.approve(revoked)
    const { endsAt } = await us.approve(ending)
    await us.settle()
    await us.world.aws.advance(11 * minute)
    await us.end(revoked, 'revoke')
    const { plan } = await us.runner.plan()
    expect(plan.actions.map(({ action, ended }) => [action.kind, ended])).toEqual([
      ['assignment.delete', { at: undefined }],
      ['assignment.delete', { at: endsAt }],
    ])
    await us.settle()
    expect((await us.runner.plan()).plan.actions).toEqual([])
  })

  test('that is cancelled before its start never gives anything', async () => {
    us = await openRequests()
    const startAt = us.world.timers.now() + 10 * minute
    const id = await us.ask({ startAt })
    await us.approve(id)
    await us.end(id, 'cancel')
    await us.world.aws.advance(11 * minute)
    expect((await callsOf(us.world, us.settle))[creation]).toBeUndefined()
    expect((await us.request(id)).state).toBe('cancelled')
  })

  test('of a role gives what the role gave and still gives (T30)', async () => {
    us = await openRequests()
    const id = await us.ask({ asked_: [{ kind: 'role', name: 'reader' }] })
    await us.approve(id)
    await us.settle()
    expect(await us.has(productionReadOnly)).toBe(true)
    await us.world.put(
      'role',
      'reader',
      { allow: { account_assignments: [{ account: demo.sandbox, permission_set: demo.billingArn }] } },
      'v8',
    )
    await us.settle()
    expect(await us.has(productionReadOnly)).toBe(false)
    expect(await us.has(sandboxBilling)).toBe(false)
  })

  test('keeps everything from a locked person, and gives it back after the lock', async () => {
    us = await openRequests()
    await us.approve(await us.ask())
    await us.settle()
    await us.world.put('lock', 'leaver', { target: { user: ann }, message: 'left' }, 'v2')
    await us.settle()
    expect(await us.has()).toBe(false)
    await us.world.remove('lock', 'leaver')
    await us.settle()
    expect(await us.has()).toBe(true)
  })

  test('keeps what comes by a locked role from whoever asked for it, and gives it back after the lock', async () => {
    us = await openRequests()
    await us.approve(await us.ask())
    await us.approve(await us.ask({ asked_: [{ kind: 'role', name: 'reader' }] }))
    await us.settle()
    expect([await us.has(), await us.has(productionReadOnly)]).toEqual([true, true])
    await us.world.put('lock', 'freeze', { target: { role: 'oncall' }, message: 'under review' }, 'v2')
    await us.settle()
    expect([await us.has(), await us.has(productionReadOnly)]).toEqual([false, true])
    await us.world.put('lock', 'freeze', { target: { role: 'reader' }, message: 'under review' }, 'v2')
    await us.settle()
    expect([await us.has(), await us.has(productionReadOnly)]).toEqual([true, false])
    await us.world.remove('lock', 'freeze')
    await us.settle()
    expect([await us.has(), await us.has(productionReadOnly)]).toEqual([true, true])
  })
})

describe('several reasons', () => {
  test('the end of one request takes nothing that another one still gives', async () => {
    us = await openRequests()
    await us.approve(await us.ask({ durationMs: 10 * minute }))
    await us.settle()
    await us.approve(await us.ask({ durationMs: 30 * minute }))
    await us.settle()
    await us.world.aws.advance(11 * minute)
    expect(await deletionsOf(us.settle)).toBe(0)
    expect(await us.has()).toBe(true)
    await us.world.aws.advance(20 * minute)
    await us.settle()
    expect(await us.has()).toBe(false)
  })

  test('nor what the person holds by a role', async () => {
    us = await openRequests()
    await us.approve(await us.ask({ durationMs: 10 * minute }))
    await us.settle()
    await us.world.user(ann, ['dev', `assignment/${demo.sandbox}/${demo.billingArn}`])
    await us.settle()
    await us.world.aws.advance(11 * minute)
    expect(await deletionsOf(us.settle)).toBe(0)
    expect(await us.has()).toBe(true)
  })

  test('nor what a list gives to its group', async () => {
    us = await openRequests()
    await us.approve(await us.ask({ durationMs: 10 * minute }))
    await us.world.list('payers', [`assignment/${demo.sandbox}/${demo.billingArn}`], [ann])
    await us.settle()
    await us.world.aws.advance(11 * minute)
    await us.settle()
    // The single assignment goes with the request; the membership stays.
    expect(await us.has()).toBe(false)
    expect(await us.has(sandboxBilling, 'payers')).toBe(true)
  })

  test('an extension goes on without an interruption: nothing is taken away in between', async () => {
    us = await openRequests()
    const first = await us.ask({ durationMs: 10 * minute })
    const { endsAt: from = 0, activatedAt: firstStartedAt = 0 } = await us.approve(first)
    await us.settle()
    await us.world.aws.advance(9 * minute)
    const second = await us.ask({
      durationMs: 20 * minute,
      extends: { request: first, firstStartedAt, from },
    })
    expect(await us.approve(second)).toMatchObject({ endsAt: from + 20 * minute })
    const deletions = await deletionsOf(async () => {
      await us.settle()
      await us.world.aws.advance(2 * minute)
      await us.settle()
      expect((await us.request(first)).state).toBe('expired')
      expect(await us.has()).toBe(true)
      await us.world.aws.advance(18 * minute)
      await us.settle()
      expect(await us.has()).toBe(true)
    })
    expect(deletions).toBe(0)
    await us.world.aws.advance(minute)
    await us.settle()
    expect(await us.has()).toBe(false)
  })

  test('approval of one and end of another in the same second: access goes on', async () => {
    us = await openRequests()
    const first = await us.ask({ durationMs: 10 * minute })
    await us.approve(first)
    await us.settle()
    const second = await us.ask({ durationMs: 10 * minute })
    await us.world.aws.advance(10 * minute)
    await us.approve(second)
    expect(await deletionsOf(us.settle)).toBe(0)
    expect((await us.request(first)).state).toBe('expired')
    expect(await us.has()).toBe(true)
  })
})

describe('at the beginning people are looked at again (T28)', () => {
  async function later(): Promise<string> {
    us = await openRequests()
    const id = await us.ask({ startAt: us.world.timers.now() + 10 * minute })
    await us.approve(id)
    return id
  }

  const changes: readonly [string, () => Promise<void>][] = [
    ['the requester is locked', () => us.world.put('lock', 'l', { target: { user: ann } }, 'v2')],
    ['the requester is gone', () => us.world.remove('user', ann)],
    ['the requester may no longer ask', () => us.world.user(ann, [])],
    ['the reviewer is locked', () => us.world.put('lock', 'l', { target: { user: rita } }, 'v2')],
    ['the reviewer is gone', () => us.world.remove('user', rita)],
    ['the reviewer may no longer review', () => us.world.user(rita, [])],
  ]

  test.each(changes)('%s: nothing begins, and the request is revoked with its event', async (_, change) => {
    const id = await later()
    await change()
    await us.world.aws.advance(11 * minute)
    expect((await callsOf(us.world, us.settle))[creation]).toBeUndefined()
    expect((await us.request(id)).state).toBe('revoked')
    expect(await us.events()).toEqual(['access_request.update revoked'])
  })

  test('nothing changed: it begins', async () => {
    const id = await later()
    await us.world.aws.advance(11 * minute)
    await us.settle()
    expect(await us.request(id)).toMatchObject({ state: 'approved' })
    expect(await us.has()).toBe(true)
  })
})

describe('time is kept', () => {
  test('by one of two replicas, with one event', async () => {
    us = await openRequests()
    await us.approve(await us.ask())
    await us.world.aws.advance(2 * hour)
    await Promise.all([keepTime(us.deps), keepTime(us.deps)])
    expect(await us.events()).toEqual(['access_request.expire expired'])
  })
})
