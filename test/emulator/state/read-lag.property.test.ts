import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EmulatorState } from '../../../src/emulator/state/state.js'
import { emptyOrganisation } from '../../../src/emulator/state/organisation.js'
import type { Change, Tables } from '../../../src/emulator/state/tables.js'

const ids = fc.constantFrom('1', '2', '3', '4', '5')
const change = fc.oneof<fc.Arbitrary<Change>[]>(
  fc.record({ id: ids, displayName: fc.constantFrom('red', 'green', 'blue') }).map((row) => ({
    table: 'groups' as const,
    put: { ...row, createdAt: 0, updatedAt: 0, createdBy: '', updatedBy: '' },
  })),
  ids.map((id) => ({ table: 'groups' as const, delete: id })),
  fc.record({ id: ids, groupId: ids, userId: ids }).map((row) => ({
    table: 'memberships' as const,
    put: { ...row, createdAt: 0, updatedAt: 0, createdBy: '', updatedBy: '' },
  })),
  ids.map((id) => ({ table: 'memberships' as const, delete: id })),
)

const lags = fc.constantFrom(0, 1, 500, 5000)
const wait = fc.integer({ min: 0, max: 1500 })
const histories = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('commit' as const), wait, change }),
    fc.record({ kind: fc.constant('read' as const), wait }),
    fc.record({ kind: fc.constant('lag' as const), wait, lag: lags }),
  ),
  { maxLength: 60 },
)

const newState = () => new EmulatorState(emptyOrganisation, 0)

/** Rows with their places, and what the indexes find. */
function everythingIn(tables: Tables) {
  return {
    groups: tables.groups.after(-1, 1000),
    memberships: tables.memberships.after(-1, 1000),
    byName: ['red', 'green', 'blue'].map((name) => tables.groups.by('displayName', name).rows()),
    byGroup: ['1', '2', '3', '4', '5'].map((id) => tables.memberships.by('group', id).rows()),
  }
}

describe('reads that lag', () => {
  test('are equal to the present once the lag has passed, whatever happened and however the lag was set', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const state = newState()
        let [now, lag] = [0, 0]
        for (const step of history) {
          now += step.wait
          if (step.kind === 'commit') state.commit(step.change, now, lag)
          else if (step.kind === 'read') state.readable(now, lag)
          else lag = step.lag
        }
        expect(everythingIn(state.readable(now + 5000, lag))).toEqual(everythingIn(state.tables))
      }),
    )
  })

  test('show exactly the changes that are as old as the lag', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ wait, change }), { maxLength: 40 }),
        fc.constantFrom(1, 500, 5000),
        fc.integer({ min: 0, max: 6000 }),
        (history, lag, after) => {
          const state = newState()
          const past = newState()
          let now = 0
          const commits = history.map((step) => ({ at: (now += step.wait), change: step.change }))
          for (const { at, change } of commits) state.commit(change, at, lag)
          const seenAt = now + after
          for (const { at, change } of commits) if (at <= seenAt - lag) past.commit(change, at)
          expect(everythingIn(state.readable(seenAt, lag))).toEqual(everythingIn(past.tables))
        },
      ),
    )
  })

  test('never go back while the lag stays', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ wait, read: fc.boolean() }), { maxLength: 40 }), (history) => {
        const state = newState()
        let now = 0
        let seen = 0
        for (const [n, step] of history.entries()) {
          now += step.wait
          const row = {
            id: `g${n}`,
            displayName: `g${n}`,
            createdAt: 0,
            updatedAt: 0,
            createdBy: '',
            updatedBy: '',
          }
          state.commit({ table: 'groups', put: row }, now, 700)
          if (!step.read) continue
          const { size } = state.readable(now, 700).groups
          expect(size).toBeGreaterThanOrEqual(seen)
          seen = size
        }
      }),
    )
  })
})
