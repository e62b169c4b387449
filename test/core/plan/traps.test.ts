/** @module The traps of the sync that decisions have to avoid, each by its number, and what a plan refuses to conclude. */
import { describe, expect, test } from 'vitest'
import { principalKey } from '../../../src/core/identity-center/observation.js'
import { defaultGuard } from '../../../src/core/identity-center/settings.js'
import { executableActions, unresolvedName, type PlanInput } from '../../../src/core/plan/make-plan.js'
import type { Action, Plan } from '../../../src/core/plan/plan.js'
import { day, hour } from '../../../src/core/time.js'
import { Organisation, plugin } from './organisation.js'
import { looseGuard, World } from './world.js'

function kinds(plan: Plan): string[] {
  return plan.actions.map(({ action }) => action.kind)
}

function only<K extends Action['kind']>(plan: Plan, kind: K): (Action & { readonly kind: K })[] {
  return plan.actions.flatMap(({ action }) => (isKind(action, kind) ? [action] : []))
}

function isKind<K extends Action['kind']>(action: Action, kind: K): action is Action & { readonly kind: K } {
  return action.kind === kind
}

function settings(more: Partial<PlanInput['settings']> = {}): PlanInput['settings'] {
  return {
    drift: 'revert',
    restoreDeletedGroups: 'restore',
    deletionDelayMs: 7 * day,
    guard: looseGuard,
    ...more,
  }
}

/** Ann and Bob in a list that gives two pairs, all of it in AWS. */
function pair(): { ours: Organisation; aws: World; group: () => string; user: (name: string) => string } {
  const ours = new Organisation()
  ours.user('ann')
  ours.user('bob')
  ours.list('team', [ours.ref(0, 0), ours.ref(1, 1)], { title: 'Team' })
  ours.member('team', 'ann')
  ours.member('team', 'bob')
  const aws = new World()
  aws.converge(ours.desired())
  return {
    ours,
    aws,
    group: () => aws.linkOf('group', 'team')?.awsId ?? '',
    user: (name) => aws.linkOf('user', name)?.awsId ?? '',
  }
}

describe('T11: a denial reaches AWS', () => {
  test('whoever is denied a part leaves the group after getting the rest singly', () => {
    const { ours, aws, group, user } = pair()
    ours.role('no', { denyAssignments: [ours.entry(0, 0)] })
    ours.user('ann', ['no'])
    const plan = aws.plan(ours.desired())
    const [create] = only(plan, 'assignment.create')
    const [remove] = only(plan, 'members.remove')
    expect(create).toMatchObject({
      principal: { kind: 'user', name: 'ann' },
      pair: ours.pair(1, 1),
      reasons: [{ kind: 'list_member', list: 'team', deniedBy: 'no' }],
    })
    expect(remove?.members.map(({ name }) => name)).toEqual(['ann'])
    expect(remove?.after).toEqual([create?.key])
    expect(plan.notes.join()).toContain('ann is left out of the group Team, since the role no denies')
    aws.converge(ours.desired())
    expect(aws.members.get(group())?.has(user('ann'))).toBe(false)
    expect(aws.members.get(group())?.has(user('bob'))).toBe(true)
  })
  test('the denial does not wait for single assignments that the guard holds', () => {
    const { ours, aws } = pair()
    ours.role('no', { denyAssignments: [ours.entry(0, 0)] })
    ours.user('ann', ['no'])
    const plan = aws.plan(ours.desired(), {
      settings: settings({ guard: { ...looseGuard, newAssignments: 0 } }),
    })
    expect(executableActions(plan, aws.now).map(({ kind }) => kind)).toEqual(['members.remove'])
  })
  test('without the denial the person is a member again before the single assignment goes', () => {
    const { ours, aws } = pair()
    ours.role('no', { denyAssignments: [ours.entry(0, 0)] })
    ours.user('ann', ['no'])
    aws.converge(ours.desired())
    ours.user('ann')
    const plan = aws.plan(ours.desired())
    expect(kinds(plan)).toEqual(['members.add', 'assignment.delete'])
    expect(plan.actions[1]?.action.after).toEqual([plan.actions[0]?.action.key])
  })
})

/** A group that was imported with a member who is no user here. */
function imported(): { ours: Organisation; aws: World; group: string; stranger: string } {
  const ours = new Organisation()
  const aws = new World()
  const stranger = aws.addUser('stranger')
  const group = aws.addGroup('Old team', [stranger])
  aws.link('group', 'old', group, 'imported')
  aws.write('membership', principalKey('group', group), stranger, [{ kind: 'list', list: 'old' }])
  ours.list('old', [], { title: 'Old team', origin: { kind: 'imported', plugin } })
  ours.member('old', 'stranger', { awsUserId: stranger })
  return { ours, aws, group, stranger }
}

