/**
 * Random histories of one request, with everybody who could do something doing it at random instants, in the open and
 * while the gateway slept.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  requestTimes,
  type AccessRequest,
  type RequestState,
} from '../../../src/core/access-request/access-request.js'
import { nextDueAt } from '../../../src/core/access-request/due.js'
import { grantsOf, isLive } from '../../../src/core/access-request/grants.js'
import { promote } from '../../../src/core/access-request/promotion.js'
import type { RecheckFacts } from '../../../src/core/access-request/recheck.js'
import { review } from '../../../src/core/access-request/review.js'
import { judgeItemState } from '../../../src/core/access-request/tally.js'
import { cancel, passTime, release, revoke, type Step } from '../../../src/core/access-request/transition.js'
import type { Reviewer } from '../../../src/core/access-request/world.js'
import { foldName } from '../../../src/core/user/user.js'
import { hour, type Instant } from '../../../src/core/time.js'
import { identityCenterSelector } from '../role/build.js'
import {
  admin,
  adminOnProd,
  aws,
  buildWorld,
  dev,
  item,
  now,
  request,
  requester,
  reviewer,
  reviewsAll,
  role,
  threshold,
} from './build.js'

const world = buildWorld([
  role('deployer', { gives: [{ account: dev, permissionSet: admin }] }),
  role('aws', { opens: identityCenterSelector }),
])
const seniors = 'contains(reviewer.roles, "senior")'
const senior = role('senior', { reviews: { roles: ['*'] } })
const noApps = role('no-apps', { reviews: { roles: ['*'] }, denyReviews: { roles: ['aws'] } })

const people = {
  alice: reviewer('alice', [reviewsAll]),
  Alice: reviewer('Alice', [reviewsAll]),
  'token/hers': reviewer('token/hers', [reviewsAll], { actsFor: ['alice'] }),
  bob: reviewer('bob', [senior]),
  BOB: reviewer('BOB', [senior]),
  carol: reviewer('carol', [reviewsAll]),
  dave: reviewer('dave', [noApps]),
  erin: reviewer('erin', [reviewsAll], { isLocked: true }),
  mallory: reviewer('mallory', []),
}
type Name = keyof typeof people
const names = ['alice', 'Alice', 'token/hers', 'bob', 'BOB', 'carol', 'dave', 'erin', 'mallory'] as const
const independent: readonly Name[] = ['bob', 'BOB', 'carol', 'dave']

const items = [
  item(adminOnProd, { thresholds: [threshold(2, 2), threshold(1, 1, seniors)] }),
  item({ kind: 'role', name: 'deployer' }, { thresholds: [threshold(2)] }),
  item(aws, { thresholds: [threshold(1)] }),
]
const ids = items.map(({ id }) => id)

const asks = role('asks', { request: { roles: ['*'], searchAsRoles: ['aws'] } })
/** Everybody is as they were. */
const looked: RecheckFacts = {
  requester: { ...requester([asks]), isLocked: false },
  reviewer: (name) => new Map<string, Reviewer>(Object.entries(people)).get(name),
  rules: { rules: [], hidesDenial: false, writers: new Map(), onCall: new Map(), now, since: 0 },
  extended: [],
}

/** From each state those that a single step may lead to. */
const table: Readonly<Record<RequestState, readonly RequestState[]>> = {
  pending: ['pending', 'approved', 'denied', 'promoted', 'expired', 'cancelled', 'revoked'],
  approved: ['approved', 'expired', 'revoked', 'cancelled', 'promoted'],
  denied: ['denied'],
  promoted: ['promoted'],
  expired: ['expired'],
  cancelled: ['cancelled'],
  revoked: ['revoked'],
}

