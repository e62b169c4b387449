/** @module The one error for whatever goes wrong at an upstream: words for the person, and the reason for the log. */
import { displayOf, type Connector } from '../core/connector/connector.js'
import { GatewayError } from '../core/error.js'

/** `refused` is the OAuth error where the upstream itself said no. */
export function upstreamFailure(
  connector: Connector,
  why: string,
  { cause, refused }: { readonly cause?: unknown; readonly refused?: string | undefined } = {},
): GatewayError {
  const name = displayOf(connector)
  const message =
    refused === 'access_denied'
      ? `${name} refused the sign-in, or it was cancelled there; start again from the sign-in page`
      : `${name} could not be used to sign you in; start again, and if it happens again, tell an administrator, who finds the reason in the audit log`
  return new GatewayError(
    'CONNECTOR_FAILED',
    message,
    { connector: connector.name, why: clean(why) },
    { cause },
  )
}

/** What an upstream says is anybody's text. */
function clean(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 500)
}
