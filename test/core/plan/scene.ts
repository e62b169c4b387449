/** @module A random organisation for property tests: edits here and in AWS, and what AWS has to be after the plans. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Desired, MemberRef } from '../../../src/core/entitlement/desired.js'
import { principalKey } from '../../../src/core/identity-center/observation.js'
import { day, hour } from '../../../src/core/time.js'
import { Organisation, plugin } from './organisation.js'
import { World } from './world.js'

const people = ['ann', 'bob', 'cat', 'dan', 'eve']
const listNames = ['la', 'lb', 'lc', 'ld']
const roleNames = ['ra', 'rb', 'deny-a', 'deny-b', 'wide']
const titles = ['One', 'Two', 'Three']

export interface Scene {
  readonly ours: Organisation
  readonly aws: World
  /** Ids of AWS that are nobody's business of ours. */
  readonly foreign: Set<string>
}

type Edit = (scene: Scene) => void

const account = fc.nat(2)
const set = fc.nat(2)
const person = fc.constantFrom(...people)
const list = fc.constantFrom(...listNames)

function edit<T extends unknown[]>(
  parts: { [K in keyof T]: fc.Arbitrary<T[K]> },
  does: (scene: Scene, ...values: T) => void,
): fc.Arbitrary<Edit> {
  const text = does.toString().replace(/\s+/g, ' ').slice(0, 150)
  return fc.tuple<T>(...parts).map((values) => {
    const run = (scene: Scene): void => {
      does(scene, ...values)
    }
    // What a counterexample is printed as.
    return Object.assign(run, { toString: () => `${JSON.stringify(values)} ${text}\n` })
  })
}

const someRoles = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom(...roleNames).map((name) => ({ name })),
    fc.record({ account, set }),
  ),
  { maxLength: 3 },
)
type RolePick = { readonly name: string } | { readonly account: number; readonly set: number }

function roleTexts(ours: Organisation, picks: readonly RolePick[]): string[] {
  return picks.map((pick) => ('name' in pick ? pick.name : ours.ref(pick.account, pick.set)))
}

function anyId(ids: Iterable<string>, at: number): string | undefined {
  const sorted = [...ids].sort()
  return sorted[at % Math.max(1, sorted.length)]
}

