import { describe, expect, test } from 'vitest'
import type { ListCard, ListInAws } from '../../src/api/contract/access-lists.js'
import {
  memberChangeWords,
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
    ['soon', '2026-11-28T00:00:00Z', 'review due on 28 Nov 2026'],
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

  const none = { leave: [], leaveCount: 0, stay: [], stayCount: 0 }
  const loses = (name: string, roles: number, traits: number, ...lists: string[]) => ({
    name,
    held: true,
    roles,
    traits,
    lists,
  })
  const leaving = (...losses: ReturnType<typeof loses>[]) => ({
    ...none,
    leave: losses.map(({ name }) => name),
    leaveCount: losses.length,
    losses,
  })
  const leaves = (...names: string[]) => leaving(...names.map((name) => loses(name, 2, 1, 'Team')))

  test('is told here and in AWS, without what is about to go anyway', () => {
    expect(removalEffects(list, [group], leaves('ada'))).toEqual([
      'ada loses 2 roles and 1 trait of Team, at once.',
      'In AWS ada leaves the group Team, which gives 2 permission sets in 1 account.',
    ])
  })

  test('is told of several by their number', () => {
    expect(removalEffects(list, [group], leaves('a', 'b'))).toEqual([
      '2 people lose 2 roles and 1 trait of Team, at once.',
      'In AWS 2 people leave the group Team, which gives 2 permission sets in 1 account.',
    ])
  })

  test('is nothing for who stays in by another way, or did not count', () => {
    const path = [
      { name: 'team', title: 'Team' },
      { name: 'night', title: 'Night shift' },
    ]
    const stays = { ...none, stay: [{ name: 'ben', path }], stayCount: 1 }
    expect(removalEffects(list, [group], stays)).toEqual(['ben stays in by Night shift and loses nothing.'])
    expect(
      removalEffects(list, [group], { ...stays, ...leaves('ada'), stay: stays.stay, stayCount: 1 }),
    ).toEqual([
      'ada loses 2 roles and 1 trait of Team, at once.',
      'In AWS ada leaves the group Team, which gives 2 permission sets in 1 account.',
      'ben stays in by Night shift and loses nothing.',
    ])
    const many = {
      ...none,
      stay: Array.from({ length: 9 }, (_, at) => ({ name: `u${at}`, path })),
      stayCount: 9,
    }
    expect(removalEffects(list, [], many)).toEqual([
      'u0 and 8 people more stay in by other ways and lose nothing.',
    ])
    expect(removalEffects(list, [group], none)[0]).toContain('Nobody loses anything')
  })

  test('says who keeps all of it by other lists or roles, and who loses only a part', () => {
    expect(removalEffects(list, [], leaving(loses('ada', 0, 0)))).toEqual([
      'ada keeps all that Team grants here, by other lists or roles.',
    ])
    const some = leaving(
      loses('ada', 1, 0, 'Team'),
      loses('ben', 1, 0, 'Team'),
      loses('cem', 0, 0),
      loses('dua', 3, 0, 'Everyone', 'Team'),
      { ...loses('eva', 0, 0), held: false },
    )
    expect(removalEffects(list, [], some)).toEqual([
      'ada and ben lose 1 role of Team, at once.',
      'dua loses 3 roles of Everyone and Team, at once.',
      'cem keeps all that Team grants here, by other lists or roles.',
      'eva has nothing by Team now.',
    ])
  })

  test('of more than are looked at says what can be lost, not who loses it', () => {
    expect(removalEffects(list, [], { ...none, leave: ['ada'], leaveCount: 1200 })).toEqual([
      '1,200 people lose what only Team gives them of its 2 roles and 1 trait, at once.',
    ])
  })

  test('is nothing here where the list grants nothing, or nothing now', () => {
    const nothing = leaving({ ...loses('ada', 0, 0), held: false })
    const empty = { ...list, grants: { roles: [], traits: {} } }
    expect(removalEffects(empty, [], nothing)).toEqual(['Team grants nothing here.'])
    const overdue = { ...list, review: { ...review('overdue'), inForce: 'grants_removed' as const } }
    expect(removalEffects(overdue, [], nothing)).toEqual(['Team gives nothing now, until it is reviewed.'])
  })
})

test('a change of a membership is told before and after', () => {
  const at = new Date(2026, 10, 27, 18).toISOString()
  expect(memberChangeWords({ field: 'end', before: at })).toBe('ends 27 Nov 2026, 18:00 → no end')
  expect(memberChangeWords({ field: 'end', after: at })).toBe('no end → ends 27 Nov 2026, 18:00')
  expect(memberChangeWords({ field: 'reason', before: 'old', after: 'new' })).toBe('reason “old” → “new”')
  expect(memberChangeWords({ field: 'reason', before: 'old' })).toBe('reason “old” → none')
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
