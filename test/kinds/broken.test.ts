/** Broken documents of every kind: each mistake is told in our words, with its place. */
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { isCode } from '../../src/core/error.js'
import type { Kind } from '../../src/service/resources/kind.js'
import { testKinds } from '../support/kinds.js'

type Fields = Readonly<Record<string, unknown>>

const kinds = testKinds().all.map((kind) => [kind.name, kind, parse(kind.example) as Fields] as const)

function problemsOf(kind: Kind, document: unknown): string[] {
  try {
    kind.parse(document)
    return []
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    const problems = error.details['problems'] as { path: string; message: string }[]
    return problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  }
}

const without = (document: Fields, field: string): Fields =>
  Object.fromEntries(Object.entries(document).filter(([key]) => key !== field))

describe.each(kinds)('%s', (name, kind, example) => {
  const metadata = example['metadata'] as Fields
  const [newest = '', ...older] = kind.versions
  const version =
    older.length === 0
      ? `must be ${newest}`
      : `must be one of ${[...older.toReversed(), newest].join(', ')}; new roles are ${newest}`

  test('the example has no problem', () => {
    expect(problemsOf(kind, example)).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'is missing'],
    ['null', null, 'must be a map, and is empty'],
    ['a list', [example], 'must be a map, and is a list'],
    ['text', 'kind: x', 'must be a map, and is text'],
    ['a number', 1, 'must be a map, and is a number'],
    ['true', true, 'must be a map, and is true or false'],
    ['another kind', { ...example, kind: 'x' }, `kind: must be ${name}`],
    ['no kind', without(example, 'kind'), `kind: must be ${name}`],
    ['a kind that is a list', { ...example, kind: [] }, `kind: must be ${name}`],
    ['another version', { ...example, version: 'v99' }, `version: ${version}`],
    ['no version', without(example, 'version'), `version: ${version}`],
    [
      'no metadata',
      without(example, 'metadata'),
      'metadata: is missing; write metadata: with a map of its fields',
    ],
    [
      'empty metadata',
      { ...example, metadata: null },
      'metadata: is empty; write metadata: with a map of its fields',
    ],
    ['metadata that are text', { ...example, metadata: 'x' }, 'metadata: must be a map, and is text'],
    ['no name', { ...example, metadata: without(metadata, 'name') }, 'metadata.name: is missing'],
    [
      'an empty name',
      { ...example, metadata: { ...metadata, name: '' } },
      'metadata.name: must not be empty',
    ],
    ['a name of null', { ...example, metadata: { ...metadata, name: null } }, 'metadata.name: must be text'],
    [
      'a name that is a list',
      { ...example, metadata: { ...metadata, name: ['x'] } },
      'metadata.name: must be text',
    ],
    [
      'labels that are a list',
      { ...example, metadata: { ...metadata, labels: [] } },
      'metadata.labels: must be a map of names to values',
    ],
    [
      'a label that is a map',
      { ...example, metadata: { ...metadata, labels: { a: {} } } },
      'metadata.labels.a: must be text',
    ],
    ['no spec', without(example, 'spec'), 'spec: is missing; write spec: with a map of its fields'],
    ['an empty spec', { ...example, spec: null }, 'spec: is empty; write spec: with a map of its fields'],
    ['a spec that is a list', { ...example, spec: [] }, 'spec: must be a map, and is a list'],
    ['a spec that is text', { ...example, spec: 'x' }, 'spec: must be a map, and is text'],
    [
      'a mistyped section',
      { ...without(example, 'spec'), specs: {} },
      'specs: this field is not known (did you mean spec?); check its spelling and its indentation',
    ],
  ])('%s', (_, document, expected) => {
    expect(problemsOf(kind, document)).toContain(expected)
  })
})

const kindNamed = (name: string) => {
  const found = kinds.find(([one]) => one === name)
  if (found === undefined) throw new Error(`there is no kind ${name}`)
  return found
}

describe('within spec', () => {
  test.each<[string, Fields, string]>([
    ['role', { allow: [] }, 'spec.allow: must be a map, and is a list'],
    ['role', { allow: { rules: {} } }, 'spec.allow.rules: must be a list, and is a map'],
    ['role', { allow: { rules: [null] } }, 'spec.allow.rules.0: must be a map, and is empty'],
    ['role', { allow: { rules: [{ resources: 'user' }] } }, 'spec.allow.rules.0.verbs: is missing'],
    [
      'role',
      { deny: { account_assignments: 'x' } },
      'spec.deny.account_assignments: must be a list, and is text',
    ],
    ['user', { created_by: { connector: {} } }, 'spec.created_by.connector.id: is missing'],
    ['user', { traits: [] }, 'spec.traits: must be a map of names to values'],
    ['user', { status: 1 }, 'spec.status: must be a map, and is a number'],
    ['token', { roles: {}, ttl: '1h' }, 'spec.roles: must be text'],
    ['lock', {}, 'spec.target: is missing; write target: with a map of its fields'],
    ['lock', { target: 'alice' }, 'spec.target: must be a map, and is text'],
    [
      'saml_idp_service_provider',
      { attribute_mapping: [{ value: 'uid' }] },
      'spec.attribute_mapping.0.name: is missing',
    ],
    [
      'saml_idp_service_provider',
      { attribute_mapping: { name: 'a' } },
      'spec.attribute_mapping: must be a list, and is a map',
    ],
    ['cluster_auth_preference', { idp: true }, 'spec.idp: must be a map, and is true or false'],
    [
      'cluster_auth_preference',
      { type: 'oidc' },
      'spec.type: must be local: only local sign-in is supported',
    ],
  ])('of %s: %j', (name, spec, expected) => {
    const [, kind, example] = kindNamed(name)
    expect(problemsOf(kind, { ...example, spec }).join('\n')).toContain(expected)
  })
})
