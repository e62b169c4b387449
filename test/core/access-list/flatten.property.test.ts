import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flattenLists, type FlatLists } from '../../../src/core/access-list/flatten.js'
import { listsOfPerson } from '../../../src/core/access-list/person-lists.js'
import { everybody, graphs, isFrozen, isMember, isOwner, lookUp, member, now, type Graph } from './graphs.js'

const moment = { now, whenOverdue: undefined }
const runs = { numRuns: 500 }

function flatten(graph: Graph): FlatLists {
  return flattenLists(graph.lists, graph.members, lookUp(graph), moment)
}

function usersOf(flat: FlatLists): Set<string> {
  return new Set(
    [...flat.lists].flatMap(([list, { users }]) => [...users.keys()].map((user) => `${list} ${user}`)),
  )
}

test('on any graph those are in a list, and own it, whom a plain walk finds', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      for (const [list, { users, owners }] of flatten(graph).lists) {
        for (const user of everybody) {
          expect([list, user, users.has(user)]).toEqual([list, user, isMember(graph, list, user)])
          expect([list, user, owners.has(user)]).toEqual([list, user, isOwner(graph, list, user)])
        }
      }
    }),
    runs,
  )
})

test('the order of lists and members never matters', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const turned = { ...graph, lists: [...graph.lists].reverse(), members: [...graph.members].reverse() }
      expect(flatten(turned)).toEqual(flatten(graph))
    }),
    runs,
  )
})

test('every path leads by memberships in force from the list to the person, and nobody is in and out', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const has = (list: string, kind: string, name: string) =>
        graph.members.some(
          (row) =>
            row.list === list && row.kind === kind && row.name === name && (row.expiresAt ?? Infinity) > now,
        )
      for (const [list, of] of flatten(graph).lists) {
        for (const [user, { path }] of [...of.users, ...of.ineligible]) {
          expect(path[0]).toBe(list)
          path.slice(1).forEach((below, at) => expect(has(path[at] ?? '', 'list', below)).toBe(true))
          expect(has(path.at(-1) ?? '', 'user', user)).toBe(true)
          expect(new Set(path).size).toBe(path.length)
        }
        for (const [user, { asks, path }] of of.ineligible) {
          expect(of.users.has(user)).toBe(false)
          expect(path).toContain(asks)
        }
        for (const user of of.ended) expect(of.users.has(user)).toBe(false)
      }
    }),
    runs,
  )
})

test('a requirement more adds nobody, and a membership less adds nobody', () => {
  fc.assert(
    fc.property(graphs, fc.nat(), (graph, at) => {
      const before = usersOf(flatten(graph))
      const lists = graph.lists.map((list, index) =>
        index === at % graph.lists.length
          ? {
              ...list,
              membershipRequires: {
                roles: [...(list.membershipRequires?.roles ?? []), 'r'],
                traits: list.membershipRequires?.traits ?? {},
              },
            }
          : list,
      )
      for (const one of usersOf(flatten({ ...graph, lists }))) expect(before).toContain(one)
      const members = graph.members.filter((_, index) => index !== at % Math.max(1, graph.members.length))
      for (const one of usersOf(flatten({ ...graph, members }))) expect(before).toContain(one)
    }),
    runs,
  )
})

test('a freeze begun earlier adds nobody; who is left out by one is told so, and is in without it', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const flat = flatten(graph)
      const thawed = flatten({ ...graph, lists: graph.lists.map((list) => ({ ...list, review: undefined })) })
      const inside = usersOf(thawed)
      for (const one of usersOf(flat)) expect(inside).toContain(one)
      for (const [list, { users, ineligible }] of thawed.lists) {
        for (const user of users.keys()) {
          const of = flat.lists.get(list)
          expect([list, user, of?.users.has(user) === true || of?.ineligible.has(user)]).toEqual([
            list,
            user,
            true,
          ])
        }
        // Whoever would not count anyway is told of as much.
        for (const user of ineligible.keys()) {
          expect(flat.lists.get(list)?.users.has(user)).toBe(false)
          expect(flat.lists.get(list)?.ineligible.has(user)).toBe(true)
        }
      }
      const earlier = graph.lists.map(({ review, ...list }) =>
        review === undefined ? list : { ...list, review: { ...review, dueAt: review.dueAt - 2 } },
      )
      const before = usersOf(flat)
      for (const one of usersOf(flatten({ ...graph, lists: earlier }))) expect(before).toContain(one)
    }),
    runs,
  )
})

