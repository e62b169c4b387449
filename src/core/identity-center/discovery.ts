/**
 * @module The discovery document of our issuer, with the members that AWS's documentation asks for and no more: there is
 * no authorization endpoint, since nobody signs in with these tokens but the gateway itself.
 */

export interface DiscoveryDocument {
  readonly issuer: string
  readonly jwks_uri: string
  readonly response_types_supported: readonly string[]
  readonly subject_types_supported: readonly string[]
  readonly id_token_signing_alg_values_supported: readonly string[]
  readonly claims_supported: readonly string[]
}

/** Below the issuer, by OpenID Connect Discovery §4. */
export const discoveryPath = '/.well-known/openid-configuration'
export const jwksPath = '/.well-known/jwks.json'

/** `issuer` without a trailing slash. */
export function buildDiscoveryDocument(issuer: string): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: `${issuer}${jwksPath}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['aud', 'exp', 'iat', 'iss', 'jti', 'sub'],
  }
}
