import { describe, expect, test } from 'vitest'
import type { ListCard, ListInAws } from '../../src/api/contract/access-lists.js'
import {
  nameSome,
  partWords,
  progressWords,
  removalEffects,
  reviewWords,
  scheduleWords,
  sizeWords,
  whenOverdueWords,
} from '../../src/web/ui/access-list-words.js'
import { replaceName } from '../../src/web/access-lists/replace-name.js'

const now = Date.parse('2026-11-23T10:00:00Z')
const review = (state: ListCard['review']['state'], dueAt?: string): ListCard['review'] => ({
  state,
  inForce: 'nothing',
  decided: 0,
  toDecide: 0,
  ...(dueAt !== undefined && { dueAt }),
})

describe('a review in words', () => {
  test.each([
    ['none', undefined, undefined],
    ['later', '2027-06-01T00:00:00Z', 'next review 1 Jun 2027'],
    ['soon', '2026-11-28T00:00:00Z', 'review due in 4 days'],
    ['overdue', '2026-11-23T00:00:00Z', 'review due today'],
    ['overdue', '2026-11-01T00:00:00Z', 'review overdue since 1 Nov 2026'],
  ] as const)('%s, due %s: %s', (state, dueAt, words) => {
    expect(reviewWords(review(state, dueAt), now)?.text).toBe(words)
  })

  test('tells how far it is, once it was begun', () => {
    expect(progressWords({ ...review('soon'), decided: 4, toDecide: 1200 })).toBe('4 of 1,200 decided')
    expect(progressWords({ ...review('soon'), toDecide: 12 })).toBeUndefined()
  })

  test('tells its schedule and what happens where nobody does it', () => {
    expect(scheduleWords({ everyMonths: 3, dayOfMonth: 15 })).toBe('every 3 months, on the 15th of a month')
    expect(whenOverdueWords({ whenOverdue: 'remind', afterDays: 0 })).toBe(
      'owners are reminded, nothing else',
    )
    expect(whenOverdueWords({ whenOverdue: 'remove_grants', afterDays: 7 })).toBe(
      'the list gives nothing, 7 days after the due date',
    )
  })
})

test('how many are in a list is told to those who may know', () => {
  expect(sizeWords({})).toBeUndefined()
  expect(sizeWords({ userCount: 0 })).toBe('nobody yet')
  expect(sizeWords({ userCount: 0, listCount: 2 })).toBe('2 lists')
  expect(sizeWords({ userCount: 1, listCount: 1 })).toBe('1 person, 1 list')
  expect(sizeWords({ userCount: 5000, listCount: 0 })).toBe('5,000 people')
})

test('what somebody is to a list, and what others are not told', () => {
  expect(partWords({ mine: { owner: 'explicit', member: 'inherited' }, couldAsk: false })).toEqual([
    'You own it',
    'You are in it through a list',
  ])
  expect(partWords({ mine: { owner: 'none', member: 'none' }, couldAsk: true })).toEqual([
    'You meet what it asks',
  ])
  expect(partWords({ mine: { owner: 'none', member: 'explicit' }, couldAsk: true })).toEqual([
    'You are in it',
  ])
  expect(partWords({ mine: { owner: 'none', member: 'none' }, couldAsk: false })).toEqual([])
})

test('some of many are named', () => {
  expect(nameSome(['a'])).toBe('a')
  expect(nameSome(['a', 'b'])).toBe('a and b')
  expect(nameSome(['a', 'b', 'c'])).toBe('a and 2 others')
})

describe('what members lose', () => {
  const assignment = (accountId: string, permissionSet: string, state: 'there' | 'to_go' = 'there') => ({
    accountId,
    accountName: accountId,
    permissionSet,
    state,
  })
  const group: ListInAws['groups'][number] = {
    plugin: 'aws',
    displayName: 'Team',
    state: 'synced',
    says: '',
    members: 2,
    assignments: [assignment('1', 'Admin'), assignment('1', 'ReadOnly'), assignment('2', 'Admin', 'to_go')],
    planned: [],
  }
  const list = {
    title: 'Team',
    grants: { roles: ['a', 'b'], traits: { team: ['x'] } },
    review: review('none'),
  }

  test('is told here and in AWS, without what is about to go anyway', () => {
    expect(removalEffects(list, [group], [{ kind: 'user', name: 'ada' }])).toEqual([
      'ada loses 2 roles and 1 trait of Team, at once.',
      'In AWS ada leaves the group Team and loses 2 permission sets in 1 account.',
    ])
  })

  test('is told of everyone in a list, and of several', () => {
    expect(removalEffects(list, [], [{ kind: 'list', name: 'juniors' }])).toEqual([
      'Everyone in juniors loses 2 roles and 1 trait of Team, at once.',
    ])
    const two = [
      { kind: 'user', name: 'a' },
      { kind: 'user', name: 'b' },
    ] as const
    expect(removalEffects(list, [group], two)[1]).toBe(
      'In AWS they leave the group Team and lose 2 permission sets in 1 account.',
    )
  })

  test('is nothing here where the list grants nothing, or nothing now', () => {
    const none = { ...list, grants: { roles: [], traits: {} } }
    expect(removalEffects(none, [], [{ kind: 'user', name: 'ada' }])).toEqual(['Team grants nothing here.'])
    const overdue = { ...list, review: { ...review('overdue'), inForce: 'grants_removed' as const } }
    expect(removalEffects(overdue, [], [{ kind: 'user', name: 'ada' }])[0]).toContain('gives nothing now')
  })
})

describe('a wrong name in what was pasted', () => {
  test('is mended wherever it stands as a whole name', () => {
    expect(replaceName('ada, adam; ada\n"ada" <ada>', 'ada', 'ada@example.com')).toBe(
      'ada@example.com, adam; ada@example.com\n"ada@example.com" <ada@example.com>',
    )
  })

  test('is left alone within other names, and nothing is no name', () => {
    expect(replaceName('adam@ada.example', 'ada', 'x')).toBe('adam@ada.example')
    expect(replaceName('ada', '', 'x')).toBe('ada')
  })
})
