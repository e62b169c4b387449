import { describe, expect, test } from 'vitest'
import { planAction, planAnswer } from '../../../src/api/contract/identity-center-plan.js'
import {
  describePlan,
  describeReason,
  maxEffectsTold,
  type DescribedPlan,
} from '../../../src/core/plan/describe.js'
import type { PlanInput } from '../../../src/core/plan/make-plan.js'
import { Organisation } from './organisation.js'
import { looseGuard, World } from './world.js'

function tell(ours: Organisation, aws: World, more: Partial<PlanInput> = {}): DescribedPlan {
  const desired = ours.desired()
  return describePlan({
    plan: aws.plan(desired, more),
    desired,
    observation: aws.observe(),
    links: aws.links,
    accounts: ours.inventory.accounts.map(({ id, name }) => ({
      id,
      name,
      arn: '',
      email: undefined,
      status: 'ACTIVE',
      ouPath: undefined,
      tags: {},
      isManagement: false,
    })),
    inventory: ours.inventory,
  })
}

function team(): { ours: Organisation; aws: World } {
  const ours = new Organisation()
  for (const name of ['ann', 'bob']) ours.user(name)
  ours.list('team', [ours.ref(0, 0)], { title: 'Team' })
  ours.member('team', 'ann')
  ours.member('team', 'bob')
  const aws = new World()
  aws.converge(ours.desired())
  return { ours, aws }
}

describe('a plan in words', () => {
  test('names what is done, to whom and why, in the form of the contract', () => {
    const { ours, aws } = team()
    ours.user('ann', [ours.ref(1, 1)])
    ours.leave('team', 'bob')
    const told = tell(ours, aws)
    const [account, set] = [ours.inventory.accounts[1], ours.inventory.permissionSets[1]]
    expect(told.actions.map(({ says, removes }) => [says, removes])).toEqual([
      [`Assign ${set?.name} in ${account?.name} (${account?.id}) to ann`, false],
      ['Remove bob from Team', true],
    ])
    expect(told.actions[0]?.because).toBe(`role ${set?.name}-on-${account?.name}-${account?.id}`)
    for (const action of told.actions) expect(planAction.parse(action)).toEqual(action)
    planAnswer.parse({ ...told, madeAt: new Date().toISOString(), sync: 'paused', heldDigest: 'x', total: 2 })
  })
  test('tells of each attribute of a user what it is and what it becomes', () => {
    const { ours, aws } = team()
    const desired = ours.desired()
    const id = aws.links.find(({ kind, name }) => kind === 'user' && name === 'ann')?.awsId ?? ''
    const observed = aws.observe().users?.get(id)
    if (observed === undefined) throw new Error('ann is not there')
    const users = new Map([...(aws.observe().users ?? [])])
    users.set(id, { ...observed, displayName: 'Old Name', email: undefined })
    const ann = desired.users.get('ann')
    if (ann === undefined) throw new Error('ann is not desired')
    const attributes = { ...ann.attributes, email: 'ann@example.com' }
    const wanted = { ...desired, users: new Map(desired.users).set('ann', { ...ann, attributes }) }
    const observation = { ...aws.observe(), users }
    const { actions } = describePlan({
      plan: aws.plan(wanted, { observation }),
      desired: wanted,
      observation,
      links: aws.links,
      accounts: [],
      inventory: ours.inventory,
    })
    expect(actions.map(({ kind, attributes: told }) => [kind, told])).toEqual([
      [
        'user.update',
        [
          { attribute: 'display name', from: 'Old Name', to: ann.attributes.displayName },
          { attribute: 'email', to: 'ann@example.com' },
        ],
      ],
    ])
    expect(planAction.parse(actions[0])).toEqual(actions[0])
  })

  test('counts members one by one, and what is held', () => {
    const { ours, aws } = team()
    ours.leave('team', 'ann')
    ours.leave('team', 'bob')
    const memberships = { count: 1, share: 0 }
    const guard = { ...looseGuard, removals: { ...looseGuard.removals, memberships } }
    const settings = { drift: 'revert', restoreDeletedGroups: 'ask', deletionDelayMs: 1, guard } as const
    const told = tell(ours, aws, { settings })
    expect(told.counts).toEqual([{ kind: 'members.remove', says: 'Members to remove', all: 2, held: 2 }])
    expect(told.actions[0]?.holds).toEqual([
      { rule: 'removals', says: 'Removes 2 of 2 memberships; the limit is 1.' },
    ])
    expect(told.effects.map(({ person, change, held }) => [person, change, held])).toEqual([
      ['ann', 'loses', true],
      ['bob', 'loses', true],
    ])
  })
})

describe('who gains and who loses', () => {
  test('losses come first, each with the person, the account and the way', () => {
    const { ours, aws } = team()
    ours.lock('ann')
    ours.user('bob', [ours.ref(2, 2)])
    expect(tell(ours, aws).effects.map(({ person, change, through }) => [person, change, through])).toEqual([
      ['ann', 'loses', 'group Team'],
      ['bob', 'gains', 'directly'],
    ])
  })
  test('whoever keeps a pair by another path loses nothing', () => {
    const { ours, aws } = team()
    ours.user('ann', [ours.ref(0, 0)])
    aws.converge(ours.desired())
    ours.leave('team', 'ann')
    expect(tell(ours, aws).effects).toEqual([])
  })
  test('a pair that goes over from the group to the person moves', () => {
    const { ours, aws } = team()
    ours.list('team', [ours.ref(0, 0), ours.ref(1, 1)], { title: 'Team' })
    aws.converge(ours.desired())
    ours.role('no', { denyAssignments: [ours.entry(0, 0)] })
    ours.user('ann', ['no'])
    expect(tell(ours, aws).effects.map(({ person, change, through }) => [person, change, through])).toEqual([
      ['ann', 'loses', 'group Team'],
      ['ann', 'moves', 'directly'],
    ])
  })
  test('people who are made by the plan gain under their names', () => {
    const ours = new Organisation()
    ours.user('ann')
    ours.list('team', [ours.ref(0, 0)], { title: 'Team' })
    ours.member('team', 'ann')
    expect(tell(ours, new World()).effects).toMatchObject([
      { person: 'ann', change: 'gains', through: 'group Team', held: false },
    ])
  })
  test('more than can be read are counted', () => {
    const ours = new Organisation()
    ours.list('team', [ours.ref(0, 0)], { title: 'Team' })
    for (let at = 0; at < maxEffectsTold + 5; at++) {
      ours.user(`user-${at}`)
      ours.member('team', `user-${at}`)
    }
    const told = tell(ours, new World())
    expect(told.effects).toHaveLength(maxEffectsTold)
    expect(told.moreEffects).toBe(5)
  })
})

test('a reason is a part of a sentence', () => {
  expect(describeReason({ kind: 'list', list: 'team' })).toBe('access list team')
  expect(describeReason({ kind: 'request', request: 'r1', until: 0 })).toBe(
    'request r1, until 1970-01-01T00:00:00.000Z',
  )
  expect(describeReason({ kind: 'found' })).toBe('found at import')
})
