import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import {
  buildConnectDocuments,
  findInstanceArnProblem,
  findIssuerProblem,
  findNameProblem,
  findRegionProblem,
  findRoleArnProblem,
  pluginEdits,
  readPluginFields,
  readRoleArn,
  sameFilters,
  writeFilters,
} from '../../src/web/forms/plugin-fields.js'

const arn = 'arn:aws:sso:::instance/ssoins-1234567890abcdef'
const plugin = `kind: plugin
version: v1
metadata:
  name: aws-identity-center
spec:
  settings:
    aws_ic:
      arn: ${arn} # ours
      region: eu-west-1
      credentials:
        oidc:
          integration_name: aws
      group_sync_filters:
        - exclude_name: legacy-*
        - id: 1234567890-aa
`

function read(text: string) {
  const fields = readPluginFields(text)
  if (!fields) throw new Error('no fields')
  return fields
}

describe('the documents of the first step', () => {
  test('are an integration and a paused plugin that uses it', () => {
    const text = buildConnectDocuments({
      name: 'main',
      region: 'eu-west-1',
      instanceArn: arn,
      credentials: 'oidc',
      assumeRoleArn: '',
    })
    const documents = parseAllDocuments(text).map((one) => one.toJS() as { kind: string })
    expect(documents.map(({ kind }) => kind)).toEqual(['integration', 'plugin'])
    expect(documents[1]).toMatchObject({
      metadata: { name: 'main' },
      spec: {
        settings: {
          aws_ic: { arn, sync: 'paused', credentials: { oidc: { integration_name: 'main-oidc' } } },
        },
      },
    })
  })

  test('are the plugin alone where the machine has credentials of its own', () => {
    const text = buildConnectDocuments({
      name: 'main',
      region: 'eu-west-1',
      instanceArn: arn,
      credentials: 'system',
      assumeRoleArn: 'arn:aws:iam::123456789012:role/gatehouse',
    })
    const documents = parseAllDocuments(text)
    expect(documents).toHaveLength(1)
    expect(text).toContain('assume_role_arn')
    expect(text).not.toContain('oidc')
  })
})

describe('advice on what is typed', () => {
  test.each([
    ['an instance', findInstanceArnProblem, arn, 'arn:aws:sso:::instance/ssoins-12345'],
    ['a Chinese instance', findInstanceArnProblem, arn.replace('aws', 'aws-cn'), 'd-1234567890'],
    ['a region', findRegionProblem, 'us-gov-west-1', 'Ireland'],
    ['a role', findRoleArnProblem, 'arn:aws:iam::123456789012:role/x/y', 'arn:aws:iam::1234:role/x'],
    ['a name', findNameProblem, 'aws-identity-center', 'AWS IC'],
  ])('%s is accepted where it is well formed and told of where not', (_, find, good, bad) => {
    expect(find(good)).toBeUndefined()
    expect(find(bad)).toMatch(/\w/)
  })
})

describe('a plugin as the set-up shows it', () => {
  test('tells region, instance, integration and filters', () => {
    expect(read(plugin)).toEqual({
      region: 'eu-west-1',
      instanceArn: arn,
      integration: 'aws',
      owners: [],
      serviceProvider: '',
      allowOtherScimHost: false,
      filters: {
        accounts: [],
        groups: [
          { sense: 'exclude', by: 'name', value: 'legacy-*' },
          { sense: 'include', by: 'id', value: '1234567890-aa' },
        ],
        users: [],
      },
    })
  })

  test('is read in the spelling of the reference, too', () => {
    const text = plugin
      .replace('settings:', 'Settings:')
      .replace('exclude_name:', 'excludeNameRegex:')
      .replace('integration_name', 'integrationName')
    expect(read(text).filters.groups).toEqual(read(plugin).filters.groups)
    expect(read(pluginEdits.owners(text, ['anna@example.com'])).owners).toEqual(['anna@example.com'])
  })

  test('keeps comments when one field is edited', () => {
    const text = pluginEdits.serviceProvider(pluginEdits.owners(plugin, ['a@example.com']), 'aws')
    expect(text).toContain('# ours')
    expect(read(text)).toMatchObject({ owners: ['a@example.com'], serviceProvider: 'aws' })
  })

  test('gets its filters from rows, and loses them with the last row', () => {
    const filters = {
      accounts: [{ sense: 'include', by: 'name', value: ' prod-* ' }],
      groups: [],
      users: [{ labels: 'team=platform, env=a=b', origin: 'local' }],
    } as const
    const text = pluginEdits.filters(plugin, filters)
    expect(writeFilters(read(text).filters)).toEqual({
      aws_accounts_filters: [{ name: 'prod-*' }],
      group_sync_filters: [],
      user_sync_filters: [{ labels: { team: 'platform', env: 'a=b' }, origin: 'local' }],
    })
    expect(text).not.toContain('group_sync_filters')
  })

  test('keeps a list of filters as it is written while another one is edited', () => {
    const text = plugin.replace('legacy-*', 'legacy-* # old').replace('exclude_name', 'exclude_name_regex')
    const { filters } = read(text)
    const edited = pluginEdits.filters(text, {
      ...filters,
      users: [{ labels: '', origin: 'local' }],
    })
    expect(edited).toContain('exclude_name_regex: legacy-* # old')
    expect(read(edited).filters.users).toEqual([{ labels: '', origin: 'local' }])
  })

  test('counts rows that are not filled in as no filter', () => {
    const none = { accounts: [], groups: [], users: [] }
    expect(sameFilters({ ...none, groups: [{ sense: 'include', by: 'name', value: ' ' }] }, none)).toBe(true)
    expect(sameFilters(read(plugin).filters, none)).toBe(false)
  })

  test('is not shown where the text is no document', () => {
    expect(readPluginFields('- a\n- b\n')).toBeUndefined()
  })
})

test('the role of an integration is set and read', () => {
  const role = 'arn:aws:iam::123456789012:role/Gatehouse'
  const text = 'kind: integration\nversion: v1\nmetadata:\n  name: aws\nspec:\n  aws_oidc: {}\n'
  expect(readRoleArn(text)).toBe('')
  expect(readRoleArn(pluginEdits.roleArn(text, role))).toBe(role)
})

describe('the public host of the keys', () => {
  test.each(['https://id.example.com', 'https://id.example.com/gatehouse'])('may be %s', (issuer) => {
    expect(findIssuerProblem(issuer)).toBeUndefined()
  })

  test.each([
    '',
    'http://id.example.com',
    'https://id.example.com:8443',
    'https://localhost',
    'id.example.com',
  ])('may not be "%s"', (issuer) => {
    expect(findIssuerProblem(issuer)).toContain('https://id.example.com')
  })

  test('is written into the integration and nothing else', () => {
    const text = 'kind: integration # ours\nspec:\n  aws_oidc: {}\n'
    const after = pluginEdits.issuer(text, 'https://id.example.com')
    expect(after).toContain('# ours')
    expect(parseAllDocuments(after)[0]?.toJS()).toMatchObject({
      spec: { aws_oidc: { issuer: 'https://id.example.com' } },
    })
  })
})
