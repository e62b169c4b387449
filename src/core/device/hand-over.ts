/**
 * @module The addresses of the way from the browser to the device and back: to a port of this very machine, by address
 * and never by name (RFC 8252 8.3), and back to the gateway that the command line is signed in to.
 */

/** Where `gatehouse device confirm` listens unless it is told otherwise. */
export const defaultDevicePort = 47_391

/** Takes the browser back from the device. */
export const deviceReturnPath = '/saml/idp/device'

export function deviceHandOverUrl(way: {
  readonly ticket: string
  readonly handle: string
  readonly port?: number | undefined
}): string {
  const url = new URL(`http://127.0.0.1:${way.port ?? defaultDevicePort}/device`)
  url.searchParams.set('ticket', way.ticket)
  url.searchParams.set('handle', way.handle)
  return url.href
}

/** `completion` undefined: nothing was confirmed, and the page says so. */
export function deviceReturnUrl(
  gateway: string,
  { handle, completion }: { readonly handle: string; readonly completion: string | undefined },
): string {
  const url = new URL(completion === undefined ? '/device' : deviceReturnPath, gateway)
  url.searchParams.set('handle', handle)
  if (completion !== undefined) url.searchParams.set('completion', completion)
  return url.href
}