export const edits: fc.Arbitrary<Edit> = fc.oneof(
  edit<[string, RolePick[]]>([person, someRoles], ({ ours }, name, picks) => {
    ours.user(name, roleTexts(ours, picks))
  }),
  edit<[string]>([person], ({ ours }, name) => {
    ours.users.delete(name)
  }),
  edit<[string]>([person], ({ ours }, name) => {
    ours.lock(name)
  }),
  edit<[string]>([person], ({ ours }, name) => {
    ours.unlock(name)
  }),
  edit<[string]>([person], ({ ours }, name) => {
    ours.users.set(name, { name, lock: undefined, unreadable: true })
  }),
  edit<[string, RolePick[], string]>(
    [list, someRoles, fc.constantFrom(...titles)],
    ({ ours }, name, picks, title) => {
      const known = ours.lists.get(name)
      const origin = known !== undefined && 'origin' in known ? known.origin : { kind: 'local' as const }
      ours.list(name, roleTexts(ours, picks), { title, origin })
    },
  ),
  edit<[string]>([list], ({ ours }, name) => {
    ours.lists.delete(name)
  }),
  edit<[string]>([list], ({ ours }, name) => {
    ours.lists.set(name, { unreadable: name })
  }),
  edit<[string, string, number]>([list, person, fc.nat(3)], ({ ours }, of, name, hours) => {
    ours.member(of, name, { expiresAt: hours === 0 ? undefined : ours.now + hours * hour })
  }),
  edit<[string, string]>([list, person], ({ ours }, of, name) => {
    ours.leave(of, name)
  }),
  edit<[string, string]>([list, list], ({ ours }, of, name) => {
    ours.member(of, name, { kind: 'list' })
  }),
  edit<[string, number, number, number]>([person, account, set, fc.nat(4)], ({ ours }, user, a, s, hours) => {
    ours.grants.push({
      user,
      pair: ours.pair(a, s),
      request: `r${ours.grants.length}`,
      until: ours.now + hours * hour,
    })
  }),
  edit<[number]>([fc.nat(10)], ({ ours, aws }, days) => {
    ours.now += days * day + hour
    aws.now = ours.now
  }),
  // What others do in AWS.
  edit<[number, number, number]>([fc.nat(20), account, set], ({ ours, aws }, at, a, s) => {
    const id = anyId(aws.users.keys(), at)
    if (id !== undefined) aws.assign('user', id, ours.pair(a, s))
  }),
  edit<[number, number, number]>([fc.nat(20), account, set], ({ ours, aws }, at, a, s) => {
    const id = anyId(aws.groups.keys(), at)
    if (id !== undefined) aws.assign('group', id, ours.pair(a, s))
  }),
  edit<[number]>([fc.nat(50)], ({ aws }, at) => {
    const key = anyId(aws.assignments.keys(), at) ?? ''
    const pairs = aws.assignments.get(key)
    const pair = anyId(pairs ?? [], at)
    if (pair !== undefined) pairs?.delete(pair)
  }),
  edit<[number, number]>([fc.nat(20), fc.nat(20)], ({ aws }, group, user) => {
    const id = anyId(aws.users.keys(), user)
    if (id !== undefined) aws.members.get(anyId(aws.groups.keys(), group) ?? '')?.add(id)
  }),
  edit<[number, number]>([fc.nat(20), fc.nat(20)], ({ aws }, group, user) => {
    const members = aws.members.get(anyId(aws.groups.keys(), group) ?? '')
    const id = anyId(members ?? [], user)
    if (id !== undefined) members?.delete(id)
  }),
  edit<[number]>([fc.nat(20)], ({ aws }, at) => {
    const id = anyId(aws.users.keys(), at)
    if (id !== undefined) aws.removeUser(id)
  }),
  edit<[number]>([fc.nat(20)], ({ aws }, at) => {
    const id = anyId(aws.groups.keys(), at)
    if (id !== undefined) aws.removeGroup(id)
  }),
  edit<[number]>([fc.nat(20)], ({ aws }, at) => {
    const user = aws.users.get(anyId(aws.users.keys(), at) ?? '')
    if (user !== undefined) aws.users.set(user.id, { ...user, active: user.active !== true, givenName: 'X' })
  }),
  edit<[number, string]>(
    [fc.nat(20), fc.constantFrom('renamed', 'ann2')],
    ({ aws, foreign }, at, userName) => {
      const user = aws.users.get(anyId(aws.users.keys(), at) ?? '')
      const isTaken = [...aws.users.values()].some((other) => other.userName === userName)
      if (user !== undefined && !isTaken && !foreign.has(user.id))
        aws.users.set(user.id, { ...user, userName })
    },
  ),
  edit<[number, string]>(
    [fc.nat(20), fc.constantFrom(...titles, 'Other')],
    ({ aws, foreign }, at, displayName) => {
      const group = aws.groups.get(anyId(aws.groups.keys(), at) ?? '')
      const isTaken = [...aws.groups.values()].some((other) => other.displayName === displayName)
      if (group !== undefined && !isTaken && !foreign.has(group.id)) {
        aws.groups.set(group.id, { ...group, displayName })
      }
    },
  ),
  edit<[string]>([person], ({ aws, foreign }, name) => {
    if (![...aws.users.values()].some(({ userName }) => userName === name)) foreign.add(aws.addUser(name))
  }),
  edit<[string]>([fc.constantFrom(...titles)], ({ aws, foreign }, title) => {
    if (![...aws.groups.values()].some(({ displayName }) => displayName === title)) {
      foreign.add(aws.addGroup(title, [...aws.users.keys()].slice(0, 2)))
    }
  }),
)

