import { describe, expect, test } from 'vitest'
import type { AccessRequest, RequestItem } from '../../../src/core/access-request/access-request.js'
import type { OnCallList } from '../../../src/core/access-request/on-call.js'
import { recheck } from '../../../src/core/access-request/recheck.js'
import {
  isRuleAuthor,
  reviewByRules,
  sayRules,
  stillApproves,
  type ReviewRule,
  type RuleFacts,
  type RuleSet,
} from '../../../src/core/access-request/review-rule.js'
import { passTime } from '../../../src/core/access-request/transition.js'
import { weekDays } from '../../../src/core/access-request/weekly-hours.js'
import { hour, minute } from '../../../src/core/time.js'
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
  requester,
  reviewer,
  reviewsAll,
  role,
  threshold,
} from './build.js'

const oncall = role('oncall')
const asks = role('asks', { request: { roles: ['*'], searchAsRoles: ['opens'] } })
const world = buildWorld([oncall, asks, role('opens', { opens: { '*': ['*'] } })])
/** To the application, by a role that opens it. */
const signIn = (terms: Partial<RequestItem['terms']> = {}) => item(aws, { roles: ['opens'], ...terms })
const about = request([item(adminOnProd), item(readOnDev), signIn()])
const [prodId, devId, awsId] = about.items.map(({ id }) => id)

interface RuleParts extends Omit<Partial<ReviewRule>, 'requester' | 'items'> {
  readonly requester?: Partial<ReviewRule['requester']>
  readonly items?: Partial<Record<keyof ReviewRule['items'], readonly string[]>>
}

const anything = { accounts: ['*'], permissionSets: ['*'], roles: ['*'], apps: ['*'] }

/** About anything unless said otherwise. */
function rule(name: string, { requester: who, items = anything, ...more }: RuleParts = {}): ReviewRule {
  return {
    name,
    decision: 'approve',
    requester: { users: [], roles: [], traits: {}, ...who },
    items: { accounts: [], organizationalUnits: [], permissionSets: [], roles: [], apps: [], ...items },
    onCall: undefined,
    hours: undefined,
    maxDurationMs: undefined,
    reason: 'by rule',
    ...more,
  }
}

const list = (more: Partial<OnCallList> = {}): OnCallList => ({
  name: 'primary',
  users: ['Alice'],
  until: undefined,
  updatedAt: now,
  updatedBy: 'token/pager',
  ...more,
})

const facts: RuleFacts = {
  requester: requester([oncall, asks], { traits: { team: ['payments'] } }),
  onCall: new Map([['primary', list()]]),
  now,
  since: now - hour,
  others: [],
}

const setOf = (...rules: ReviewRule[]): RuleSet => ({ rules, hidesDenial: false, writers: new Map() })

function review(on: AccessRequest, rules: RuleSet | ReviewRule, more: Partial<RuleFacts> = {}) {
  return reviewByRules(on, 'rules' in rules ? rules : setOf(rules), { ...facts, ...more }, world)
}

/** Ids of the items that the rule approves. */
function approved(one: ReviewRule, on = about, more: Partial<RuleFacts> = {}): readonly string[] {
  return review(on, one, more).request.reviews.flatMap(({ approve }) => approve)
}

function states(on: AccessRequest): readonly string[] {
  return on.items.map(({ state }) => state)
}

describe('a rule covers', () => {
  const of = (accounts: string[], permissionSets: string[], decision: 'approve' | 'deny' = 'approve') =>
    review(about, rule('r', { decision, items: { accounts, permissionSets } })).request.reviews.flatMap(
      ({ approve, deny }) => [...approve, ...deny],
    )

  test('assignments whose account and permission set it names, by id or name', () => {
    expect(of([prod], [admin])).toEqual([prodId])
    expect(of(['production', 'dev*'], ['*'])).toEqual([prodId, devId])
    expect(of(['*'], ['Read*'])).toEqual([devId])
    expect(of(['production'], ['ReadOnly'])).toEqual([])
    expect(of(['production'], [])).toEqual([])
  })

  test('what had a name before where it denies, and not where it approves', () => {
    expect(of(['main'], ['*'], 'deny')).toEqual([prodId])
    expect(of(['main'], ['*'])).toEqual([])
    const named = (pattern: string) => approved(rule('r', { items: { roles: [pattern] } }))
    expect(named('Admin-on-production-*')).toEqual([prodId])
    expect(named(`Admin-on-main-${prod}`)).toEqual([prodId])
    expect(named('Admin-on-main-*')).toEqual([])
    const denied = rule('r', { decision: 'deny', items: { roles: ['Admin-on-main-*'] } })
    expect(review(about, denied).request.items[0]?.state).toBe('denied')
  })

  test('applications by their names, and nothing where it names no items', () => {
    expect(approved(rule('r', { items: { apps: ['a*'] } }))).toEqual([awsId])
    expect(approved(rule('r', { items: {} }))).toEqual([])
  })

  test('each item by itself: what it does not cover waits for people', () => {
    const { request: after } = review(about, rule('r', { items: { apps: ['aws'] } }))
    expect([after.state, ...states(after)]).toEqual(['pending', 'pending', 'pending', 'approved'])
    expect(after.timeline.map(({ what }) => what)).toEqual(['created', 'reviewed'])
  })
})

