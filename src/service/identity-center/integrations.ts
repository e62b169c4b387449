/** @module What is connected: each plugin with its health, and each integration with what uses it. */
import type { IntegrationsAnswer } from '../../api/contract/identity-center.js'
import type { IdentityCenterDeps } from './deps.js'
import { readStatus } from './status.js'

type Item = IntegrationsAnswer['items'][number]

export async function listIntegrations(deps: IdentityCenterDeps): Promise<IntegrationsAnswer> {
  const catalog = await deps.catalog.read()
  const items: Item[] = []
  const users = new Map<string, string[]>()
  for (const { value } of catalog.plugins()) {
    const { health, says } = await readStatus(deps, value.name)
    items.push({
      kind: 'plugin',
      name: value.name,
      title: 'AWS IAM Identity Center',
      health,
      says,
      usedBy: [],
    })
    if (value.credentials.kind !== 'oidc') continue
    const { integration } = value.credentials
    users.set(integration, [...(users.get(integration) ?? []), value.name])
  }
  for (const { value } of catalog.integrations()) {
    const isComplete = value.roleArn !== undefined
    items.push({
      kind: 'integration',
      name: value.name,
      title: 'AWS OIDC',
      health: isComplete ? 'healthy' : 'setting_up',
      says: isComplete
        ? `Tokens for ${value.roleArn ?? ''}.`
        : 'The role is missing: run the set-up script and enter the ARN that it prints.',
      usedBy: users.get(value.name) ?? [],
    })
  }
  // What cannot be read is there all the same, and somebody has to mend it.
  for (const { kind, name, message } of catalog.problems()) {
    if (kind !== 'plugin' && kind !== 'integration') continue
    items.push({ kind, name, title: name, health: 'failing', says: message, usedBy: users.get(name) ?? [] })
  }
  return { items }
}
