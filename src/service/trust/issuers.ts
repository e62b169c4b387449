/**
 * @module Under which issuers AWS knows this gateway, and the discovery document of each. Several integrations may have
 * several: the public URL, and hosts with static files.
 */
import { buildDiscoveryDocument, type DiscoveryDocument } from '../../core/identity-center/discovery.js'
import { issuerOf } from '../../core/identity-center/integration.js'
import { GatewayError } from '../../core/error.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { TrustDeps } from './deps.js'

/** Each issuer once: the public URL first where an integration uses it, then others by name. Empty without any. */
export function listIssuers(catalog: CatalogView, publicUrl: string): string[] {
  const used = new Set(catalog.integrations().map(({ value }) => issuerOf(value, publicUrl)))
  const own = issuerOf({ issuer: undefined }, publicUrl)
  return [...(used.delete(own) ? [own] : []), ...[...used].sort()]
}

/**
 * Where AWS has to find a key before it may sign (T13).
 * @throws GatewayError `KEY_PHASE` while an integration cannot be read, for its issuer is unknown.
 */
export function listIssuersToAsk(catalog: CatalogView, publicUrl: string): string[] {
  const unreadable = catalog.problems().find(({ kind }) => kind === 'integration')
  if (unreadable !== undefined) {
    const message = `integration "${unreadable.name}" cannot be read, so nobody knows where AWS reads its keys; mend it first: ${unreadable.message}`
    throw new GatewayError('KEY_PHASE', message, { integration: unreadable.name })
  }
  return listIssuers(catalog, publicUrl)
}

/**
 * The document of the first issuer, or of the one that is named: what is published elsewhere is read from here.
 * @throws GatewayError `NOT_FOUND` for an issuer that no integration names.
 */
export async function describeIssuer(deps: TrustDeps, named: string | undefined): Promise<DiscoveryDocument> {
  const own = issuerOf({ issuer: undefined }, deps.publicUrl)
  const known = listIssuers(await deps.catalog.read(), deps.publicUrl)
  if (named !== undefined && named !== own && !known.includes(named)) {
    throw new GatewayError(
      'NOT_FOUND',
      'no integration names this issuer; set it as spec.aws_oidc.issuer first',
    )
  }
  return buildDiscoveryDocument(named ?? known[0] ?? own)
}
