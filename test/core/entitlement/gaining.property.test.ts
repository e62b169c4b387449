import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Desired } from '../../../src/core/entitlement/desired.js'
import { findGaining } from '../../../src/core/entitlement/gaining.js'
import { Organisation } from '../plan/organisation.js'

const people = ['ann', 'bob', 'cat']
const lists = ['l0', 'l1', 'l2', 'l3']
const grants = ['no-first', 'no-second', 'plain', '0', '1', '2']

const organisations = fc
  .record({
    own: fc.array(fc.subarray(grants), { minLength: 3, maxLength: 3 }),
    grants: fc.array(fc.subarray(grants), { minLength: 4, maxLength: 4 }),
    owners: fc.array(fc.subarray([...people, ...lists]), { minLength: 4, maxLength: 4 }),
    ownerGrants: fc.array(fc.subarray(grants), { minLength: 4, maxLength: 4 }),
    members: fc.array(fc.subarray([...people, ...lists]), { minLength: 4, maxLength: 4 }),
    locked: fc.boolean(),
  })
  .map((parts) => {
    const ours = new Organisation()
    const roleOf = (grant: string) => (/^\d$/.test(grant) ? ours.ref(Number(grant), 0) : grant)
    const deny = (set: number) => ({ denyAssignments: [ours.entry(set, 0)] })
    ours.role('no-first', deny(0))
    ours.role('no-second', deny(1))
    ours.role('plain', {})
    if (parts.locked) ours.lockedRoles.set('plain', { says: 'on watch', until: undefined })
    for (const [at, name] of people.entries()) ours.user(name, (parts.own[at] ?? []).map(roleOf))
    for (const [at, name] of lists.entries()) {
      const kindOf = (one: string) => (lists.includes(one) ? ('list' as const) : ('user' as const))
      ours.list(name, (parts.grants[at] ?? []).map(roleOf), {
        owners: (parts.owners[at] ?? []).map((one) => ({ kind: kindOf(one), name: one, description: '' })),
        ownerGrants: { roles: (parts.ownerGrants[at] ?? []).map(roleOf), traits: {} },
      })
      for (const one of parts.members[at] ?? []) ours.member(name, one, { kind: kindOf(one) })
    }
    return ours
  })

function pairsOf({ groups, userPairs }: Desired, name: string): Set<string> {
  return new Set([
    ...(userPairs.get(name)?.keys() ?? []),
    ...[...groups.values()].flatMap(({ members, pairs }) =>
      members.some((member) => member.name === name) ? [...pairs.keys()] : [],
    ),
  ])
}

test('who leaves gains what all lists, worked out anew, give them more than before', () => {
  fc.assert(
    fc.property(organisations, fc.subarray([...people, ...lists]), (ours, leaving) => {
      const input = ours.input()
      const before = ours.desired()
      const after = ours.lists.get('l0')
      if (after === undefined || 'unreadable' in after) throw new Error('l0 is a list')
      const removed = leaving.map((name) => ({
        kind: lists.includes(name) ? ('list' as const) : ('user' as const),
        name,
      }))
      // Everybody may have left any list: what is asked of departures is only whom to look at.
      const all = new Map(lists.map((list) => [list, new Set(people)]))
      const found = findGaining(input, { removed, after, departures: { members: all, owners: all } })
      for (const { kind, name } of removed) ours.leave('l0', name, kind)
      const then = ours.desired()
      const expected = people.flatMap((name) => {
        const had = pairsOf(before, name)
        const gains = [...pairsOf(then, name)].filter((pair) => !had.has(pair)).sort()
        return gains.length === 0 ? [] : [[name, gains]]
      })
      expect(found.map(({ name, gains }) => [name, gains.map(({ pair }) => pair)])).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

test('nobody gains where nobody leaves', () => {
  fc.assert(
    fc.property(organisations, (ours) => {
      const after = ours.lists.get('l0')
      if (after === undefined || 'unreadable' in after) throw new Error('l0 is a list')
      expect(
        findGaining(ours.input(), {
          removed: [],
          after,
          departures: { members: new Map(), owners: new Map() },
        }),
      ).toEqual([])
    }),
    { numRuns: 20 },
  )
})
