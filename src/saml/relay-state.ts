/**
 * @module RelayState on its way in. It is opaque and goes back as it came (SAML Bindings 3.4.3), so a value that
 * no HTML page can hold is refused here, where the service provider can still be told.
 */
import { GatewayError } from '../core/error.js'

/**
 * SAML Bindings 3.4.3 asks service providers for at most 80 bytes; AWS and others send whole deep links. 4 KiB
 * leaves room for those within the 16 KiB that an HTTP request line and headers may have together.
 */
export const maxRelayStateBytes = 4096

/**
 * Returns `relayState` unchanged.
 * @throws GatewayError `INVALID_SAML_REQUEST` where it is too long or no HTML page can hold it.
 */
export function requireCarriableRelayState(relayState: string): string {
  const size = Buffer.byteLength(relayState)
  if (size > maxRelayStateBytes) refuse(`has ${size} bytes; the limit is ${maxRelayStateBytes}`)
  // HTML §13.2.3.5 turns U+0000 into U+FFFD. A lone CR or LF is kept on our page as a character reference; the
  // browser then submits it as CR LF (HTML §4.10.22.4), which nothing on a page can prevent.
  if (relayState.includes('\u0000')) refuse('holds a NUL, which no HTML form can carry; encode it')
  if (/\p{Surrogate}/u.test(relayState)) refuse('is not valid Unicode text')
  return relayState
}

function refuse(problem: string): never {
  throw new GatewayError('INVALID_SAML_REQUEST', `RelayState ${problem}`, { parameter: 'RelayState' })
}