describe('every condition of a rule must hold', () => {
  const shift = (start: number, end: number) => ({
    timeZone: 'UTC',
    shifts: [{ days: weekDays, start, end }],
  })
  const cases: readonly (readonly [string, RuleParts, RuleParts])[] = [
    ['user', { requester: { users: ['ALICE'] } }, { requester: { users: ['bob'] } }],
    ['role', { requester: { roles: ['x', 'oncall'] } }, { requester: { roles: ['x'] } }],
    [
      'trait',
      { requester: { traits: { team: ['payments', 'x'] } } },
      { requester: { traits: { team: ['x'] } } },
    ],
    [
      'other trait',
      { requester: { traits: { team: ['payments'] } } },
      { requester: { traits: { team: ['payments'], toString: ['x'] } } },
    ],
    ['length', { maxDurationMs: 8 * hour }, { maxDurationMs: 8 * hour - 1 }],
    ['on call', { onCall: 'primary' }, { onCall: 'secondary' }],
    ['hours', { hours: shift(9 * 60, 10 * 60) }, { hours: shift(10 * 60, 11 * 60) }],
  ]
  test.each(cases)('the %s', (_, holds, fails) => {
    expect(approved(rule('r', holds))).toHaveLength(3)
    expect(approved(rule('r', fails))).toEqual([])
    expect(approved(rule('r', { onCall: 'primary', ...fails }))).toEqual([])
  })

  test('none is taken as met for somebody who has nothing', () => {
    const nobody = { requester: requester([]) }
    for (const who of [{ roles: ['oncall'] }, { traits: { team: ['payments'] } }]) {
      expect(approved(rule('r', { requester: who }), about, nobody)).toEqual([])
    }
    expect(approved(rule('r'), about, nobody)).toHaveLength(3)
  })

  test('hours hold for a later start too, and where one of both is in them a denial holds', () => {
    const office = { hours: shift(9 * 60, 10 * 60) }
    const at = (startAt: number) => request([signIn()], { startAt })
    expect(approved(rule('r', office), at(now + 30 * minute))).toEqual([awsId])
    expect(approved(rule('r', office), at(now + 2 * hour))).toEqual([])
    const denied = (on: AccessRequest, more = {}) =>
      review(on, rule('r', { ...office, decision: 'deny' }), more).request.state
    expect(denied(at(now + 2 * hour))).toBe('denied')
    expect(denied(at(now), { now: now - hour })).toBe('denied')
    expect(denied(request([signIn()]), { now: now - hour })).toBe('pending')
  })
})

describe('who is on call', () => {
  const one = rule('r', { onCall: 'primary' })
  const by = (more: Partial<OnCallList>) =>
    approved(one, about, { onCall: new Map([['primary', list(more)]]) })

  test('is who is named, in whatever spelling', () => {
    expect(by({})).toHaveLength(3)
    expect(by({ users: ['ＡＬＩＣＥ'] })).toHaveLength(3)
    expect(by({ users: ['alicia'] })).toEqual([])
    expect(by({ users: [] })).toEqual([])
  })

  test('is nobody once the time of the list is over, to the millisecond', () => {
    expect(by({ until: now + 1 })).toHaveLength(3)
    expect(by({ until: now })).toEqual([])
  })

  test('is nobody who is approved by a list that they wrote themselves', () => {
    expect(by({ updatedBy: 'alice' })).toEqual([])
    expect(by({ updatedBy: 'ALICE' })).toEqual([])
    expect(by({ updatedBy: 'bob' })).toHaveLength(3)
  })
})

