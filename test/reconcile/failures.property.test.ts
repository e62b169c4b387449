import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/core/plan/plan.js'
import type { ChangeOutcome } from '../../src/reconcile/change.js'
import { Failures } from '../../src/reconcile/failures.js'
import type { Failure } from '../../src/reconcile/notes.js'

const second = 1000
const hour = 3_600_000

const words = { says: 'AWS did not answer.', remedy: 'Wait.' }
const silence: ChangeOutcome = { state: 'unknown', failure: 'unknown_outcome', service: 'scim', words }
const refusal: ChangeOutcome = { state: 'failed', failure: 'invalid', service: 'scim', words }
const success: ChangeOutcome = { state: 'succeeded' }

const change = (user: string): Action => ({
  kind: 'user.activate',
  key: `user.activate/${user}`,
  priority: 'normal',
  after: [],
  because: 'it should be active',
  user,
  awsId: `id-${user}`,
})
const ada = change('ada@example.com')
const grace = change('grace@example.com')
const assignment: Action = {
  kind: 'assignment.create',
  key: 'assignment.create/x',
  priority: 'normal',
  after: [],
  because: 'a list grants it',
  principal: { kind: 'group', name: 'explorers', awsId: 'group-1' },
  pair: '111111111111/arn:aws:sso:::permissionSet/ssoins-1/ps-1',
  reasons: [],
}

const waitOf = (failures: Failures, { key }: Action): number => failures.waits().get(key) ?? -Infinity

/** By the number of failures in a row: what an object waits that is alone to blame. */
function ownWait(attempts: number, outcome: ChangeOutcome): number {
  if (outcome === silence && attempts === 1) return 0
  return Math.min(30 * second * 2 ** (attempts - 1), hour)
}

describe('an object that always fails', () => {
  test('while others succeed it waits from half a minute to an hour, as if alone to blame', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ outcome: fc.constantFrom(silence, refusal), others: fc.integer({ min: 1, max: 4 }) }),
          { minLength: 1, maxLength: 20 },
        ),
        (attempts) => {
          const failures = new Failures([])
          let now = 0
          for (const [index, { outcome, others }] of attempts.entries()) {
            failures.ended(ada, outcome, now)
            const due = now + ownWait(index + 1, outcome)
            for (let at = 0; at < others; at++) failures.ended(grace, success, now + at)
            expect(waitOf(failures, ada)).toBe(due)
            now = Math.max(due, now + 10)
          }
        },
      ),
    )
  })

  test('by a refusal it waits, whether others are answered or not', () => {
    const failures = new Failures([])
    failures.ended(ada, refusal, 0)
    failures.ended(ada, refusal, 30 * second)
    failures.ended(grace, success, 31 * second)
    expect(waitOf(failures, ada)).toBe(90 * second)
  })
})

describe('a service that does not answer anybody', () => {
  test('for however long: its first answer ends the waiting of all that failed by it, and of nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 2, maxLength: 60 }), (order) => {
        const failures = new Failures([])
        const users = [0, 1, 2, 3, 4, 5].map((at) => change(`user-${at}@example.com`))
        let now = 0
        for (const at of order) {
          failures.ended(users[at] ?? ada, silence, now)
          now += 10 * second
        }
        failures.ended(assignment, silence, now)
        failures.ended(assignment, silence, now)
        const other = waitOf(failures, assignment)
        failures.ended(grace, success, now)
        for (const user of users) expect(waitOf(failures, user)).toBeLessThanOrEqual(now)
        expect(waitOf(failures, assignment)).toBe(other)
      }),
    )
  })

  test('what fails again after others were answered is to blame itself, and begins at a minute', () => {
    const failures = new Failures([])
    for (let at = 0; at < 10; at++) failures.ended(ada, silence, at * hour)
    failures.ended(grace, success, 10 * hour)
    expect(waitOf(failures, ada)).toBeLessThanOrEqual(10 * hour)
    failures.ended(ada, silence, 10 * hour + 1)
    failures.ended(grace, success, 10 * hour + 2)
    expect(waitOf(failures, ada)).toBe(10 * hour + 1 + 60 * second)
  })

  test('a refusal of somebody else is an answer as well; throttling and refused credentials are none', () => {
    for (const failure of ['throttled', 'unauthorized', 'invalid'] as const) {
      const failures = new Failures([])
      failures.ended(ada, silence, 0)
      failures.ended(ada, silence, 1)
      failures.ended(grace, { state: 'failed', failure, service: 'scim', words }, 2)
      expect(waitOf(failures, ada)).toBe(failure === 'invalid' ? 2 : 1 + 60 * second)
    }
  })

  test('what was stored goes on where it ended', () => {
    const before = new Failures([])
    before.ended(ada, silence, 0)
    before.ended(ada, silence, 1)
    const after = new Failures(before.list())
    after.ended(grace, success, 2)
    expect(waitOf(after, ada)).toBe(2)
  })
})

test('a failure that was stored without saying whose fault it was keeps its wait', () => {
  const old: Failure = {
    ...{ key: ada.key, kind: 'user', name: 'ada@example.com', ...words },
    ...{ since: 0, attempts: 3, notBefore: 5 * hour },
  }
  const failures = new Failures([old])
  failures.ended(grace, success, 1)
  expect(waitOf(failures, ada)).toBe(5 * hour)
  failures.ended(ada, silence, 5 * hour)
  failures.ended(grace, success, 5 * hour + 1)
  expect(waitOf(failures, ada)).toBe(5 * hour + ownWait(4, silence))
})