describe('T18: a member without a user here', () => {
  test('stays a member', () => {
    const { ours, aws } = imported()
    expect(aws.plan(ours.desired()).actions).toEqual([])
  })
  test('stays while a user of that name waits to be taken over', () => {
    const { ours, aws, group, stranger } = imported()
    ours.user('stranger')
    const plan = aws.converge(ours.desired())
    expect(plan.actions.map(({ action, holds }) => [action.kind, holds[0]?.rule])).toEqual([
      ['user.adopt', 'adoption'],
    ])
    expect(aws.members.get(group)?.has(stranger)).toBe(true)
  })
  test('goes when the membership is ended here', () => {
    const { ours, aws, group, stranger } = imported()
    ours.leave('old', 'stranger')
    aws.converge(ours.desired())
    expect(aws.members.get(group)?.has(stranger)).toBe(false)
    expect(aws.users.has(stranger)).toBe(true)
  })
})

describe('T19: an imported group', () => {
  test('stays without any assignment', () => {
    const { ours, aws, group } = imported()
    aws.converge(ours.desired())
    expect(aws.groups.has(group)).toBe(true)
  })
  test('goes after the delay when a person deletes its list', () => {
    const { ours, aws, group } = imported()
    ours.lists.delete('old')
    const plan = aws.converge(ours.desired())
    expect(aws.groups.has(group)).toBe(true)
    expect(plan.nextChangeAt).toBe(aws.now + 7 * day)
    aws.now += 7 * day
    aws.converge(ours.desired())
    expect(aws.groups.has(group)).toBe(false)
  })
  test('a group that was made here goes at once with its last grant', () => {
    const { ours, aws, group } = pair()
    const id = group()
    ours.list('team', [], { title: 'Team' })
    aws.converge(ours.desired())
    expect(aws.groups.has(id)).toBe(false)
  })
  test('a list that cannot be read keeps its group as it is', () => {
    const { ours, aws } = pair()
    ours.lists.set('team', { unreadable: 'team' })
    expect(aws.plan(ours.desired()).actions).toEqual([])
  })
})

describe('T20: drift', () => {
  test('an assignment and a member that were not put there are taken away', () => {
    const { ours, aws, group } = pair()
    aws.assign('group', group(), ours.pair(2, 2))
    aws.members.get(group())?.add(aws.addUser('intruder'))
    const plan = aws.plan(ours.desired())
    expect(plan.drift.map(({ kind, action }) => [kind, action !== undefined])).toEqual([
      ['assignment', true],
      ['membership', true],
    ])
    expect(kinds(plan)).toEqual(['assignment.delete', 'members.remove'])
  })
  test('they are only told where policy says so', () => {
    const { ours, aws, group } = pair()
    aws.assign('group', group(), ours.pair(2, 2))
    aws.members.get(group())?.add(aws.addUser('intruder'))
    const plan = aws.plan(ours.desired(), { settings: settings({ drift: 'report' }) })
    expect(plan.drift).toHaveLength(2)
    expect(plan.actions).toEqual([])
  })
  test('on principals that are not ours nothing is even looked at', () => {
    const { ours, aws } = pair()
    const stranger = aws.addUser('stranger')
    aws.assign('user', stranger, ours.pair(2, 2))
    aws.assign('group', aws.addGroup('Foreign', [stranger]), ours.pair(2, 2))
    const plan = aws.plan(ours.desired())
    expect(plan.actions).toEqual([])
    expect(plan.drift).toEqual([])
  })
  test('what was taken away from what we own comes back', () => {
    const { ours, aws, group } = pair()
    aws.assignments.get(principalKey('group', group()))?.clear()
    const plan = aws.plan(ours.desired())
    expect(kinds(plan)).toEqual(['assignment.create', 'assignment.create'])
    expect(plan.drift).toHaveLength(2)
  })
})

