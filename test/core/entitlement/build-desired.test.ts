import { describe, expect, test } from 'vitest'
import { hour } from '../../../src/core/time.js'
import { Organisation, plugin } from '../plan/organisation.js'
import { start } from '../plan/world.js'

describe('users', () => {
  test('all are pushed but the gateway itself and machine users', () => {
    const ours = new Organisation()
    for (const name of ['ann', 'system', 'operator', 'token/ci']) ours.user(name)
    expect([...ours.desired().users.keys()]).toEqual(['ann'])
  })
  test('filters choose by all labels, or by origin', () => {
    const ours = new Organisation()
    ours.user('ann', [], { labels: { team: 'a', site: 'x' } })
    ours.user('bob', [], { labels: { team: 'a' } })
    ours.user('cat', [], { origin: { kind: 'connector', connector: 'okta' } })
    ours.users.set('dan', { name: 'dan', lock: undefined, unreadable: true })
    ours.settings = {
      ...ours.settings,
      userFilters: [
        { labels: { team: 'a', site: 'x' }, origin: undefined },
        { labels: {}, origin: 'okta' },
      ],
    }
    const desired = ours.desired()
    expect([...desired.users.keys()]).toEqual(['ann', 'cat'])
    expect(desired.setAside.map(({ name }) => name)).toEqual(['dan'])
  })
  test('of two with one address the later is set aside, and a locked one has no say', () => {
    const ours = new Organisation()
    ours.user('ann', [], { traits: { email: ['team@example.com'] } })
    ours.user('bob', [], { traits: { email: ['TEAM@example.com'] } })
    expect(ours.desired().setAside).toMatchObject([{ name: 'bob', code: 'duplicate_name' }])
    ours.lock('ann')
    expect(ours.desired().setAside).toEqual([])
    expect(ours.desired().users.get('ann')).toMatchObject({
      active: false,
      lockSays: 'locked: left the company',
    })
  })
})

describe('lists', () => {
  test('are groups while grants reach a pair, or when they were imported by this plugin', () => {
    const ours = new Organisation()
    ours.list('reaches', [ours.ref(0, 0)], { title: 'A' })
    ours.list('empty', ['missing'], { title: 'B' })
    ours.list('imported', [], { title: 'C', origin: { kind: 'imported', plugin } })
    ours.list('other', [], { title: 'D', origin: { kind: 'imported', plugin: 'second' } })
    expect([...ours.desired().groups.keys()]).toEqual(['imported', 'reaches'])
  })
  test('give what granted roles allow less what any of them denies', () => {
    const ours = new Organisation()
    ours.role('wide', { allowAssignments: [{ account: '*', permissionSet: '*' }] })
    ours.role('no', { denyAssignments: [{ account: ours.entry(0, 0).account, permissionSet: '*' }] })
    ours.list('team', ['wide', 'no'])
    const pairs = ours.desired().groups.get('team')?.pairs
    expect(pairs?.size).toBe(6)
    expect(pairs?.has(ours.pair(0, 1))).toBe(false)
  })
  test('of two with one title the later is set aside', () => {
    const ours = new Organisation()
    ours.list('a', [ours.ref(0, 0)], { title: 'Same' })
    ours.list('b', [ours.ref(0, 0)], { title: 'Same' })
    expect(ours.desired().setAside).toMatchObject([{ kind: 'group', name: 'b', code: 'duplicate_name' }])
  })
  test('one with a role that cannot be read is set aside with its members', () => {
    const ours = new Organisation()
    ours.user('ann')
    ours.unreadableRoles.add('bad')
    ours.list('team', [ours.ref(0, 0), 'bad'])
    ours.member('team', 'ann')
    const desired = ours.desired()
    expect(desired.groups.size).toBe(0)
    expect(desired.setAside.map(({ kind, name, code }) => [kind, name, code])).toEqual([
      ['group', 'team', 'unreadable'],
      ['user', 'ann', 'unreadable'],
    ])
  })
  test('whoever is neither a user here nor known to AWS is no member; a locked one is none either', () => {
    const ours = new Organisation()
    ours.user('ann')
    ours.lock('ann')
    ours.list('team', [ours.ref(0, 0)])
    ours.member('team', 'ann')
    ours.member('team', 'nobody')
    ours.member('team', 'stranger', { awsUserId: 'u-1' })
    expect(ours.desired().groups.get('team')?.members).toEqual([
      { by: 'id', awsUserId: 'u-1', name: 'stranger' },
    ])
  })
})

describe('single people', () => {
  test('get what roles held directly give, with each role as a reason', () => {
    const ours = new Organisation()
    ours.role('both', { allowAssignments: [ours.entry(0, 0), ours.entry(0, 1)] })
    ours.user('ann', ['both', ours.ref(0, 0)])
    const pairs = ours.desired().userPairs.get('ann')
    expect(pairs?.get(ours.pair(0, 0))).toEqual([
      { kind: 'role', role: ours.ref(0, 0) },
      { kind: 'role', role: 'both' },
    ])
    expect(pairs?.get(ours.pair(0, 1))).toEqual([{ kind: 'role', role: 'both' }])
  })
  test('a denial by a role of a list counts against what is held directly', () => {
    const ours = new Organisation()
    ours.role('no', { denyAssignments: [ours.entry(0, 0)] })
    ours.user('ann', [ours.ref(0, 0), ours.ref(1, 1)])
    ours.list('denies', ['no'])
    ours.member('denies', 'ann')
    expect([...(ours.desired().userPairs.get('ann')?.keys() ?? [])]).toEqual([ours.pair(1, 1)])
  })
  test('a request gives a pair until its instant, unless a role denies it', () => {
    const ours = new Organisation()
    ours.role('no', { denyAssignments: [ours.entry(1, 1)] })
    ours.user('ann', ['no'])
    const until = start + hour
    ours.grants = [
      { user: 'ann', pair: ours.pair(0, 0), request: 'r1', until },
      { user: 'ann', pair: ours.pair(1, 1), request: 'r2', until },
      { user: 'ann', pair: ours.pair(0, 0), request: 'r3', until: until + hour },
      { user: 'nobody', pair: ours.pair(0, 0), request: 'r4', until },
    ]
    const desired = ours.desired()
    expect([...desired.userPairs]).toEqual([
      [
        'ann',
        new Map([
          [
            ours.pair(0, 0),
            [
              { kind: 'request', request: 'r1', until },
              { kind: 'request', request: 'r3', until: until + hour },
            ],
          ],
        ]),
      ],
    ])
    expect(desired.nextChangeAt).toBe(until)
    expect(desired.notes).toEqual(['A role denies ann what the request r2 would give.'])
    ours.now = until
    expect(ours.desired().userPairs.get('ann')?.get(ours.pair(0, 0))).toHaveLength(1)
    ours.now = until + hour
    expect(ours.desired().userPairs.size).toBe(0)
  })
})
