/**
 * @module Second factors: which kinds there are, which of them the cluster allows, and for which name passkeys are
 * made. A kind that is switched off is neither enrolled nor does it sign in; it still proves who somebody is who
 * changes their own factors, since less than that would be no proof at all.
 */

/** In the words of `second_factors`: codes of an authenticator app, and passkeys. */
export type FactorKind = 'otp' | 'webauthn'

export const factorKinds: readonly FactorKind[] = ['webauthn', 'otp']

/** Whose name passkeys carry (WebAuthn Level 3 §5.4.2): they work there and nowhere else. */
export interface RelyingParty {
  readonly id: string
  /** The only origin whose answers count. */
  readonly origin: string
}

/** Whether a relying party ID may be used at a host: it is the host, or a domain above it (§4, RP ID). */
export function coversHost(rpId: string, host: string): boolean {
  return rpId === host || (rpId.includes('.') && host.endsWith(`.${rpId}`))
}

/** Undefined where there can be no passkeys: at a bare address, or for a name that is not that of the gateway. */
export function relyingPartyOf(publicUrl: string, rpId: string | undefined): RelyingParty | undefined {
  const { hostname, origin } = new URL(publicUrl)
  const isAddress = hostname.startsWith('[') || /^[0-9.]+$/.test(hostname)
  const id = rpId ?? hostname
  return isAddress || !coversHost(id, hostname) ? undefined : { id, origin }
}
