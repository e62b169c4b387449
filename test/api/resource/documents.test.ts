import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJsonDocuments, readYamlDocuments } from '../../../src/api/resource/documents.js'
import { GatewayError, isCode } from '../../../src/core/error.js'

function problemsOf(text: string): string[] {
  try {
    readYamlDocuments(text, 'file.yaml')
    return []
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    return error.message.split('\n')
  }
}

const valuesOf = (text: string): unknown[] => readYamlDocuments(text, 'f').map(({ value }) => value)

describe('a file of YAML documents', () => {
  test('may hold several, JSON, and empty ones', () => {
    expect(valuesOf('---\n---\n{"kind": "user"}\n---\n# nothing\n---\nkind: [role]\n')).toEqual([
      { kind: 'user' },
      { kind: ['role'] },
    ])
    expect(valuesOf('')).toEqual([])
  })

  test('keeps numbers as they were written where that is not how JSON writes them', () => {
    expect(valuesOf('[1.0, 0x1F, 1e3, 012, 7, 1.5]')).toEqual([['1.0', '0x1F', '1e3', '012', 7, 1.5]])
  })

  test('knows the line of each path, of label names with dots too, and of the deepest that exists', () => {
    const [, second] = readYamlDocuments('a: 1\n---\nkind: x\nb:\n  teleport.dev/origin:\n    - c\n', 'f')
    const line = (path: string) => second?.lineOf(path)
    expect(
      ['', 'kind', 'b', 'b.teleport.dev/origin', 'b.teleport.dev/origin.0', 'b.gone.x'].map(line),
    ).toEqual([3, 3, 4, 5, 6, 4])
  })

  test('tells the mistakes of every document with their lines', () => {
    expect(problemsOf('a: *x\n---\nb: 1\n---\nc: 1\nc: 2\n')).toEqual([
      expect.stringMatching(/^file\.yaml:1: aliases/),
      'file.yaml:6: the key "c" stands twice in a map',
    ])
  })

  test.each([
    ['a bomb of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]', 'file.yaml:2: aliases'],
    ['a merge key', '<<: {kind: role}\nkind: user', 'file.yaml:1: merge keys'],
    ['a repeated key', 'kind: role\nkind: user', 'file.yaml:2: the key "kind" stands twice in a map'],
    ['a key that is one in JSON only', '1: a\n"1": b', 'file.yaml:2: the key "1" stands twice in a map'],
    ['a key that is a list', '? [a]\n: b', 'file.yaml:1: the key of a map must be text'],
    ['a tag', 'kind: !!js/function "x"', 'Unresolved tag'],
    ['what is no YAML', 'kind: [role', 'file.yaml:'],
    ['more than 256 KiB', `kind: ${'x'.repeat(256 * 1024)}`, 'file.yaml: the file is longer than'],
    ['thousands of documents', '---\na: 1\n'.repeat(1001), 'more than 1000 documents'],
    ['a quarter of a million brackets', '['.repeat(250_000), 'nested too deeply'],
    ['tens of thousands of braces', '{a: '.repeat(60_000), 'nested too deeply'],
    ['list marks in list marks', '- '.repeat(120_000), 'nested too deeply'],
  ])('is refused for %s', (_, text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected)
  })

  test('a quoted << is a name like any other', () => {
    expect(valuesOf("'<<': 1")).toEqual([{ '<<': 1 }])
  })

  test('whatever its text is, is read or refused with a code', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...[
          'kind: role',
          'spec:',
          '\n',
          '  ',
          '- ',
          '{',
          '}',
          '&a',
          '*a',
          '!!x',
          '"',
          '---',
          ': ',
          '? ',
          '|',
        ],
      ),
    )
    const texts = fc.oneof(
      pieces.map((list) => list.join('')),
      fc.string({ unit: 'binary' }),
    )
    const read = (text: string) => {
      try {
        for (const { lineOf } of readYamlDocuments(text, 'f')) expect(lineOf('a.b')).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError)
      }
    }
    fc.assert(fc.property(texts, read), { numRuns: 300 })
  })
})

describe('JSON documents', () => {
  const places = (value: unknown, source?: string) =>
    readJsonDocuments(value, source).map((one) => [one.source, one.value, one.lineOf('a')])

  test('are one value, or those of an array with their numbers', () => {
    expect(places({ a: 1 })).toEqual([[undefined, { a: 1 }, undefined]])
    expect(places([1, 2])).toEqual([
      ['document 1', 1, undefined],
      ['document 2', 2, undefined],
    ])
    expect(places([1], 'roles.json')).toEqual([['roles.json, document 1', 1, undefined]])
    expect(places([])).toEqual([])
  })

  test('are at most a thousand', () => {
    expect(readJsonDocuments(Array.from({ length: 1000 }))).toHaveLength(1000)
    expect(() => readJsonDocuments(Array.from({ length: 1001 }))).toThrow(
      'there are more than 1000 documents',
    )
  })
})
