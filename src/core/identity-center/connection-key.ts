/**
 * @module What the result of a connection test rests on, as text to compare: it counts only for the very settings that
 * it was had with. Never holds a secret.
 */
import type { Integration } from './integration.js'
import type { PluginSettings } from './settings.js'

/** `whole`: of everything that leads to the instance. `trust`: of the integration alone, '' without one. */
export function connectionKey(
  { instanceArn, region, credentials }: Pick<PluginSettings, 'instanceArn' | 'region' | 'credentials'>,
  integration: Integration | undefined,
): { readonly whole: string; readonly trust: string } {
  const trust = integration === undefined ? '' : trustKey(integration)
  return { whole: JSON.stringify([instanceArn, region, credentials, trust]), trust }
}

/** Of what the trust policy at AWS was made from. */
export function trustKey({ name, roleArn, audience, issuer }: Integration): string {
  return JSON.stringify([name, roleArn ?? '', audience, issuer ?? ''])
}
