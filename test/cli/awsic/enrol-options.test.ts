import { describe, expect, test } from 'vitest'
import {
  assertConsistent,
  mergeFields,
  pluginFields,
  type EnrolOptions,
} from '../../../src/cli/awsic/enrol-options.js'

const base: EnrolOptions = { plugin: 'aws-identity-center' }
const role = 'arn:aws:iam::111111111111:role/GatehouseIdentityCenter'

describe('options that contradict each other are refused', () => {
  const refused: [Partial<EnrolOptions>, string][] = [
    [
      { useSystemCredentials: true, oidcIntegration: 'aws' },
      '--oidc-integration must not be set when --use-system-credentials is configured',
    ],
    [
      { useSystemCredentials: true, roleArn: role },
      '--role-arn must not be set when --use-system-credentials is configured; name the role by --assume-role-arn',
    ],
    [
      { useSystemCredentials: false },
      '--oidc-integration must be set when --no-use-system-credentials is configured: the name of the integration',
    ],
    [
      { oidcIntegration: 'aws', assumeRoleArn: role },
      '--assume-role-arn must not be set together with --oidc-integration; --role-arn names the role of the integration',
    ],
    [
      { roleArn: role },
      '--role-arn must not be set without --oidc-integration, the integration that uses the role',
    ],
    [
      { issuer: 'https://issuer.example.com' },
      '--issuer must not be set without --oidc-integration, the integration that names it',
    ],
    [
      { rolesSyncMode: 'NONE', groupName: ['dev-*'] },
      'filters of groups are incompatible with --roles-sync-mode NONE, which imports no group',
    ],
  ]
  test.each(refused)('%j', (options, says) => {
    expect(() => assertConsistent({ ...base, ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: says }) as Error,
    )
  })

  const accepted: Partial<EnrolOptions>[] = [
    {},
    { useSystemCredentials: true },
    { useSystemCredentials: true, assumeRoleArn: role },
    { assumeRoleArn: role },
    { oidcIntegration: 'aws' },
    {
      useSystemCredentials: false,
      oidcIntegration: 'aws',
      roleArn: role,
      issuer: 'https://issuer.example.com',
    },
    { rolesSyncMode: 'NONE' },
    { rolesSyncMode: 'ALL', groupName: ['dev-*'] },
  ]
  test.each(accepted)('and these are not: %j', (options) => {
    expect(() => assertConsistent({ ...base, ...options })).not.toThrow()
  })
})

describe('the settings that options say', () => {
  test('take their place in the plugin, filters in the order includes, excludes', () => {
    const fields = pluginFields(
      {
        ...base,
        instanceArn: 'arn:aws:sso:::instance/ssoins-1',
        instanceRegion: 'eu-central-1',
        accessListDefaultOwner: ['ada'],
        oidcIntegration: 'aws',
        scimUrl: 'https://scim.eu-central-1.amazonaws.com/t/scim/v2/',
        userOrigin: ['local'],
        userLabel: ['team=platform,stage=prod'],
        accountId: ['111111111111'],
        accountName: ['prod-*'],
        excludeAccountName: ['prod-old'],
        excludeAccountId: ['222222222222'],
        groupName: ['^dev'],
        excludeGroupName: ['dev-ext'],
      },
      { serviceProvider: 'aws-identity-center', token: false },
    )
    expect(fields).toEqual({
      arn: 'arn:aws:sso:::instance/ssoins-1',
      region: 'eu-central-1',
      credentials: { oidc: { integration_name: 'aws' } },
      provisioning_spec: { base_url: 'https://scim.eu-central-1.amazonaws.com/t/scim/v2/' },
      access_list_default_owners: ['ada'],
      saml_idp_service_provider_name: 'aws-identity-center',
      user_sync_filters: [{ origin: 'local' }, { labels: { team: 'platform', stage: 'prod' } }],
      aws_accounts_filters: [
        { id: '111111111111' },
        { name: 'prod-*' },
        { exclude_id: '222222222222' },
        { exclude_name: 'prod-old' },
      ],
      group_sync_filters: [{ name: '^dev' }, { exclude_name: 'dev-ext' }],
    })
  })

  test('leave out what no option speaks of, so that what is stored stays', () => {
    const stored = {
      arn: 'a',
      region: 'r',
      sync: 'active',
      credentials: { oidc: { integration_name: 'aws' } },
    }
    expect(pluginFields(base, { token: false })).toEqual({})
    expect(mergeFields(stored, pluginFields({ ...base, instanceRegion: 'x' }, { token: false }))).toEqual({
      ...stored,
      region: 'x',
    })
  })

  test('leave the URL of SCIM to the token that comes with it, and keep what is stored beside it', () => {
    const options: EnrolOptions = { ...base, scimUrl: 'https://scim.example/', forceScimUrl: true }
    expect(pluginFields(options, { token: true })).toEqual({ provisioning_spec: { allow_other_host: true } })
    const stored = { provisioning_spec: { base_url: 'https://old.example/' }, credentials: {} }
    expect(mergeFields(stored, pluginFields(options, { token: true }))).toEqual({
      credentials: {},
      provisioning_spec: { base_url: 'https://old.example/', allow_other_host: true },
    })
  })

  test('begin with the credentials of the process', () => {
    expect(mergeFields({}, {})).toEqual({ credentials: { system: {} } })
  })

  test('without roles exclude every group', () => {
    expect(pluginFields({ ...base, rolesSyncMode: 'NONE' }, { token: false })).toEqual({
      group_sync_filters: [{ exclude_name: '*' }],
      roles_sync_mode: 'NONE',
    })
  })

  test.each(['team', '=x', 'a=1,,b=2'])('refuse the label %j', (label) => {
    expect(() => pluginFields({ ...base, userLabel: [label] }, { token: false })).toThrow(/is not KEY=VALUE/)
  })
})
