import { describe, expect, test } from 'vitest'
import { isCode } from '../../../src/core/error.js'
import { defaultGuard } from '../../../src/core/identity-center/settings.js'
import { day, minute } from '../../../src/core/time.js'
import { parsePluginDocument } from '../../../src/kinds/plugin/form.js'
import { arn, plugin, scimUrl } from './documents.js'

const settingsOf = (settings: object) => parsePluginDocument(plugin(settings)).value

/** Every problem, as `field: message`. */
function problemsOf(document: unknown): string[] {
  try {
    parsePluginDocument(document)
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    const problems = error.details['problems'] as { path: string; message: string }[]
    return problems.map(({ path, message }) => `${path.replace(/^spec\.settings\.aws_ic\./, '')}: ${message}`)
  }
  return []
}

describe('the form of a plugin', () => {
  test('what is left out is careful: paused, with half of the limits and the guard of everybody', () => {
    expect(parsePluginDocument(plugin()).value).toEqual({
      name: 'aws-identity-center',
      instanceArn: arn,
      region: 'eu-central-1',
      credentials: { kind: 'system', assumeRoleArn: undefined },
      scimBaseUrl: undefined,
      allowOtherScimHost: false,
      defaultOwners: [],
      serviceProvider: undefined,
      userFilters: [],
      accountFilters: [],
      groupFilters: [],
      rolesSyncMode: 'ALL',
      sync: 'paused',
      drift: 'revert',
      restoreDeletedGroups: 'restore',
      deletionDelayMs: 7 * day,
      scanIntervalMs: 5 * minute,
      rateShare: 0.5,
      guard: defaultGuard,
    })
  })

  test('a document of the reference loads, and is stored in our words', () => {
    const { document, value, ignored } = parsePluginDocument({
      kind: 'plugin',
      version: 'v1',
      metadata: { name: 'aws-identity-center', labels: { 'teleport.dev/hosted-plugin': 'true' } },
      spec: {
        Settings: {
          aws_ic: {
            arn,
            region: 'eu-central-1',
            integration_name: '',
            credentials_source: 1,
            credentials: { oidc: { integrationName: 'aws-oidc' } },
            provisioning_spec: { base_url: scimUrl, bearer_token: '' },
            access_list_default_owners: ['alice', 'bob', 'alice'],
            saml_idp_service_provider_name: 'aws-identity-center',
            user_sync_filters: [{ labels: { team: 'a' } }, { labels: null, origin: 'local' }],
            aws_accounts_filters: [{ id: '111111111111' }, { nameRegex: '^prod-.*$' }, { excludeId: '2' }],
            group_sync_filters: [{ excludeNameRegex: 'AWS*' }],
            roles_sync_mode: 'ALL',
          },
        },
      },
    })
    expect(document.spec).toEqual({
      settings: {
        aws_ic: {
          arn,
          region: 'eu-central-1',
          credentials_source: 1,
          credentials: { oidc: { integration_name: 'aws-oidc' } },
          provisioning_spec: { base_url: `${scimUrl}/` },
          access_list_default_owners: ['alice', 'bob'],
          saml_idp_service_provider_name: 'aws-identity-center',
          user_sync_filters: [{ labels: { team: 'a' } }, { origin: 'local' }],
          aws_accounts_filters: [{ id: '111111111111' }, { name: '^prod-.*$' }, { exclude_id: '2' }],
          group_sync_filters: [{ exclude_name: 'AWS*' }],
          roles_sync_mode: 'ALL',
        },
      },
    })
    expect(value).toMatchObject({
      credentials: { kind: 'oidc', integration: 'aws-oidc' },
      scimBaseUrl: `${scimUrl}/`,
      userFilters: [
        { labels: { team: 'a' }, origin: undefined },
        { labels: {}, origin: 'local' },
      ],
      accountFilters: [
        { by: 'id', id: '111111111111' },
        { by: 'name', pattern: '^prod-.*$' },
        { by: 'excludeId', id: '2' },
      ],
      groupFilters: [{ by: 'excludeName', pattern: 'AWS*' }],
    })
    expect(ignored).toEqual(['spec.settings.aws_ic.credentials_source'])
    expect(parsePluginDocument(document)).toMatchObject({ document, value })
  })

  test('the former place of the integration still counts', () => {
    expect(settingsOf({ credentials: undefined, integration_name: 'aws' }).credentials).toEqual({
      kind: 'oidc',
      integration: 'aws',
    })
  })

  test('a part of the guard leaves the others as they are', () => {
    expect(
      settingsOf({ guard: { removals: { users: { count: 3 } }, sensitive_sets: 'Admin*' } }).guard,
    ).toEqual({
      ...defaultGuard,
      removals: { ...defaultGuard.removals, users: { count: 3, share: 0.1 } },
      sensitiveSets: ['Admin*'],
    })
  })

  test.each<[string, object, string]>([
    [
      'no credentials',
      { credentials: {} },
      'credentials: name exactly one of oidc (with integration_name) and system',
    ],
    [
      'two of them',
      { credentials: { oidc: { integration_name: 'a' }, system: {} } },
      'credentials: name exactly one of oidc (with integration_name) and system; found both',
    ],
    [
      'an integration without a name',
      { credentials: { oidc: {} } },
      'credentials.oidc.integration_name: is missing: the name of an integration',
    ],
    [
      'a mistyped Region',
      { region: 'eu-centrl-1' },
      'region: unknown AWS region: "eu-centrl-1" (did you mean eu-central-1?)',
    ],
    [
      'a Region of another partition',
      { region: 'us-gov-west-1' },
      'region: us-gov-west-1 is not in the partition aws of the instance',
    ],
    [
      'a token in the document',
      { provisioning_spec: { bearer_token: 'x' } },
      'kept apart from this document',
    ],
    [
      'a host that is not AWS’s (T15)',
      { provisioning_spec: { base_url: 'https://scim.evil.example/a/scim/v2' } },
      'is not a host of AWS',
    ],
    ['http', { provisioning_spec: { base_url: scimUrl.replace('https', 'http') } }, 'https://'],
    ['a number as URL', { provisioning_spec: { base_url: 7 } }, 'provisioning_spec.base_url: '],
    [
      'SCIM of another Region',
      { provisioning_spec: { base_url: scimUrl.replace('eu-central-1', 'eu-west-1') } },
      'provisioning_spec.base_url: is of the Region eu-west-1, and the instance of another',
    ],
    [
      'a role that is none',
      { credentials: { system: { assume_role_arn: 'admin' } } },
      'is not the ARN of an IAM role',
    ],
    ['more than the limits of AWS', { rate_share: 1.5 }, 'rate_share: must be at most 1'],
    ['scans without end', { scan_interval: '1s' }, 'scan_interval: "1s" is too short'],
    ['an unknown mode', { sync: 'on' }, 'sync: '],
    ['a mistyped field', { drfit: 'report' }, 'drfit: this field is not known (did you mean drift?)'],
  ])('%s is refused', (_, settings, problem) => {
    expect(problemsOf(plugin(settings)).join('\n')).toContain(problem)
  })

  test('a host that is not AWS’s passes where a person says so, also in the clear on this machine', () => {
    const at = (base_url: string) =>
      settingsOf({ provisioning_spec: { base_url, allow_other_host: 'yes' } }).scimBaseUrl
    expect(at('https://scim.example.com:8443/a/scim/v2')).toBe('https://scim.example.com:8443/a/scim/v2/')
    expect(at('http://127.0.0.1:4566/a/scim/v2/')).toBe('http://127.0.0.1:4566/a/scim/v2/')
    expect(
      problemsOf(
        plugin({ provisioning_spec: { base_url: 'http://a.example/a/scim/v2', allow_other_host: true } }),
      ),
    ).toHaveLength(1)
  })

  test.each<[string, unknown]>([
    ['an empty predicate', {}],
    ['an unknown word', { exclude_nmae: 'prod-*' }],
    ['an empty text', { exclude_name: '' }],
    ['two words', { name: 'a', exclude_name: 'b' }],
    ['a text', 'prod-*'],
    ['a word that every object has', { constructor: 'x' }],
  ])('%s in a filter is refused with its place', (_, predicate) => {
    for (const field of ['aws_accounts_filters', 'group_sync_filters']) {
      const [problem] = problemsOf(plugin({ [field]: [{ name: 'ok' }, predicate] }))
      expect(problem).toMatch(new RegExp(`^${field}\\.1: malformed filter predicate at index 1`))
    }
  })

  test('a user filter without labels and origin is refused with its place', () => {
    for (const predicate of [{}, { labels: {} }, { label: { a: 'b' } }]) {
      expect(problemsOf(plugin({ user_sync_filters: [predicate] }))[0]).toMatch(
        /^user_sync_filters\.0: malformed filter predicate at index 0/,
      )
    }
  })

  test('a pattern that is no expression is refused with its place', () => {
    expect(problemsOf(plugin({ group_sync_filters: [{ name_regex: '^($' }] }))[0]).toMatch(
      /^group_sync_filters\.0\.name_regex: the pattern "\^\(\$" is not usable/,
    )
  })

  test('without roles nothing is imported: NONE wants the one filter that excludes every group', () => {
    const none = (group_sync_filters?: unknown) =>
      problemsOf(plugin({ roles_sync_mode: 'NONE', group_sync_filters }))
    expect(none([{ exclude_name: '*' }])).toEqual([])
    expect(none([{ excludeNameRegex: '*' }])).toEqual([])
    for (const filters of [
      undefined,
      [],
      [{ name: 'a' }],
      [{ exclude_name: 'a*' }],
      [{ exclude_name: '*' }, { name: 'a' }],
    ]) {
      expect(none(filters)[0]).toContain('is incompatible with roles_sync_mode NONE')
    }
  })

  test('settings stand in one place', () => {
    const { settings } = plugin().spec
    const twice = { ...plugin(), spec: { settings, Settings: settings } }
    const nowhere = { ...plugin(), spec: {} }
    for (const document of [twice, nowhere]) {
      expect(problemsOf(document)).toEqual(['spec.settings: write settings with aws_ic in it, once'])
    }
  })
})
