/**
 * @module The kind `plugin`: one instance of IAM Identity Center. It is there from the first step of the set-up on,
 * with `sync: paused`; what the set-up has done is what stands here. Once something in AWS is bound to us, a plugin
 * goes by its uninstall alone, which says what becomes of access.
 */
import { resourceError } from '../../api/resource/parse.js'
import { GatewayError } from '../../core/error.js'
import { listNoteNames } from '../../core/identity-center/note-names.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import { parseScimBaseUrl } from '../../core/identity-center/scim-base-url.js'
import { identityStoreOf } from '../../core/saml/identity-center.js'
import type { Authority } from '../../service/authority.js'
import { findOtherInstance, isBound } from '../../service/identity-center/other-instance.js'
import { record } from '../../service/people/record.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind, KindChange, KindContext, ResourceDocument } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { isMap } from '../../service/resources/present.js'
import type { StoreTransaction } from '../../store/store.js'
import { parsePluginDocument, pluginForm } from './form.js'

const example = `kind: plugin
version: v1
metadata:
  name: aws-identity-center
spec:
  settings:
    aws_ic:
      arn: arn:aws:sso:::instance/ssoins-1234567890abcdef
      region: eu-central-1
      credentials:
        oidc:
          integration_name: aws
      access_list_default_owners: [alice@example.com]
      aws_accounts_filters:
        - exclude_name: sandbox-*
      sync: paused
`

export const pluginKind: Kind<PluginSettings> = {
  name: 'plugin',
  plural: 'plugins',
  title: 'plugin',
  aliases: ['awsic'],
  description: 'An instance of IAM Identity Center: how to reach it, what to look after, how careful to be.',
  versions: ['v1'],
  example,
  schema: pluginForm,
  parse: parsePluginDocument,
  uniqueKey: ({ instanceArn }) => instanceArn,
  audit: { create: 'plugin.create', update: 'plugin.update', delete: 'plugin.delete' },
  auditFields: ({ instanceArn, region, sync }) => ({
    plugin_type: 'aws-identity-center',
    instance_arn: instanceArn,
    region,
    sync,
  }),
  columns: [
    { key: 'instance', title: 'Instance', of: ({ instanceArn }) => instanceArn },
    { key: 'region', title: 'Region', of: ({ region }) => region },
    { key: 'credentials', title: 'Signs in by', of: ({ credentials }) => describeSource(credentials) },
    { key: 'sync', title: 'Sync', of: ({ sync }) => sync },
  ],
  prepare: async (document, { before, after, catalog }, tx) => {
    if (before !== undefined && after !== undefined) assertSyncMode(document, before, after)
    if (before !== undefined && after !== undefined) await assertInstance(document, before, after, tx)
    if (after !== undefined) await assertTokenHost(document, after, tx)
    if (after !== undefined) await assertServiceProvider(document, before, after, catalog, tx)
    return after === undefined ? document : withoutSpentPermission(document, before, after)
  },
  effects: async (change, tx, context) => {
    // Filters of accounts are a part of the inventory.
    await tx.observations.raiseInventoryGeneration()
    if (change.action === 'delete') return { notes: await forget(change, tx) }
    return { notes: await dropForeignTokens(change, tx, context) }
  },
  warn: listWarnings,
}

function describeSource(source: PluginSettings['credentials']): string {
  if (source.kind === 'oidc') return `integration ${source.integration}`
  return source.assumeRoleArn ?? 'the credentials of the machine'
}

/** @throws GatewayError `INVALID_RESOURCE`: what was imported would lose its roles. */
function assertSyncMode(document: ResourceDocument, before: PluginSettings, after: PluginSettings): void {
  if (before.rolesSyncMode !== 'ALL' || after.rolesSyncMode !== 'NONE') return
  const message =
    'cannot be changed from ALL to NONE, since access rests on account assignment roles; uninstall the plugin and set it up anew'
  throw resourceError('plugin', document, [{ path: 'spec.settings.aws_ic.roles_sync_mode', message }])
}

/** Ids of one instance mean nothing in another: a plugin that is bound to objects stays with its instance. */
async function assertInstance(
  document: ResourceDocument,
  before: PluginSettings,
  after: PluginSettings,
  tx: StoreTransaction,
): Promise<void> {
  if (before.instanceArn === after.instanceArn && before.region === after.region) return
  if (!(await isBound(before.name, tx))) return
  const path = `spec.settings.aws_ic.${before.instanceArn === after.instanceArn ? 'region' : 'arn'}`
  const message = `users and groups of ${before.instanceArn} are bound to this plugin; uninstall it, or make another for the other instance`
  throw resourceError('plugin', document, [{ path, message }])
}

/**
 * The service provider is this instance's. One that was accepted before does not keep a plugin that is at work from being
 * changed, or paused.
 */
async function assertServiceProvider(
  document: ResourceDocument,
  before: PluginSettings | undefined,
  after: PluginSettings,
  catalog: CatalogView,
  tx: StoreTransaction,
): Promise<void> {
  if (after.serviceProvider === undefined) return
  const serviceProvider = catalog.serviceProviderByName(after.serviceProvider)
  if (serviceProvider === undefined) return
  const message = await findOtherInstance(tx, after, serviceProvider)
  if (message === undefined) return
  if (before?.serviceProvider === after.serviceProvider && (await isBound(after.name, tx))) return
  const path = 'spec.settings.aws_ic.saml_idp_service_provider_name'
  throw resourceError('plugin', document, [{ path, message }])
}

/**
 * A token is never sent to another host than the one that it was given for (T15). The new one is stored first, in the
 * same transaction, by whoever changes both.
 * @throws GatewayError `INVALID_RESOURCE`.
 */