const who = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...independent) },
  { weight: 1, arbitrary: fc.constantFrom(...names) },
)
const some = fc.oneof(fc.constant(ids), fc.subarray(ids))
const rarely = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one })
const few = fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: some })
const deed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('review' as const),
      who,
      approve: fc.oneof({ weight: 4, arbitrary: some }, { weight: 1, arbitrary: fc.constant<string[]>([]) }),
      deny: few,
      durationMs: rarely(fc.integer({ min: 1, max: 12 }).map((hours) => hours * hour)),
      startAt: rarely(fc.integer({ min: 0, max: 48 }).map((hours) => now + hours * hour)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('cancel', 'release', 'revoke', 'promote'), who }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('look' as const), who, fallen: few }),
  },
)
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never
const history = fc.array(fc.tuple(fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 30 })), deed), { maxLength: 14 })
const asked = fc.record({
  startAt: rarely(fc.integer({ min: 1, max: 30 }).map((hours) => now + hours * hour)),
  durationMs: fc.integer({ min: 1, max: 10 }).map((hours) => hours * hour),
  pendingUntil: fc.integer({ min: 1, max: 60 }).map((hours) => now + hours * hour),
})

function act(before: AccessRequest, done: Deed, at: Instant): AccessRequest {
  const by = people[done.who]
  const step = { by: by.name, at, reason: '' }
  const after = (made: Step) => (made.ok ? made.request : before)
  switch (done.kind) {
    case 'review': {
      const { approve, startAt, durationMs } = done
      const deny = done.deny.filter((id) => !approve.includes(id))
      const times = {
        ...(startAt === undefined ? {} : { startAt }),
        ...(durationMs === undefined ? {} : { durationMs }),
      }
      return after(review(before, by, { approve, deny, reason: '', annotations: {}, ...times }, at, world))
    }
    case 'look':
      return passTime(before, at, () => new Map(done.fallen.map((id) => [id, 'Gone.'])))
    case 'cancel':
      return after(cancel(before, step))
    case 'release':
      return after(release(before, step))
    case 'revoke':
      return after(revoke(before, step))
    default:
      return after(
        promote(before, { name: 'list', title: 'List' }, { reviewer: by, at, reason: '' }, looked, world),
      )
  }
}

/** Each request of a history with what came before it. */
function* play(start: AccessRequest, deeds: readonly (readonly [number, Deed])[]) {
  let at = now
  let before = start
  for (const [hours, done] of deeds) {
    at += hours * hour
    const after = act(before, done, at)
    yield { before, after, done, at }
    before = after
  }
}

function always(
  holds: (step: { before: AccessRequest; after: AccessRequest; done: Deed; at: Instant }) => void,
) {
  fc.assert(
    fc.property(asked, history, (terms, deeds) => {
      for (const step of play(request(items, terms), deeds)) holds(step)
    }),
    { numRuns: 1000 },
  )
}

test('the state never leaves its table, and what is final never changes', () => {
  const reached = new Set<RequestState>()
  always(({ before, after, done, at }) => {
    reached.add(after.state)
    // Time that was slept through makes several steps at once.
    if (done.kind !== 'look') expect(table[before.state]).toContain(after.state)
    else if (before.state === 'pending')
      expect(['pending', 'approved', 'expired', 'revoked']).toContain(after.state)
    if (table[before.state].length === 1) {
      expect(after).toBe(before)
      expect(nextDueAt(after)).toBeUndefined()
    }
    if (done.kind === 'look') expect(nextDueAt(after) ?? Infinity).toBeGreaterThan(at)
  })
  expect([...reached].sort()).toEqual(Object.keys(table).sort())
})

test('nothing is approved without enough distinct approvals of people who may, and nothing by the requester', () => {
  const approved = new Set<string>()
  always(({ after }) => {
    for (const one of after.items) {
      const said = after.reviews.filter(({ approve }) => approve.includes(one.id)).map(({ author }) => author)
      for (const author of said) expect(independent).toContain(author)
      if (one.state !== 'approved') continue
      approved.add(one.id)
      const distinct = new Set(said.map(foldName))
      const bySenior = distinct.has('bob') && one.id === ids[0]
      const needed = one.id === ids[2] || bySenior ? 1 : 2
      expect(distinct.size).toBeGreaterThanOrEqual(needed)
      if (one.id === ids[2]) expect([...distinct].some((author) => author !== 'dave')).toBe(true)
      expect(judgeItemState(one, after).state).toBe('approved')
    }
  })
  expect(approved.size).toBe(ids.length)
})

