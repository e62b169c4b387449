import { describe, expect, test } from 'vitest'
import type { AccessRequest } from '../../../src/core/access-request/access-request.js'
import { describeUndecidable, findUndecidable } from '../../../src/core/access-request/undecidable.js'
import {
  adminOnProd,
  buildWorld,
  item,
  now,
  readOnDev,
  request,
  reviewer,
  reviewsAll,
  role,
  threshold,
} from './build.js'

const world = buildWorld([])
const lead = role('lead')
const reviewsDev = role('reviews-dev', { reviews: { roles: ['dev-reader'] } })
const bob = reviewer('bob', [reviewsAll])
const carol = reviewer('carol', [reviewsAll, lead])
const ofLeads = 'contains(reviewer.roles, "lead")'

const prod = (...thresholds: ReturnType<typeof threshold>[]) => item(adminOnProd, { thresholds })
const dev = (...thresholds: ReturnType<typeof threshold>[]) =>
  item(readOnDev, { roles: ['dev-reader'], thresholds })
const names = new Map([
  [item(adminOnProd).id, 'Admin on production'],
  [item(readOnDev).id, 'ReadOnly on development'],
])
const told = (about: AccessRequest, ...people: ReturnType<typeof reviewer>[]) =>
  describeUndecidable(findUndecidable(about, people, world), about, (id) => names.get(id) ?? id)

describe('a request that waits', () => {
  test('says nothing where people are enough for each item', () => {
    expect(told(request([prod(threshold(2)), dev(threshold(1))]), bob, carol)).toEqual([])
  })

  test('says that nobody reviews it, or an item of it', () => {
    const about = request([prod(threshold(1)), dev(threshold(1))])
    const tell = 'no person but you has a role whose review_requests cover it. Tell an administrator.'
    expect(told(about)).toEqual([`Nobody may review it now: ${tell}`])
    expect(told(about, reviewer('dave', [reviewsDev]))).toEqual([
      `Nobody may review Admin on production now: ${tell}`,
    ])
  })

  test('does not count who lacks the second factor that it takes, and says where nobody else is there', () => {
    const withKey = role('guard', {
      reviews: { roles: ['*'] },
      options: { requireSessionMfa: 'hardware_key' },
    })
    const hugo = reviewer('hugo', [withKey], { means: { any: true, hardwareKey: false } })
    const about = request([prod(threshold(2)), dev(threshold(1))])
    const needsKey =
      'whoever may review it needs a second factor for that (require_session_mfa) of which they have none that is allowed here. Tell an administrator.'
    expect(told(about, hugo)).toEqual([`Nobody can decide on it now: ${needsKey}`])
    expect(told(about, hugo, bob)).toEqual([
      'Admin on production needs 2 approvals, and only 1 that counts can be given.',
    ])
    expect(told(about, hugo, reviewer('dave', [reviewsDev]))).toEqual([
      `Nobody can decide on Admin on production now: ${needsKey}`,
    ])
    const asksAny = { ...withKey, options: { ...withKey.options, requireSessionMfa: 'session' } } as const
    const means = { any: true, hardwareKey: false }
    expect(told(about, bob, reviewer('gina', [asksAny], { means }))).toEqual([])
    const none = reviewer('gina', [asksAny], { means: { any: false, hardwareKey: false } })
    expect(told(about, none)).toEqual([`Nobody can decide on it now: ${needsKey}`])
    expect(
      told(about, bob, reviewer('hugo', [withKey], { means: { any: true, hardwareKey: true } })),
    ).toEqual([])
  })

  test('says of each item how many it lacks, those of which the same is true together', () => {
    const about = request([prod(threshold(3)), dev(threshold(2))])
    expect(told(about, bob, carol)).toEqual([
      'Admin on production needs 3 approvals, and only 2 that count can be given.',
    ])
    const both = request([prod(threshold(3)), dev(threshold(3))])
    expect(told(both, bob, carol)).toEqual(['It needs 3 approvals, and only 2 that count can be given.'])
  })

  test('says nothing where one threshold of several can be met', () => {
    expect(told(request([prod(threshold(5), threshold(1, 1, ofLeads))]), bob, carol)).toEqual([])
  })

  test('counts those whom the filter accepts', () => {
    const about = request([prod(threshold(1, 1, ofLeads))])
    expect(told(about, carol)).toEqual([])
    expect(told(about, bob)).toEqual(['It needs 1 approval, and none that counts can be given.'])
    expect(told(request([prod(threshold(2, 1, ofLeads))]), bob, carol)).toEqual([
      'It needs 2 approvals, and only 1 that counts can be given.',
    ])
  })

  test('takes a filter that asks for something in the review to be met', () => {
    const filter = 'contains(review.annotations["ticket"], "done")'
    expect(told(request([prod(threshold(1, 1, filter))]), bob)).toEqual([])
    expect(told(request([prod(threshold(1, 1, 'no filter at all ('))]), bob)).toHaveLength(1)
  })

  test('counts what was approved already, by a rule too, and nobody twice', () => {
    const review = (author: string) => ({
      ...{ author, at: now, approve: [item(adminOnProd).id], deny: [], reason: '' },
      ...{ annotations: {}, authorRoles: [], authorTraits: {} },
    })
    const about = request([prod(threshold(2))], { reviews: [review('rule/reads')] })
    expect(told(about, bob)).toEqual([])
    expect(told({ ...about, reviews: [review('bob')] }, bob)).toHaveLength(1)
  })

  test('does not count who asks', () => {
    expect(told(request([prod(threshold(1))]), reviewer('Alice', [reviewsAll]))).toHaveLength(1)
  })
})

test('what waits for no decision lacks nothing', () => {
  expect(told(request([prod(threshold(3))], { state: 'denied' }))).toEqual([])
})
