/** @module Conformance of members of access lists. */
import { describe, expect, test } from 'vitest'
import type { AccessListMember } from '../../../src/core/access-list/access-list.js'
import { hour, now, open, refusal, type Engine } from './engine.js'

export function aMember(
  list: string,
  name: string,
  changes: Partial<AccessListMember> = {},
): AccessListMember {
  return {
    list,
    kind: 'user',
    name,
    awsUserId: undefined,
    joinedAt: now,
    expiresAt: undefined,
    addedBy: 'admin',
    reason: '',
    ...changes,
  }
}

export function memberConformance(engine: Engine): void {
  describe('members of access lists', () => {
    test('they are listed by list, kind and name, and replaced', async () => {
      const { members } = await open(await engine.newUrl())
      const bob = aMember('b', 'bob', { awsUserId: 'u1', expiresAt: now + hour, reason: 'on call \0' })
      const nested = aMember('b', 'a', { kind: 'list' })
      await members.put([bob, aMember('b', 'Zoe'), nested, aMember('a', 'bob')])
      await members.put([aMember('b', 'Zoe', { reason: 'old' }), aMember('b', 'Zoe', { reason: 'new' })])
      const stored = { ...bob, reason: 'on call \uFFFD' }
      const zoe = aMember('b', 'Zoe', { reason: 'new' })
      expect(await members.list('b')).toEqual([nested, zoe, stored])
      expect(await members.listAll()).toEqual([aMember('a', 'bob'), nested, zoe, stored])
      expect(await members.listOf('user', 'bob')).toEqual([aMember('a', 'bob'), stored])
      expect(await members.listOf('list', 'bob')).toEqual([])
      expect(await members.count()).toEqual(
        new Map([
          ['a', 1],
          ['b', 3],
        ]),
      )
    })

    test('all rows upwards are found, each once, also on a circle and of ended memberships', async () => {
      const { members } = await open(await engine.newUrl())
      const rows = [
        aMember('a', 'b', { kind: 'list', expiresAt: now - hour }),
        aMember('b', 'c', { kind: 'list' }),
        aMember('b', 'mia'),
        aMember('c', 'a', { kind: 'list' }),
        aMember('c', 'mia', { reason: 'on call' }),
        aMember('top', 'a', { kind: 'list' }),
      ]
      // Other people, a person and a list of one name, and a list below: none of them lies above.
      const beside = [
        aMember('c', 'bob'),
        aMember('elsewhere', 'c'),
        aMember('c', 'below', { kind: 'list' }),
        aMember('other', 'mia', { kind: 'list' }),
      ]
      await members.put([...beside, ...rows])
      expect(await members.edgesAbove('user', 'mia')).toEqual(rows)
      expect(await members.edgesAbove('list', 'a')).toEqual(rows.filter(({ kind }) => kind === 'list'))
      expect(await members.edgesAbove('list', 'top')).toEqual([])
      expect(await members.edgesAbove('user', 'x\0')).toEqual([])
    })

    test('one goes, or all of a list', async () => {
      const { members } = await open(await engine.newUrl())
      await members.put([
        aMember('a', 'x'),
        aMember('a', 'x', { kind: 'list' }),
        aMember('a', 'y'),
        aMember('b', 'x'),
      ])
      expect(await members.delete('a', 'list', 'x', now)).toBe(true)
      expect(await members.delete('a', 'list', 'x', now)).toBe(false)
      expect(await members.delete('a', 'user', 'x\0', now)).toBe(false)
      expect(await members.deleteList('a')).toBe(2)
      expect(await members.deleteList('a')).toBe(0)
      expect(await members.listAll()).toEqual([aMember('b', 'x')])
    })

    test('until when a list had the last of those who left it is known, whatever order they are taken out in', async () => {
      const { members } = await open(await engine.newUrl())
      await members.put([
        aMember('a', 'x'),
        aMember('a', 'y', { expiresAt: now - hour }),
        aMember('a', 'z'),
        aMember('b', 'x', { expiresAt: now - hour }),
        aMember('b', 'y', { expiresAt: now + hour }),
        aMember('c', 'x'),
      ])
      await members.delete('a', 'user', 'x', now - 2 * hour)
      const left = async () => Object.fromEntries(await members.lastLeft(['a', 'b', 'c', 'd', 'x\0'], now))
      expect(await left()).toEqual({ a: now - hour, b: now - hour })
      // Who is taken out after the end of the membership was in until that end.
      await members.delete('a', 'user', 'z', now - 2 * hour)
      await members.delete('a', 'user', 'y', now)
      expect(await left()).toEqual({ a: now - hour, b: now - hour })
      await members.put([aMember('a', 'z')])
      await members.delete('a', 'user', 'z', now)
      await members.delete('a', 'user', 'nobody', now + hour)
      expect(await left()).toEqual({ a: now, b: now - hour })
      await members.deleteList('a')
      expect(await left()).toEqual({ b: now - hour })
    })

    test('until when lists have members is known of as many as are asked for', async () => {
      const { members } = await open(await engine.newUrl())
      await members.put([
        aMember('a', 'x', { expiresAt: now + hour }),
        aMember('a', 'y', { expiresAt: now - hour }),
        aMember('b', 'x', { expiresAt: now + hour }),
        aMember('b', 'y'),
        aMember('c', 'x', { expiresAt: now - hour }),
        aMember('other', 'x'),
      ])
      const others = Array.from({ length: 70_000 }, (_, at) => `none-${at}`)
      expect(await members.lastEnds(['a', 'b', 'a', 'c', 'd', 'x\0', ...others])).toEqual(
        new Map([
          ['a', now + hour],
          ['b', Infinity],
          ['c', now - hour],
        ]),
      )
      expect(await members.lastEnds([])).toEqual(new Map())
    })

    test('a name that no engine can keep is refused and looked for in vain', async () => {
      const { members } = await open(await engine.newUrl())
      await refusal(members.put([aMember('a', 'x'), aMember('a', 'x\0')]), 'INVALID_INPUT')
      expect(await members.listAll()).toEqual([])
      expect(await members.list('a\0')).toEqual([])
      expect(await members.listOf('user', '\ud800')).toEqual([])
    })

    test('thousands are written at once', async () => {
      const { members } = await open(await engine.newUrl())
      const many = Array.from({ length: 2600 }, (_, index) =>
        aMember('a', `u${String(index).padStart(5, '0')}`),
      )
      await members.put(many)
      expect(await members.list('a')).toEqual(many)
    })

    test('the generation grows with every write that changes something, and not without', async () => {
      const { members } = await open(await engine.newUrl())
      const first = await members.generation()
      await members.put([])
      await members.delete('a', 'user', 'x', now)
      await members.deleteList('a')
      expect(await members.generation()).toBe(first)
      await members.put([aMember('a', 'x'), aMember('a', 'y')])
      const second = await members.generation()
      expect(second).toBeGreaterThan(first)
      await members.delete('a', 'user', 'x', now)
      const third = await members.generation()
      expect(third).toBeGreaterThan(second)
      await members.deleteList('a')
      expect(await members.generation()).toBeGreaterThan(third)
    })

    test('what a transaction wrote goes with it when it fails', async () => {
      const store = await open(await engine.newUrl())
      const before = await store.members.generation()
      const work = store.transaction(async (tx) => {
        await tx.members.put([aMember('a', 'x')])
        throw new Error('stop')
      })
      await expect(work).rejects.toThrow('stop')
      expect(await store.members.listAll()).toEqual([])
      expect(await store.members.generation()).toBe(before)
    })
  })
}
