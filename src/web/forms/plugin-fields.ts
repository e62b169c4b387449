/**
 * @module A plugin of Identity Center as the set-up shows it: the documents that connecting makes, edits of the YAML
 * that change nothing but one field, and advice on what is typed. The server decides what is accepted.
 */
import { findRegionProblem as findProblem, partitionOfInstance } from '../../core/identity-center/instance.js'
import { parseRoleArn } from '../../core/identity-center/integration.js'
import { editDocument, readDocument, valueAt, type Path } from './edit-document.js'

export interface ConnectFields {
  readonly name: string
  readonly region: string
  readonly instanceArn: string
  readonly credentials: 'oidc' | 'system'
  /** Of the machine's own credentials: a role to assume with them, or none. */
  readonly assumeRoleArn: string
}

export const defaultPluginName = 'aws-identity-center'

/** The integration that a plugin of this name brings along; named apart, as both are listed together. */
export function integrationNameOf(plugin: string): string {
  return `${plugin}-oidc`
}

/** The resources of step 1, as one text of documents. */
export function buildConnectDocuments(fields: ConnectFields): string {
  const { name, region, instanceArn, credentials, assumeRoleArn } = fields
  const integration = integrationNameOf(name)
  const from =
    credentials === 'oidc'
      ? { oidc: { integration_name: integration } }
      : { system: assumeRoleArn === '' ? {} : { assume_role_arn: assumeRoleArn } }
  const plugin = {
    kind: 'plugin',
    version: 'v1',
    metadata: { name },
    spec: { settings: { aws_ic: { arn: instanceArn, region, credentials: from, sync: 'paused' } } },
  }
  const documents =
    credentials === 'oidc'
      ? [
          {
            kind: 'integration',
            sub_kind: 'aws-oidc',
            version: 'v1',
            metadata: { name: integration },
            spec: { aws_oidc: {} },
          },
          plugin,
        ]
      : [plugin]
  // JSON is YAML.
  return documents.map((document) => JSON.stringify(document, null, 2)).join('\n---\n')
}

/** What is wrong with an ARN of an instance, for the person who types it; undefined where it looks right. */
export function findInstanceArnProblem(text: string): string | undefined {
  if (partitionOfInstance(text) !== undefined) return undefined
  return text.startsWith('d-')
    ? 'That is the ID of the identity store. The ARN of the instance stands above it, under Settings.'
    : 'It looks like arn:aws:sso:::instance/ssoins-1234567890abcdef, with 16 characters after "ins-".'
}

export function findRegionProblem(text: string): string | undefined {
  return findProblem(text) === undefined
    ? undefined
    : 'It looks like eu-west-1: the code of the region, not its name.'
}

export function findRoleArnProblem(text: string): string | undefined {
  return parseRoleArn(text) !== undefined
    ? undefined
    : 'It looks like arn:aws:iam::123456789012:role/GatehouseIdentityCenter; the script prints it last.'
}

/** What AWS asks of the issuer of our tokens, and the server with it. */
export function findIssuerProblem(text: string): string | undefined {
  return /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[\w./~-]*)?$/i.test(text)
    ? undefined
    : 'It looks like https://id.example.com: https, a name that the internet knows, no port.'
}

export function findNameProblem(text: string): string | undefined {
  // The integration is named after it, and may have 60 characters.
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,54}$/.test(text)
    ? undefined
    : 'Letters, digits, dots, dashes and underscores, and no more than 55 of them.'
}

/** A line of the filters of accounts or groups. */
export interface FilterRow {
  readonly sense: 'include' | 'exclude'
  readonly by: 'name' | 'id'
  readonly value: string
}

/** A line of the filters of users; where both are said, both have to be true. */
export interface UserFilterRow {
  /** `team=platform, env=production`; all of them. */
  readonly labels: string
  /** `local`, or the name of a connector. */
  readonly origin: string
}

export interface Filters {
  readonly accounts: readonly FilterRow[]
  readonly groups: readonly FilterRow[]
  readonly users: readonly UserFilterRow[]
}

export interface PluginFields {
  readonly region: string
  readonly instanceArn: string
  readonly integration: string | undefined
  readonly owners: readonly string[]
  readonly serviceProvider: string
  readonly allowOtherScimHost: boolean
  readonly filters: Filters
}

/** The place of the settings: the reference writes `Settings`, we `settings`; both load. */
function settingsPath(text: string): Path {
  const read = readDocument(text)
  const upper = 'document' in read && read.document.hasIn(['spec', 'Settings'])
  return ['spec', upper ? 'Settings' : 'settings', 'aws_ic']
}