describe('reviews by rules', () => {
  test('count once each, name their rule, and are given once', () => {
    const two = request([signIn({ thresholds: [threshold(2)] })])
    const first = rule('first')
    const once = review(two, setOf(first)).request
    expect(once).toMatchObject({ state: 'pending', reviews: [{ author: 'rule/first', reason: 'by rule' }] })
    expect(review(once, setOf(first, rule('second'))).request).toBe(once)
    const both = review(two, setOf(rule('second'), first)).request
    expect(both.state).toBe('approved')
    expect(both.timeline.at(-1)).toMatchObject({ what: 'approved', by: 'rule/second', says: 'by rule' })
    expect(sayRules(both, false)).toEqual([
      'The rule first approved everything.',
      'The rule second approved everything.',
    ])
  })

  test('deny before any other rule approves, whatever thresholds ask for', () => {
    const no = rule('z-no', { items: { apps: ['*'] }, decision: 'deny' })
    const after = review(about, setOf(rule('a-yes'), no)).request
    expect([after.state, ...states(after)]).toEqual(['approved', 'approved', 'approved', 'denied'])
    // One denial is not enough here, and one approval would be.
    const lenient = request([signIn({ thresholds: [threshold(1, 2)] })])
    expect(review(lenient, rule('a-yes')).request.state).toBe('approved')
    const contested = review(lenient, setOf(rule('a-yes'), no)).request
    expect([contested.state, contested.reviews.length]).toEqual(['pending', 1])
  })

  test('count only where the threshold of the item accepts them', () => {
    const filter = 'contains(reviewer.roles, "senior")'
    const people = request([signIn({ thresholds: [threshold(1, 1, filter)] })])
    expect(review(people, rule('r')).request.state).toBe('pending')
  })

  test('are not given on what is decided, or was reviewed before', () => {
    expect(approved(rule('r'), { ...about, state: 'approved' })).toEqual([])
    const reviewed = review(about, rule('r', { items: { apps: ['*'] } })).request
    expect(review(reviewed, rule('other')).request).toBe(reviewed)
  })

  test('change neither times nor caps', () => {
    const { request: after } = review(about, rule('r'))
    const { durationMs, maxDurationMs, startAt } = after
    expect([durationMs, maxDurationMs, startAt]).toEqual([8 * hour, 24 * hour, undefined])
    expect(after.endsAt).toBe(now + 8 * hour)
  })

  test('are by nobody who could be a person', () => {
    expect(['rule/x', 'alice', 'token/rule', 'rules'].map(isRuleAuthor)).toEqual([true, false, false, false])
  })
})

