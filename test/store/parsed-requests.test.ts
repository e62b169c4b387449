import { expect, test } from 'vitest'
import { ParsedRequests } from '../../src/store/sql/parsed-requests.js'
import { newRequest } from '../sync/requests-world.js'

function rowOf(id: string, revision = 1, reason = 'INC-1') {
  const { revision: _, ...document } = newRequest(id, 1000, [{ kind: 'role', name: 'x' }], { reason })
  return { id, revision, document: JSON.stringify(document) }
}

test('a row that says the same is read once, and one that says anything else anew', () => {
  const parsed = new ParsedRequests()
  const first = parsed.parse(rowOf('a'))
  expect(parsed.parse(rowOf('a'))).toBe(first)
  expect(parsed.parse(rowOf('a', 2))).toMatchObject({ revision: 2, reason: 'INC-1' })
  expect(parsed.parse(rowOf('a', 2, 'INC-2'))).toMatchObject({ revision: 2, reason: 'INC-2' })
  // A transaction that was taken back leaves the row as it was before.
  expect(parsed.parse(rowOf('a'))).toEqual(first)
  expect(parsed.size).toBe(1)
})

test('a row that cannot be read fails each time', () => {
  const parsed = new ParsedRequests()
  parsed.parse(rowOf('a'))
  for (const document of ['{', '{}', rowOf('b').document]) {
    expect(() => parsed.parse({ id: 'a', revision: 1, document })).toThrow('damaged')
  }
  expect(parsed.parse(rowOf('a')).id).toBe('a')
})

test('no more is kept than there is room for, and what came first goes first', () => {
  const length = rowOf('a').document.length
  const parsed = new ParsedRequests(2 * length)
  const [a, b] = [parsed.parse(rowOf('a')), parsed.parse(rowOf('b'))]
  expect([parsed.parse(rowOf('a')), parsed.parse(rowOf('b'))]).toEqual([a, b])
  parsed.parse(rowOf('c'))
  expect(parsed.size).toBe(2)
  expect(parsed.parse(rowOf('b'))).toBe(b)
  expect(parsed.parse(rowOf('a'))).not.toBe(a)
  parsed.parse(rowOf('long', 1, 'x'.repeat(2 * length)))
  expect(parsed.size).toBe(0)
})
