/** @module From the stored form of a plugin to what the sync works with: what is left out gets its default here. */
import type { AwsCredentialSource, PluginSettings } from '../../core/identity-center/settings.js'
import { day, minute, parseDuration } from '../../core/time.js'
import { toResourceFilter, toUserFilter } from './filters.js'
import type { AwsIcForm } from './form.js'
import { toGuard } from './guard.js'

const defaultDeletionDelayMs = 7 * day
const defaultScanIntervalMs = 5 * minute
/** Half of AWS's limits is left to others. */
const defaultRateShare = 0.5

/** The form in its normal form: one place for each thing. */
export type NormalForm = Omit<AwsIcForm, 'credentials' | 'provisioning_spec' | 'integration_name'> & {
  readonly credentials:
    | { readonly oidc: { readonly integration_name: string } }
    | { readonly system: { readonly assume_role_arn: string | undefined } }
  readonly provisioning_spec:
    { readonly base_url: string | undefined; readonly allow_other_host: boolean | undefined } | undefined
}

export function toSettings(name: string, form: NormalForm): PluginSettings {
  return {
    name,
    instanceArn: form.arn,
    region: form.region,
    credentials: toSource(form.credentials),
    scimBaseUrl: form.provisioning_spec?.base_url,
    allowOtherScimHost: form.provisioning_spec?.allow_other_host ?? false,
    defaultOwners: form.access_list_default_owners ?? [],
    serviceProvider: form.saml_idp_service_provider_name,
    userFilters: (form.user_sync_filters ?? []).map(toUserFilter),
    accountFilters: (form.aws_accounts_filters ?? []).map(toResourceFilter),
    groupFilters: (form.group_sync_filters ?? []).map(toResourceFilter),
    rolesSyncMode: form.roles_sync_mode ?? 'ALL',
    sync: form.sync ?? 'paused',
    drift: form.drift ?? 'revert',
    restoreDeletedGroups: form.restore_deleted_groups ?? 'restore',
    deletionDelayMs: durationOr(form.deletion_delay, defaultDeletionDelayMs),
    scanIntervalMs: durationOr(form.scan_interval, defaultScanIntervalMs),
    rateShare: form.rate_share ?? defaultRateShare,
    guard: toGuard(form.guard),
  }
}

function toSource(credentials: NormalForm['credentials']): AwsCredentialSource {
  return 'oidc' in credentials
    ? { kind: 'oidc', integration: credentials.oidc.integration_name }
    : { kind: 'system', assumeRoleArn: credentials.system.assume_role_arn }
}

function durationOr(written: string | undefined, byDefault: number): number {
  return written === undefined ? byDefault : parseDuration(written, 'duration')
}
