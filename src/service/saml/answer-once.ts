/**
 * @module Each request is answered once, by whichever replica and tab comes first; reloading the sign-in page
 * before that is harmless.
 */
import { GatewayError } from '../../core/error.js'
import { hour, type Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { hashToken } from '../people/tokens.js'

/** Longer than any request is accepted after its IssueInstant, so that a replay never finds it forgotten. */
const rememberAnsweredMs = 24 * hour

/** @throws GatewayError `SAML_REQUEST_ANSWERED`; the transaction then keeps nothing. */
export async function answerOnce(
  tx: StoreTransaction,
  handle: string,
  serviceProvider: string,
  now: Instant,
): Promise<void> {
  if (await tx.signIns.answer(hashToken(handle), now, now + rememberAnsweredMs)) return
  throw new GatewayError(
    'SAML_REQUEST_ANSWERED',
    `this sign-in to ${serviceProvider} was already answered once; start again from the application`,
  )
}
