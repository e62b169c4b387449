import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EmulatorError } from '../../src/emulator/error.js'
import { parseOrganisation } from '../../src/emulator/state/organisation.js'

const folder = new URL('../../fixtures/orgs/', import.meta.url)
const demo = readFileSync(new URL('demo.yaml', folder), 'utf8')

/** The message of the refusal; a test that expects one fails where there is none. */
function refusal(text: string): string {
  try {
    parseOrganisation(text, 'org.yaml')
  } catch (error) {
    if (error instanceof EmulatorError && error.code === 'INVALID_ORGANISATION') return error.message
    throw error
  }
  return 'accepted'
}

describe('organisation files', () => {
  test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s holds together', (name) => {
    const { contents } = parseOrganisation(readFileSync(new URL(name, folder), 'utf8'), name)
    expect(contents.accounts?.length).toBeGreaterThan(0)
  })

  test('the demo resolves names to ids', () => {
    const { contents } = parseOrganisation(demo, 'demo.yaml')
    const { users = [], assignments = [] } = contents
    const dev = users.find((user) => user.userName === 'dev@example.com')
    const direct = assignments.filter((assignment) => assignment.principalId === dev?.id)
    expect(direct).toEqual([
      {
        principalType: 'USER',
        principalId: '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c02',
        accountId: '444444444444',
        permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-3c4d5e6f708192a3',
        createdAt: Date.parse('2024-01-15T09:00:00Z'),
      },
    ])
    expect(assignments).toHaveLength(7 + 4 + 1 + 7 + 1 + 1)
    expect(users.filter((user) => !user.active).map((user) => user.userName)).toEqual(['gone@example.com'])
  })

  test.each([
    ['an unknown key', demo.replace('portalAlias:', 'alias:'), 'instance: Unrecognized key: "alias"'],
    [
      'an account id that is a number',
      demo.replace("'222222222222'", '222222222222'),
      'accounts.1.id: must be text',
    ],
    [
      'an account id of eleven digits',
      demo.replace("'222222222222'", "'22222222222'"),
      'accounts.1.id: is not 12 digits',
    ],
    [
      'an instance ARN of another form',
      demo.replace('instance/ssoins-6', 'instance/x'),
      'instance.instanceArn: is not arn',
    ],
    [
      'an unknown member',
      demo.replace('[ada@', '[eva@'),
      'groups: "platform-admins" has the unknown member "eva@example.com"',
    ],
    [
      'an unknown account',
      demo.replace('accounts: [staging,', 'accounts: [stage,'),
      'assignments.1: no account "stage"',
    ],
    [
      'an unknown permission set',
      demo.replace('permissionSets: [Billing]', 'permissionSets: [Bills]'),
      'assignments.5: no permission set "Bills"',
    ],
    [
      'an unknown group',
      demo.replace('group: developers', 'group: coders'),
      'assignments.1: no group "coders"',
    ],
    ['an unknown user', demo.replace('user: ada@', 'user: eva@'), 'assignments.5: no user "eva@example.com"'],
    [
      'a principal that is two',
      demo.replace('user: ada@example.com', 'user: ada@example.com\n    group: finance'),
      'assignments.5: needs either user or group',
    ],
    [
      'a userName given twice',
      demo.replace('userName: dev@', 'userName: ada@'),
      'users: userName "ada@example.com" is there twice',
    ],
    [
      'an id given twice',
      demo.replace('9c02', '9c01'),
      'users and groups: id "53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01" is there twice',
    ],
    [
      'a permission set of another instance',
      demo.replace('permissionSet/ssoins-69', 'permissionSet/ssoins-00'),
      'has an ARN of another instance',
    ],
    [
      'a certificate that is none',
      demo.replace('idp: none', 'idp: { entityId: x, redirectUrl: "https://a.example", certificates: [x] }'),
      'saml.idp.certificates.0: the certificate is not a readable',
    ],
    [
      'an identity provider without address',
      demo.replace('idp: none', 'idp: { entityId: x, certificates: [x] }'),
      'saml.idp: needs redirectUrl or postUrl',
    ],
    ['no YAML at all', 'a: [', 'org.yaml is not a usable organisation file:'],
    ['nothing', '', 'file: '],
  ])('%s is refused with its place', (_name, text, message) => {
    expect(text).not.toBe(demo)
    expect(refusal(text)).toContain(message)
  })

  test('all problems are told at once', () => {
    const text = demo.replace('user: ada@', 'user: eva@').replace('group: developers', 'group: coders')
    expect(refusal(text).split('\n  - ')).toEqual([
      'org.yaml is not a usable organisation file:',
      'assignments.1: no group "coders"',
      'assignments.5: no user "eva@example.com"',
    ])
  })
})
