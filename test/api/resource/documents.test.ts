import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseResourceDocument, parseYamlDocuments } from '../../../src/api/resource/documents.js'
import { GatewayError, isCode } from '../../../src/core/error.js'

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

function problemsOf(text: string): string[] {
  try {
    parseYamlDocuments(text, 'file.yaml')
    return []
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    return error.message.split('\n')
  }
}

describe('a file of resources', () => {
  test('may hold the roles of the guide as they are', () => {
    const resources = parseYamlDocuments(guide, 'guide.yaml')
    expect(resources.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
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

  test('may be JSON, hold several kinds, and empty documents', () => {
    const user = JSON.stringify({ kind: 'user', version: 'v2', metadata: { name: 'a' }, spec: {} })
    expect(parseYamlDocuments(`---\n---\n${user}\n---\n# nothing\n`, 'f').map(({ kind }) => kind)).toEqual([
      'user',
    ])
    expect(parseYamlDocuments('', 'f')).toEqual([])
  })

  test('keeps numbers as they were written where text is wanted', () => {
    const text = guide.replace("'aws-identity-center'", '[1.0, 0x1F, 1e3, 012, 7]')
    expect(parseYamlDocuments(text, 'f')[0]?.value).toMatchObject({
      allow: { appLabels: { 'teleport.dev/origin': ['1.0', '0x1F', '1e3', '012', '7'] } },
    })
  })

  test('tells every problem of every document with its line', () => {
    const text = guide
      .replace("'aws-identity-center'", () => "'^(broken$'")
      .replace('enabled: true', 'enabeld: true')
      .replace('kind: role\nversion: v8\nmetadata:\n  name: ic-access-example', 'kind: rolle')
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^file\.yaml:8: spec\.allow\.app_labels\.teleport\.dev\/origin: the pattern/),
      expect.stringMatching(/^file\.yaml:25: kind: "rolle" is not a kind; this version knows user, role/),
      expect.stringMatching(/^file\.yaml:\d+: spec\.options\.idp\.saml\.enabeld: this field is not known/),
    ])
  })

  test.each([
    ['a bomb of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]', 'file.yaml:2: aliases'],
    ['a merge key', '<<: {kind: role}\nkind: user', 'file.yaml:1: merge keys'],
    ['a repeated key', 'kind: role\nkind: user', 'file.yaml:2: the key "kind" stands twice in a map'],
    ['a key that is one in JSON only', '1: a\n"1": b', 'file.yaml:2: the key "1" stands twice in a map'],
    ['a key that is a list', '? [a]\n: b', 'file.yaml:1: the key of a map must be text'],
    ['a tag', 'kind: !!js/function "x"', 'Unresolved tag'],
    [
      'a prototype',
      'kind: role\n__proto__: {polluted: true}',
      'file.yaml:2: __proto__: this name is not allowed',
    ],
    ['what is no YAML', 'kind: [role', 'file.yaml:'],
    ['a list', '- kind: role', 'the kind is missing'],
    ['more than a megabyte', `kind: ${'x'.repeat(1024 * 1024)}`, 'the file is longer than'],
    ['thousands of documents', '---\na: 1\n'.repeat(1001), 'more than 1000 documents'],
    ['a million brackets', '['.repeat(1_000_000), 'nested too deeply'],
    ['a million braces', '{a: '.repeat(250_000), 'nested too deeply'],
    ['list marks in list marks', '- '.repeat(500_000), 'nested too deeply'],
    ['fifty levels', `kind: role\nspec: ${'['.repeat(50)}${']'.repeat(50)}`, 'nested more than 32 deep'],
  ])('is refused for %s', (_, text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  test('whatever its text is, is parsed or refused with a code', () => {
    const pieces = fc.array(
      fc.constantFrom(
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
      ),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((list) => list.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          try {
            parseYamlDocuments(text, 'f')
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('any JSON value is a resource or a refusal', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('user', 'role', 'saml_idp_service_provider', 'x'),
        (spec, kind) => {
          try {
            parseResourceDocument({ kind, version: 'v8', metadata: { name: 'a' }, spec })
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError)
          }
        },
      ),
    )
  })
})
