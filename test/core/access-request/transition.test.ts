import { describe, expect, test } from 'vitest'
import type { AccessRequest } from '../../../src/core/access-request/access-request.js'
import {
  cancel,
  noteExtended,
  passTime,
  release,
  revoke,
  type Step,
} from '../../../src/core/access-request/transition.js'
import { isLive } from '../../../src/core/access-request/grants.js'
import { day, hour, minute } from '../../../src/core/time.js'
import { activeRequest, adminOnProd, item, now, readOnDev, request } from './build.js'

const pending = request([item(adminOnProd), item(readOnDev)])
const active = activeRequest([item(adminOnProd), item(readOnDev)])
const planned: AccessRequest = {
  ...active,
  startAt: now + day,
  activatedAt: undefined,
  endsAt: now + day + 8 * hour,
}
const holdsAll = () => new Map<string, string>()
const by = (name: string, at = now + hour) => ({ by: name, at, reason: 'done' })

function state(step: Step): string {
  return step.ok ? step.request.state : `${step.why}: ${step.says}`
}

describe('the requester', () => {
  test('cancels what waits and what has not begun, and nothing else', () => {
    expect(state(cancel(pending, by('alice')))).toBe('cancelled')
    expect(cancel(planned, by('Alice'))).toMatchObject({
      ok: true,
      request: { state: 'cancelled', endsAt: now + hour },
    })
    expect(state(cancel(active, by('alice')))).toBe('conflict: Its access has begun: give it back instead.')
    expect(state(cancel(pending, by('bob')))).toMatch(/^forbidden/)
    expect(state(cancel({ ...pending, state: 'denied' }, by('alice')))).toBe(
      'conflict: The request is denied already.',
    )
  })

  test('gives back what is in force, and nothing else', () => {
    const given = release(active, by('alice'))
    expect(given).toMatchObject({ ok: true, request: { state: 'expired', endsAt: now + hour } })
    expect(given.ok && given.request.timeline.at(-1)).toEqual({
      at: now + hour,
      by: 'alice',
      what: 'released',
      says: 'done',
    })
    expect(state(release(active, by('bob')))).toMatch(/^forbidden/)
    for (const other of [pending, planned]) {
      expect(state(release(other, by('alice')))).toBe('conflict: The request gives no access now.')
    }
    expect(state(release(active, by('alice', now + 8 * hour)))).toMatch(/^conflict/)
  })
})

test('what a promotion leaves for a while is revoked, not given back, and the request stays promoted', () => {
  const rest = { ...active, state: 'promoted' as const, endsAt: now + hour + minute }
  const step = revoke(rest, by('bob'))
  expect(step).toMatchObject({ ok: true, request: { state: 'promoted', endsAt: now + hour } })
  expect(step.ok && step.request.timeline.at(-1)).toMatchObject({ what: 'revoked', at: now + hour })
  expect(step.ok && isLive(step.request, now + hour)).toBe(false)
  expect(state(release(rest, by('alice')))).toMatch(/^conflict: The request became a membership/)
  expect(state(release(rest, by('bob')))).toMatch(/^forbidden/)
  const over = by('bob', now + hour + minute)
  expect(state(revoke(rest, over))).toBe('conflict: The request is promoted already.')
})

test('others revoke what waits and what is approved; access ends at once and never later than it would', () => {
  expect(revoke(pending, by('bob'))).toMatchObject({
    ok: true,
    request: { state: 'revoked', endsAt: undefined },
  })
  expect(revoke(active, by('bob'))).toMatchObject({
    ok: true,
    request: { state: 'revoked', endsAt: now + hour },
  })
  expect(revoke(active, by('bob', now + day))).toMatchObject({
    ok: true,
    request: { endsAt: now + 8 * hour },
  })
  expect(state(revoke(planned, by('bob')))).toBe('revoked')
  for (const final of ['denied', 'promoted', 'expired', 'cancelled', 'revoked'] as const) {
    expect(state(revoke({ ...active, state: final, endsAt: now + hour }, by('bob')))).toBe(
      `conflict: The request is ${final} already.`,
    )
  }
})

