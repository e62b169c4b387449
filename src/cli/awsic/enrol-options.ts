/**
 * @module What the options of `gatehouse awsic enrol` say, as parts of the resources that the set-up consists of. Pure:
 * contradictions between options are found here, before anything is asked or written; the gateway judges the values.
 */
import { GatewayError } from '../../core/error.js'

export interface EnrolOptions {
  readonly plugin: string
  readonly instanceArn?: string
  readonly instanceRegion?: string
  readonly accessListDefaultOwner?: readonly string[]
  /** Undefined where neither form of the flag is given. */
  readonly useSystemCredentials?: boolean
  readonly assumeRoleArn?: string
  readonly oidcIntegration?: string
  readonly roleArn?: string
  readonly issuer?: string
  readonly scimUrl?: string
  readonly forceScimUrl?: true
  readonly userOrigin?: readonly string[]
  readonly userLabel?: readonly string[]
  readonly groupName?: readonly string[]
  readonly excludeGroupName?: readonly string[]
  readonly accountName?: readonly string[]
  readonly accountId?: readonly string[]
  readonly excludeAccountName?: readonly string[]
  readonly excludeAccountId?: readonly string[]
  readonly rolesSyncMode?: 'ALL' | 'NONE'
}

/** Members of `spec.settings.aws_ic` of a plugin; members that no option speaks of are absent. */
export type PluginFields = Readonly<Record<string, unknown>>

/** @throws GatewayError `INVALID_INPUT` naming the options that contradict each other. */
export function assertConsistent(options: EnrolOptions): void {
  const { useSystemCredentials, assumeRoleArn, oidcIntegration, roleArn, rolesSyncMode } = options
  const given = {
    '--oidc-integration': oidcIntegration,
    '--role-arn': roleArn,
    '--issuer': options.issuer,
    '--assume-role-arn': assumeRoleArn,
  }
  const refuse = (flag: keyof typeof given, why: string) => {
    if (given[flag] !== undefined) throw new GatewayError('INVALID_INPUT', `${flag} must not be set ${why}`)
  }
  if (useSystemCredentials === true) {
    refuse('--oidc-integration', 'when --use-system-credentials is configured')
    refuse('--role-arn', 'when --use-system-credentials is configured; name the role by --assume-role-arn')
  }
  if (useSystemCredentials === false && oidcIntegration === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      '--oidc-integration must be set when --no-use-system-credentials is configured: the name of the integration',
    )
  }
  if (oidcIntegration !== undefined) {
    refuse(
      '--assume-role-arn',
      'together with --oidc-integration; --role-arn names the role of the integration',
    )
  } else {
    refuse('--role-arn', 'without --oidc-integration, the integration that uses the role')
    refuse('--issuer', 'without --oidc-integration, the integration that names it')
  }
  const groupFilters = [...(options.groupName ?? []), ...(options.excludeGroupName ?? [])]
  if (rolesSyncMode === 'NONE' && groupFilters.length > 0) {
    throw new GatewayError(
      'INVALID_INPUT',
      'filters of groups are incompatible with --roles-sync-mode NONE, which imports no group',
    )
  }
}

/**
 * What the options say about the plugin. Lists that are given replace those that are stored, as a whole.
 * @param more `serviceProvider`: of the metadata that is given. `token`: a SCIM token comes too, and the URL is
 *   then sent with it, since a stored token is never sent to another host than its own.
 */
export function pluginFields(
  options: EnrolOptions,
  { serviceProvider, token }: { readonly serviceProvider?: string | undefined; readonly token: boolean },
): PluginFields {
  const { instanceArn, instanceRegion, accessListDefaultOwner, rolesSyncMode } = options
  const accounts = filters(options, 'account')
  const groups = rolesSyncMode === 'NONE' ? [{ exclude_name: '*' }] : filters(options, 'group')
  const users = userFilters(options)
  return {
    ...(instanceArn !== undefined && { arn: instanceArn }),
    ...(instanceRegion !== undefined && { region: instanceRegion }),
    ...credentials(options),
    ...provisioning(options, token),
    ...(accessListDefaultOwner !== undefined && { access_list_default_owners: accessListDefaultOwner }),
    ...(serviceProvider !== undefined && { saml_idp_service_provider_name: serviceProvider }),
    ...(users.length > 0 && { user_sync_filters: users }),
    ...(accounts.length > 0 && { aws_accounts_filters: accounts }),
    ...(groups.length > 0 && { group_sync_filters: groups }),
    ...(rolesSyncMode !== undefined && { roles_sync_mode: rolesSyncMode }),
  }
}

function provisioning({ scimUrl, forceScimUrl }: EnrolOptions, token: boolean): object {
  const spec = {
    ...(scimUrl !== undefined && !token && { base_url: scimUrl }),
    ...(forceScimUrl && { allow_other_host: true }),
  }
  return Object.keys(spec).length === 0 ? {} : { provisioning_spec: spec }
}

function credentials({ useSystemCredentials, assumeRoleArn, oidcIntegration }: EnrolOptions): object {
  if (oidcIntegration !== undefined) return { credentials: { oidc: { integration_name: oidcIntegration } } }
  if (assumeRoleArn !== undefined) return { credentials: { system: { assume_role_arn: assumeRoleArn } } }
  return useSystemCredentials === true ? { credentials: { system: {} } } : {}
}

function filters(options: EnrolOptions, of: 'account' | 'group'): object[] {
  const isAccount = of === 'account'
  const names = (isAccount ? options.accountName : options.groupName) ?? []
  const excluded = (isAccount ? options.excludeAccountName : options.excludeGroupName) ?? []
  const ids = (isAccount ? options.accountId : undefined) ?? []
  const excludedIds = (isAccount ? options.excludeAccountId : undefined) ?? []
  return [
    ...ids.map((id) => ({ id })),
    ...names.map((name) => ({ name })),
    ...excludedIds.map((id) => ({ exclude_id: id })),
    ...excluded.map((name) => ({ exclude_name: name })),
  ]
}

function userFilters({ userOrigin = [], userLabel = [] }: EnrolOptions): object[] {
  return [
    ...userOrigin.map((origin) => ({ origin })),
    ...userLabel.map((text) => ({ labels: parseLabels(text) })),
  ]
}

/** `team=platform,stage=prod`: all of them have to be there. @throws GatewayError `INVALID_INPUT`. */
function parseLabels(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map((part) => {
    const at = part.indexOf('=')
    const key = part.slice(0, Math.max(at, 0)).trim()
    if (at > 0 && key !== '') return [key, part.slice(at + 1).trim()] as const
    throw new GatewayError('INVALID_INPUT', `--user-label: "${part}" is not KEY=VALUE`)
  })
  return Object.fromEntries(pairs)
}

/**
 * The settings that are stored, and over them what the options say. A first enrolment uses the credentials that the
 * gateway's process has, unless an option names others.
 */
export function mergeFields(stored: PluginFields, said: PluginFields): PluginFields {
  const { provisioning_spec: before } = stored
  const { provisioning_spec: after, ...others } = said
  const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null
  const provisioning = { ...(isMap(before) && before), ...(isMap(after) && after) }
  return {
    credentials: { system: {} },
    ...stored,
    ...others,
    ...(Object.keys(provisioning).length > 0 && { provisioning_spec: provisioning }),
  }
}
