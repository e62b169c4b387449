/**
 * @module What a device signs. The first line keeps a signature for one purpose from being one for another; the rest
 * binds it to this gateway, this person and this sign-in. Gateway and command line write it each for itself, from what
 * each knows: a signature that was obtained for another gateway, sign-in or person does not verify.
 */

/** What the device joins the company's devices with. */
export interface EnrolmentFacts {
  /** Origin of the gateway, as the command line talks to it. */
  readonly gateway: string
  readonly device: string
  readonly user: string
  readonly nonce: string
}

/** What the device vouches for. */
export interface ConfirmationFacts extends EnrolmentFacts {
  /** Hash of the handle of the sign-in that waits. */
  readonly signIn: string
  /** Public id of the browser session that signs in. */
  readonly session: string
  /** Entity ID of the service provider. */
  readonly application: string
}

export function enrolmentStatement({ gateway, device, user, nonce }: EnrolmentFacts): string {
  return write('enroll', [gateway, device, user, nonce])
}

export function confirmationStatement(facts: ConfirmationFacts): string {
  const { gateway, device, user, nonce, signIn, session, application } = facts
  return write('confirm', [gateway, device, user, nonce, signIn, session, application])
}

/** JSON, so that no value can run into its neighbour. */
function write(purpose: string, values: readonly string[]): string {
  return `gatehouse device statement v1: ${purpose}\n${JSON.stringify(values)}`
}
