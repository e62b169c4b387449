import { describe, expect, test } from 'vitest'
import { requestLimits, type AccessRequest } from '../../../src/core/access-request/access-request.js'
import {
  isEffectual,
  itemsToReview,
  review,
  type ReviewDraft,
} from '../../../src/core/access-request/review.js'
import { passTime, type Step } from '../../../src/core/access-request/transition.js'
import type { Reviewer } from '../../../src/core/access-request/world.js'
import { day, hour, minute, type Instant } from '../../../src/core/time.js'
import { buildInventory } from '../../support/inventory.js'
import {
  admin,
  adminOnProd,
  aws,
  buildWorld,
  item,
  now,
  prod,
  readOnDev,
  request,
  reviewer,
  reviewsAll,
  role,
  threshold,
} from './build.js'

const world = buildWorld([role('deployer', { gives: [{ account: '*', permissionSet: admin }] }), role('aws')])
const bob = reviewer('bob', [reviewsAll])
const carol = reviewer('carol', [reviewsAll])
const prodId = item(adminOnProd).id
const devId = item(readOnDev).id
const two = request([item(adminOnProd), item(readOnDev)])
const holdsAll = () => new Map<string, string>()

function give(
  about: AccessRequest,
  draft: Partial<ReviewDraft>,
  by: Reviewer = bob,
  at: Instant = now + minute,
  in_ = world,
): Step {
  return review(about, by, { approve: [], deny: [], reason: '', annotations: {}, ...draft }, at, in_)
}

function given(...args: Parameters<typeof give>): AccessRequest {
  const step = give(...args)
  if (!step.ok) throw new Error(step.says)
  return step.request
}

function says(step: Step): string {
  return step.ok ? 'ok' : `${step.why}: ${step.says}`
}

describe('a review', () => {
  test('decides item by item; the request is decided with the last of them', () => {
    const half = given(two, { approve: [prodId] })
    expect(half.items.map(({ state }) => state)).toEqual(['approved', 'pending'])
    expect(half).toMatchObject({ state: 'pending', endsAt: undefined })
    const whole = given(half, { deny: [devId], reason: 'not that one' }, carol, now + hour)
    expect(whole).toMatchObject({ state: 'approved', resolvedAt: now + hour, endsAt: now + 9 * hour })
    expect(whole.timeline.at(-1)).toMatchObject({
      by: 'carol',
      what: 'approved',
      says: '1 of 2: not that one',
    })
  })

  test('that denies everything denies the request', () => {
    expect(given(two, { deny: [prodId, devId] })).toMatchObject({ state: 'denied', endsAt: undefined })
  })

  test('counts towards thresholds item by item', () => {
    const about = request([item(adminOnProd, { thresholds: [threshold(2)] }), item(readOnDev)])
    const first = given(about, { approve: [prodId, devId] })
    expect(first.items.map(({ state }) => state)).toEqual(['pending', 'approved'])
    expect(isEffectual(about, first)).toBe(true)
    expect(given(first, { approve: [prodId] }, carol).state).toBe('approved')
    const alone = request([item(adminOnProd, { thresholds: [threshold(2)] })])
    expect(isEffectual(alone, given(alone, { approve: [prodId] }))).toBe(false)
  })

  test('is refused to who may not give it, and said twice', () => {
    const never = reviewer('dave', [])
    expect(says(give(two, { approve: [prodId] }, never))).toMatch(/^forbidden: .*No role of yours/)
    expect(says(give(two, { approve: [prodId] }, reviewer('alice', [reviewsAll])))).toMatch(
      /^forbidden: .*Nobody reviews a request of their own/,
    )
    const onlyProd = reviewer('erin', [role('r', { reviews: { roles: ['Admin-on-production-*'] } })])
    const other = request([item(adminOnProd), item(readOnDev, { roles: ['other'] })])
    expect(says(give(other, { approve: [prodId, devId] }, onlyProd))).toMatch(/^forbidden/)
    expect(itemsToReview(other, onlyProd, world).map(({ id }) => id)).toEqual([prodId])
    expect(given(other, { approve: [prodId] }, onlyProd).items[0]?.state).toBe('approved')

    const waiting = request([item(adminOnProd, { thresholds: [threshold(2, 2)] })])
    const once = given(waiting, { approve: [prodId] })
    expect(says(give(once, { deny: [prodId] }, reviewer('BOB', [reviewsAll])))).toBe(
      `conflict: ${prodId}: you have decided on it already.`,
    )
    expect(itemsToReview(once, bob, world)).toEqual([])
  })

  test('shortens no access below the AWS sessions of what is left, where a policy forbids that', () => {
    const strict = buildWorld([], { preference: { accessRequests: { shorterThanAwsSession: 'refuse' } } })
    const shorten = (draft: Partial<ReviewDraft>, about = two, on = strict) =>
      says(
        review(about, bob, { ...{ approve: [], deny: [], reason: '', annotations: {} }, ...draft }, now, on),
      )
    const all = { approve: [prodId, devId] }
    const refusal =
      'invalid: AWS sessions of what is asked for last up to 4h, and access may not be shorter than these: leave 4h at least, or deny it.'
    expect(shorten({ ...all, durationMs: 3 * hour })).toBe(refusal)
    expect(shorten({ approve: [devId], durationMs: 3 * hour })).toBe(refusal)
    expect(shorten({ ...all, durationMs: 4 * hour })).toBe('ok')
    // The sessions of what is denied do not count, those of the other last an hour.
    expect(shorten({ approve: [devId], deny: [prodId], durationMs: hour })).toBe('ok')
    const older = request(two.items, { durationMs: hour })
    expect(shorten({ ...all, durationMs: hour }, older)).toBe('ok')
    expect(shorten({ ...all, durationMs: 3 * hour }, two, buildWorld([]))).toBe('ok')
  })

  test('is refused where it makes no sense or comes too late', () => {
    expect(says(give(two, {}))).toBe('invalid: A review decides on one item at least.')
    expect(says(give(two, { approve: ['role/x'] }))).toBe('invalid: The request has no item role/x.')
    expect(says(give(two, { approve: [prodId], deny: [prodId] }))).toMatch(
      /^invalid: .*both approved and denied/,
    )
    expect(says(give(two, { deny: [prodId], reason: 'x'.repeat(2001) }))).toMatch(
      /^invalid: The reason is longer/,
    )
    expect(says(give(two, { deny: [prodId] }, bob, two.pendingUntil))).toMatch(
      /^conflict: The time to decide/,
    )
    expect(says(give(two, { deny: [prodId] }, bob, two.pendingUntil - 1))).toBe('ok')
    const decided = given(two, { approve: [prodId] })
    expect(says(give(decided, { deny: [prodId] }, carol))).toBe(`conflict: ${prodId} is approved already.`)
    expect(says(give({ ...two, state: 'expired' }, { approve: [prodId] }))).toMatch(/^conflict/)
  })
})

