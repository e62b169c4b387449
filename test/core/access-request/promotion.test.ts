import { describe, expect, test } from 'vitest'
import { noGrants, noRequirements, type AccessList } from '../../../src/core/access-list/access-list.js'
import type { AccessRequest } from '../../../src/core/access-request/access-request.js'
import { grantsOf } from '../../../src/core/access-request/grants.js'
import {
  judgePromotion,
  promote as promoteLooked,
  type PromoteBy,
  type PromotionFacts,
  type PromotionList,
} from '../../../src/core/access-request/promotion.js'
import type { RecheckFacts } from '../../../src/core/access-request/recheck.js'
import { review } from '../../../src/core/access-request/review.js'
import { assignmentRoleRef } from '../../../src/core/inventory/assignment-role.js'
import { day, hour, minute } from '../../../src/core/time.js'
import { identityCenterSelector } from '../role/build.js'
import {
  activeRequest,
  admin,
  adminOnProd,
  aws,
  buildWorld,
  item,
  now,
  prod,
  readOnDev,
  request,
  requester,
  reviewer,
  reviewsAll,
  role,
  threshold,
} from './build.js'

const deployer = role('deployer')
const prodAdmins = role('prod-admins', { gives: [{ account: prod, permissionSet: admin }] })
const allAdmins = role('all-admins', { gives: [{ account: '*', permissionSet: admin }] })
const signsIn = role('signs-in', { opens: identityCenterSelector })
const world = buildWorld([deployer, prodAdmins, allAdmins, signsIn])

const bob = reviewer('bob', [reviewsAll])
const carol = reviewer('carol', [reviewsAll])
const pending = request([item(adminOnProd)])
const { id } = item(adminOnProd)

const asks = role('asks', { request: { roles: ['*'], searchAsRoles: ['signs-in'] } })
/** Everybody may still do what they did. */
const looked: RecheckFacts = {
  requester: { ...requester([asks]), isLocked: false },
  reviewer: (name) => reviewer(name, [reviewsAll]),
  rules: { rules: [], hidesDenial: false, writers: new Map(), onCall: new Map(), now, since: 0 },
  extended: [],
}
const promote = (
  about: AccessRequest,
  target: Pick<AccessList, 'name' | 'title'>,
  by: PromoteBy,
  facts: Partial<RecheckFacts> = {},
) => promoteLooked(about, target, by, { ...looked, ...facts }, world)

function list(roles: readonly string[], more: Partial<AccessList> = {}): AccessList {
  return {
    name: 'admins',
    title: 'Admins',
    description: '',
    type: 'standard',
    owners: [],
    membershipRequires: noRequirements,
    ownershipRequires: noRequirements,
    grants: { roles, traits: {} },
    ownerGrants: noGrants,
    review: undefined,
    origin: { kind: 'local' },
    ...more,
  }
}

function judge(
  roles: readonly string[],
  more: Partial<PromotionList> = {},
  about: AccessRequest = pending,
  facts: Partial<PromotionFacts> = {},
) {
  const candidate = { list: list(roles), isMember: false, closed: undefined, mayAddMembers: true, ...more }
  const own = { roles: [], traits: {} }
  return judgePromotion(
    about,
    candidate,
    { requester: requester([]), own, reviewer: bob, looked, ...facts },
    world,
    now + minute,
  )
}

