/** Accounts in which nothing can be changed: which, why, and what is kept or missing there because of it. */
import { describe, expect, test } from 'vitest'
import type { DesiredGroup } from '../../../src/core/entitlement/desired.js'
import type { GrantReason, LedgerEntry } from '../../../src/core/identity-center/observation.js'
import { listClosedAccounts, outOfReach } from '../../../src/core/plan/closed-accounts.js'
import { Organisation } from './organisation.js'
import { World } from './world.js'

const management = '111111111111'
const member = '222222222222'
const set = (n: number): string => `arn:aws:sso:::permissionSet/ssoins-1/ps-${n}`
const list: readonly GrantReason[] = [{ kind: 'list', list: 'team' }]

describe('the management account', () => {
  const ours = { managementAccountId: management, mayAskByPrincipal: true }

  test('is out of reach for a delegated administrator, whatever the policy allows', () => {
    const reading = { ...ours, mayAskByPrincipal: false }
    const because = 'delegated_administrator'
    expect(outOfReach(reading, [])).toEqual({ accountId: management, because })
    expect(outOfReach(reading, ['management_account'])).toEqual({ accountId: management, because })
  })

  test('is out of reach where its block is refused, and not where another is or nothing is known', () => {
    const because = 'block_denied'
    expect(outOfReach(ours, ['base', 'management_account'])).toEqual({ accountId: management, because })
    expect(outOfReach(ours, ['ous_and_tags'])).toBeUndefined()
    expect(outOfReach({ mayAskByPrincipal: true }, ['management_account'])).toBeUndefined()
  })
})

describe('what is told of closed accounts', () => {
  const row = (principal: string, n: number, reasons = list, accountId = management): LedgerEntry => ({
    kind: 'assignment',
    principal,
    target: `${accountId}/${set(n)}`,
    reasons,
    since: 0,
  })
  const group = (name: string, ...pairs: readonly string[]): DesiredGroup => ({
    list: name,
    displayName: name,
    origin: 'local',
    members: [],
    pairs: new Map(pairs.map((pair) => [pair, list])),
    ended: new Set(),
  })
  const scene = {
    accounts: [
      { id: member, name: 'orders', status: 'SUSPENDED' },
      { id: management, name: 'root', status: 'ACTIVE' },
      { id: '333333333333', name: 'open', status: 'ACTIVE' },
    ],
    links: [{ kind: 'group', name: 'team', awsId: 'g-1' }] as const,
    ledger: [
      row('group/g-1', 1),
      row('group/g-1', 2),
      row('user/u-1', 3, [{ kind: 'found' }]),
      row('group/g-1', 1, list, member),
    ],
    desired: {
      users: new Map(),
      userPairs: new Map([['ann', new Map([[`${management}/${set(4)}`, list]])]]),
      groups: new Map([['team', group('team', `${management}/${set(1)}`, `333333333333/${set(2)}`)]]),
    },
  }
  const because = 'block_denied' as const

  test('are what stays ours, what cannot be taken back, what cannot be made, and what to do', () => {
    const [root, orders, ...more] = listClosedAccounts({
      ...scene,
      outOfReach: { accountId: management, because },
    })
    expect(more).toEqual([])
    expect(root).toMatchObject({ id: management, missing: 1, stuck: 1 })
    expect(root?.says).toBe(
      'The account root (111111111111) is the management account, and AWS refuses our role what the block management_account of the set-up script allows: no assignment there is made or taken away. ' +
        'What we gave there (3) stays as it is. 1 of it is not given here any more and cannot be taken back. 1 assignment that is wanted there is not made.',
    )
    expect(root?.remedy).toContain('Run the set-up script with the block management_account')
    expect(orders).toMatchObject({ id: member, remedy: undefined })
    expect(orders?.says).toContain('is suspended')
  })

  test('are no words about the management account where it can be changed', () => {
    const told = listClosedAccounts({ ...scene, outOfReach: undefined })
    expect(told.map(({ id }) => id)).toEqual([member])
  })
})

test('a permission set that nobody can be given is not given, is told, and is still taken away', () => {
  const ours = new Organisation()
  ours.user('ann')
  ours.list('team', [ours.ref(0, 0)], { title: 'Team' })
  ours.member('team', 'ann')
  const aws = new World()
  aws.converge(ours.desired())
  const unassignableSets = new Set(
    [0, 1].map((n) => ours.inventory.permissionSets[n]?.arn ?? '').filter((arn) => arn !== ''),
  )
  const kinds = () => aws.plan(ours.desired(), { unassignableSets }).actions.map(({ action }) => action.kind)
  expect(kinds()).toEqual([])
  ours.list('team', [ours.ref(0, 0), ours.ref(1, 1), ours.ref(1, 2)], { title: 'Team' })
  const plan = aws.plan(ours.desired(), { unassignableSets })
  expect(plan.actions.map(({ action }) => action.kind)).toEqual(['assignment.create'])
  expect(plan.notes.join()).toContain('Not made: 1 assignment of permission sets')
  ours.list('team', [ours.ref(1, 2)], { title: 'Team' })
  expect(kinds()).toEqual(['assignment.create', 'assignment.delete'])
})
