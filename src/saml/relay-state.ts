/**
 * @module RelayState on its way in. It is opaque and goes back as it came (SAML Bindings 3.4.3), so a value that
 * the HTML form on the way back would change is refused here, where the service provider can still be told.
 */
import { GatewayError } from '../core/error.js'

/**
 * SAML Bindings 3.4.3 asks service providers for at most 80 bytes; AWS and others send whole deep links. 4 KiB
 * leaves room for those within the 16 KiB that an HTTP request line and headers may have together.
 */
export const maxRelayStateBytes = 4096

/**
 * Returns `relayState` unchanged.
 * @throws GatewayError `INVALID_SAML_REQUEST` where it is too long or cannot survive an HTML form.
 */
export function requireCarriableRelayState(relayState: string): string {
  const size = Buffer.byteLength(relayState)
  if (size > maxRelayStateBytes) refuse(`has ${size} bytes; the limit is ${maxRelayStateBytes}`)
  // HTML §13.2.3.5 turns U+0000 into U+FFFD, and form submission (HTML §4.10.21.3, "create an entry") turns a
  // lone CR or LF into CR LF. CR LF itself survives.
  if (/\u0000|\r(?!\n)|(?<!\r)\n/.test(relayState)) {
    refuse('holds a NUL or a bare line break, which a browser would not send back unchanged; encode it')
  }
  if (/\p{Surrogate}/u.test(relayState)) refuse('is not valid Unicode text')
  return relayState
}

function refuse(problem: string): never {
  throw new GatewayError('INVALID_SAML_REQUEST', `RelayState ${problem}`, { parameter: 'RelayState' })
}
