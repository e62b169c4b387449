import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { diffYaml } from '../../../src/api/resource/diff.js'
import { readYamlDocuments } from '../../../src/api/resource/documents.js'
import { writeYaml } from '../../../src/api/resource/yaml.js'

const read = (text: string): unknown => readYamlDocuments(text, 'f')[0]?.value

/** Texts that YAML 1.1 or 1.2 takes for something else when they stand alone. */
const treacherous = [
  ...['yes', 'No', 'ON', 'off', 'y', 'N', 'true', 'null', '~', '', '<<', '=', '.nan', '-.inf'],
  ...['1', '-1', '+1', '012', '0o17', '0x1F', '1_000', '1e3', '.5', '1.', '12:30', '190:20:30', '2026-01-31'],
  ...[
    '2026-01-31T10:00:00Z',
    '- a',
    '? a',
    ': a',
    '#a',
    'a #b',
    'a: b',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%',
    '@',
    '`',
  ],
  ...[
    '[a]',
    '{a}',
    '---',
    '...',
    ' a',
    'a ',
    'a\n',
    '\na',
    'a\r\nb',
    '\t',
    '\u0000',
    '\ufeff',
    '\u0085',
    '\u2028',
  ],
]

describe('YAML that is written', () => {
  test('has its fields in one order, and quotes what a reader might take for something else', () => {
    const metadata = { labels: { env: 'no' }, revision: '12', name: 'dev', description: 'x' }
    const document = {
      spec: { b: '012345678901', a: ['8h', 7, true] },
      metadata,
      version: 'v8',
      kind: 'role',
    }
    expect(writeYaml(document)).toBe(`kind: role
version: v8
metadata:
  name: dev
  description: x
  labels:
    env: 'no'
  revision: '12'
spec:
  b: '012345678901'
  a:
    - 8h
    - 7
    - true
`)
  })

  test.each(treacherous)('reads back where a text or a key is %j, in both versions of YAML', (text) => {
    const document = { kind: 'x', spec: { [`k${text}`]: text, [text]: [text] } }
    expect(read(writeYaml(document))).toEqual(document)
    if (text !== '<<') expect(parse(writeYaml(document), { version: '1.1' })).toEqual(document)
  })

  test('reads back as the same document, whatever it holds', () => {
    const key = fc
      .oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...treacherous))
      .filter((name) => name !== '__proto__')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...treacherous)),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 3 }), (spec) => {
        const document = JSON.parse(JSON.stringify({ kind: 'x', spec })) as Record<string, unknown>
        expect(read(writeYaml(document))).toEqual(document)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a difference', () => {
  test('is a unified diff with the name of the resource', () => {
    expect(diffYaml('a: 1\nb: 2\n', 'a: 1\nb: 3\n', 'role/dev')).toBe(
      '--- role/dev\n+++ role/dev\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n',
    )
    expect(diffYaml(undefined, 'a: 1\n', 'role/dev')).toBe(
      '--- /dev/null\n+++ role/dev\n@@ -0,0 +1,1 @@\n+a: 1\n',
    )
    expect(diffYaml('a: 1\n', undefined, 'role/dev')).toBe(
      '--- role/dev\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a: 1\n',
    )
  })

  test('is empty where there is none', () => {
    expect(diffYaml('a: 1\n', 'a: 1\n', 'x')).toBe('')
    expect(diffYaml(undefined, undefined, 'x')).toBe('')
  })
})
