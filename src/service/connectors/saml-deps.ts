/** @module What the use cases of SAML connectors need beside those of all: who we are, and the SAML room's functions. */
import type { LoginRefusal, LoginResponse } from '../../core/saml/login-response.js'
import type { UpstreamIdp } from '../../core/saml/upstream-idp.js'
import type { SigningKey, SigningKeys } from '../../keys/keys.js'
import type { FetchMetadata } from '../../saml/sp/fetch-metadata.js'
import type { LoginRequest, SpDescription } from '../../saml/sp/login-request.js'
import type { PostedResponse } from '../../saml/sp/read-response.js'
import type { ConnectorSignInDeps } from './deps.js'
import type { PendingDeps } from './pending.js'

/** The functions of the SAML room that these use cases call. */
export interface SamlUpstream {
  /** The address to which the browser is sent; signed where there is a key. */
  buildRedirect(request: LoginRequest, key: SigningKey | undefined): string
  /** Our metadata as its service provider. */
  buildMetadata(sp: SpDescription): string
  /** @throws GatewayError `INVALID_SAML_RESPONSE`, `INVALID_SAML_REQUEST`. */
  parseForm(rawForm: string): PostedResponse
  /** What one of the certificates signed. */
  read(xml: string, certificates: readonly string[]): { ok: true; response: LoginResponse } | LoginRefusal
  /** @throws GatewayError `INVALID_METADATA`. */
  parseMetadata(xml: string): UpstreamIdp
  /** @throws GatewayError `CONNECTOR_FAILED`. */
  readonly fetchMetadata: FetchMetadata
}

export interface SamlConnectorDeps extends ConnectorSignInDeps, PendingDeps {
  readonly publicUrl: string
  readonly signingKeys: SigningKeys
  readonly samlUpstream: SamlUpstream
}
