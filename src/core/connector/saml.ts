/**
 * @module A SAML connector as the gateway works with it, and the addresses that it has here. Each connector is a service
 * provider of its own: no answer for one fits another.
 */
import type { UpstreamIdp } from '../saml/upstream-idp.js'
import type { Connector } from './connector.js'

export interface SamlConnector extends Connector {
  readonly kind: 'saml'
  /** As configured: out of its metadata, or of `issuer`, `sso` and `cert`. Undefined where metadata is fetched. */
  readonly idp: UpstreamIdp | undefined
  /** Where metadata is fetched; undefined where it is configured. */
  readonly metadataUrl: string | undefined
  readonly allowsPrivateNetwork: boolean
  /** Whether an answer that nobody asked for signs in. */
  readonly allowsIdpInitiated: boolean
  /** Attribute that is the user's name; the NameID without one. */
  readonly usernameAttribute: string | undefined
  /** Attribute that is never given to a second person; the NameID without one. */
  readonly subjectAttribute: string | undefined
}

/** Entity ID of ours for a connector; at this address is our metadata for it (SAML Metadata 4.1.1). */
export function samlEntityId(publicUrl: string, name: string): string {
  return `${publicUrl}/saml/sp/${encodeURIComponent(name)}/metadata`
}