async function assertTokenHost(
  document: ResourceDocument,
  { name, scimBaseUrl }: PluginSettings,
  tx: StoreTransaction,
): Promise<void> {
  if (scimBaseUrl === undefined) return
  const tokens = await tx.scimTokens.list(name)
  const host = new URL(scimBaseUrl).host
  const [token] = tokens
  if (token === undefined || tokens.some((one) => one.host === host)) return
  const message =
    `a SCIM token for ${token.host} is stored, and it is not sent to ${host}; give the new URL together with ` +
    'its token (step 4 of the set-up), or delete the stored token first'
  throw resourceError('plugin', document, [
    { path: 'spec.settings.aws_ic.provisioning_spec.base_url', message },
  ])
}

/**
 * That another host than AWS's is allowed is said for one host: with a URL of AWS it ends, so that the next URL is judged
 * anew.
 */
function withoutSpentPermission(
  document: ResourceDocument,
  before: PluginSettings | undefined,
  { scimBaseUrl, allowOtherScimHost }: PluginSettings,
): ResourceDocument {
  if (scimBaseUrl === undefined || !allowOtherScimHost || before?.scimBaseUrl === scimBaseUrl) return document
  if (!parseScimBaseUrl(scimBaseUrl, { allowOtherHost: false }).ok) return document
  const spec = mapOf(document['spec'])
  const settings = mapOf(spec['settings'])
  const awsIc = mapOf(settings['aws_ic'])
  const { allow_other_host: _, ...provisioning } = mapOf(awsIc['provisioning_spec'])
  const kept = { ...settings, aws_ic: { ...awsIc, provisioning_spec: provisioning } }
  return { ...document, spec: { ...spec, settings: kept } }
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {}
}

/** Tokens of a host that is not used any more are forgotten. */
async function dropForeignTokens(
  { name, after, authority, origin }: KindChange<PluginSettings>,
  tx: StoreTransaction,
  context: KindContext,
): Promise<string[]> {
  if (after?.scimBaseUrl === undefined) return []
  const host = new URL(after.scimBaseUrl).host
  const foreign = (await tx.scimTokens.list(name)).filter((token) => token.host !== host)
  for (const token of foreign) {
    await tx.scimTokens.delete(name, token.slot)
    const message = `the SCIM endpoint is at ${host} now`
    const fields = { name, slot: token.slot, host: token.host, updated_by: authority.name, message }
    const event = 'aws_identity_center.scim_token.delete'
    await record(context, tx, { event, success: true, user: authority.name, fields }, origin)
  }
  return foreign.map((token) => `Forgets the SCIM token for ${token.host}.`)
}

/** @throws GatewayError `STILL_IN_USE` for everybody but the uninstall, which acts as the gateway itself. */
async function forget(change: KindChange<PluginSettings>, tx: StoreTransaction): Promise<string[]> {
  const { name, before, authority } = change
  if (authority.kind !== 'system' && (before?.sync === 'active' || (await isBound(name, tx)))) {
    throw new GatewayError(
      'STILL_IN_USE',
      `plugin "${name}" looks after users and groups in AWS and cannot be just deleted; gatehouse awsic uninstall ` +
        `${name} tells what it removes and what it keeps, and removes it`,
      { kind: 'plugin', name },
    )
  }
  const tokens = await tx.scimTokens.list(name)
  for (const { slot } of tokens) await tx.scimTokens.delete(name, slot)
  await tx.observations.deleteAll(name)
  await tx.principalLinks.deleteAll(name)
  await tx.ledger.deleteAll(name)
  // A later plugin of the same name has read nothing yet.
  for (const note of listNoteNames(name)) await tx.notes.delete(note)
  const approvals = await tx.approvals.list(name)
  await tx.approvals.delete(
    name,
    approvals.map(({ key }) => key),
  )
  return [
    ...(tokens.length === 0 ? [] : ['Forgets its SCIM tokens; delete them at AWS, too.']),
    'What exists in AWS stays as it is.',
  ]
}

function listWarnings(settings: PluginSettings, catalog: CatalogView, authority: Authority): string[] {
  const { credentials, serviceProvider, defaultOwners } = settings
  const may = (resource: string) => mayOnResource(authority, { resource, verb: 'read' }).effect === 'allow'
  const warnings: string[] = []
  if (
    credentials.kind === 'oidc' &&
    may('integration') &&
    catalog.integration(credentials.integration) === undefined
  ) {
    warnings.push(
      `There is no integration "${credentials.integration}"; AWS cannot be reached until there is one.`,
    )
  }
  if (
    serviceProvider !== undefined &&
    may('saml_idp_service_provider') &&
    catalog.serviceProviderByName(serviceProvider) === undefined
  ) {
    warnings.push(
      `There is no service provider "${serviceProvider}"; nobody signs in to AWS until there is one.`,
    )
  }
  const known =
    serviceProvider !== undefined && may('saml_idp_service_provider')
      ? catalog.serviceProviderByName(serviceProvider)
      : undefined
  if (known !== undefined && identityStoreOf(known.entityId) === undefined) {
    warnings.push(
      `The entity ID ${known.entityId} of the service provider "${known.name}" is not of the form https://REGION.signin.aws.amazon.com/platform/saml/d-…, so it cannot be told whether it is that of this instance.`,
    )
  }
  const absent = may('user') ? defaultOwners.filter((owner) => catalog.user(owner) === undefined) : []
  warnings.push(
    ...absent.slice(0, 20).map((owner) => `There is no user "${owner}", who is to own imported lists.`),
  )
  return warnings
}