test('whoever joins any list while another is frozen comes into no frozen one but by its own members', () => {
  fc.assert(
    fc.property(graphs, fc.nat(), (graph, at) => {
      const frozen = new Set(graph.lists.flatMap(({ name, review }) => (isFrozen(review) ? [name] : [])))
      const into = graph.lists[at % graph.lists.length]?.name ?? ''
      const known = graph.members.some(
        ({ list, kind, name }) => list === into && kind === 'user' && name === 'eve',
      )
      if (frozen.has(into) || known) return
      const joined = { ...member(into, 'user', 'eve'), joinedAt: now }
      const { lists } = flatten({ ...graph, members: [...graph.members, joined] })
      for (const list of frozen) {
        // A list that was put into the frozen one as late as that is let in with its people.
        const late = graph.members.some((row) => row.list === list && row.joinedAt >= now)
        if (!late) expect([list, lists.get(list)?.users.has('eve')]).toEqual([list, false])
      }
    }),
    runs,
  )
})

test('for every person the lists above them say the same as all lists flattened', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const flat = flatten(graph)
      for (const name of everybody) {
        const above = new Set(
          graph.members.filter((row) => row.kind === 'user' && row.name === name).map(({ list }) => list),
        )
        for (const list of above) {
          for (const row of graph.members) if (row.kind === 'list' && row.name === list) above.add(row.list)
        }
        const edges = graph.members.filter(
          (row) => (row.kind === 'user' && row.name === name) || (row.kind === 'list' && above.has(row.name)),
        )
        const concerned = graph.lists.filter(
          (list) =>
            above.has(list.name) ||
            (list.owners ?? []).some((owner) =>
              owner.kind === 'user' ? owner.name === name : above.has(owner.name),
            ),
        )
        const own = graph.people.get(name)
        const of = listsOfPerson({ name, own, edges, lists: concerned }, moment)
        const all = <T>(
          pick: (list: NonNullable<ReturnType<typeof flat.lists.get>>) => ReadonlyMap<string, T>,
        ) =>
          new Map(
            [...flat.lists].flatMap(([list, one]) => {
              const found = pick(one).get(name)
              return found === undefined ? [] : [[list, found] as const]
            }),
          )
        expect(of.memberships).toEqual(all(({ users }) => users))
        expect(of.ownerships).toEqual(all(({ owners }) => owners))
        expect(of.notMember).toEqual(all(({ ineligible }) => ineligible))
        expect(of.notOwner).toEqual(all(({ ineligibleOwners }) => ineligibleOwners))
        expect(of.ended).toEqual(
          new Set([...flat.lists].flatMap(([list, { ended }]) => (ended.has(name) ? [list] : []))),
        )
      }
    }),
    runs,
  )
})

test('the work goes with the people in the lists and the lists above them, not with the ways to them', () => {
  // Ten layers of four lists, each with all of the layer below: a million ways to each person.
  const layers = 10
  const wide = 4
  const people = Array.from({ length: 50 }, (_, at) => `p${at}`)
  const list = (layer: number, at: number) => `l${layer}.${at}`
  const lists = Array.from({ length: layers * wide }, (_, at) => ({
    name: list(Math.floor(at / wide), at % wide),
    membershipRequires: { roles: at % 2 === 0 ? ['r'] : [], traits: {} },
    ownershipRequires: { roles: [], traits: {} },
    owners: [],
  }))
  const members = lists.flatMap(({ name }, at) => {
    const layer = Math.floor(at / wide)
    return layer === layers - 1
      ? people.map((person) => member(name, 'user', person))
      : Array.from({ length: wide }, (_, below) => member(name, 'list', list(layer + 1, below)))
  })
  const flat = flattenLists(
    lists,
    members,
    (name) => ({ roles: name.endsWith('7') ? [] : ['r'], traits: {} }),
    moment,
  )
  expect(flat.lists.get('l0.0')?.users.size).toBe(45)
  // Each person comes to each list once from each list below it, twice over for those who are refused.
  expect(flat.steps).toBeLessThan(2 * people.length * layers * wide * wide)
})
