import { describe, expect, test } from 'vitest'
import type { RequestConditions, Role } from '../../../src/core/role/role.js'
import { combineTerms, offerDurations } from '../../../src/core/access-request/terms.js'
import { day, hour, minute } from '../../../src/core/time.js'
import { buildWorld, requester, role, threshold } from './build.js'

function combine(held: readonly Role[], allowedBy: readonly string[], asked: readonly Role[] = []) {
  const items = [{ roles: asked.map(({ name }) => name), allowedBy, thresholds: [threshold(1)] }]
  return combineTerms(items, requester(held, { traits: { team: ['payments'] } }), buildWorld(asked))
}

function asks(name: string, request: Partial<RequestConditions>): Role {
  return role(name, { request })
}

describe('the longest time', () => {
  const long = role('long', { options: { maxSessionTtlMs: 30 * hour } })
  const short = role('short', { options: { maxSessionTtlMs: 2 * hour } })

  test('is the lowest that a role which allows an item sets', () => {
    const held = [
      asks('a', { maxDurationMs: 4 * hour }),
      asks('b', { maxDurationMs: 6 * hour }),
      asks('c', { maxDurationMs: hour }),
    ]
    expect(combine(held, ['a', 'b'], [short])).toMatchObject({
      maxDurationMs: 4 * hour,
      defaultDurationMs: 4 * hour,
    })
  })

  test('is the shortest session of what is asked for where no role sets one', () => {
    expect(combine([asks('a', {})], ['a'], [long, short]).maxDurationMs).toBe(2 * hour)
    expect(combine([asks('a', {})], ['a'], [long])).toMatchObject({
      maxDurationMs: 30 * hour,
      defaultDurationMs: 8 * hour,
    })
  })

  test('is never more than 14 days', () => {
    expect(combine([asks('a', { maxDurationMs: 90 * day })], ['a']).maxDurationMs).toBe(14 * day)
  })

  test('ends the list of durations that are offered', () => {
    expect(offerDurations(10 * hour)).toEqual([hour, 2 * hour, 4 * hour, 8 * hour, 10 * hour])
    expect(offerDurations(45 * minute)).toEqual([15 * minute, 30 * minute, 45 * minute])
    expect(offerDurations(4 * minute)).toEqual([])
  })
})

test('a reason is needed as soon as one role that allows an item wants it; what roles ask is sorted', () => {
  const held = [
    asks('a', { reason: { mode: 'optional', prompt: 'Which ticket?' } }),
    asks('b', { reason: { mode: 'required', prompt: 'For whom?' } }),
    asks('c', { reason: { mode: 'required', prompt: 'Not asked' } }),
  ]
  expect(combine(held, ['a', 'b'])).toMatchObject({
    reasonRequired: true,
    prompts: ['For whom?', 'Which ticket?'],
  })
  expect(combine(held, ['a'])).toMatchObject({ reasonRequired: false, prompts: ['Which ticket?'] })
})

test('reviewers are suggested by all roles, never the requester in any spelling', () => {
  const held = [
    asks('a', { suggestedReviewers: ['carol', 'ALICE'] }),
    asks('b', { suggestedReviewers: ['bob', 'carol', 'alice'] }),
  ]
  expect(combine(held, ['a']).suggestedReviewers).toEqual(['bob', 'carol'])
})

test('annotations come from all roles, with the traits of the person, less what a role denies', () => {
  const held = [
    asks('a', { annotations: { team: ['{{external.team}}', 'all'], none: ['{{external.missing}}'] } }),
    asks('b', { annotations: { team: ['x'], level: ['1', '2'] } }),
    role('c', { denyRequest: { annotations: { team: ['x'], level: ['1', '2'] } } }),
  ]
  expect(combine(held, ['a']).annotations).toEqual({ team: ['all', 'payments'] })
})