test('one more denial never approves', () => {
  fc.assert(
    fc.property(asked, history, some, (terms, deeds, denied) => {
      const steps = [...play(request(items, terms), deeds)]
      const last = steps.at(-1)?.after ?? request(items, terms)
      const at = steps.at(-1)?.at ?? now
      const draft = { approve: [], deny: denied, reason: '', annotations: {} }
      const step = review(last, people.carol, draft, at, world)
      const after = step.ok ? step.request : last
      after.items.forEach(({ state }, place) => {
        if (state === 'approved') expect(last.items[place]?.state).toBe('approved')
      })
    }),
    { numRuns: 300 },
  )
})

test('access begins once, not before its start or approval, and never lasts longer or later than asked for', () => {
  always(({ before, after, at }) => {
    if (before.activatedAt !== undefined) expect(after.activatedAt).toBe(before.activatedAt)
    // What a promotion leaves counts as the membership alone does.
    if (after.state === 'promoted') return
    if (before.endsAt !== undefined) expect(after.endsAt).toBeLessThanOrEqual(before.endsAt)
    if (after.activatedAt === undefined || after.endsAt === undefined) return
    expect(after.activatedAt).toBeGreaterThanOrEqual(
      Math.max(after.asked.startAt ?? 0, after.resolvedAt ?? Infinity),
    )
    expect(after.activatedAt).toBeLessThanOrEqual(at)
    expect(after.endsAt - after.activatedAt).toBeLessThanOrEqual(after.asked.durationMs)
  })
})

test('access never lasts longer, or begins sooner, than any approval of it says, whoever reviews after it', () => {
  const slow = items.map((one) => ({ ...one, terms: { ...one.terms, thresholds: [threshold(4)] } }))
  const one = fc.record({
    by: fc.constantFrom('bob', 'carol', 'dave', 'mallory'),
    approve: fc.constantFrom(...ids),
    durationMs: fc.option(fc.integer({ min: 1, max: 10 }).map((hours) => hours * hour)),
    startAt: rarely(fc.integer({ min: 0, max: 48 }).map((hours) => now + hours * hour)),
  })
  let several = 0
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), (reviews) => {
      let after = request(slow, { durationMs: 10 * hour, pendingUntil: now + hour })
      for (const { by, approve, durationMs, startAt } of reviews) {
        const times = {
          ...(durationMs !== null && { durationMs }),
          ...(startAt !== undefined && { startAt }),
        }
        const draft = { approve: [approve], deny: [], reason: '', annotations: {}, ...times }
        const step = review(after, people[by], draft, now, world)
        if (step.ok) after = step.request
      }
      for (const { author, durationMs, startAt } of after.reviews) {
        expect(after.durationMs).toBeLessThanOrEqual(durationMs ?? Infinity)
        if (startAt !== undefined) expect(after.startAt).toBeGreaterThanOrEqual(startAt)
        if (author === 'dave') expect([durationMs, startAt]).toEqual([undefined, undefined])
      }
      if (after.reviews.filter(({ durationMs }) => durationMs !== undefined).length > 1) several += 1
    }),
    { numRuns: 500 },
  )
  expect(several).toBeGreaterThan(0)
})

test('only a request that lives gives anything: approved items, of promoted ones as the membership', () => {
  let given = 0
  always(({ before, after, done, at }) => {
    const grants = grantsOf([after], world, at)
    given += grants.length
    if (!isLive(after, at)) expect(grants).toEqual([])
    if (['pending', 'denied', 'expired', 'cancelled', 'revoked'].includes(after.state))
      expect(grants).toEqual([])
    const open = after.items.filter(({ state, asked: { kind } }) => state === 'approved' && kind !== 'app')
    expect(grants).toHaveLength(isLive(after, at) ? open.length : 0)
    if (done.kind === 'promote' && after.state === 'promoted' && before.state === 'approved') {
      expect(after.endsAt).toBe(Math.max(before.endsAt ?? 0, at + requestTimes.afterPromotion))
    }
    const list = after.state === 'promoted' ? after.promotedTo?.list : undefined
    for (const { asMemberOf } of grants) expect(asMemberOf).toBe(list)
  })
  expect(given).toBeGreaterThan(0)
})
