/**
 * @module How a plugin reaches AWS: which credentials its settings mean, and how its SCIM token is opened. Makes
 * adapters and hands them over; decides nothing about what they do.
 */
import { connectIdentityCenter } from '../aws/connect.js'
import type { ConnectionOptions } from '../aws/connection.js'
import type { IdentityCenter } from '../aws/identity-center.js'
import { GatewayError } from '../core/error.js'
import type { CallGovernor } from '../core/governor/call.js'
import { integrationSubject, issuerOf } from '../core/identity-center/integration.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { Issuer } from '../keys/issuer.js'
import type { Timers } from '../lib/timers.js'
import type { Catalog } from '../service/resources/catalog.js'

export interface ReachDeps {
  readonly catalog: Pick<Catalog, 'read'>
  readonly issuer: Issuer
  readonly timers: Timers
  readonly clusterName: string
  readonly publicUrl: string
  /** Instead of HTTP through Node's own agent. */
  readonly requestHandler?: ConnectionOptions['requestHandler']
}

/**
 * The connection of a plugin with the credentials that its settings name.
 * @throws GatewayError `INVALID_INPUT` where the integration is missing or has no role yet.
 */
export async function connectPlugin(
  deps: ReachDeps,
  settings: PluginSettings,
  governor: CallGovernor,
): Promise<IdentityCenter> {
  const { instanceArn, region } = settings
  const { timers, requestHandler } = deps
  const credentials = await credentialsOf(deps, settings)
  return connectIdentityCenter({ instanceArn, region, credentials, governor, timers, requestHandler })
}

async function credentialsOf(
  deps: ReachDeps,
  { name, credentials }: PluginSettings,
): Promise<ConnectionOptions['credentials']> {
  if (credentials.kind === 'system') return { kind: 'ambient', assumeRoleArn: credentials.assumeRoleArn }
  const view = await deps.catalog.read()
  const integration = view.integrations().find(({ value }) => value.name === credentials.integration)?.value
  if (integration === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      `plugin "${name}" signs in to AWS by the integration "${credentials.integration}", which does not exist: create it, or name another in spec.settings.aws_ic.credentials.oidc.integration_name`,
    )
  }
  const { roleArn, audience } = integration
  if (roleArn === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      `integration "${integration.name}" has no role yet: run the set-up script (gatehouse awsic script) and enter the ARN that it prints as spec.aws_oidc.role_arn`,
    )
  }
  const issuer = issuerOf(integration, deps.publicUrl)
  const subject = integrationSubject(integration.name, deps.clusterName)
  return {
    kind: 'web_identity',
    roleArn,
    sessionName: sessionName(name),
    token: async () => (await deps.issuer.token({ issuer, audience, subject })).token,
  }
}

/** Stands in AWS's trail: 2 to 64 characters of `[\w+=,.@-]`. */
function sessionName(plugin: string): string {
  return `gatehouse-${plugin.replaceAll(/[^\w+=,.@-]/g, '-')}`.slice(0, 64)
}
