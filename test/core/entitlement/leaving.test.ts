import { expect, test } from 'vitest'
import type { Desired, DesiredGroup } from '../../../src/core/entitlement/desired.js'
import { findLeaving } from '../../../src/core/entitlement/leaving.js'
import type { GrantReason, PairKey } from '../../../src/core/identity-center/observation.js'

type Pairs = Readonly<Record<string, readonly GrantReason[]>>

// Keys are opaque here.
const pairs = (of: Pairs) => new Map(Object.entries(of)) as ReadonlyMap<PairKey, readonly GrantReason[]>

function group(list: string, members: readonly string[], of: readonly string[]): [string, DesiredGroup] {
  return [
    list,
    {
      list,
      displayName: list,
      origin: 'local',
      members: members.map((name) => ({ by: 'name', name })),
      pairs: pairs(Object.fromEntries(of.map((pair) => [pair, []]))),
      ended: new Set(),
    },
  ]
}

function desired(
  groups: readonly [string, DesiredGroup][],
  direct: Readonly<Record<string, Pairs>> = {},
): Desired {
  return {
    users: new Map(),
    groups: new Map(groups),
    userPairs: new Map(Object.entries(direct).map(([name, of]) => [name, pairs(of)])),
    setAside: [],
    pushesUsers: true,
    nextChangeAt: undefined,
    notes: [],
  }
}

const leave = (members: Readonly<Record<string, readonly string[]>>, owners: typeof members = {}) => ({
  members: new Map(Object.entries(members).map(([list, names]) => [list, new Set(names)])),
  owners: new Map(Object.entries(owners).map(([list, names]) => [list, new Set(names)])),
})

test('people lose what the group gives and nothing else does', () => {
  const now = desired([
    group('team', ['ann', 'bob', 'cat'], ['p1', 'p2']),
    group('spare', ['bob'], ['p1', 'p2']),
    group('half', ['ann'], ['p2', 'p3']),
  ])
  expect(findLeaving(now, leave({ team: ['bob', 'ann'] }))).toEqual({
    groups: [{ list: 'team', people: ['ann', 'bob'] }],
    people: [
      { name: 'ann', loses: [{ pair: 'p1', lists: ['team'] }] },
      { name: 'bob', loses: [] },
    ],
  })
})

test('two groups that both go give nothing to keep, and both are named', () => {
  const now = desired([group('team', ['ann'], ['p1']), group('all', ['ann'], ['p1'])])
  expect(findLeaving(now, leave({ team: ['ann'], all: ['ann'] })).people).toEqual([
    { name: 'ann', loses: [{ pair: 'p1', lists: ['all', 'team'] }] },
  ])
})

test('what a role or a request gives directly stays; what a list gave singly goes', () => {
  const role: GrantReason = { kind: 'role', role: 'r' }
  const single: GrantReason = { kind: 'list_member', list: 'team', deniedBy: 'no-p2' }
  const now = desired([group('team', ['ann'], ['p1', 'p2'])], {
    ann: { p1: [role] },
    bob: { p1: [single], p3: [single, role] },
  })
  expect(findLeaving(now, leave({ team: ['ann', 'bob'] }))).toEqual({
    groups: [{ list: 'team', people: ['ann'] }],
    people: [
      { name: 'ann', loses: [{ pair: 'p2', lists: ['team'] }] },
      { name: 'bob', loses: [{ pair: 'p1', lists: ['team'] }] },
    ],
  })
})

test('whoever owns a list no more loses what it gives owners, and no one else does', () => {
  const own: GrantReason = { kind: 'list_owner', list: 'vault' }
  const now = desired([], { ann: { p1: [own] }, bob: { p1: [own] } })
  expect(findLeaving(now, leave({}, { vault: ['ann'] })).people).toEqual([
    { name: 'ann', loses: [{ pair: 'p1', lists: ['vault'] }] },
  ])
  expect(findLeaving(now, leave({ vault: ['ann'] })).people).toEqual([])
})

test('a list without a group, and people who were not in it, change nothing', () => {
  const now = desired([group('team', ['ann'], ['p1'])])
  expect(findLeaving(now, leave({ other: ['ann'], team: ['bob'] }))).toEqual({ groups: [], people: [] })
})
