/** @module Conformance of reviews of access lists. */
import { describe, expect, test } from 'vitest'
import type {
  FinishedDecision,
  FinishedReview,
  ReviewDecision,
} from '../../../src/store/access-list-store.js'
import { hour, now, open, refusal, type Engine } from './engine.js'
import { aMember } from './members.js'

function aDecision(list: string, name: string, changes: Partial<ReviewDecision> = {}): ReviewDecision {
  return { list, kind: 'user', name, decision: 'keep', note: '', by: 'olga', at: now, ...changes }
}

function aReview(id: string, list: string, changes: Partial<FinishedReview> = {}): FinishedReview {
  return {
    id,
    list,
    reviewedAt: now,
    dueAt: undefined,
    reviewers: ['olga'],
    submittedBy: undefined,
    notes: '',
    kept: 2,
    removed: [],
    changes: [],
    nextDueAt: undefined,
    ...changes,
  }
}

function finished(name: string, changes: Partial<FinishedDecision> = {}): FinishedDecision {
  return { kind: 'user', name, decision: 'keep', note: '', by: 'olga', ...changes }
}

export function reviewConformance(engine: Engine): void {
  describe('reviews of access lists', () => {
    test('decisions are listed by kind and name, and replaced', async () => {
      const { reviews } = await open(await engine.newUrl())
      const nested = aDecision('a', 'bob', { kind: 'list' })
      const bob = aDecision('a', 'bob', { decision: 'remove', note: 'left \0', by: 'otto', at: now + hour })
      await reviews.putDecisions([
        aDecision('a', 'zoe'),
        aDecision('a', 'bob'),
        nested,
        aDecision('b', 'bob'),
      ])
      await reviews.putDecisions([aDecision('a', 'bob'), bob])
      expect(await reviews.listDecisions('a')).toEqual([
        nested,
        { ...bob, note: 'left \uFFFD' },
        aDecision('a', 'zoe'),
      ])
      expect(await reviews.listDecisions('c')).toEqual([])
    })

    test('decisions on members of now are counted, and no others', async () => {
      const { reviews, members } = await open(await engine.newUrl())
      await members.put([
        aMember('a', 'bob'),
        aMember('a', 'bob', { kind: 'list' }),
        aMember('a', 'ends', { expiresAt: now + 2 * hour }),
        aMember('a', 'ended', { expiresAt: now + hour }),
        aMember('a', 'again', { joinedAt: now + 1 }),
        aMember('b', 'bob'),
        aMember('c', 'bob'),
      ])
      await reviews.putDecisions([
        ...['bob', 'ends', 'ended', 'again', 'left'].map((name) => aDecision('a', name)),
        aDecision('a', 'bob', { kind: 'list', by: 'otto' }),
        aDecision('b', 'bob'),
        aDecision('c', 'left'),
      ])
      const counts = await reviews.countDecisions(['a', 'a', 'c', 'none', 'x\0'], now + hour)
      expect(counts).toEqual(
        new Map([
          [
            'a',
            new Map([
              ['otto', 1],
              [aDecision('a', 'bob').by, 2],
            ]),
          ],
        ]),
      )
    })

    test('decisions are taken back one by one, or all of a list', async () => {
      const { reviews } = await open(await engine.newUrl())
      const many = Array.from({ length: 1200 }, (_, index) => aDecision('a', `user-${index}`))
      await reviews.putDecisions([...many, aDecision('a', 'x', { kind: 'list' }), aDecision('b', 'user-1')])
      const gone = many.slice(0, 1000)
      expect(await reviews.deleteDecisions('a', [...gone, { kind: 'user', name: 'x' }])).toBe(1000)
      expect(await reviews.listDecisions('a')).toHaveLength(201)
      expect(await reviews.deleteDecisions('a', [])).toBe(0)
      expect(await reviews.deleteDecisions('a')).toBe(201)
      expect(await reviews.listDecisions('b')).toHaveLength(1)
    })

    test('finished reviews come newest first, by page, also of one instant', async () => {
      const { reviews } = await open(await engine.newUrl())
      const third = aReview('r3', 'a', {
        dueAt: now - hour,
        notes: 'all well \u{1F600}',
        removed: [{ kind: 'user', name: 'bob', note: 'left' }],
        changes: ['Reviewed every 3 months.'],
        nextDueAt: now + hour,
        submittedBy: 'olga',
      })
      for (const review of [aReview('r1', 'a'), aReview('r2', 'a'), aReview('other', 'b'), third]) {
        await reviews.add(review, [])
      }
      expect(await reviews.list('a', { limit: 2 })).toEqual([third, aReview('r2', 'a')])
      expect(await reviews.list('a', { limit: 2, before: 'r2' })).toEqual([aReview('r1', 'a')])
      expect(await reviews.list('a', { limit: 2, before: 'r1' })).toEqual([])
      expect(await reviews.list('a', { limit: 2, before: 'no such id' })).toEqual([])
    })

    test('a finished review keeps what it decided on each member, by kind and name, as many as they are', async () => {
      const { reviews } = await open(await engine.newUrl())
      const many = Array.from({ length: 1200 }, (_, at) => finished(`user-${String(at).padStart(4, '0')}`))
      const nested = finished('zoe', { kind: 'list', decision: 'remove', note: 'left \0', by: 'otto' })
      await reviews.add(aReview('r1', 'a'), [...many, nested])
      await reviews.add(aReview('r2', 'a'), [finished('bob')])
      expect(await reviews.listFinishedDecisions('a', 'r1')).toEqual([
        { ...nested, note: 'left \uFFFD' },
        ...many,
      ])
      expect(await reviews.listFinishedDecisions('a', 'r2')).toEqual([finished('bob')])
      expect(await reviews.listFinishedDecisions('b', 'r1')).toEqual([])
    })

    test('a list that goes takes its decisions and reviews along, and no others', async () => {
      const { reviews } = await open(await engine.newUrl())
      await reviews.putDecisions([aDecision('a', 'bob'), aDecision('b', 'bob')])
      await reviews.add(aReview('r1', 'a'), [finished('bob')])
      await reviews.add(aReview('r2', 'b'), [finished('bob')])
      await reviews.deleteList('a')
      expect(await reviews.listDecisions('a')).toEqual([])
      expect(await reviews.list('a', { limit: 10 })).toEqual([])
      expect(await reviews.listDecisions('b')).toHaveLength(1)
      expect(await reviews.list('b', { limit: 10 })).toHaveLength(1)
      expect(await reviews.listFinishedDecisions('a', 'r1')).toEqual([])
      expect(await reviews.listFinishedDecisions('b', 'r2')).toHaveLength(1)
    })

    test('what a transaction decided goes with it', async () => {
      const store = await open(await engine.newUrl())
      await expect(
        store.transaction(async (tx) => {
          await tx.reviews.putDecisions([aDecision('a', 'bob')])
          await tx.reviews.add(aReview('r1', 'a'), [finished('bob')])
          throw new Error('no')
        }),
      ).rejects.toThrow('no')
      expect(await store.reviews.listDecisions('a')).toEqual([])
      expect(await store.reviews.list('a', { limit: 10 })).toEqual([])
      expect(await store.reviews.listFinishedDecisions('a', 'r1')).toEqual([])
    })

    test('names that cannot be stored are refused, and name nothing', async () => {
      const { reviews } = await open(await engine.newUrl())
      await refusal(reviews.putDecisions([aDecision('a', 'x\0')]), 'INVALID_INPUT')
      await refusal(reviews.add(aReview('r\0', 'a'), []), 'INVALID_INPUT')
      await refusal(reviews.add(aReview('r1', 'a'), [finished('x\0')]), 'INVALID_INPUT')
      expect(await reviews.list('a', { limit: 10 })).toEqual([])
      expect(await reviews.listFinishedDecisions('a', 'r\0')).toEqual([])
      expect(await reviews.deleteDecisions('a', [{ kind: 'user', name: 'x\0' }])).toBe(0)
      expect(await reviews.listDecisions('a\0')).toEqual([])
    })
  })
}