export function readPluginFields(text: string): PluginFields | undefined {
  const read = readDocument(text)
  if ('problem' in read) return undefined
  const base = settingsPath(text)
  const at = (...path: string[]) => valueAt(read.document, [...base, ...path])
  const word = (...path: string[]) => {
    const value = at(...path)
    return typeof value === 'string' ? value : ''
  }
  return {
    region: word('region'),
    instanceArn: word('arn'),
    integration:
      word('credentials', 'oidc', 'integration_name') ||
      word('credentials', 'oidc', 'integrationName') ||
      undefined,
    owners: listOf(at('access_list_default_owners')).filter((owner) => typeof owner === 'string'),
    serviceProvider: word('saml_idp_service_provider_name'),
    allowOtherScimHost: at('provisioning_spec', 'allow_other_host') === true,
    filters: {
      accounts: listOf(at('aws_accounts_filters')).flatMap(readFilter),
      groups: listOf(at('group_sync_filters')).flatMap(readFilter),
      users: listOf(at('user_sync_filters')).flatMap(readUserFilter),
    },
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function readFilter(value: unknown): FilterRow[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const word = key.toLowerCase().replaceAll('_', '')
    if (typeof one !== 'string') return []
    const sense = word.startsWith('exclude') ? 'exclude' : 'include'
    return [{ sense, by: word.endsWith('id') ? 'id' : 'name', value: one } as const]
  })
}

function readUserFilter(value: unknown): UserFilterRow[] {
  if (typeof value !== 'object' || value === null) return []
  const labels: unknown = 'labels' in value ? value.labels : undefined
  const origin = 'origin' in value && typeof value.origin === 'string' ? value.origin : ''
  const pairs = typeof labels === 'object' && labels !== null ? Object.entries(labels) : []
  return [{ labels: pairs.map(([key, one]) => `${key}=${String(one)}`).join(', '), origin }]
}

/** Filters in the form of the plugin's YAML; lines that are not filled in are left out. */
export function writeFilters({ accounts, groups, users }: Filters) {
  return {
    aws_accounts_filters: accounts.filter(({ value }) => value.trim() !== '').map(writeFilter),
    group_sync_filters: groups.filter(({ value }) => value.trim() !== '').map(writeFilter),
    user_sync_filters: users
      .filter(({ labels, origin }) => `${labels}${origin}`.trim() !== '')
      .map(writeUserFilter),
  }
}

function writeFilter({ sense, by, value }: FilterRow): Record<string, string> {
  return { [sense === 'exclude' ? `exclude_${by}` : by]: value.trim() }
}

function writeUserFilter({ labels, origin }: UserFilterRow): Record<string, unknown> {
  const pairs = labels
    .split(',')
    .map((pair) => {
      const [key = '', ...rest] = pair.split('=')
      return [key.trim(), rest.join('=').trim()] as const
    })
    .filter(([key]) => key !== '')
  return {
    ...(pairs.length > 0 && { labels: Object.fromEntries(pairs) }),
    ...(origin.trim() !== '' && { origin: origin.trim() }),
  }
}

export function sameFilters(a: Filters, b: Filters): boolean {
  return JSON.stringify(writeFilters(a)) === JSON.stringify(writeFilters(b))
}

export const pluginEdits = {
  owners: (text: string, owners: readonly string[]) =>
    editDocument(
      text,
      [...settingsPath(text), 'access_list_default_owners'],
      owners.length > 0 ? owners : undefined,
    ),
  serviceProvider: (text: string, name: string) =>
    editDocument(
      text,
      [...settingsPath(text), 'saml_idp_service_provider_name'],
      name === '' ? undefined : name,
    ),
  /** A list whose lines are as they were stays as it is written. */
  filters: (text: string, filters: Filters) => {
    const before = readPluginFields(text)?.filters
    const written = new Map<string, string>(
      Object.entries(before ? writeFilters(before) : {}).map(([key, list]) => [key, JSON.stringify(list)]),
    )
    return Object.entries(writeFilters(filters)).reduce(
      (now, [key, list]) =>
        written.get(key) === JSON.stringify(list)
          ? now
          : editDocument(now, [...settingsPath(now), key], list.length > 0 ? list : undefined),
      text,
    )
  },
  /** A person takes it on themselves that the SCIM token goes to a host that is not AWS's. */
  allowOtherScimHost: (text: string) =>
    editDocument(text, [...settingsPath(text), 'provisioning_spec', 'allow_other_host'], true),
  /** Of an integration: the role that the script made. */
  roleArn: (text: string, roleArn: string) =>
    editDocument(text, ['spec', 'aws_oidc', 'role_arn'], roleArn === '' ? undefined : roleArn),
  instance: (text: string, { region, instanceArn }: { region: string; instanceArn: string }) =>
    editDocument(
      editDocument(text, [...settingsPath(text), 'region'], region),
      [...settingsPath(text), 'arn'],
      instanceArn,
    ),
  /** Of an integration: the public host of its keys. */
  issuer: (text: string, issuer: string) => editDocument(text, ['spec', 'aws_oidc', 'issuer'], issuer),
} as const

/** The role of an integration; empty until the script ran. */
export function readRoleArn(text: string): string {
  const read = readDocument(text)
  const found = 'document' in read ? valueAt(read.document, ['spec', 'aws_oidc', 'role_arn']) : undefined
  return typeof found === 'string' ? found : ''
}
