import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJsonDocuments, readYamlDocuments } from '../../../src/api/resource/documents.js'
import { GatewayError, isCode } from '../../../src/core/error.js'
import { parseDocuments, type ParsedResource } from '../../../src/service/resources/parse-documents.js'
import { testKinds } from '../../support/kinds.js'

const kinds = testKinds()
const parse = (text: string): ParsedResource[] => parseDocuments(kinds, readYamlDocuments(text, 'file.yaml'))

/** The roles of the getting-started guide. */
const guide = `kind: role
version: v8
metadata:
  name: identity-center-access
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
---
kind: role
version: v8
metadata:
  name: identity-center-assignments
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
    account_assignments:
      - account: "<account_id>" # AWS identity center account ID
        # permission set ARN of AdministratorAccess
        permission_set: arn:aws:sso:::permissionSet/ssoins-1234/ps-5678
      - account: 012345678901
        permission_set: arn:aws:sso:::permissionSet/ssoins-1234/ps-8765
---
kind: role
version: v8
metadata:
  name: ic-access-example
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
---
kind: role
version: v7
metadata:
  name: ic-access-example-v7
spec:
  options:
    idp:
      saml:
        enabled: true # idp must be enabled.
`

function refusalOf(work: () => unknown): GatewayError {
  try {
    work()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const user = (name: string, spec: unknown = {}) => ({ kind: 'user', version: 'v2', metadata: { name }, spec })
const role = (name: string, spec: unknown = {}) => ({ kind: 'role', version: 'v8', metadata: { name }, spec })

describe('documents of any kind', () => {
  test('may be the roles of the guide as they are', () => {
    const resources = parse(guide)
    expect(resources.map(({ kind, name }) => `${kind.name}/${name}`)).toEqual([
      'role/identity-center-access',
      'role/identity-center-assignments',
      'role/ic-access-example',
      'role/ic-access-example-v7',
    ])
    const [access, assignments, , old] = resources
    expect(access?.value).toMatchObject({
      allow: { appLabels: { 'teleport.dev/origin': ['aws-identity-center'] } },
    })
    expect(assignments?.value).toMatchObject({
      allow: {
        accountAssignments: [
          { account: '<account_id>', permissionSet: 'arn:aws:sso:::permissionSet/ssoins-1234/ps-5678' },
          { account: '012345678901', permissionSet: 'arn:aws:sso:::permissionSet/ssoins-1234/ps-8765' },
        ],
      },
    })
    expect(old?.value).toMatchObject({ version: 'v7', options: { samlIdpEnabled: true } })
  })

  test('keep label values as they were written', () => {
    const text = guide.replace("'aws-identity-center'", '[1.0, 0x1F, 1e3, 012, 7]')
    expect(parse(text)[0]?.value).toMatchObject({
      allow: { appLabels: { 'teleport.dev/origin': ['1.0', '0x1F', '1e3', '012', '7'] } },
    })
  })

  test('come with roles first, then users, whatever their order; those of a kind keep theirs', () => {
    const lock = { kind: 'lock', version: 'v2', metadata: { name: 'l' }, spec: { target: { user: 'b' } } }
    const documents = readJsonDocuments([lock, user('b'), role('z'), user('a'), role('y')])
    expect(parseDocuments(kinds, documents).map(({ name }) => name)).toEqual(['z', 'y', 'b', 'a', 'l'])
  })

  test('tell every problem of every document with its line', () => {
    const text = guide
      .replace("'aws-identity-center'", () => "'^(broken$'")
      .replace('enabled: true', 'enabeld: true')
      .replace('kind: role\nversion: v8\nmetadata:\n  name: ic-access-example', 'kind: rolle')
    const { code, message, details } = refusalOf(() => parse(text))
    expect(code).toBe('INVALID_RESOURCE')
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^file\.yaml:8: spec\.allow\.app_labels\.teleport\.dev\/origin: the pattern/),
      expect.stringMatching(
        /^file\.yaml:25: kind: "rolle" is not a kind \(did you mean role\?\); this version knows role, login_rule,/,
      ),
      expect.stringMatching(/^file\.yaml:\d+: spec\.options\.idp\.saml\.enabeld: this field is not known/),
    ])
    expect(details['problems']).toEqual([
      expect.objectContaining({
        source: 'file.yaml',
        line: 8,
        path: 'spec.allow.app_labels.teleport.dev/origin',
      }),
      expect.objectContaining({ source: 'file.yaml', line: 25, path: 'kind' }),
      expect.objectContaining({ source: 'file.yaml', path: 'spec.options.idp.saml.enabeld' }),
    ])
  })

  test('of one JSON document tell its name, of several their numbers', () => {
    const bad = user('a', { traits: [] })
    expect(refusalOf(() => parseDocuments(kinds, readJsonDocuments(bad))).message).toBe(
      'user "a": spec.traits: must be a map of names to values',
    )
    expect(refusalOf(() => parseDocuments(kinds, readJsonDocuments([role('r'), bad]))).message).toBe(
      'document 2: spec.traits: must be a map of names to values',
    )
  })

  test('name a resource once', () => {
    const error = refusalOf(() => parseDocuments(kinds, readJsonDocuments([role('r'), user('r'), role('r')])))
    expect(error.code).toBe('INVALID_RESOURCE')
    expect(error.message).toBe(
      'document 3: metadata.name: role "r" stands twice among these documents; keep one of them',
    )
    expect(parseDocuments(kinds, readJsonDocuments([role('r'), user('r')]))).toHaveLength(2)
  })

  test('what metadata gets wrong has its own code and place', () => {
    const sp = (spec: object) => ({
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name: 'one' },
      spec,
    })
    const broken = sp({ entity_descriptor: '<oops>' })
    const alone = refusalOf(() => parseDocuments(kinds, readJsonDocuments(broken)))
    expect(alone.code).toBe('INVALID_METADATA')
    expect(alone.message).toMatch(/^saml_idp_service_provider "one": /)
    expect(alone.details['problems']).toEqual([expect.objectContaining({ path: 'spec.entity_descriptor' })])
    const both = refusalOf(() => parseDocuments(kinds, readJsonDocuments([broken, user('a', { x: 1 })])))
    expect(both.code).toBe('INVALID_RESOURCE')
    expect(both.message).toContain('document 1: spec.entity_descriptor: ')
    expect(both.message).toContain('document 2: spec.x: this field is not known')
  })

  test.each([
    [
      'a prototype',
      '{"kind": "role", "__proto__": {"polluted": true}}',
      '__proto__: this name is not allowed',
    ],
    ['a list', '[["kind"]]', 'the kind is missing'],
    ['null', '[null]', 'the kind is missing'],
    ['a kind that is inherited', '{"kind": "constructor"}', '"constructor" is not a kind'],
    ['a plural', '{"kind": "roles"}', '"roles" is not a kind'],
    [
      'fifty levels',
      `{"kind": "role", "spec": ${'['.repeat(50)}${']'.repeat(50)}}`,
      'nested more than 32 deep',
    ],
  ])('are refused for %s', (_, text, expected) => {
    const error = refusalOf(() => parseDocuments(kinds, readJsonDocuments(JSON.parse(text))))
    expect(error.code).toBe('INVALID_RESOURCE')
    expect(error.message).toContain(expected)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  test('any JSON value is a resource or a refusal', () => {
    const names = fc.constantFrom(...kinds.all.map(({ name }) => name), 'x')
    const versions = fc.constantFrom('v1', 'v2', 'v8')
    fc.assert(
      fc.property(fc.jsonValue(), names, versions, (spec, kind, version) => {
        try {
          parseDocuments(kinds, readJsonDocuments({ kind, version, metadata: { name: 'a' }, spec }))
        } catch (error) {
          expect(isCode(error, 'INVALID_RESOURCE') || isCode(error, 'INVALID_METADATA')).toBe(true)
        }
      }),
    )
  })
})