describe('time', () => {
  test('changes nothing before it is due', () => {
    expect(passTime(pending, pending.pendingUntil - 1, holdsAll)).toBe(pending)
    expect(passTime(active, now + 8 * hour - 1, holdsAll)).toBe(active)
    expect(passTime(planned, now + day - 1, holdsAll)).toBe(planned)
  })

  test('ends the wait: what was approved goes on, the rest is denied; nothing approved expires', () => {
    expect(passTime(pending, now + 2 * day, holdsAll)).toMatchObject({
      state: 'expired',
      resolvedAt: now + day,
    })
    const [first, second] = pending.items
    if (first === undefined || second === undefined) throw new Error('two items')
    const half = { ...pending, items: [{ ...first, state: 'approved' as const }, second] }
    const passed = passTime(half, now + day + minute, holdsAll)
    expect(passed).toMatchObject({
      state: 'approved',
      resolvedAt: now + day,
      activatedAt: now + day,
      endsAt: now + day + 8 * hour,
      items: [{ state: 'approved' }, { state: 'denied' }],
    })
    expect(passed.timeline.map(({ what }) => what)).toEqual(['created', 'approved', 'activated'])
    expect(passed.timeline[1]?.says).toBe('1 of 2: What was not decided in time is denied.')
  })

  test('that was slept through ends in the same state as time that was watched', () => {
    const watched = [now + day, now + 30 * hour, now + day + 8 * hour].reduce(
      (one, at) => passTime(one, at, holdsAll),
      planned,
    )
    const expired = passTime(active, now + 30 * day, holdsAll)
    expect(expired).toMatchObject({ state: 'expired', endsAt: now + 8 * hour })
    expect(expired.timeline.at(-1)).toMatchObject({ at: now + 8 * hour, what: 'expired', by: 'system' })
    expect(watched).toMatchObject({ state: 'expired', activatedAt: now + day })
  })

  test('never begins access whose end is over already', () => {
    const slept = passTime(planned, now + 30 * day, () => {
      throw new Error('there is nothing to look at')
    })
    expect(slept).toMatchObject({ state: 'expired', activatedAt: undefined })
  })
})

describe('what does not hold at the activation (T28)', () => {
  const at = now + day
  const [first] = planned.items

  test('falls away by itself', () => {
    const id = first?.id ?? ''
    const begun = passTime(planned, at, () => new Map([[id, 'Gone.']]))
    expect(begun).toMatchObject({
      state: 'approved',
      activatedAt: at,
      items: [{ state: 'denied' }, { state: 'approved' }],
    })
    expect(begun.timeline.at(-1)).toMatchObject({ what: 'activated', says: `${id}: Gone.` })
  })

  test('revokes the request where it is everything', () => {
    const all = new Map(planned.items.map(({ id }) => [id, 'The requester is locked.']))
    const revoked = passTime(planned, at, () => all)
    expect(revoked).toMatchObject({ state: 'revoked', activatedAt: undefined, endsAt: at })
    expect(revoked.timeline.at(-1)?.says).toMatch(/The requester is locked\./)
  })

  test('is looked at once, as access begins', () => {
    let looks = 0
    const look = () => {
      looks++
      return new Map<string, string>()
    }
    const begun = passTime(planned, at, look)
    passTime(passTime(begun, at + hour, look), at + day, look)
    expect(looks).toBe(1)
  })
})

test('an extension counts from where the other access ends, whenever it is approved', () => {
  const extension: AccessRequest = {
    ...request([{ ...item(adminOnProd), state: 'approved' }], { durationMs: 4 * hour }),
    state: 'approved',
    extends: { request: 'r0', firstStartedAt: now, from: now + 8 * hour },
    resolvedAt: now + hour,
    endsAt: now + 12 * hour,
  }
  expect(passTime(extension, now + hour, holdsAll)).toMatchObject({
    activatedAt: now + hour,
    endsAt: now + 12 * hour,
  })
  expect(noteExtended(active, 'alice', now, 'r2').timeline.at(-1)).toMatchObject({
    what: 'extended',
    says: 'r2',
  })
})
