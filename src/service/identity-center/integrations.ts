/** @module What is connected: each plugin with its health, and each integration with what uses it. */
import type { IntegrationsAnswer } from '../../api/contract/identity-center.js'
import type { Integration } from '../../core/identity-center/integration.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { IdentityCenterDeps } from './deps.js'
import { readStatus } from './status.js'
import { readTrust, type Trust } from './trust.js'

type Item = IntegrationsAnswer['items'][number]

export async function listIntegrations(deps: IdentityCenterDeps): Promise<IntegrationsAnswer> {
  const catalog = await deps.catalog.read()
  const items: Item[] = []
  const users = new Map<string, PluginSettings[]>()
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
    users.set(integration, [...(users.get(integration) ?? []), value])
  }
  for (const { value } of catalog.integrations()) {
    const usedBy = users.get(value.name) ?? []
    items.push({
      kind: 'integration',
      name: value.name,
      title: 'AWS OIDC',
      ...(await judge(deps, value, usedBy)),
      usedBy: usedBy.map(({ name }) => name),
    })
  }
  // What cannot be read is there all the same, and somebody has to mend it.
  for (const { kind, name, message } of catalog.problems()) {
    if (kind !== 'plugin' && kind !== 'integration') continue
    const usedBy = (users.get(name) ?? []).map((user) => user.name)
    items.push({ kind, name, title: name, health: 'failing', says: message, usedBy })
  }
  return { items }
}

/** A role that was entered is not yet one that AWS lets us take on: that is told by a test or a look alone. */
async function judge(
  deps: IdentityCenterDeps,
  { roleArn }: Integration,
  usedBy: readonly PluginSettings[],
): Promise<Pick<Item, 'health' | 'says'>> {
  if (roleArn === undefined) {
    const says = 'The role is missing: run the set-up script and enter the ARN that it prints.'
    return { health: 'setting_up', says }
  }
  const trusts: Trust[] = []
  for (const settings of usedBy) trusts.push(await readTrust(deps, settings))
  const refused = trusts.find(({ state }) => state === 'refused')
  if (refused !== undefined) return { health: 'failing', says: refused.says }
  if (trusts.some(({ state }) => state === 'accepted')) {
    return { health: 'healthy', says: `AWS lets Gatehouse take on ${roleArn}.` }
  }
  const says = usedBy.length === 0 ? 'Nothing uses it, so it was never tried.' : 'Not tested yet.'
  return { health: 'setting_up', says: `${says} Its role is ${roleArn}.` }
}
