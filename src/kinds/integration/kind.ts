/**
 * @module The kind `integration`: how the gateway signs in to AWS. As long as a plugin uses it, it stays, and so does
 * what the trust policy of its role was written for, its audience and its issuer: to change either would lock the sync
 * out. Before AWS let us take on the role that is named, nothing there is known to rest on them.
 */
import { GatewayError } from '../../core/error.js'
import { issuerOf, listIssuerWarnings, type Integration } from '../../core/identity-center/integration.js'
import { wasLetIn } from '../../service/identity-center/trust.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind, KindChange } from '../../service/resources/kind.js'
import type { StoreTransaction } from '../../store/store.js'
import { integrationForm, parseIntegrationDocument } from './form.js'

const example = `kind: integration
sub_kind: aws-oidc
version: v1
metadata:
  name: aws
spec:
  aws_oidc:
    role_arn: arn:aws:iam::123456789012:role/GatehouseIdentityCenter
`

/** `publicUrl` is the issuer of integrations that name none. */
export function createIntegrationKind({ publicUrl }: { readonly publicUrl: string }): Kind<Integration> {
  return {
    name: 'integration',
    plural: 'integrations',
    title: 'integration',
    aliases: ['oidc_integration'],
    description: 'How the gateway signs in to AWS: a role, and the issuer and audience that the role trusts.',
    versions: ['v1'],
    example,
    schema: integrationForm,
    parse: parseIntegrationDocument,
    audit: { create: 'integration.create', update: 'integration.update', delete: 'integration.delete' },
    auditFields: (integration) => ({
      sub_kind: 'aws-oidc',
      role_arn: integration.roleArn,
      audience: integration.audience,
      issuer: issuerOf(integration, publicUrl),
    }),
    columns: [
      { key: 'role', title: 'Role', of: ({ roleArn }) => roleArn ?? 'not set up yet' },
      { key: 'issuer', title: 'Issuer', of: (integration) => issuerOf(integration, publicUrl) },
      { key: 'audience', title: 'Audience', of: ({ audience }) => audience },
    ],
    prepare: async (document, change, tx) => {
      await assertNotInUse(change, tx)
      return document
    },
    warn: (integration) => [
      ...listIssuerWarnings(issuerOf(integration, publicUrl)),
      ...(integration.roleArn === undefined
        ? [
            'It names no role yet: run the set-up script at AWS and enter the ARN that it prints as spec.aws_oidc.role_arn.',
          ]
        : []),
    ],
    effects: (change) => {
      if (change.action === 'delete') assertUnused(change.name, change.catalog, 'removed')
      return Promise.resolve({})
    },
  }
}

/** @throws GatewayError `STILL_IN_USE` for a change of what a trust policy at AWS says. */
async function assertNotInUse(
  { before, after, catalog }: Omit<KindChange<Integration>, 'name'>,
  tx: StoreTransaction,
): Promise<void> {
  if (before === undefined || after === undefined) return
  if (before.audience === after.audience && before.issuer === after.issuer) return
  if (before.roleArn === undefined) return
  let isTrusted = false
  for (const plugin of listPluginsOf(before.name, catalog)) isTrusted ||= await wasLetIn(tx, before, plugin)
  if (!isTrusted) return
  const what = before.audience === after.audience ? 'issuer' : 'audience'
  assertUnused(before.name, catalog, `given another ${what}: the role at AWS trusts the present one`)
}

function assertUnused(name: string, catalog: CatalogView, done: string): void {
  const users = listPluginsOf(name, catalog)
  if (users.length === 0) return
  throw new GatewayError(
    'STILL_IN_USE',
    `integration "${name}" cannot be ${done}; first remove or change the plugin that uses it: ${users.join(', ')}`,
    { plugins: users },
  )
}

/**
 * Names of the plugins that sign in by this integration, by what their documents say: one that cannot be read may use
 * it all the same.
 */
function listPluginsOf(integration: string, catalog: CatalogView): string[] {
  return [...catalog.parsed('plugin').values()]
    .filter(({ stored }) => names(stored.document, integration))
    .map(({ stored }) => stored.name)
    .sort()
}

/** Whether a field that is called after integrations holds this name, anywhere; documents are bounded in depth. */
function names(document: unknown, integration: string): boolean {
  if (typeof document !== 'object' || document === null) return false
  return Object.entries(document).some(([key, value]: [string, unknown]) =>
    key.includes('integration') && value === integration ? true : names(value, integration),
  )
}