describe('T21: locks and deletions', () => {
  test('a lock deactivates first, then memberships and assignments go, whatever the guard counts', () => {
    const { ours, aws } = pair()
    ours.user('ann', [ours.ref(2, 2)])
    aws.converge(ours.desired())
    ours.lock('ann')
    const none = { count: 0, share: 0 }
    const removals = { users: none, groups: none, memberships: none, assignments: none }
    const plan = aws.plan(ours.desired(), { settings: settings({ guard: { ...looseGuard, removals } }) })
    expect(kinds(plan)).toEqual(['user.deactivate', 'assignment.delete', 'members.remove'])
    const [first, ...others] = plan.actions
    expect(first?.action).toMatchObject({ priority: 'urgent', because: 'locked: left the company' })
    for (const { action, holds } of others) {
      expect(action).toMatchObject({ priority: 'urgent', after: [first?.action.key] })
      expect(holds).toEqual([])
    }
    expect(plan.notes.join()).toContain('at most 12 hours')
  })
  test('where deactivating fails, access is taken away all the same', () => {
    const { ours, aws, user } = pair()
    ours.lock('ann')
    const failures = new Map([[`user.deactivate ${user('ann')}`, aws.now + hour]])
    const plan = aws.plan(ours.desired(), { failures })
    expect(executableActions(plan, aws.now).map(({ kind }) => kind)).toEqual(['members.remove'])
  })
  test('a user who is gone here loses everything at once and is deleted after the delay', () => {
    const { ours, aws, user } = pair()
    ours.user('ann', [ours.ref(2, 2)])
    aws.converge(ours.desired())
    const id = user('ann')
    ours.users.delete('ann')
    expect(kinds(aws.plan(ours.desired()))).toEqual([
      'user.deactivate',
      'assignment.delete',
      'members.remove',
    ])
    aws.converge(ours.desired())
    expect(aws.users.get(id)?.active).toBe(false)
    aws.now += 7 * day
    expect(kinds(aws.plan(ours.desired()))).toEqual(['user.delete'])
  })
  test('one who comes back within the delay keeps the id', () => {
    const { ours, aws, user } = pair()
    const id = user('ann')
    ours.users.delete('ann')
    aws.converge(ours.desired())
    ours.user('ann')
    aws.converge(ours.desired())
    expect(user('ann')).toBe(id)
    expect(aws.users.get(id)?.active).toBe(true)
    expect(aws.linkOf('user', 'ann')?.unwantedSince).toBeUndefined()
  })
  test('a user who cannot be read is neither absent nor changed; a lock still holds', () => {
    const { ours, aws } = pair()
    ours.users.set('ann', { name: 'ann', lock: undefined, unreadable: true })
    expect(aws.plan(ours.desired()).actions).toEqual([])
    ours.users.set('ann', { name: 'ann', lock: { says: undefined, until: undefined }, unreadable: true })
    expect(kinds(aws.plan(ours.desired()))).toEqual(['user.deactivate', 'members.remove'])
  })
})

describe('T24: additions are counted, too', () => {
  test('more new assignments than the limit wait for a person', () => {
    const { ours, aws } = pair()
    ours.role('wide', { allowAssignments: [{ account: '*', permissionSet: '*' }] })
    ours.user('ann', ['wide'])
    const guard = { ...looseGuard, newAssignments: 5 }
    const plan = aws.plan(ours.desired(), { settings: settings({ guard }) })
    expect(plan.actions).toHaveLength(9)
    expect(plan.actions.every(({ holds }) => holds[0]?.rule === 'new_assignments')).toBe(true)
  })
  test('a person with more pairs than a principal may have is set aside', () => {
    const { ours } = pair()
    ours.role('wide', { allowAssignments: [{ account: '*', permissionSet: '*' }] })
    ours.user('ann', ['wide'])
    ours.settings = { ...ours.settings, guard: { ...defaultGuard, pairsOfPrincipal: 8 } }
    const desired = ours.desired()
    expect(desired.setAside).toMatchObject([{ kind: 'user', name: 'ann', code: 'too_many_pairs' }])
    expect(desired.userPairs.has('ann')).toBe(false)
  })
  test('the management account and sensitive sets have limits of their own', () => {
    const { ours, aws } = pair()
    ours.user('ann', [ours.ref(2, 0), ours.ref(2, 1), ours.ref(0, 2)])
    const sensitiveSet = ours.inventory.permissionSets[2]?.name ?? ''
    const guard = { ...looseGuard, managementAccount: 1, sensitive: 0, sensitiveSets: [sensitiveSet] }
    const plan = aws.plan(ours.desired(), {
      settings: settings({ guard }),
      inventory: ours.inventory,
      managementAccountId: ours.inventory.accounts[2]?.id,
    })
    const rules = new Map(
      only(plan, 'assignment.create').map(({ pair: key }, at) => [key, plan.actions[at]?.holds[0]?.rule]),
    )
    expect(rules.get(ours.pair(2, 0))).toBe('management_account')
    expect(rules.get(ours.pair(2, 1))).toBe('management_account')
    expect(rules.get(ours.pair(0, 2))).toBe('sensitive_set')
  })
})

