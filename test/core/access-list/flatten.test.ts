import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AccessListMember } from '../../../src/core/access-list/access-list.js'
import { flattenLists, type FlatLists } from '../../../src/core/access-list/flatten.js'

const now = 1000

function member(list: string, name: string, more: Partial<AccessListMember> = {}): AccessListMember {
  return {
    list,
    kind: 'user',
    name,
    awsUserId: undefined,
    joinedAt: 0,
    expiresAt: undefined,
    addedBy: 'admin',
    reason: '',
    ...more,
  }
}

const nested = (list: string, name: string, more: Partial<AccessListMember> = {}): AccessListMember =>
  member(list, name, { kind: 'list', ...more })

function flatten(names: readonly string[], members: readonly AccessListMember[]): FlatLists {
  return flattenLists(
    names.map((name) => ({ name })),
    members,
    () => undefined,
    { now, whenOverdue: undefined },
  )
}

describe('flattening', () => {
  test('reaches people through lists within lists, by the shortest path', () => {
    const { lists } = flatten(
      ['a', 'b', 'c'],
      [nested('a', 'b'), nested('b', 'c'), nested('a', 'c'), member('c', 'ann'), member('b', 'bob')],
    )
    expect([...(lists.get('a')?.users ?? [])]).toEqual([
      ['ann', { path: ['a', 'c'], awsUserId: undefined }],
      ['bob', { path: ['a', 'b'], awsUserId: undefined }],
    ])
  })
  test('ends with lists that contain each other', () => {
    const { lists } = flatten(
      ['a', 'b'],
      [nested('a', 'b'), nested('b', 'a'), member('b', 'ann'), nested('a', 'a')],
    )
    expect([...(lists.get('a')?.users.keys() ?? [])]).toEqual(['ann'])
    expect([...(lists.get('b')?.users.keys() ?? [])]).toEqual(['ann'])
  })
  test('leaves out a membership from the instant at which it ends, and says who it was', () => {
    const before = flatten(['a'], [member('a', 'ann', { expiresAt: now + 1 })])
    expect(before.lists.get('a')?.users.has('ann')).toBe(true)
    expect(before.nextExpiry).toBe(now + 1)
    const after = flatten(['a'], [member('a', 'ann', { expiresAt: now })])
    expect(after.lists.get('a')?.users.has('ann')).toBe(false)
    expect([...(after.lists.get('a')?.ended ?? [])]).toEqual(['ann'])
    expect(after.nextExpiry).toBeUndefined()
  })
  test('a list whose membership ended takes its people along, but for those with another path', () => {
    const { lists } = flatten(
      ['a', 'b'],
      [nested('a', 'b', { expiresAt: now }), member('b', 'ann'), member('b', 'bob'), member('a', 'bob')],
    )
    expect([...(lists.get('a')?.users.keys() ?? [])]).toEqual(['bob'])
    expect([...(lists.get('a')?.ended ?? [])]).toEqual(['ann'])
  })
  test('members of lists that do not exist count for nothing', () => {
    const { lists } = flatten(['a'], [member('gone', 'ann'), nested('a', 'gone')])
    expect([...lists.keys()]).toEqual(['a'])
    expect(lists.get('a')?.users.size).toBe(0)
  })
})

test('on any graph the people are those of all lists that can be reached, in any order of rows', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const row = fc.record({
    list: fc.constantFrom(...names),
    to: fc.oneof(
      fc.constantFrom(...names).map((name) => ({ kind: 'list' as const, name })),
      fc.constantFrom('ann', 'bob', 'cat').map((name) => ({ kind: 'user' as const, name })),
    ),
  })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const members = rows.map(({ list, to }) => member(list, to.name, { kind: to.kind }))
      const { lists } = flatten(names, members)
      expect(flatten([...names].reverse(), [...members].reverse()).lists).toEqual(lists)
      for (const name of names) {
        const reached = new Set([name])
        for (let round = 0; round < names.length; round++) {
          for (const { list, to } of rows) if (to.kind === 'list' && reached.has(list)) reached.add(to.name)
        }
        const people = rows.filter(({ list, to }) => to.kind === 'user' && reached.has(list))
        expect([...(lists.get(name)?.users.keys() ?? [])]).toEqual(
          [...new Set(people.map(({ to }) => to.name))].sort(),
        )
      }
    }),
  )
})
