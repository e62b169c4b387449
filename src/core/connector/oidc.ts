/**
 * @module An OpenID Connect connector as the gateway works with it. What its claims become is decided here; speaking to
 * the provider and verifying what it says is done in `authn/oidc.ts`.
 */
import type { DurationMs } from '../time.js'
import type { Connector } from './connector.js'

export interface OidcConnector extends Connector {
  readonly kind: 'oidc'
  /** As the provider's discovery document and id_tokens name it, to the letter. */
  readonly issuerUrl: string
  readonly clientId: string
  /** Where the provider sends people back to; ours by default. */
  readonly redirectUrl: string | undefined
  /** Beside `openid`. */
  readonly scope: readonly string[]
  readonly prompt: string | undefined
  readonly acrValues: string | undefined
  /** How old the person's proof at the provider may be; undefined: the provider decides. */
  readonly maxAgeMs: DurationMs | undefined
  /** The claim that is the user's name. */
  readonly usernameClaim: string
  readonly allowsUnverifiedEmail: boolean
  readonly allowsPrivateNetwork: boolean
}
