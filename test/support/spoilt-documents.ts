/** @module Documents of every kind that are right, and the same spoilt at random places, to try parsers with. */
import fc from 'fast-check'
import { parse } from 'yaml'
import { testKinds } from './kinds.js'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Documents that are right, beyond the examples, to be spoilt. */
export const valid: readonly Json[] = [
  ...testKinds().all.map(({ example }) => parse(example) as Json),
  {
    kind: 'role',
    version: 'v7',
    metadata: { name: 'rich', description: 'd', labels: { team: 'a', 'teleport.dev/origin': 'x' } },
    spec: {
      options: { max_session_ttl: '8h', require_session_mfa: true, idp: { saml: { enabled: true } } },
      allow: {
        app_labels: { team: '*', env: ['dev', '^prod-.*$'] },
        account_assignments: [{ account: '111111111111', permission_set: 'Admin*' }],
        rules: [
          { resources: ['user', 'role'], verbs: ['list', 'read'], where: 'equals(user.metadata.name, "a")' },
        ],
        request: { roles: ['a', 'b-*'], thresholds: [{ approve: 1, deny: 1 }] },
        review_requests: { roles: ['a'] },
      },
      deny: {
        rules: [{ resources: ['event'], verbs: ['*'] }],
        app_labels_expression: 'labels["env"] == "prod"',
      },
    },
  },
  {
    kind: 'user',
    version: 'v2',
    metadata: { name: 'bob@example.com', labels: { a: 'b' } },
    spec: { roles: ['access', 'aws'], traits: { team: ['x', 'y'], 'cost-centre': '4711' } },
  },
  {
    kind: 'token',
    version: 'v1',
    metadata: { name: 'ci' },
    spec: { roles: 'aws', traits: { team: 'x' }, expires: '2026-05-01T00:00:00Z' },
  },
  {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'l' },
    spec: { target: { role: 'aws' }, message: 'gone', expires: '2026-05-01T00:00:00+02:00' },
  },
  {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: 'app', labels: { env: 'dev' } },
    spec: {
      entity_id: 'https://app.example/saml',
      acs_url: 'https://app.example/acs',
      attribute_mapping: [{ name: 'team', name_format: 'unspecified', value: 'user.spec.traits.team' }],
      relay_state: 'x',
      launch_urls: ['https://app.example/start'],
    },
  },
]

export const nasty = fc.oneof(
  fc.constantFrom<Json>(
    '',
    ' ',
    '*',
    '^(',
    '^(a+)+$',
    '{{',
    '{{external.team}}',
    '{{internal.x}}-',
    'yes',
    'no',
    '012',
    '1e3',
    '~',
  ),
  fc.constantFrom<Json>(
    '__proto__',
    'constructor',
    'a/b',
    '../x',
    '\u0000',
    '\u202e',
    '\ud800',
    'ﬀ',
    '2026-02-30T00:00:00Z',
    '999999999h',
  ),
  fc.constantFrom<Json>(null, true, false, 0, -0, -1, 1.5, 2 ** 53, 1e300, [], {}, [[]], [null], { a: [] }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 10 }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.constant<Json>('x'.repeat(5000)),
)

/** Where a mutation strikes is a number that walks the tree, so that it shrinks. */
const mutation = fc.record({
  at: fc.array(fc.nat(12), { maxLength: 5 }),
  does: fc.constantFrom('replace', 'delete', 'add', 'rename', 'double'),
  key: fc.oneof(
    fc.constantFrom('where', 'expires', 'ttl', '__proto__', 'revision', 'toString', 'spec', ''),
    fc.string({ maxLength: 8 }),
  ),
  value: nasty,
})
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never

function mutate(document: Json, { at, does, key, value }: Mutation): Json {
  const [step, ...rest] = at
  if (document === null || typeof document !== 'object') return does === 'delete' ? null : value
  const keys = Object.keys(document)
  const chosen = keys[(step ?? 0) % Math.max(keys.length, 1)]
  const entries = Object.entries(document)
  const child =
    chosen === undefined ? undefined : Object.entries(document).find(([one]) => one === chosen)?.[1]
  const deeper = rest.length > 0 && child !== undefined && child !== null && typeof child === 'object'
  const change = (pairs: [string, Json][]): Json =>
    Array.isArray(document) ? pairs.map(([, one]) => one) : fromEntries(pairs)
  if (deeper)
    return change(
      entries.map(([name, one]) => [
        name,
        name === chosen ? mutate(one, { at: rest, does, key, value }) : one,
      ]),
    )
  switch (does) {
    case 'replace':
      return change(entries.map(([name, one]) => [name, name === chosen ? value : one]))
    case 'delete':
      return change(entries.filter(([name]) => name !== chosen))
    case 'add':
      return change([...entries, [key, value]])
    case 'rename':
      return change(entries.map(([name, one]) => [name === chosen ? key : name, one]))
    default:
      return change(
        entries.flatMap(([name, one]) =>
          name === chosen
            ? [
                [name, one],
                [`${name}2`, one],
              ]
            : [[name, one]],
        ),
      )
  }
}

/** As JSON.parse would make it: `__proto__` as a key of its own. */
function fromEntries(pairs: [string, Json][]): Json {
  return JSON.parse(
    `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}`,
  ) as Json
}

/** One of these documents with a few mutations, or none. */
export function spoil(bases: readonly Json[]): fc.Arbitrary<Json> {
  return fc
    .record({ base: fc.nat(bases.length - 1), mutations: fc.array(mutation, { maxLength: 4 }) })
    .map(({ base, mutations }) => mutations.reduce(mutate, bases[base] ?? null))
}

export const spoilt = spoil(valid)
