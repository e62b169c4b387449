import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flattenLists } from '../../../src/core/access-list/flatten.js'
import { RowsBelow, waysIn, type WayIn } from '../../../src/core/access-list/ways-in.js'
import { everybody, graphs, lookUp, member, now, type Graph } from './graphs.js'

const limit = 1000
const moment = { now, whenOverdue: undefined }

function ways(graph: Graph, list: string, person: string): readonly WayIn[] {
  const byName = new Map(graph.lists.map((one) => [one.name, one]))
  const facts = { lists: (name: string) => byName.get(name), people: lookUp(graph) }
  return waysIn(new RowsBelow(graph.members), { list, person }, facts, { ...moment, limit }).ways
}

test('on any graph somebody counts exactly where one of the ways does, by the shortest of those', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      for (const [list, { users, ineligible }] of flattenLists(
        graph.lists,
        graph.members,
        lookUp(graph),
        moment,
      ).lists) {
        for (const person of [...everybody, 'nobody']) {
          const found = ways(graph, list, person)
          const counting = found.filter((way) => way.ineligible === undefined)
          expect([list, person, counting[0]?.path]).toEqual([list, person, users.get(person)?.path])
          expect([list, person, found.length > 0]).toEqual([
            list,
            person,
            users.has(person) || ineligible.has(person),
          ])
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('each way is told once, through no list twice, with the end of what ends first', () => {
  const graph: Graph = {
    lists: ['a', 'b', 'c'].map((name) => ({ name })),
    members: [
      member('a', 'user', 'ann'),
      member('a', 'list', 'b', now + 9),
      member('b', 'user', 'ann', now + 20),
      member('b', 'list', 'c'),
      member('c', 'user', 'ann', now + 5),
      member('c', 'list', 'a'),
      member('b', 'user', 'bob', now),
    ],
    people: new Map(),
  }
  expect(ways(graph, 'a', 'ann').map(({ path, until }) => [path, until])).toEqual([
    [['a'], undefined],
    [['a', 'b'], now + 9],
    [['a', 'b', 'c'], now + 5],
  ])
  expect(ways(graph, 'a', 'bob')).toEqual([])
})

test('a graph with more ways than anybody reads ends, and says that there are more', () => {
  const layers = 9
  const names = Array.from({ length: layers }, (_, at) => [`${at}x`, `${at}y`, `${at}z`])
  const members = names.flatMap((layer, at) =>
    layer.flatMap((list) =>
      at + 1 === layers
        ? [member(list, 'user', 'ann')]
        : (names[at + 1] ?? []).map((below) => member(list, 'list', below)),
    ),
  )
  const facts = { lists: (name: string) => ({ name }), people: () => undefined }
  const answer = waysIn(new RowsBelow(members), { list: '0x', person: 'ann' }, facts, {
    ...moment,
    limit: 10,
  })
  expect(answer.isCut).toBe(true)
})
