/**
 * @module Writes what an administrator of AWS runs or reads once: the script, the template, the policies, and the script
 * that takes it all away again. Nothing is stored, and nothing at AWS is touched; the integration need not exist yet.
 */
import { writeCleanupScript } from '../../core/aws-setup/cleanup-script.js'
import { writeCloudFormation } from '../../core/aws-setup/cloudformation.js'
import { checkSetupOrder, type CheckedOrder, type SetupBlock } from '../../core/aws-setup/order.js'
import { buildPolicy, describeBlocks, type DescribedBlock } from '../../core/aws-setup/policy.js'
import { accountPlaceholder } from '../../core/aws-setup/shell-parts.js'
import { writeShellScript } from '../../core/aws-setup/shell-script.js'
import { buildTrustPolicy, providerArn } from '../../core/aws-setup/trust-policy.js'
import {
  defaultAudience,
  integrationSubject,
  issuerOf,
  listIssuerWarnings,
  parseRoleArn,
  type Integration,
} from '../../core/identity-center/integration.js'
import type { ServiceContext } from '../context.js'
import type { Catalog } from '../resources/catalog.js'

export type SetupFormat = 'shell' | 'cloudformation' | 'policy' | 'trust_policy' | 'cleanup'

export interface SetupScriptInput {
  readonly format: SetupFormat
  readonly integration: string
  readonly instanceArn: string
  readonly region: string
  readonly roleName: string
  readonly blocks: readonly SetupBlock[]
}

export interface SetupScript {
  readonly format: SetupFormat
  readonly fileName: string
  readonly text: string
  readonly issuer: string
  readonly audience: string
  readonly subject: string
  readonly blocks: readonly DescribedBlock[]
  readonly warnings: readonly string[]
}

/** @throws GatewayError `INVALID_INPUT` with the fields that AWS would not take. */
export async function writeSetupScript(
  deps: ServiceContext & { readonly catalog: Catalog },
  input: SetupScriptInput,
): Promise<SetupScript> {
  const integration = (await deps.catalog.read()).integration(input.integration)
  const issuer = issuerOf(integration ?? { issuer: undefined }, deps.publicUrl)
  const audience = integration?.audience ?? defaultAudience
  const subject = integrationSubject(input.integration, deps.clusterName)
  const { format, ...rest } = input
  const order = checkSetupOrder({ ...rest, issuer, audience, subject })
  return {
    format,
    fileName: fileNames[format],
    text: write(format, order, integration),
    issuer,
    audience,
    subject,
    blocks: describeBlocks(order),
    warnings: listWarnings(format, issuer, integration),
  }
}

const fileNames: Readonly<Record<SetupFormat, string>> = {
  shell: 'gatehouse-aws-setup.sh',
  cloudformation: 'gatehouse-aws-setup.template.json',
  policy: 'gatehouse-permissions.json',
  trust_policy: 'gatehouse-trust-policy.json',
  cleanup: 'gatehouse-aws-cleanup.sh',
}

function write(format: SetupFormat, order: CheckedOrder, integration: Integration | undefined): string {
  switch (format) {
    case 'shell':
      return writeShellScript(order)
    case 'cloudformation':
      return writeCloudFormation(order)
    case 'policy':
      return `${JSON.stringify(buildPolicy(order), undefined, 2)}\n`
    case 'trust_policy': {
      const account = accountOf(integration) ?? accountPlaceholder
      return `${JSON.stringify(buildTrustPolicy(order, providerArn(order, account)), undefined, 2)}\n`
    }
    case 'cleanup':
      return writeCleanupScript(order)
  }
}

function accountOf(integration: Integration | undefined): string | undefined {
  return integration?.roleArn === undefined ? undefined : parseRoleArn(integration.roleArn)?.accountId
}

function listWarnings(format: SetupFormat, issuer: string, integration: Integration | undefined): string[] {
  const warnings = format === 'cleanup' ? [] : listIssuerWarnings(issuer)
  if (format === 'trust_policy' && accountOf(integration) === undefined) {
    warnings.push(`Put the id of the role's account in place of ${accountPlaceholder}.`)
  }
  return warnings
}
