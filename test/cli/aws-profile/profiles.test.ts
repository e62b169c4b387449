/** Names of profiles, and what must never reach the file. */
import { describe, expect, test } from 'vitest'
import { defaultTemplate, planProfiles, type AwsAccess } from '../../../src/cli/aws-profile/profiles.js'

const portal = { startUrl: 'https://acme.awsapps.com/start', region: 'eu-central-1' }
const options = { template: defaultTemplate, sessionName: 'gatehouse', region: undefined }
const access = (more: Partial<AwsAccess> = {}): AwsAccess => ({
  accountId: '555555555555',
  accountName: 'production',
  permissionSet: 'ReadOnly',
  portal,
  ...more,
})
const headers = (all: readonly AwsAccess[], more: Partial<typeof options> = {}) =>
  planProfiles(all, { ...options, ...more }).sections.map(({ header }) => header)

describe('profiles', () => {
  test('are none by the name of the one that the AWS CLI takes without a name', () => {
    const own = access({ accountName: 'default' })
    const { sections, left } = planProfiles([own, access()], { ...options, template: '{account}' })
    expect(sections.map(({ header }) => header)).toEqual(['sso-session gatehouse', 'profile production'])
    expect(left).toEqual([
      'ReadOnly on 555555555555 would be called [default], which the AWS CLI takes where no profile is named; give another --name, for example {account}-{permission_set}.',
    ])
    expect(headers([own])).toContain('profile default-ReadOnly')
  })

  test('say the session, the account and the permission set, and a region only where it is given', () => {
    const { sections, left } = planProfiles([access()], options)
    expect(left).toEqual([])
    expect(sections).toEqual([
      {
        header: 'sso-session gatehouse',
        values: [
          ['sso_start_url', 'https://acme.awsapps.com/start'],
          ['sso_region', 'eu-central-1'],
          ['sso_registration_scopes', 'sso:account:access'],
        ],
      },
      {
        header: 'profile production-ReadOnly',
        values: [
          ['sso_session', 'gatehouse'],
          ['sso_account_id', '555555555555'],
          ['sso_role_name', 'ReadOnly'],
        ],
      },
    ])
    const [, profile] = planProfiles([access()], { ...options, region: 'us-east-1' }).sections
    expect(profile?.values.at(-1)).toEqual(['region', 'us-east-1'])
  })

  test('are told apart by the account id where two would have one name', () => {
    const twins = ['800000000001', '800000000002'].map((accountId) =>
      access({ accountId, accountName: 'twin' }),
    )
    expect(headers([...twins, access()])).toEqual([
      'sso-session gatehouse',
      'profile twin-ReadOnly-800000000001',
      'profile twin-ReadOnly-800000000002',
      'profile production-ReadOnly',
    ])
  })

  test('have a session for each portal', () => {
    const other = { startUrl: 'https://other.awsapps.com/start', region: 'us-east-1' }
    const all = [access(), access({ accountId: '666666666666', accountName: 'lab', portal: other })]
    expect(headers(all).slice(0, 2)).toEqual(['sso-session gatehouse', 'sso-session gatehouse-2'])
  })

  test('are called as the template says, without what would need quotes', () => {
    const one = access({ accountName: 'Payments (prod) $x' })
    expect(headers([one], { template: '{account_id}/{permission_set}' })[1]).toBe(
      'profile 555555555555-ReadOnly',
    )
    expect(headers([one])[1]).toBe('profile Payments-prod-x-ReadOnly')
  })

  test.each(['', '{name}', '{account', 'x'.repeat(201)])('have no template "%s"', (template) => {
    expect(() => headers([access()], { template })).toThrow('--name')
  })

  test.each(['', 'a b', 'a]\n[b'])('have no session "%s"', (sessionName) => {
    expect(() => headers([access()], { sessionName })).toThrow('--session-name')
  })

  test.each([
    [{ portal: undefined }, '--start-url'],
    [{ permissionSet: 'x\nrole_arn = y' }, 'cannot stand'],
    [{ accountId: '1' }, 'cannot stand'],
    [{ portal: { ...portal, startUrl: 'https://x/ y\n' } }, 'cannot stand'],
    [{ portal: { ...portal, region: 'x\ny' } }, 'cannot stand'],
  ])('are not made of %j', (more, says) => {
    const { sections, left } = planProfiles([access(more)], options)
    expect(sections).toEqual([])
    expect(left.join()).toContain(says)
  })
})
