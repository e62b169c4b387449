/**
 * @module What the use cases of connectors ask of an upstream that speaks OAuth: where to send the browser, and who came
 * back. Each adapter verifies everything its protocol has; what follows from it is decided elsewhere.
 */
import type { UpstreamIdentity } from '../core/connector/identity.js'
import type { GithubConnector } from '../core/connector/github.js'
import type { OidcConnector } from '../core/connector/oidc.js'
import type { Instant } from '../core/time.js'

export interface UpstreamStart {
  readonly clientSecret: string
  readonly redirectUrl: string
  readonly state: string
  /** The person is to be asked again, whatever session there is. */
  readonly reauthenticates: boolean
}

export interface UpstreamAnswer extends UpstreamStart {
  /** The query string as the browser brought it. */
  readonly query: string
  /** What `start` gave. */
  readonly secrets: Readonly<Record<string, string>>
  /** When the browser was sent there. */
  readonly askedAt: Instant
}

/** Both reject with a GatewayError `CONNECTOR_FAILED` whose `details.why` is for the log. */
export interface OAuthUpstream<C> {
  start(
    connector: C,
    request: UpstreamStart,
  ): Promise<{ readonly url: string; readonly secrets: Readonly<Record<string, string>> }>
  finish(connector: C, answer: UpstreamAnswer): Promise<UpstreamIdentity>
}

export interface Upstreams {
  readonly oidc: OAuthUpstream<OidcConnector>
  readonly github: OAuthUpstream<GithubConnector>
}
