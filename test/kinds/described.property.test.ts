/**
 * The description of each kind's documents and the parser of the same kind: whatever the parser takes fits the
 * description, to a validator that knows nothing of our readers; and each field is described.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCode } from '../../src/core/error.js'
import { describeSchemas, type JsonSchema } from '../../src/http/openapi/schemas.js'
import { lenient } from '../support/lenient-documents.js'
import { testKinds } from '../support/kinds.js'
import { spoil, valid, type Json } from '../support/spoilt-documents.js'

const kinds = testKinds()
const described = Object.values(describeSchemas(kinds.all))
const schemas = new Map(
  kinds.all.map(({ name }) => [name, described.find(({ title }) => title === name) ?? { not: {} }]),
)
const ajv = new Ajv2020({ strict: false, allErrors: true })
formats.default(ajv)
const validators = new Map([...schemas].map(([name, schema]) => [name, ajv.compile(schema)]))

const kindOf = (document: Json): string => {
  const isMap = document !== null && typeof document === 'object' && !Array.isArray(document)
  const kind = isMap ? document['kind'] : undefined
  return typeof kind === 'string' ? kind : ''
}

/** What the validator says of a document of a kind; empty where it fits. */
function faultsOf(document: Json, kind = kindOf(document)): string[] {
  const validate = validators.get(kind)
  if (validate === undefined || validate(document)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** The problems of a document with the parser of its kind; undefined where it is taken. */
function refusalOf(document: Json, kind = kindOf(document)): string[] | undefined {
  try {
    kinds.all.find(({ name }) => name === kind)?.parse(document)
    return undefined
  } catch (error) {
    if (isCode(error, 'INVALID_METADATA') || isCode(error, 'INVALID_EXPRESSION')) return [error.message]
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    return (error.details['problems'] as { message: string }[]).map(({ message }) => message)
  }
}

describe('what a parser takes fits the description', () => {
  test.each([...valid, ...lenient].map((document) => [JSON.stringify(document), document] as const))(
    '%s',
    (_, document) => {
      expect(refusalOf(document)).toBeUndefined()
      expect(faultsOf(document)).toEqual([])
    },
  )

  test('spoilt at any place', { timeout: 120_000 }, () => {
    let taken = 0
    let refused = 0
    fc.assert(
      fc.property(
        spoil([...valid, ...lenient]),
        fc.constantFrom(...kinds.all.map(({ name }) => name)),
        (document, name) => {
          for (const kind of new Set([kindOf(document), name])) {
            if (!validators.has(kind)) continue
            const problems = refusalOf(document, kind)
            if (problems === undefined) {
              expect(faultsOf(document, kind)).toEqual([])
              taken++
            } else {
              for (const message of problems)
                expect(message).not.toMatch(
                  /Invalid (input|option|key)|received|Too (small|big)|Unrecognized/,
                )
              refused++
            }
          }
        },
      ),
      { numRuns: 10_000 },
    )
    expect(Math.min(taken, refused)).toBeGreaterThan(500)
  })
})

describe('the description refuses what the parser refuses:', () => {
  const base = (kind: string): Record<string, Json> => {
    const document = [...valid, ...lenient].find((one) => kindOf(one) === kind)
    return document as Record<string, Json>
  }
  test.each<[string, Json]>([
    ['a document without a spec', { ...base('role'), spec: null }],
    ['a spec that is a list', { ...base('user'), spec: [] }],
    ['another version', { ...base('token'), version: 'v9' }],
    ['an unknown field', { ...base('lock'), specs: {} }],
    ['a name that is a list', { ...base('role'), metadata: { name: ['x'] } }],
    ['a role without a name', { ...base('user'), spec: { roles: [''] } }],
    ['a trait that is a map', { ...base('user'), spec: { traits: { a: { b: 'c' } } } }],
    ['a duration in words', { ...base('token'), spec: { ttl: 'a day' } }],
    ['a day that does not exist', { ...base('token'), spec: { expires: '2027-02-30T00:00:00Z' } }],
    ['24 o’clock', { ...base('token'), spec: { expires: '2027-02-03T24:00:00Z' } }],
    [
      'an unknown verb',
      { ...base('role'), spec: { allow: { rules: [{ resources: 'user', verbs: 'reed' }] } } },
    ],
    ['a rule without verbs', { ...base('role'), spec: { allow: { rules: [{ resources: 'user' }] } } }],
    ['an unknown option', { ...base('role'), spec: { options: { lock: 'loose' } } }],
    [
      'a flag of another word',
      { ...base('role'), version: 'v7', spec: { options: { idp: { saml: { enabled: 'ja' } } } } },
    ],
    [
      'an unknown preset',
      { ...base('saml_idp_service_provider'), spec: { entity_id: 'a', acs_url: 'https://a.b', preset: 'x' } },
    ],
    ['an unknown second factor', { ...base('cluster_auth_preference'), spec: { second_factors: ['sms'] } }],
    ['a locked server', { ...base('lock'), spec: { target: { user: 'a', server_id: 'x' } } }],
  ])('%s', (_, document) => {
    expect(refusalOf(document)).not.toBeUndefined()
    expect(faultsOf(document)).not.toEqual([])
  })
})

/** Paths of all fields below a schema, with what is said of each. */
function fieldsOf(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const parts = [schema, ...((schema['anyOf'] as JsonSchema[] | undefined) ?? [])]
  const below = parts.flatMap((part) => [
    ...Object.entries((part['properties'] as Record<string, JsonSchema> | undefined) ?? {}),
    ...(typeof part['items'] === 'object' ? [['*', part['items'] as JsonSchema] as const] : []),
  ])
  return below.flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`
    return [...(name === '*' ? [] : [[at, field] as [string, JsonSchema]]), ...fieldsOf(field, at)]
  })
}

test.each([...schemas])('every field of %s says what it is and which values it takes', (_, schema) => {
  const fields = fieldsOf(schema)
  const names = fields.map(([path]) => path)
  expect(names).toEqual(expect.arrayContaining(['kind', 'version', 'metadata.labels', 'spec']))
  for (const [path, field] of fields) {
    expect([path, field['description']]).toEqual([path, expect.stringMatching(/^[A-Z].{4,}[^.]$/)])
    const says = ['type', 'enum', 'const', 'anyOf'].some((word) => field[word] !== undefined)
    const isKept = String(field['description']).startsWith('Kept without effect')
    expect([path, says || isKept]).toEqual([path, true])
  }
})