describe('a list is offered', () => {
  test('that grants everything asked for, and says what it gives beside', () => {
    expect(judge(['prod-admins'])).toEqual({
      list: 'admins',
      title: 'Admins',
      possible: true,
      says: 'It gives nothing beyond what was asked for.',
      beyond: [],
    })
    expect(judge([assignmentRoleRef(prod, admin)])?.possible).toBe(true)
    const wider = list(['all-admins', 'deployer'], {
      grants: { roles: ['all-admins', 'deployer'], traits: { team: ['x'] } },
    })
    expect(judge([], { list: wider })).toMatchObject({
      possible: true,
      says: 'It also gives the role all-admins, the role deployer, the trait team.',
    })
  })

  test('for roles and applications too', () => {
    const about = request([item({ kind: 'role', name: 'deployer' }), item(aws, { roles: ['signs-in'] })])
    expect(judge(['deployer', 'signs-in'], {}, about)).toMatchObject({ possible: true })
    expect(judge(['deployer'], {}, about)).toBeUndefined()
    expect(judge(['signs-in'], {}, about)).toBeUndefined()
  })

  test('never, where it grants a part only or nothing', () => {
    expect(judge(['prod-admins'], {}, request([item(adminOnProd), item(readOnDev)]))).toBeUndefined()
    expect(judge(['deployer'])).toBeUndefined()
    expect(judge([])).toBeUndefined()
  })

  test('with why, where it cannot be chosen', () => {
    const why = (more: Partial<PromotionList>) => judge(['prod-admins'], more)
    expect(why({ isMember: true })).toMatchObject({ possible: false, says: 'alice is a member already.' })
    expect(why({ closed: 'It is managed as code.' })).toMatchObject({
      possible: false,
      says: 'It is managed as code.',
    })
    expect(why({ mayAddMembers: false })?.says).toBe('You may not add members: only owners of the list do.')
    const asksFor = list(['prod-admins'], { membershipRequires: { roles: ['staff'], traits: {} } })
    expect(why({ list: asksFor })?.says).toBe('alice lacks the role staff, which members of the list need.')
    const own = { roles: ['staff'], traits: {} }
    expect(judge([], { list: asksFor }, pending, { own })?.possible).toBe(true)
    // A role by a list does not count for what lists ask for.
    const byList = requester([role('staff')])
    expect(judge([], { list: asksFor }, pending, { requester: byList })?.possible).toBe(false)
  })
})

