import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AccessRequest, RequestItem } from '../../../src/core/access-request/access-request.js'
import { assumedRoles, grantsOf, isLive } from '../../../src/core/access-request/grants.js'
import { digestRoles, takeSnapshot } from '../../../src/core/access-request/snapshot.js'
import { buildRequest, defaultRequestPolicy } from '../../../src/core/access-request/build.js'
import { passTime } from '../../../src/core/access-request/transition.js'
import { review } from '../../../src/core/access-request/review.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import type { AccountAssignmentMatcher } from '../../../src/core/role/role.js'
import { pairKey } from '../../../src/core/identity-center/observation.js'
import { hour, minute } from '../../../src/core/time.js'
import { identityCenterSelector } from '../role/build.js'
import {
  activeRequest,
  admin,
  adminOnProd,
  aws,
  buildWorld,
  dev,
  inventory,
  item,
  now,
  prod,
  readOnDev,
  readOnly,
  requester,
  reviewer,
  reviewsAll,
  role,
} from './build.js'

const pairs = [prod, dev].flatMap((accountId) =>
  [admin, readOnly].map((permissionSetArn) => ({ accountId, permissionSetArn })),
)
const entry: fc.Arbitrary<AccountAssignmentMatcher> = fc.record({
  account: fc.constantFrom('*', prod, dev, '1*'),
  permissionSet: fc.constantFrom('*', admin, readOnly, '*0002'),
})
const version = fc.record({
  gives: fc.array(entry, { maxLength: 3 }),
  denies: fc.oneof(fc.constant([]), fc.array(entry, { maxLength: 1 })),
})

