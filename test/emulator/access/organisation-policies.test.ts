import { expect, test } from 'vitest'
import { parseOrganisation } from '../../../src/emulator/state/organisation.js'
import { allow } from './policies.js'

const file = (policies: unknown): string =>
  JSON.stringify({
    instance: {
      instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
      identityStoreId: 'd-0123456789',
      region: 'eu-central-1',
      portalAlias: 'keys',
      acsTenant: '0123456789abcdef-0000-0000-0000-000000000000',
    },
    accounts: [{ id: '111111111111', name: 'management', email: 'aws@example.com' }],
    credentials: [
      { accessKeyId: 'AKIA0123456789ABCDEF', secretAccessKey: 'x'.repeat(40), userName: 'ada', policies },
    ],
  })

test('a file whose policies can be judged is taken', () => {
  const policies = [JSON.parse(allow('sso:*')) as unknown]
  const { contents } = parseOrganisation(file(policies), 'keys')
  expect(contents.credentials?.[0]?.policies).toEqual([allow('sso:*')])
})

test('a policy that cannot be judged is a problem of the file, with its place', () => {
  const policies = [allow('sso:*'), allow('sso:*', { Condition: { IpAddress: { 'aws:SourceIp': 'x' } } })]
  const parsed = policies.map((text) => JSON.parse(text) as unknown)
  expect(() => parseOrganisation(file(parsed), 'keys')).toThrow(
    'credentials.0.policies.1: The condition key "aws:SourceIp" is not emulated.',
  )
})