describe('a promotion', () => {
  const target = { name: 'admins', title: 'Admins' }
  const by = (who = bob) => ({ reviewer: who, at: now + hour, reason: 'long term' })

  test('counts as approval of everything', () => {
    const step = promote(pending, target, by())
    expect(step).toMatchObject({
      ok: true,
      request: {
        state: 'promoted',
        promotedTo: { list: 'admins', title: 'Admins' },
        resolvedAt: now + hour,
        items: [{ state: 'approved' }],
        reviews: [{ author: 'bob', approve: [id] }],
        endsAt: undefined,
      },
    })
  })

  test('obeys the thresholds: with two needed, the first is refused with words (T27)', () => {
    const two = request([item(adminOnProd, { thresholds: [threshold(2)] })])
    expect(promote(two, target, by())).toEqual({
      ok: false,
      why: 'conflict',
      says: `${id} needs 2 approvals that count, and has 1 with yours: another reviewer has to approve it first.`,
    })
    const draft = { approve: [id], deny: [], reason: '', annotations: {} }
    const first = review(two, carol, draft, now + minute, world)
    if (!first.ok) throw new Error(first.says)
    expect(promote(first.request, target, by()).ok).toBe(true)
    // One's own approval is no second one.
    expect(promote(first.request, target, by(carol)).ok).toBe(false)
    expect(judge(['prod-admins'], {}, two)).toMatchObject({ possible: false })
  })

  test('counts the people who approved, and not the rules: those give access for a time', () => {
    const given = (author: string) => ({
      author,
      at: now,
      approve: [id],
      deny: [],
      reason: '',
      annotations: {},
      authorRoles: [],
      authorTraits: {},
    })
    const by = (...authors: string[]) =>
      promote(
        request([item(adminOnProd, { thresholds: [threshold(2)] })], { reviews: authors.map(given) }),
        list(['prod-admins']),
        { reviewer: bob, at: now + minute, reason: '' },
      )
    expect(by('carol').ok).toBe(true)
    expect(by('carol', 'rule/r').ok).toBe(true)
    expect(by('rule/r')).toEqual({
      ok: false,
      why: 'conflict',
      says: `What a rule approved does not count for a membership, and too few people have approved ${id}.`,
    })
    // Of access that lasts by two rules one person makes no member either; where one is enough, they do.
    const lasting = (approve: number) =>
      promote(
        activeRequest([item(adminOnProd, { thresholds: [threshold(approve)] })], {
          reviews: ['rule/r', 'rule/s'].map(given),
        }),
        list(['prod-admins']),
        { reviewer: bob, at: now + minute, reason: '' },
      ).ok
    expect([lasting(2), lasting(1)]).toEqual([false, true])
  })

  test('is for who may review every item, and never for the requester', () => {
    const about = request([item(adminOnProd), item(readOnDev, { roles: ['other'] })])
    const part = reviewer('dave', [role('r', { reviews: { roles: ['Admin-on-*'] } })])
    expect(promote(about, target, by(part))).toMatchObject({ ok: false, why: 'forbidden' })
    expect(promote(about, target, by()).ok).toBe(true)
    expect(promote(pending, target, by(reviewer('alice', [reviewsAll])))).toMatchObject({
      why: 'forbidden',
    })
  })

  test('looks again at everybody, as the beginning of access does (T28)', () => {
    const draft = { approve: [id], deny: [], reason: '', annotations: {} }
    const two = [item(adminOnProd, { thresholds: [threshold(2)] })]
    const first = review(request(two), carol, draft, now + minute, world)
    if (!first.ok) throw new Error(first.says)
    const lasting = activeRequest(two, { reviews: first.request.reviews })
    const gone = (name: string) => (name === 'carol' ? undefined : reviewer(name, [reviewsAll]))
    const locked = (name: string) => reviewer(name, [reviewsAll], { isLocked: name === 'carol' })
    const tooFew = `${id}: Too few of those who approved it may still do so.`
    const cases: readonly [Partial<RecheckFacts>, string][] = [
      [{ reviewer: gone }, tooFew],
      [{ reviewer: locked }, tooFew],
      [{ requester: undefined }, `${id}: The requester no longer exists.`],
      [{ requester: { ...requester([asks]), isLocked: true } }, `${id}: The requester is locked.`],
      [
        { requester: { ...requester([]), isLocked: false } },
        `${id}: The requester may no longer ask for it.`,
      ],
    ]
    for (const about of [first.request, lasting]) {
      for (const [facts, says] of cases) {
        expect(promote(about, target, by(), facts)).toEqual({ ok: false, why: 'conflict', says })
        expect(judge(['prod-admins'], {}, about, { looked: { ...looked, ...facts } })).toMatchObject({
          possible: false,
          says,
        })
      }
      expect(promote(about, target, by()).ok).toBe(true)
    }
    // Another one who may is enough again.
    const again = review(first.request, reviewer('dave', [reviewsAll]), draft, now + minute, world)
    if (!again.ok) throw new Error(again.says)
    const three = { ...again.request, state: 'pending' as const, items: two }
    expect(promote(three, target, by(), { reviewer: gone }).ok).toBe(true)
  })

  test('of what was denied is refused', () => {
    const about = { ...pending, items: [{ ...item(adminOnProd), state: 'denied' as const }, item(readOnDev)] }
    expect(promote(about, target, by())).toMatchObject({ ok: false, why: 'conflict' })
  })

  test('of access that lasts is made up for seven days, or to the end that was approved where that is later', () => {
    for (const endsAt of [now + hour + minute, now + 8 * hour]) {
      expect(promote(activeRequest([item(adminOnProd)], { endsAt }), target, by())).toMatchObject({
        request: { state: 'promoted', resolvedAt: now, endsAt: now + hour + 7 * day },
      })
    }
    const long = activeRequest([item(adminOnProd)], { endsAt: now + 12 * day })
    expect(promote(long, target, by())).toMatchObject({ request: { endsAt: now + 12 * day } })
  })

  test('names the list by which alone what is left counts', () => {
    const step = promote(activeRequest([item(adminOnProd)]), target, by())
    if (!step.ok) throw new Error(step.says)
    const given = { user: 'alice', request: 'r1', until: now + hour + 7 * day, asMemberOf: target.name }
    expect(grantsOf([step.request], world, now + 2 * hour)).toMatchObject([given])
  })

  test('is refused before access begins and after anything has ended', () => {
    const planned = activeRequest([item(adminOnProd)], { activatedAt: undefined })
    expect(promote(planned, target, by())).toMatchObject({
      says: 'The access that was approved has not begun yet.',
    })
    for (const ended of [
      { ...pending, pendingUntil: now },
      { ...pending, state: 'denied' as const },
      activeRequest([item(adminOnProd)], { endsAt: now + hour }),
    ]) {
      expect(promote(ended, target, by())).toMatchObject({ ok: false, why: 'conflict' })
    }
  })
})