describe('times that a review sets', () => {
  const about = request([item(adminOnProd, { thresholds: [threshold(3)] })], { startAt: now + hour })
  const set = (draft: Partial<ReviewDraft>, on = about, by = bob) =>
    give(on, { approve: [prodId], ...draft }, by)

  test('shorten and move later, a later review further than those before', () => {
    const once = given(about, { approve: [prodId], durationMs: 2 * hour, startAt: now + day })
    expect(once).toMatchObject({ durationMs: 2 * hour, startAt: now + day })
    expect(set({ durationMs: hour, startAt: now + 2 * day }, once, carol)).toMatchObject({
      ok: true,
      request: { durationMs: hour, startAt: now + 2 * day },
    })
    expect(set({ durationMs: 2 * hour, startAt: now + day }, once, carol).ok).toBe(true)
  })

  test('are never taken back by a later review', () => {
    const once = given(about, { approve: [prodId], durationMs: hour, startAt: now + day })
    expect(says(set({ durationMs: hour + 1 }, once, carol))).toBe(
      'invalid: An earlier review set 1h; a later one may shorten that, not lengthen it.',
    )
    expect(says(set({ startAt: now + day - 1 }, once, carol))).toMatch(
      /^invalid: An earlier review set the start to .*; a later one may move it later, not earlier\.$/,
    )
    expect(set({}, once, carol)).toMatchObject({
      ok: true,
      request: { durationMs: hour, startAt: now + day },
    })
  })

  test('are for who may review everything that is not denied', () => {
    const onlyDev = reviewer('erin', [role('r', { reviews: { roles: ['other'] } })])
    const mixed = request([item(adminOnProd), item(readOnDev, { roles: ['other'] })])
    for (const times of [{ durationMs: hour }, { startAt: now + day }]) {
      expect(says(give(mixed, { approve: [devId], ...times }, onlyDev))).toBe(
        `forbidden: How long and from when is said for the whole request, by those who may review all of it; leave it out. You may not review ${prodId}.`,
      )
      const half = given(mixed, { approve: [prodId] })
      expect(says(give(half, { approve: [devId], ...times }, onlyDev))).toMatch(/^forbidden: How long/)
      const rest = given(mixed, { deny: [prodId] })
      expect(give(rest, { approve: [devId], ...times }, onlyDev)).toMatchObject({ ok: true, request: times })
    }
  })

  test('never lengthen, begin earlier, or go beyond what any request may', () => {
    expect(says(set({ durationMs: 8 * hour + 1 }))).toMatch(/^invalid: 8h was asked for/)
    expect(says(set({ durationMs: minute }))).toBe('invalid: Access lasts 5m at least.')
    expect(says(set({ startAt: now + hour - 1 }))).toMatch(/^invalid: A review may move the start later/)
    expect(says(set({ startAt: Number.NaN }))).toMatch(/^invalid/)
    expect(says(set({ durationMs: Number.NaN }))).toMatch(/^invalid/)
    expect(says(set({ startAt: now + 31 * day }))).toMatch(/^invalid: Access begins at most/)
    expect(says(give(about, { deny: [prodId], durationMs: hour }))).toBe(
      'invalid: Who approves nothing sets no times.',
    )
    const extension = { ...about, extends: { request: 'r0', firstStartedAt: now, from: now + hour } }
    expect(says(set({ startAt: now + day }, extension))).toMatch(
      /^invalid: An extension goes on without a gap/,
    )
  })
})

