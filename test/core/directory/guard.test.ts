/** The guard of directories: its limit is the greater of a count and a share, whatever way leads to a number. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  directoryLimits,
  directoryRemovals,
  findHolds,
  noRemovals,
  type DirectoryChange,
} from '../../../src/core/directory/guard.js'

const counts = fc.record({ users: fc.nat(300), groups: fc.nat(300), memberships: fc.nat(3000) })
const changes: fc.Arbitrary<DirectoryChange> = fc.record({ removes: counts, recent: counts, has: counts })

test('holds exactly what goes beyond the greater of count and share of what there was an hour ago', () => {
  fc.assert(
    fc.property(changes, (change) => {
      const beyond = directoryRemovals.filter((kind) => {
        const there = change.has[kind] + change.recent[kind]
        const { count, share } = directoryLimits[kind]
        const gone = change.removes[kind] + change.recent[kind]
        return change.removes[kind] > 0 && gone > count && gone > Math.floor(share * there)
      })
      expect(findHolds(change)).toHaveLength(beyond.length)
      for (const [index, kind] of beyond.entries()) expect(findHolds(change)[index]).toContain(kind)
    }),
  )
})

test('what takes away nothing is never held, and taking away more is never held less', () => {
  fc.assert(
    fc.property(changes, counts, (change, more) => {
      expect(findHolds({ ...change, removes: noRemovals })).toEqual([])
      const removes = { ...change.removes }
      for (const kind of directoryRemovals) removes[kind] += more[kind]
      expect(findHolds({ ...change, removes }).length).toBeGreaterThanOrEqual(findHolds(change).length)
    }),
  )
})

test('many small steps are held where one large one would be', () => {
  const has = (gone: number) => ({ ...noRemovals, users: 40 - gone })
  let gone = 0
  const one = { ...noRemovals, users: 1 }
  while (findHolds({ removes: one, recent: { ...noRemovals, users: gone }, has: has(gone) }).length === 0)
    gone += 1
  expect(gone).toBe(10)
  expect(findHolds({ removes: { ...noRemovals, users: 11 }, recent: noRemovals, has: has(0) })).toEqual([
    'It takes away 11 of 40 users; the limit is 10.',
  ])
})