describe('what is not known', () => {
  test('nothing is done before users and groups were read', () => {
    const { ours, aws } = pair()
    ours.user('eve')
    const observation = { ...aws.observe(), users: undefined, groups: undefined }
    expect(kinds(aws.plan(ours.desired(), { observation }))).toEqual([])
  })
  test('a principal that was not read gets nothing new, and still loses what we gave', () => {
    const { ours, aws, group } = pair()
    ours.list('team', [ours.ref(2, 2)], { title: 'Team' })
    const observation = aws.observe()
    const assignments = new Map(observation.assignments)
    assignments.delete(principalKey('group', group()))
    const plan = aws.plan(ours.desired(), { observation: { ...observation, assignments } })
    expect(kinds(plan)).toEqual(['assignment.delete', 'assignment.delete'])
  })
  test('a doubtful read restores nobody and takes nothing away by itself', () => {
    const { ours, aws, user } = pair()
    aws.removeUser(user('ann'))
    ours.list('team', [], { title: 'Team' })
    const observation = { ...aws.observe(), doubts: new Set(['users', 'groups', 'accounts'] as const) }
    const plan = aws.plan(ours.desired(), { observation })
    expect(kinds(plan)).toContain('user.create')
    expect(kinds(plan)).toContain('assignment.delete')
    expect(executableActions(plan, aws.now).filter(({ kind }) => kind !== 'ledger.update')).toEqual([])
  })
  test('nothing is planned for a principal whose last change has no outcome yet', () => {
    const { ours, aws, user } = pair()
    ours.user('eve')
    ours.user('ann', [ours.ref(2, 2)])
    const unresolved = new Set([principalKey('user', user('ann')), unresolvedName('user', 'eve')])
    expect(aws.plan(ours.desired(), { unresolved }).actions).toEqual([])
    expect(kinds(aws.plan(ours.desired()))).toEqual(['user.create', 'assignment.create'])
  })
  test('assignments in an account that left the organisation are forgotten without a call', () => {
    const { ours, aws } = pair()
    const knownAccounts = new Set([ours.inventory.accounts[1]?.id ?? ''])
    ours.list('team', [ours.ref(1, 1)], { title: 'Team' })
    const plan = aws.plan(ours.desired(), { knownAccounts, inventory: ours.inventory })
    expect(only(plan, 'ledger.update')).toMatchObject([{ target: ours.pair(0, 0), reasons: [] }])
    expect(plan.actions).toHaveLength(1)
  })
})

describe('objects of others', () => {
  test('a foreign user and a foreign group of the same name wait for a person', () => {
    const { ours, aws } = pair()
    ours.user('eve')
    ours.list('new', [ours.ref(0, 0)], { title: 'New' })
    aws.addUser('eve')
    aws.addGroup('New')
    const plan = aws.plan(ours.desired())
    expect(plan.actions.map(({ action, holds }) => [action.kind, holds[0]?.rule])).toEqual([
      ['user.adopt', 'adoption'],
      ['group.adopt', 'adoption'],
    ])
  })
  test('in the first plan users of exactly our name are bound, groups still wait', () => {
    const { ours, aws } = pair()
    ours.user('eve')
    ours.list('new', [ours.ref(0, 0)], { title: 'New' })
    aws.addUser('eve')
    aws.addUser('EVE')
    aws.addGroup('New')
    const plan = aws.plan(ours.desired(), { mode: 'first' })
    expect(executableActions(plan, aws.now).map(({ kind }) => kind)).toEqual(['user.adopt'])
  })
  test('an approval counts for exactly its action and until it ends', () => {
    const { ours, aws } = pair()
    ours.user('eve')
    const id = aws.addUser('eve')
    const approval = { by: 'admin', at: aws.now, expiresAt: aws.now + hour }
    const key = `user.adopt ${id} eve`
    expect(aws.plan(ours.desired(), { approvals: [{ ...approval, key }] }).actions[0]).toMatchObject({
      holds: [],
      approvedBy: 'admin',
    })
    for (const bad of [
      { ...approval, key: `${key}x` },
      { ...approval, key, expiresAt: aws.now },
    ]) {
      expect(aws.plan(ours.desired(), { approvals: [bad] }).actions[0]?.holds).toHaveLength(1)
    }
  })
  test('direct assignments that import found stay, and go when they are released', () => {
    const { ours, aws, user } = pair()
    const key = principalKey('user', user('ann'))
    aws.assign('user', user('ann'), ours.pair(2, 2))
    aws.write('assignment', key, ours.pair(2, 2), [{ kind: 'found' }])
    expect(aws.plan(ours.desired()).actions).toEqual([])
    aws.write('assignment', key, ours.pair(2, 2), [])
    expect(kinds(aws.plan(ours.desired()))).toEqual(['assignment.delete'])
  })
  test('a reason more than found is noted, and found outlives it', () => {
    const { ours, aws, user } = pair()
    const key = principalKey('user', user('ann'))
    aws.assign('user', user('ann'), ours.pair(2, 2))
    aws.write('assignment', key, ours.pair(2, 2), [{ kind: 'found' }])
    ours.user('ann', [ours.ref(2, 2)])
    aws.converge(ours.desired())
    expect(aws.ledger.find(({ principal }) => principal === key)?.reasons).toEqual([
      { kind: 'role', role: ours.ref(2, 2) },
      { kind: 'found' },
    ])
    ours.user('ann')
    aws.converge(ours.desired())
    expect(aws.assignments.get(key)?.has(ours.pair(2, 2))).toBe(true)
  })
})