describe('what an approval keeps', () => {
  const about = request([item({ kind: 'role', name: 'deployer' })])
  const { id } = item({ kind: 'role', name: 'deployer' })

  test('is what the role gave then', () => {
    const gave = given(about, { approve: [id] }).items[0]?.gave
    expect(gave?.pairs).toContainEqual({ accountId: prod, permissionSetArn: admin })
    expect(gave?.pairs).toHaveLength(2)
    expect(gave?.digest).toBe(world.roleDigest('deployer'))
    expect(given(about, { deny: [id] }).items[0]).not.toHaveProperty('gave')
  })

  test('refuses a role that is gone, or that gives too much by now', () => {
    expect(says(give(about, { approve: [id] }, bob, now, buildWorld([])))).toBe(
      'conflict: The role deployer is not there to be approved.',
    )
    expect(give(about, { deny: [id] }, bob, now, buildWorld([])).ok).toBe(true)
    const big = buildWorld([role('deployer', { gives: [{ account: '*', permissionSet: '*' }] })], {
      inventory: buildInventory({ accounts: 101, permissionSets: 50 }),
    })
    expect(101 * 50).toBeGreaterThan(requestLimits.pairs)
    expect(says(give(about, { approve: [id] }, bob, now, big))).toMatch(
      /^conflict: A request gives at most 5,000/,
    )
  })
})

test('roles that give too much only together are refused with the last of them', () => {
  const part = (name: string, account: string) => role(name, { gives: [{ account, permissionSet: '*' }] })
  const big = buildInventory({ accounts: 2, permissionSets: 2501 })
  const [first = '', second = ''] = big.accounts.map(({ id }) => id)
  const in_ = buildWorld([part('a', first), part('b', second)], { inventory: big })
  const about = request([item({ kind: 'role', name: 'a' }), item({ kind: 'role', name: 'b' })])
  const half = given(about, { approve: ['role/a'] }, bob, now, in_)
  expect(says(give(half, { approve: ['role/b'] }, bob, now, in_))).toMatch(
    /^conflict: A request gives at most 5,000/,
  )
  expect(given(half, { deny: ['role/b'] }, bob, now, in_).state).toBe('approved')
})

test('an extension ends so long after the access that it goes on with, whenever it is approved', () => {
  const extension = request([item(aws)], {
    durationMs: 2 * hour,
    extends: { request: 'r0', firstStartedAt: now, from: now + 4 * hour },
  })
  for (const at of [now + hour, now + 3 * hour]) {
    expect(given(extension, { approve: [item(aws).id] }, bob, at).endsAt).toBe(now + 6 * hour)
  }
})

test('access begins with the last approval, or with the start where that is later', () => {
  const about = request([item(aws)])
  const id = item(aws).id
  const soon = given(about, { approve: [id] }, bob, now + hour)
  expect(passTime(soon, now + hour, holdsAll)).toMatchObject({
    activatedAt: now + hour,
    endsAt: now + 9 * hour,
  })
  const later = given(request([item(aws)], { startAt: now + day }), { approve: [id] }, bob, now + hour)
  expect(later).toMatchObject({ state: 'approved', activatedAt: undefined, endsAt: now + day + 8 * hour })
  expect(passTime(later, now + day - 1, holdsAll)).toBe(later)
  expect(passTime(later, now + day + minute, holdsAll)).toMatchObject({
    activatedAt: now + day,
    endsAt: now + day + 8 * hour,
  })
})