describe('a rule that does not decide', () => {
  const short = rule('short', { maxDurationMs: hour })

  test('for a request that is too long says so, in the timeline too', () => {
    const says = 'The rule short decides by itself on 1h or less; this is longer.'
    const { request: after, notes } = review(about, short)
    expect(notes).toEqual([says])
    expect([after.state, after.reviews, after.timeline]).toEqual([
      'pending',
      [],
      [{ at: now, by: 'alice', what: 'created', says }],
    ])
    expect(review(request([signIn()], { durationMs: hour }), short).request.state).toBe('approved')
  })

  test('says nothing where it is about somebody or something else', () => {
    for (const more of [{ onCall: 'secondary' }, { items: { apps: ['x'] } }]) {
      expect(review(about, rule('r', { ...more, maxDurationMs: hour }))).toEqual({
        request: about,
        notes: [],
      })
    }
  })

  test('counts all of a chain of extensions', () => {
    const going = { request: 'r0', firstStartedAt: now - 50 * minute, from: now + 10 * minute }
    const extension = (durationMs: number) => request([signIn()], { extends: going, durationMs })
    const two = rule('two', { maxDurationMs: 2 * hour })
    expect(review(extension(hour), two).request.state).toBe('approved')
    const { request: after, notes } = review(extension(hour + 1), two)
    expect([after.state, notes]).toEqual([
      'pending',
      ['The rule two decides by itself on 2h or less, with what it goes on with; this is longer.'],
    ])
  })

  describe('for access that hangs together with what rules approved', () => {
    const hourly = rule('hourly', { maxDurationMs: hour })
    const ask = (times: Partial<AccessRequest>, others: readonly AccessRequest[], one = hourly) =>
      review(request([signIn()], { durationMs: hour, ...times }), one, { others })
    const ruled = (times: Partial<AccessRequest> = {}) => {
      const { state, ...after } = ask(times, []).request
      expect(state).toBe('approved')
      return { ...after, state } as AccessRequest
    }

    test('a string of requests back to back, whichever comes first, with gaps in which nothing fits', () => {
      const first = ruled()
      const says =
        'The rule hourly decides by itself on 1h or less together; with other requests that rules approved, less than 5m before or after it, this is longer.'
      const { request: second, notes } = ask({ startAt: now + hour }, [first])
      expect([second.state, second.reviews, notes]).toEqual(['pending', [], [says]])
      expect(second.timeline[0]?.says).toBe(says)
      const state = (startAt: number, others: readonly AccessRequest[]) =>
        ask({ startAt }, others).request.state
      expect(state(now + hour + 5 * minute - 1, [first])).toBe('pending')
      expect(state(now + hour + 5 * minute, [first])).toBe('approved')
      const later = ruled({ startAt: now + 2 * hour })
      expect(state(now + hour, [later])).toBe('pending')
      expect(state(now + 55 * minute, [later])).toBe('approved')
      // Between two that are apart.
      expect(state(now + hour, [first, later])).toBe('pending')
    })

    test('counts together what fits, and what overlaps once', () => {
      const two = rule('two', { maxDurationMs: 2 * hour })
      const first = ruled()
      expect(ask({ startAt: now + hour }, [first], two).request.state).toBe('approved')
      const third = ruled({ startAt: now + hour })
      expect(ask({ startAt: now + 2 * hour }, [first, third], two).request.state).toBe('pending')
      expect(ask({ startAt: now + 30 * minute }, [first, third], two).request.state).toBe('approved')
      const parts = [0, 1].map((n) => ruled({ startAt: now + (n * hour) / 2, durationMs: hour / 2 }))
      expect(ask({}, parts).request.state).toBe('approved')
    })

    test('but not what people approved, what was denied or never began, or another item', () => {
      const first = ruled()
      const { reviews } = first
      const like = (more: Partial<AccessRequest>) =>
        ask({ startAt: now + hour }, [{ ...first, ...more }]).request.state
      expect(like({})).toBe('pending')
      expect(like({ reviews: reviews.map((one) => ({ ...one, author: 'bob' })) })).toBe('approved')
      expect(like({ items: first.items.map((one) => ({ ...one, state: 'denied' })) })).toBe('approved')
      expect(like({ state: 'revoked' })).toBe('approved')
      expect(like({ state: 'revoked', activatedAt: now })).toBe('pending')
      expect(like({ state: 'expired', activatedAt: now, endsAt: now + 50 * minute })).toBe('approved')
      const another = review(request([item(readOnDev)], { durationMs: hour, startAt: now + hour }), hourly, {
        others: [first],
      })
      expect(another.request.state).toBe('approved')
    })

    test('as wide as what still waits for people may come to be', () => {
      const apps = rule('apps', { maxDurationMs: hour, items: { apps: ['*'] } })
      const mixed = (others: readonly AccessRequest[], pendingUntil = now + 6 * hour) =>
        review(request([signIn(), item(adminOnProd)], { durationMs: hour, pendingUntil }), apps, { others })
          .request
      const waits = mixed([])
      expect(states(waits)).toEqual(['approved', 'pending'])
      expect(states(mixed([waits]))).toEqual(['pending', 'pending'])
      expect(states(mixed([ruled({ startAt: now + 5 * hour })]))).toEqual(['pending', 'pending'])
      expect(states(mixed([ruled({ startAt: now + 8 * hour })]))).toEqual(['approved', 'pending'])
      // What is decided at once begins at once, however long it might have waited.
      expect(ask({ pendingUntil: now + 6 * hour }, [ruled({ startAt: now + 5 * hour })]).request.state).toBe(
        'approved',
      )
    })
  })

  test('leaves everything to people while one that may deny cannot be read', () => {
    const hidden = { ...setOf(rule('r')), hidesDenial: true }
    const { request: after, notes } = review(about, hidden)
    expect([after.state, notes.length]).toEqual(['pending', 1])
    const denies = { ...setOf(rule('r', { decision: 'deny' })), hidesDenial: true }
    expect(review(about, denies).request.state).toBe('denied')
  })
})

