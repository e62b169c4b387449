/** Access that a request gave and that is over: it goes at once, whatever the guard lets through, oldest end first. */
import { expect, test } from 'vitest'
import { day, hour } from '../../../src/core/time.js'
import { Organisation } from './organisation.js'
import { looseGuard, World } from './world.js'

const tight = { ...looseGuard, removals: { ...looseGuard.removals, assignments: { count: 0, share: 0 } } }
const settings = {
  drift: 'revert',
  restoreDeletedGroups: 'restore',
  deletionDelayMs: 7 * day,
  guard: tight,
} as const

function given(people: readonly string[]): { ours: Organisation; aws: World } {
  const ours = new Organisation()
  const aws = new World()
  for (const [place, user] of people.entries()) {
    ours.user(user)
    const until = ours.now + (people.length - place) * hour
    ours.grants.push({ user, pair: ours.pair(0, 0), request: `of ${user}`, until })
  }
  aws.converge(ours.desired())
  return { ours, aws }
}

const removals = (plan: ReturnType<World['plan']>) =>
  plan.actions.filter(({ action }) => action.kind === 'assignment.delete')

test('a request that was given back before its time is over at once, and the guard does not count it', () => {
  const { ours, aws } = given(['ann'])
  ours.grants.length = 0
  const [removal] = removals(aws.plan(ours.desired(), { settings, endedRequests: new Set(['of ann']) }))
  expect(removal?.holds).toEqual([])
  expect(removal?.action).toMatchObject({
    priority: 'urgent',
    uncounted: true,
    because: 'the request is over or locked',
  })
})

test('what a living request does not give any more is a removal like others, which the guard may hold', () => {
  const { ours, aws } = given(['ann'])
  ours.grants.length = 0
  const [removal] = removals(aws.plan(ours.desired(), { settings, endedRequests: new Set(['of bob']) }))
  expect(removal?.holds.map(({ rule }) => rule)).toEqual(['removals'])
})

test('of many that are over what ended first goes first', () => {
  const people = ['ann', 'bob', 'cat', 'dan', 'eve']
  const { ours, aws } = given(people)
  ours.now += day
  aws.now = ours.now
  const principals = removals(aws.plan(ours.desired(), { settings })).map(({ action }) =>
    action.kind === 'assignment.delete' ? action.principal : undefined,
  )
  const idOf = (name: string) => aws.linkOf('user', name)?.awsId
  expect(principals).toMatchObject(people.toReversed().map((name) => ({ awsId: idOf(name) })))
})
