/**
 * @module The pages of ours that a SAML sign-in visits, and the rule for where it may go next: only to a path of
 * this origin, whatever a link says.
 */

/** Where a person signs in, to go on at `next` afterwards. */
export function signInPath(next: string, reauthenticate: boolean): string {
  const reauth = reauthenticate ? '&reauth=1' : ''
  return `/sign-in?next=${encodeURIComponent(next)}${reauth}`
}

/** Where a person gives the second factor that this sign-in needs. */
export function stepUpPath(handle: string): string {
  return `/step-up?handle=${encodeURIComponent(handle)}`
}

/** Where a person lets a device vouch for this sign-in. */
export function deviceStepPath(handle: string): string {
  return `/device?handle=${encodeURIComponent(handle)}`
}

/**
 * Whether `next` is a path of this origin. Browsers treat `\` like `/` and drop tabs and newlines, so a path
 * that could become `//host` in any of these ways is not one.
 */
export function isOwnPath(next: string): boolean {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !next.includes('\\')
}
