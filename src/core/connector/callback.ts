/** @module Where an upstream sends people back to: an address for each connector, so that answers are never mixed up. */
import type { Connector } from './connector.js'

/** `publicUrl` has no trailing slash. */
export function callbackUrl(publicUrl: string, { kind, name }: Pick<Connector, 'kind' | 'name'>): string {
  return `${publicUrl}/v1/connectors/callback/${kind}/${name}`
}