describe('when access begins a rule still counts', () => {
  const author = 'rule/r'
  const still = (one: ReviewRule | undefined, more: Partial<RuleFacts> = {}) =>
    about.items.some(
      stillApproves(author, about, { ...facts, ...more }, setOf(...(one === undefined ? [] : [one])), world),
    )

  test('while it is there and about this person and item', () => {
    expect(still(rule('r'))).toBe(true)
    expect(still(rule('r', { onCall: 'primary' }))).toBe(true)
  })

  test('where its hours hold when access begins: when it was decided, or at its start, not when somebody looks', () => {
    const morning = rule('r', {
      hours: { timeZone: 'UTC', shifts: [{ days: weekDays, start: 8 * 60, end: 10 * 60 }] },
    })
    const holds = (times: Partial<AccessRequest>) =>
      stillApproves(author, { ...about, state: 'approved', ...times }, facts, setOf(morning), world)(signIn())
    expect(holds({ resolvedAt: now })).toBe(true)
    expect(holds({ resolvedAt: now + hour - 1 })).toBe(true)
    expect(holds({ resolvedAt: now + hour })).toBe(false)
    expect(holds({ resolvedAt: now, startAt: now + hour - 1 })).toBe(true)
    expect(holds({ resolvedAt: now, startAt: now + 6 * hour })).toBe(false)
  })

  test('so that nothing begins by it alone once its hours are over, however long the rest waited', () => {
    const morning = rule('r', {
      items: { apps: ['*'] },
      hours: { timeZone: 'UTC', shifts: [{ days: weekDays, start: 8 * 60, end: 10 * 60 }] },
    })
    const ends = (pendingUntil: number, looked: number) => {
      const asked = request([signIn(), item(adminOnProd)], { pendingUntil, durationMs: 4 * hour })
      const { request: waits } = review(asked, morning)
      expect(waits.items.map((one) => one.state)).toEqual(['approved', 'pending'])
      return passTime(waits, looked, (due) =>
        recheck(
          due,
          {
            requester: { ...facts.requester, isLocked: false },
            reviewer: () => undefined,
            rules: { ...setOf(morning), onCall: facts.onCall, now: looked, since: 0 },
            extended: [],
          },
          world,
        ),
      )
    }
    expect(ends(now + 6 * hour, now + 6 * hour)).toMatchObject({ state: 'revoked', activatedAt: undefined })
    // Due within the hours, which are over when the gateway comes back.
    expect(ends(now + hour / 2, now + 2 * hour)).toMatchObject({
      state: 'approved',
      activatedAt: now + hour / 2,
    })
  })

  test('and not where it is gone, denies, or is about others', () => {
    expect(still(undefined)).toBe(false)
    expect(still(rule('other'))).toBe(false)
    expect(still(rule('r', { decision: 'deny' }))).toBe(false)
    expect(still(rule('r', { requester: { users: ['bob'] } }))).toBe(false)
    expect(still(rule('r', { items: { apps: ['x'] } }))).toBe(false)
    expect(still(rule('r', { maxDurationMs: hour }))).toBe(false)
    expect(still(rule('r', { onCall: 'primary' }), { onCall: new Map() })).toBe(false)
  })

  test('so that with it an item falls away, or stays by people who are enough', () => {
    const two = request([signIn({ thresholds: [threshold(2)] })])
    const halfway = review(two, rule('r')).request
    const byBob = { ...halfway.reviews[0], author: 'bob' } as AccessRequest['reviews'][number]
    const agreed: AccessRequest = {
      ...halfway,
      state: 'approved',
      items: halfway.items.map((one) => ({ ...one, state: 'approved' })),
      reviews: [...halfway.reviews, byBob],
    }
    const fallen = (rules: readonly ReviewRule[], reviews = agreed.reviews) =>
      recheck(
        { ...agreed, reviews },
        {
          requester: { ...facts.requester, isLocked: false },
          reviewer: (name) => reviewer(name, [reviewsAll]),
          rules: { ...setOf(...rules), onCall: facts.onCall, now, since: 0 },
          extended: [],
        },
        buildWorld([asks, role('opens', { opens: { '*': ['*'] } })]),
      ).size
    expect(fallen([rule('r')])).toBe(0)
    expect(fallen([])).toBe(1)
    expect(fallen([], [...agreed.reviews, { ...byBob, author: 'carol' }])).toBe(0)
  })
})
