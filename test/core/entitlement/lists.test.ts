import { describe, expect, test } from 'vitest'
import { day, hour } from '../../../src/core/time.js'
import { Organisation } from '../plan/organisation.js'
import { start } from '../plan/world.js'

const names = (ours: Organisation, list: string) =>
  ours
    .desired()
    .groups.get(list)
    ?.members.map(({ name }) => name)
const pairsOf = (ours: Organisation, user: string) => [...(ours.desired().userPairs.get(user) ?? [])]
const owner = (name: string, kind: 'user' | 'list' = 'user') => ({ kind, name, description: '' })

describe('what a list asks of its members', () => {
  test('holds at every level, for the own roles and traits alone, of users who are not pushed too', () => {
    const ours = new Organisation()
    const dev = { roles: ['dev'], traits: {} }
    ours.user('ann', ['dev'], { traits: { team: ['red'] } })
    ours.user('bob', [], { traits: { team: ['red'] } })
    ours.user('cat', ['dev'])
    ours.list('top', [ours.ref(0, 0)], { membershipRequires: dev })
    ours.list('low', ['dev'], { membershipRequires: { roles: [], traits: { team: ['red'] } } })
    ours.member('top', 'low', { kind: 'list' })
    for (const name of ['ann', 'bob', 'cat']) ours.member('low', name)
    expect(names(ours, 'top')).toEqual(['ann'])
    ours.user('cat', ['dev'], { traits: { team: ['red', 'blue'] } })
    expect(names(ours, 'top')).toEqual(['ann', 'cat'])
  })

  test('nobody meets who has no user here, and everybody may stay where it asks for nothing (T18)', () => {
    const ours = new Organisation()
    ours.list('l', [ours.ref(0, 0)])
    ours.member('l', 'ghost', { awsUserId: 'u1' })
    expect(names(ours, 'l')).toEqual(['ghost'])
    ours.list('l', [ours.ref(0, 0)], { membershipRequires: { roles: ['dev'], traits: {} } })
    expect(names(ours, 'l')).toEqual([])
  })
})

describe('what a list gives its owners', () => {
  test('is given singly to those who count as owners, by name or by a list, and by no group', () => {
    const ours = new Organisation()
    for (const name of ['ann', 'bob', 'cat']) ours.user(name, name === 'cat' ? [] : ['lead'])
    ours.list('l', [ours.ref(0, 0)], {
      owners: [owner('ann'), owner('leads', 'list'), owner('ghost')],
      ownershipRequires: { roles: ['lead'], traits: {} },
      ownerGrants: { roles: [ours.ref(1, 1)], traits: {} },
    })
    ours.list('leads', [])
    ours.member('leads', 'bob')
    ours.member('leads', 'cat')
    const reasons = [{ kind: 'list_owner', list: 'l' }]
    expect(pairsOf(ours, 'ann')).toEqual([[ours.pair(1, 1), reasons]])
    expect(pairsOf(ours, 'bob')).toEqual([[ours.pair(1, 1), reasons]])
    expect(pairsOf(ours, 'cat')).toEqual([])
    expect(names(ours, 'l')).toEqual([])
    ours.lock('ann')
    expect(pairsOf(ours, 'ann')).toEqual([])
  })

  test('can be a denial, which counts wherever they have the pair (T11)', () => {
    const ours = new Organisation()
    ours.user('ann', [ours.ref(0, 0), ours.ref(0, 1)])
    ours.role('no', { denyAssignments: [ours.entry(0, 0)] })
    ours.list('l', [], { owners: [owner('ann')], ownerGrants: { roles: ['no'], traits: {} } })
    expect(pairsOf(ours, 'ann').map(([pair]) => pair)).toEqual([ours.pair(0, 1)])
  })

  test('leaves alone whose role of it cannot be read', () => {
    const ours = new Organisation()
    ours.user('ann', [ours.ref(0, 0)])
    ours.unreadableRoles.add('odd')
    ours.list('l', [], { owners: [owner('ann')], ownerGrants: { roles: ['odd'], traits: {} } })
    expect(ours.desired().setAside).toMatchObject([{ kind: 'user', name: 'ann', code: 'unreadable' }])
  })

  test('ends with the membership by which they own, and it is known that time ended it', () => {
    const ours = new Organisation()
    ours.user('ann')
    ours.list('leads', [])
    ours.list('l', [], {
      owners: [owner('leads', 'list')],
      ownerGrants: { roles: [ours.ref(0, 0)], traits: {} },
    })
    ours.member('leads', 'ann', { expiresAt: start + hour })
    expect(pairsOf(ours, 'ann')).toHaveLength(1)
    ours.now = start + hour
    expect(pairsOf(ours, 'ann')).toEqual([])
    expect(ours.desired().endedOwners?.get('l')).toEqual(new Set(['ann']))
  })
})

