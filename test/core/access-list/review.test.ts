import { expect, test } from 'vitest'
import type { AccessListMember } from '../../../src/core/access-list/access-list.js'
import { matchDecisions } from '../../../src/core/access-list/review.js'

const now = Date.UTC(2026, 2, 2)

function member(name: string, changes: Partial<AccessListMember> = {}): AccessListMember {
  return {
    list: 'a',
    kind: 'user',
    name,
    awsUserId: undefined,
    joinedAt: now - 10,
    expiresAt: undefined,
    addedBy: 'ann',
    reason: '',
    ...changes,
  }
}

const decision = (name: string, at: number, kind: 'user' | 'list' = 'user') => ({
  kind,
  name,
  at,
  decision: 'keep' as const,
  by: 'ola',
})
const reviewers = new Set(['ola'])

test.each([
  ['made while they are in', member('bob'), decision('bob', now - 5), 'decided'],
  ['made in the moment in which they joined', member('bob'), decision('bob', now - 10), 'decided'],
  ['made before they joined again', member('bob'), decision('bob', now - 11), 'open'],
  ['on a list of that name', member('bob'), decision('bob', now, 'list'), 'open'],
  ['on somebody else', member('bob'), decision('Bob', now), 'open'],
  ['on somebody whose membership ended', member('bob', { expiresAt: now }), decision('bob', now - 5), 'out'],
  [
    'on somebody whose membership ends',
    member('bob', { expiresAt: now + 1 }),
    decision('bob', now),
    'decided',
  ],
])('a decision %s', (_, of, made, expected) => {
  const [one] = matchDecisions([of], [made], { reviewers, now })
  expect(one === undefined ? 'out' : one.decided === undefined ? 'open' : 'decided').toBe(expected)
})

test('a decision of somebody who may not review the list any more has lapsed: the member is open', () => {
  const made = [decision('bob', now), { ...decision('cat', now), by: 'ann' }]
  const [bob, cat] = matchDecisions([member('bob'), member('cat')], made, { reviewers, now })
  expect([bob?.decided, bob?.lapsed]).toEqual([made[0], undefined])
  expect([cat?.decided, cat?.lapsed]).toEqual([undefined, made[1]])
})

test('what lapsed on somebody who came back is not told either', () => {
  const made = [{ ...decision('bob', now - 11), by: 'ann' }]
  expect(matchDecisions([member('bob')], made, { reviewers, now })[0]?.lapsed).toBeUndefined()
})
