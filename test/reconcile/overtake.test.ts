import { expect, test } from 'vitest'
import type { Action, ActionChange } from '../../src/core/plan/plan.js'
import { doMeet, mayOvertake } from '../../src/reconcile/overtake.js'

function action(change: ActionChange, after: readonly string[] = []): Action {
  return { ...change, key: 'key', priority: 'normal', after, because: 'of a test' }
}

const members = (list: string, ...names: string[]): Action =>
  action({
    ...{ kind: 'members.add', list, awsId: `id-${list}` },
    members: names.map((name) => ({ by: 'name', name })),
  })
const assignment = (name: string, pair: string): Action =>
  action({
    ...{ kind: 'assignment.create', pair, reasons: [] },
    principal: { kind: 'group', name, awsId: `id-${name}` },
  })
const ada = { user: 'ada', awsId: 'id-ada' }

test('a membership overtakes other lists, and assignments of its own list', () => {
  expect(mayOvertake(members('a', 'ada'))).toBe(true)
  expect(doMeet(members('a', 'ada'), members('b', 'ada'))).toBe(false)
  expect(doMeet(members('a', 'ada'), assignment('a', 'account/set'))).toBe(false)
})

test('a membership waits for another change of the same list, and for its user or group to be made', () => {
  expect(doMeet(members('a', 'ada'), members('a', 'grace'))).toBe(true)
  expect(doMeet(members('a', 'ada'), action({ kind: 'user.delete', ...ada }))).toBe(true)
  const made = action({ kind: 'group.create', list: 'a', displayName: 'a', members: [] })
  expect(doMeet(made, members('a', 'ada'))).toBe(true)
})

test('a locked user is switched off beside its memberships, not beside another change of the user', () => {
  const off = action({ kind: 'user.deactivate', ...ada })
  expect(mayOvertake(off)).toBe(true)
  expect(doMeet(off, members('a', 'ada'))).toBe(false)
  expect(doMeet(off, action({ kind: 'user.update', ...ada, changes: {} }))).toBe(true)
})

test('one assignment is never changed twice at once, two of one group are', () => {
  expect(doMeet(assignment('a', 'account/set'), assignment('a', 'account/set'))).toBe(true)
  expect(doMeet(assignment('a', 'account/set'), assignment('a', 'account/other'))).toBe(false)
  expect(doMeet(assignment('a', 'account/set'), assignment('b', 'account/set'))).toBe(false)
})

test('what makes or removes users and groups, and what needs another change before, never overtakes', () => {
  expect(mayOvertake(action({ kind: 'user.delete', ...ada }))).toBe(false)
  expect(mayOvertake(action({ kind: 'user.deactivate', ...ada }, ['another']))).toBe(false)
})