/** An organisation with foreign users and groups, and one group that was imported with a member unknown here. */
export function buildScene(): Scene {
  const ours = new Organisation()
  ours.role('ra', { allowAssignments: [ours.entry(0, 0), ours.entry(1, 1)] })
  ours.role('rb', { allowAssignments: [{ account: ours.entry(2, 0).account, permissionSet: '*' }] })
  ours.role('deny-a', { denyAssignments: [ours.entry(0, 0)] })
  ours.role('deny-b', { denyAssignments: [{ account: '*', permissionSet: ours.entry(0, 1).permissionSet }] })
  ours.role('wide', { allowAssignments: [{ account: '*', permissionSet: '*' }] })
  const aws = new World()
  const stranger = aws.addUser('stranger')
  const other = aws.addUser('other@example.com')
  const foreignGroup = aws.addGroup('Foreign', [stranger, other])
  aws.assign('user', stranger, ours.pair(0, 1))
  aws.assign('group', foreignGroup, ours.pair(1, 2))
  const imported = aws.addGroup('Imported', [stranger])
  aws.assign('group', imported, ours.pair(2, 2))
  aws.link('group', 'imported', imported, 'imported')
  aws.write('membership', principalKey('group', imported), stranger, [{ kind: 'list', list: 'imported' }])
  aws.write('assignment', principalKey('group', imported), ours.pair(2, 2), [
    { kind: 'list', list: 'imported' },
  ])
  ours.list('imported', [ours.ref(2, 2)], { title: 'Imported', origin: { kind: 'imported', plugin } })
  ours.member('imported', 'stranger', { awsUserId: stranger })
  ours.user('ann', ['ra', ours.ref(0, 2)])
  ours.user('bob', ['deny-a'])
  ours.user('cat')
  ours.list('la', ['ra', ours.ref(0, 1)], { title: 'One' })
  ours.list('lb', ['rb'], { title: 'Two' })
  for (const name of ['ann', 'bob', 'cat']) ours.member('la', name)
  ours.member('lb', 'la', { kind: 'list' })
  return { ours, aws, foreign: new Set([stranger, other, foreignGroup]) }
}

function unclear(desired: Desired, kind: 'user' | 'group'): Set<string> {
  return new Set(
    desired.setAside
      .filter((row) => row.kind === kind && (row.code === 'unreadable' || row.code === 'too_many_pairs'))
      .map(({ name }) => name),
  )
}

function found(aws: World, kind: 'assignment' | 'membership', principal: string): Set<string> {
  return new Set(
    aws.ledger
      .filter((row) => row.kind === kind && row.principal === principal)
      .filter(({ reasons }) => reasons.some((reason) => reason.kind === 'found'))
      .map(({ target }) => target),
  )
}

export function expectEqualWorld({ aws }: Scene, desired: Desired): void {
  const unclearUsers = unclear(desired, 'user')
  for (const { name, active } of desired.users.values()) {
    const link = aws.linkOf('user', name)
    if (link === undefined) continue
    const key = principalKey('user', link.awsId)
    const there = aws.users.get(link.awsId)
    if (there === undefined) continue
    expect(there.active, name).toBe(active)
    if (!active) {
      expect([...(aws.assignments.get(key) ?? [])], name).toEqual([])
      for (const [group, members] of aws.members) {
        if (
          aws.links.some((row) => row.kind === 'group' && row.awsId === group) &&
          isDesired(aws, desired, group)
        ) {
          expect(members.has(link.awsId), `${name} in ${group}`).toBe(false)
        }
      }
    } else if (!unclearUsers.has(name)) {
      const wanted = new Set([
        ...(desired.userPairs.get(name)?.keys() ?? []),
        ...found(aws, 'assignment', key),
      ])
      expect([...(aws.assignments.get(key) ?? [])].sort(), name).toEqual([...wanted].sort())
    }
  }
  for (const group of desired.groups.values()) {
    const link = aws.linkOf('group', group.list)
    if (link === undefined || !aws.groups.has(link.awsId)) continue
    const key = principalKey('group', link.awsId)
    const pairs = new Set([...group.pairs.keys(), ...found(aws, 'assignment', key)])
    expect([...(aws.assignments.get(key) ?? [])].sort(), group.list).toEqual([...pairs].sort())
    const wanted = new Set(group.members.map((ref) => idOf(aws, ref)))
    for (const id of aws.members.get(link.awsId) ?? []) {
      const name = aws.links.find((row) => row.kind === 'user' && row.awsId === id)?.name
      if (wanted.has(id) || (name !== undefined && unclearUsers.has(name))) continue
      expect(found(aws, 'membership', key).has(id), `${id} in ${group.list}`).toBe(true)
    }
    for (const id of wanted) {
      const isLinked = aws.links.some((row) => row.kind === 'user' && row.awsId === id)
      if (id !== undefined && isLinked) expect(aws.members.get(link.awsId)?.has(id), id).toBe(true)
    }
  }
}

function isDesired(aws: World, desired: Desired, groupId: string): boolean {
  const link = aws.links.find((row) => row.kind === 'group' && row.awsId === groupId)
  return link !== undefined && desired.groups.has(link.name)
}

function idOf(aws: World, ref: MemberRef): string | undefined {
  if (ref.by === 'id') return aws.users.has(ref.awsUserId) ? ref.awsUserId : undefined
  const link = aws.linkOf('user', ref.name)
  if (link !== undefined) return link.awsId
  return [...aws.users.values()].find(({ userName }) => userName === ref.name)?.id
}
