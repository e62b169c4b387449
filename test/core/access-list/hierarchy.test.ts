import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ListHierarchy, maxNesting, pathWords } from '../../../src/core/access-list/hierarchy.js'

const edge = (text: string) => {
  const [above = '', below = ''] = text.split('>')
  return { above, below }
}
const hierarchy = (...edges: string[]) => new ListHierarchy(edges.map(edge))

describe('one more edge', () => {
  test.each([
    ['to itself', [], 'a>a', ['a', 'a']],
    ['back', ['a>b'], 'b>a', ['b', 'a', 'b']],
    ['back through others, by the shortest way', ['a>b', 'b>c', 'c>d', 'a>c'], 'd>a', ['d', 'a', 'c', 'd']],
  ])('%s makes a circle, which is shown', (_, edges, added, path) => {
    expect(hierarchy(...edges).findProblem(edge(added))).toEqual({ kind: 'cycle', path })
    expect(pathWords(['a', 'b', 'a'])).toBe('a -> b -> a')
  })

  test('down a second way makes none', () => {
    expect(hierarchy('a>b', 'b>c').findProblem(edge('a>c'))).toBeUndefined()
  })

  test('may make a path of eleven lists, and no longer one, whichever end it is added to', () => {
    const names = Array.from({ length: maxNesting + 2 }, (_, at) => `l${at}`)
    const edges = names.slice(1).map((name, at) => `${names[at] ?? ''}>${name}`)
    for (const at of edges.keys()) {
      const others = hierarchy(...edges.filter((_, index) => index !== at))
      expect(others.findProblem(edge(edges[at] ?? ''))).toEqual({ kind: 'too_deep', path: names })
    }
    expect(hierarchy(...edges.slice(0, -2)).findProblem(edge(edges.at(-2) ?? ''))).toBeUndefined()
  })

  test('ends where older rows make a circle already', () => {
    expect(hierarchy('a>b', 'b>a').findProblem(edge('c>a'))).toBeUndefined()
  })
})

test('edges that pass one by one make neither a circle nor a path of twelve lists, and each costs one walk', () => {
  const name = fc.constantFrom(...'a b c d e f g h i j k l m n o p'.split(' '))
  fc.assert(
    fc.property(fc.array(fc.record({ above: name, below: name }), { maxLength: 60 }), (edges) => {
      const kept = new ListHierarchy()
      const below = new Map<string, string[]>()
      for (const one of edges) {
        const looked = kept.looked
        const problem = kept.findProblem(one)
        expect(kept.looked - looked).toBeLessThanOrEqual(3 * 16)
        if (problem !== undefined) {
          for (const [at, next] of problem.path.slice(1).entries()) {
            const from = problem.path[at] ?? ''
            const isNew = from === one.above && next === one.below
            expect(isNew || (below.get(from) ?? []).includes(next)).toBe(true)
          }
          continue
        }
        kept.add(one)
        below.set(one.above, [...(below.get(one.above) ?? []), one.below])
      }
      const depth = (list: string, passed: readonly string[]): number => {
        expect(passed).not.toContain(list)
        return 1 + Math.max(0, ...(below.get(list) ?? []).map((next) => depth(next, [...passed, list])))
      }
      for (const list of below.keys()) expect(depth(list, [])).toBeLessThanOrEqual(maxNesting + 1)
    }),
    { numRuns: 100 },
  )
})