describe('what is wrong', () => {
  const problems = (text: string) =>
    refusalOf(() => parse(text)).details['problems'] as { path: string; line?: number; message: string }[]

  test('is told from the top down, however the kinds are ordered', () => {
    const told = problems(`kind: user
version: v2
metadata:
  name: a b
spec:
  wrong: 1
  roles: ['']
---
kind: role
version: v9
metadata: {name: x}
spec: {}
`)
    expect(told.map(({ line, path }) => [line, path])).toEqual([
      [4, 'metadata.name'],
      [6, 'spec.wrong'],
      [7, 'spec.roles'],
      [10, 'version'],
    ])
  })

  test('in list items is told in the order of their numbers', () => {
    const entry = (at: number) => ({ account: at === 2 || at === 10 ? '' : '*', permission_set: '*' })
    const spec = { allow: { account_assignments: [...Array(12).keys()].map(entry) } }
    const told = refusalOf(() => parseDocuments(kinds, readJsonDocuments(role('x', spec))))
    expect((told.details['problems'] as { path: string }[]).map(({ path }) => path)).toEqual([
      'spec.allow.account_assignments.2.account',
      'spec.allow.account_assignments.10.account',
    ])
  })

  test('is the lost indentation alone, where a copied example has none', () => {
    const lost = `kind: role
version: v8
metadata:
name: identity-center-access
spec:
allow:
app_labels:
'teleport.dev/origin': 'aws-identity-center'
`
    expect(problems(lost)).toEqual([
      {
        source: 'file.yaml',
        line: 1,
        path: '',
        message:
          'The indentation seems to be lost: name, allow, app_labels … stand at the left edge. ' +
          'Indent what belongs to metadata: and spec: by two spaces.',
      },
    ])
    const half = lost.replace('name:', '  name:').replace(/app_labels:\n.*\n/, '')
    expect(problems(half).map(({ message }) => message)).toEqual([
      'The indentation seems to be lost: allow stands at the left edge. Indent what belongs to spec: by two spaces.',
    ])
    const empty = problems('kind: role\nversion: v8\nmetadata:\nspec: {}\n').map(({ message }) => message)
    expect(empty).toHaveLength(1)
    expect(empty[0]).not.toContain('indentation')
  })

  test.each([
    ['sp', '"sp" is a short word for the command line; write kind: saml_idp_service_provider'],
    ['users', '"users" is not a kind; write kind: user'],
    ['rol', '"rol" is not a kind (did you mean role?); this version knows role,'],
  ])('of the kind %s says which one to write', (word, says) => {
    expect(problems(`kind: ${word}\nversion: v1\nmetadata: {name: x}\n`)[0]?.message).toContain(says)
  })

  test('with the metadata of a service provider is told beside a missing name', () => {
    const told = problems(`kind: saml_idp_service_provider
version: v1
metadata: {}
spec:
  entity_descriptor: <broken
`)
    expect(told.map(({ path }) => path)).toEqual(['metadata.name', 'spec.entity_descriptor'])
  })
})