describe('a list whose review is overdue', () => {
  const overdue = (then: 'remind' | 'freeze' | 'remove_grants') => {
    const ours = new Organisation()
    ours.user('ann')
    ours.user('bob')
    ours.list('l', [ours.ref(0, 0)], {
      owners: [owner('ann')],
      ownerGrants: { roles: [ours.ref(1, 1)], traits: {} },
      review: {
        dueAt: start - day,
        everyMonths: 1,
        dayOfMonth: 1,
        noticeMs: 7 * day,
        whenOverdue: { then, afterMs: day + hour },
      },
    })
    ours.member('l', 'bob')
    return ours
  }

  test('grants nothing from the instant that was chosen, and keeps its group', () => {
    const ours = overdue('remove_grants')
    expect(ours.desired().nextChangeAt).toBe(start + hour)
    expect(ours.desired().groups.get('l')?.pairs.size).toBe(1)
    ours.now = start + hour
    const { groups, userPairs, nextChangeAt } = ours.desired()
    expect([groups.get('l')?.pairs.size, groups.get('l')?.members.length]).toEqual([0, 1])
    expect(userPairs.size).toBe(0)
    expect(nextChangeAt).toBeUndefined()
  })

  test('goes on where nobody is in it, and where it only reminds or lets nobody in', () => {
    for (const then of ['remind', 'freeze'] as const) {
      const ours = overdue(then)
      expect(ours.desired().nextChangeAt).toBeUndefined()
      ours.now = start + day
      expect(ours.desired().groups.get('l')?.pairs.size).toBe(1)
    }
    const empty = overdue('remove_grants')
    empty.leave('l', 'bob')
    empty.now = start + day
    expect(empty.desired().userPairs.get('ann')?.size).toBe(1)
  })
})

describe('a lock on a role', () => {
  const lock = { says: 'under inquiry', until: start + hour }

  function team(): Organisation {
    const ours = new Organisation()
    ours.user('ann', [ours.ref(1, 1)])
    ours.user('bob', [ours.ref(1, 1)])
    ours.role('dev', { allowAssignments: [ours.entry(0, 0)] })
    return ours
  }

  test('locks whoever holds it by a list, as member and as owner, until it ends', () => {
    const ours = team()
    ours.list('l', ['dev'], { owners: [owner('bob')], ownerGrants: { roles: ['lead'], traits: {} } })
    ours.member('l', 'ann')
    ours.lockedRoles.set('dev', lock)
    expect(ours.desired().users.get('ann')).toMatchObject({
      active: false,
      lockSays: 'locked: under inquiry',
    })
    expect(ours.desired().users.get('bob')).toMatchObject({ active: true })
    expect(names(ours, 'l')).toEqual([])
    expect(pairsOf(ours, 'ann')).toEqual([])
    expect(ours.desired().nextChangeAt).toBe(start + hour)
    ours.lockedRoles.set('lead', lock)
    expect(ours.desired().users.get('bob')).toMatchObject({ active: false })
  })

  test('locks nobody by a list whose grants do not count, or that they are no longer in', () => {
    const ours = team()
    ours.list('l', ['dev'], {
      review: {
        everyMonths: 6,
        dayOfMonth: 1,
        dueAt: start - 60 * day,
        noticeMs: 7 * day,
        whenOverdue: { then: 'remove_grants', afterMs: day },
      },
    })
    ours.list('other', ['dev'])
    ours.member('l', 'ann')
    ours.member('other', 'bob', { expiresAt: start - hour })
    ours.lockedRoles.set('dev', lock)
    expect([...ours.desired().users.values()].map(({ active }) => active)).toEqual([true, true])
  })
})