describe('what requests give', () => {
  test('of a role is what it gave at the approval and still gives, however it was changed (T30)', () => {
    fc.assert(
      fc.property(version, version, (then, later) => {
        const before = role('deployer', then)
        const after = role('deployer', later)
        const gave = takeSnapshot('deployer', buildWorld([before]))
        if (gave === undefined || gave === 'too_many') throw new Error('there is a snapshot')
        const asked = item({ kind: 'role', name: 'deployer' })
        const grants = grantsOf([activeRequest([{ ...asked, gave }])], buildWorld([after]), now)
        const expected = pairs.filter(
          (pair) =>
            decidePair([before], pair).effect === 'allow' && decidePair([after], pair).effect === 'allow',
        )
        const keys = expected.map(({ accountId, permissionSetArn }) => pairKey(accountId, permissionSetArn))
        expect(grants.map(({ pair }) => pair).sort()).toEqual(keys.sort())
      }),
      { numRuns: 300 },
    )
  })

  test('is the union over those that live, each with its own end, whatever became of the others', () => {
    const part = fc.record({
      user: fc.constantFrom('alice', 'bob'),
      asked: fc.subarray([adminOnProd, readOnDev, aws], { minLength: 1 }),
      states: fc.array(fc.constantFrom<RequestItem['state']>('approved', 'denied', 'pending'), {
        minLength: 3,
        maxLength: 3,
      }),
      state: fc.constantFrom<AccessRequest['state']>(
        'approved',
        'approved',
        'promoted',
        'revoked',
        'expired',
      ),
      activatedAt: fc.option(
        fc.integer({ min: -5, max: 2 }).map((hours) => now + hours * hour),
        { nil: undefined },
      ),
      endsAt: fc.integer({ min: -2, max: 5 }).map((hours) => now + hours * hour),
    })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const requests = parts.map(({ asked, states, ...more }, at) => {
          const items = asked.map((one, place) => ({ ...item(one), state: states[place] ?? 'denied' }))
          return { ...activeRequest([]), ...more, id: `r${at}`, items }
        })
        const grants = grantsOf(requests, buildWorld([]), now)
        const expected = requests
          .filter((one) => isLive(one, now))
          .flatMap((one) => grantsOf([one], buildWorld([]), now))
        expect(grants).toEqual(expected)
        for (const grant of grants) {
          const one = requests.find(({ id }) => id === grant.request)
          expect(one?.user).toBe(grant.user)
          expect(one?.endsAt).toBe(grant.until)
          expect(grant.until).toBeGreaterThan(now)
          expect(one?.activatedAt).toBeLessThanOrEqual(now)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('of a role that cannot be read stays, and of one that is gone ends', () => {
    const before = role('deployer', { gives: [{ account: '*', permissionSet: '*' }] })
    const gave = takeSnapshot('deployer', buildWorld([before]))
    if (gave === undefined || gave === 'too_many') throw new Error('there is a snapshot')
    const requests = [activeRequest([{ ...item({ kind: 'role', name: 'deployer' }), gave }])]
    expect(grantsOf(requests, buildWorld([before], { unreadable: ['deployer'] }), now)).toHaveLength(4)
    expect(grantsOf(requests, buildWorld([]), now)).toEqual([])
    const smaller = { ...inventory, revision: 'two', accounts: inventory.accounts.slice(0, 1) }
    expect(grantsOf(requests, buildWorld([before], { inventory: smaller }), now)).toHaveLength(2)
  })
})

describe('an extension', () => {
  const asks = role('asks', { request: { roles: ['*'], maxDurationMs: 12 * hour } })
  const signsIn = role('signs-in', { opens: identityCenterSelector })
  const world = buildWorld([asks, signsIn])
  const alice = requester([asks, signsIn])
  const bob = reviewer('bob', [reviewsAll])
  const holdsAll = () => new Map<string, string>()

  test('never goes beyond the longest time from the first start, and never interrupts access (T27)', () => {
    const round = fc.record({
      askAfter: fc.integer({ min: 0, max: 6 * 60 }),
      approveAfter: fc.integer({ min: 0, max: 60 }),
      hours: fc.integer({ min: 1, max: 12 }),
    })
    let extended = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(round, { maxLength: 6 }), (hours, rounds) => {
        let at = now
        const ask = (id: string, durationMs: number, old?: AccessRequest) =>
          buildRequest(
            { id, items: [adminOnProd], reason: '', durationMs, extends: old },
            { requester: alice, waiting: 0, policy: defaultRequestPolicy },
            world,
            at,
          )
        const approve = (pending: AccessRequest) => {
          const approved = pending.items.map(({ id }) => id)
          const draft = { approve: approved, deny: [], reason: '', annotations: {} }
          const step = review(pending, bob, draft, at, world)
          return step.ok ? passTime(step.request, at, holdsAll) : undefined
        }
        const first = ask('r0', hours * hour)
        if (!first.ok) throw new Error('the first request is built')
        const chain = [approve(first.request)].flatMap((one) => one ?? [])
        for (const { askAfter, approveAfter, hours: more } of rounds) {
          at += askAfter * minute
          const next = ask(`r${chain.length}`, more * hour, chain.at(-1))
          at += approveAfter * minute
          const approved = next.ok ? approve(next.request) : undefined
          if (approved !== undefined) chain.push(approved)
        }
        extended += chain.length - 1
        const end = Math.max(...chain.map(({ endsAt }) => endsAt ?? 0))
        expect(end).toBeLessThanOrEqual(now + 12 * hour)
        // From the start on, whatever instant: the pair is there until the end, but where an approval came too late.
        for (let time = now; time < end; time += 7 * minute) {
          const late = chain.some(({ extends: of, activatedAt }) => {
            return of !== undefined && of.from <= time && time < (activatedAt ?? 0)
          })
          if (!late) expect(grantsOf(chain, world, time).length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 200 },
    )
    expect(extended).toBeGreaterThan(0)
  })
})

describe('an assumed request', () => {
  const before = role('deployer', { gives: [{ account: dev, permissionSet: '*' }] })
  const signsIn = role('signs-in', { opens: identityCenterSelector })
  const then = buildWorld([before, signsIn])
  const gave = takeSnapshot('deployer', then)
  const digest = digestRoles(['signs-in'], then)
  if (gave === undefined || gave === 'too_many' || digest === undefined)
    throw new Error('there is a snapshot')
  const assumed = activeRequest([
    { ...item({ kind: 'role', name: 'deployer' }), gave },
    { ...item(aws, { roles: ['signs-in'] }), gave: { pairs: [], digest } },
    item(adminOnProd),
  ])

  test('adds its roles, and those of an application there alone', () => {
    expect(assumedRoles([assumed], then, now)).toEqual({
      roles: ['deployer'],
      ofApps: new Map([['aws', ['signs-in']]]),
    })
  })

  test('adds no role whose document has changed, nothing denied, and nothing after its end', () => {
    const changed = role('deployer', { gives: [{ account: dev, permissionSet: admin }] })
    expect(assumedRoles([assumed], buildWorld([changed, signsIn]), now).roles).toEqual([])
    const wider = buildWorld([before, role('signs-in', { opens: { '*': ['*'] } })])
    expect(assumedRoles([assumed], wider, now).ofApps).toEqual(new Map())
    const denied = { ...assumed, items: assumed.items.map((one) => ({ ...one, state: 'denied' as const })) }
    expect(assumedRoles([denied], then, now)).toEqual({ roles: [], ofApps: new Map() })
    expect(assumedRoles([assumed], then, now + 8 * hour).roles).toEqual([])
  })
})