describe('groups', () => {
  test('a group that somebody deleted is made again with its members and assignments, after asking', () => {
    const { ours, aws, group } = pair()
    aws.removeGroup(group())
    const asks = aws.plan(ours.desired(), { settings: settings({ restoreDeletedGroups: 'ask' }) })
    expect(executableActions(asks, aws.now)).toEqual([])
    expect(asks.actions[0]?.holds[0]?.rule).toBe('restore')
    const plan = aws.plan(ours.desired())
    expect(kinds(plan)).toEqual(['group.create', 'assignment.create', 'assignment.create'])
    expect(plan.drift[0]?.kind).toBe('group_missing')
    aws.converge(ours.desired())
    expect(aws.members.get(group())?.size).toBe(2)
  })
  test('a new title renames the group and keeps its id', () => {
    const { ours, aws, group } = pair()
    const id = group()
    ours.list('team', [ours.ref(0, 0), ours.ref(1, 1)], { title: 'Better' })
    expect(kinds(aws.plan(ours.desired()))).toEqual(['group.rename'])
    aws.converge(ours.desired())
    expect(aws.groups.get(id)?.displayName).toBe('Better')
  })
  test('two lists that exchange their titles keep their groups', () => {
    const { ours, aws, group } = pair()
    const roles = [ours.ref(0, 0)]
    ours.list('second', roles, { title: 'Second' })
    aws.converge(ours.desired())
    const id = group()
    ours.list('team', roles, { title: 'Second' })
    ours.list('second', roles, { title: 'Team' })
    aws.converge(ours.desired())
    expect(aws.groups.get(id)?.displayName).toBe('Second')
  })
  test('members go in lists of at most 100, the first with the group', () => {
    const ours = new Organisation()
    ours.list('team', [ours.ref(0, 0)], { title: 'Team' })
    for (let at = 0; at < 250; at++) {
      ours.user(`user-${at}`)
      ours.member('team', `user-${at}`)
    }
    const aws = new World()
    const plan = aws.plan(ours.desired())
    expect(only(plan, 'group.create')[0]?.members).toHaveLength(100)
    expect(
      only(plan, 'members.add')
        .map(({ members }) => members.length)
        .sort(),
    ).toEqual([100, 50])
    aws.apply(plan)
    expect(aws.plan(ours.desired()).actions).toEqual([])
  })
  test('one user who cannot be made does not keep others out of the group for longer than one attempt', () => {
    const ours = new Organisation()
    ours.list('team', [ours.ref(0, 0)], { title: 'Team' })
    for (const name of ['ann', 'bob']) {
      ours.user(name)
      ours.member('team', name)
    }
    const aws = new World()
    const failures = new Map([['user.create ann', aws.now + hour]])
    aws.converge(ours.desired(), { failures })
    expect(aws.members.get(aws.linkOf('group', 'team')?.awsId ?? '')?.size).toBe(1)
  })
})

describe('hybrid mode', () => {
  test('users are bound by name and never written; access is still kept right', () => {
    const ours = new Organisation()
    ours.settings = { ...ours.settings, serviceProvider: undefined }
    ours.user('ann', [ours.ref(0, 0)])
    ours.user('bob')
    const aws = new World()
    const id = aws.addUser('ann', { displayName: 'Somebody' })
    aws.converge(ours.desired())
    expect(aws.assignments.get(principalKey('user', id))?.has(ours.pair(0, 0))).toBe(true)
    expect(aws.calls.map(({ operation }) => operation)).toEqual(['CreateAssignment'])
    ours.users.delete('ann')
    aws.converge(ours.desired())
    expect(aws.users.get(id)?.active).toBe(true)
    expect(aws.assignments.get(principalKey('user', id))?.size).toBe(0)
    expect(aws.links).toEqual([])
  })
})
