import { expect, test } from 'vitest'
import { executableActions } from '../../../src/core/plan/make-plan.js'
import type { Plan } from '../../../src/core/plan/plan.js'
import { day } from '../../../src/core/time.js'
import { Organisation } from './organisation.js'
import { looseGuard, World } from './world.js'

const membersOfNew = (plan: Plan): string[] =>
  plan.actions.flatMap(({ action }) =>
    action.kind === 'group.create' ? action.members.map(({ name }) => name) : [],
  )

test('a group that is made again has those whose removal waits for a person, until that is approved', () => {
  const ours = new Organisation()
  for (const name of ['ann', 'bob']) ours.user(name)
  ours.list('team', [ours.ref(0, 0)], { title: 'Team' })
  for (const name of ['ann', 'bob']) ours.member('team', name)
  const aws = new World()
  aws.converge(ours.desired())
  const loose = { drift: 'revert', restoreDeletedGroups: 'restore', deletionDelayMs: 7 * day } as const
  const memberships = { count: 0, share: 0 }
  const guard = { ...looseGuard, removals: { ...looseGuard.removals, memberships } }
  const guarded = { settings: { ...loose, guard } }
  const free = { settings: { ...loose, guard: looseGuard } }
  ours.leave('team', 'bob')
  expect(aws.plan(ours.desired(), guarded).actions[0]?.holds[0]?.rule).toBe('removals')
  const removals = executableActions(aws.plan(ours.desired(), free), aws.now)
  aws.removeGroup(aws.linkOf('group', 'team')?.awsId ?? '')

  const plan = aws.plan(ours.desired(), guarded)
  expect(membersOfNew(plan)).toEqual(['ann', 'bob'])
  expect(plan.actions.map(({ action }) => action.kind)).not.toContain('members.remove')
  expect(plan.notes.join(' ')).toContain('is made again with bob, whose removal waits for a person')

  expect(membersOfNew(aws.plan(ours.desired(), free))).toEqual(['ann'])
  const approvals = removals.map(({ key }) => ({ key, by: 'eve', at: aws.now, expiresAt: aws.now + day }))
  expect(membersOfNew(aws.plan(ours.desired(), { ...guarded, approvals }))).toEqual(['ann'])
  ours.lock('bob')
  expect(membersOfNew(aws.plan(ours.desired(), guarded))).toEqual(['ann'])
})
