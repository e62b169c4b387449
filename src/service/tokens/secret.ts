/**
 * @module Secrets of machine users. The prefix lets people and secret scanners tell one from other random text; 256
 * random bits stand behind it, so nobody guesses one and the store keeps a plain SHA-256 of it.
 */
import type { Clock } from '../../lib/clock.js'
import type { Random } from '../../lib/random.js'
import type { TokenSecret } from '../../store/store.js'
import { hashToken } from '../people/tokens.js'

export const tokenPrefix = 'ght_'

/** A fresh secret of the token `name`, and what to keep of it. */
export function makeTokenSecret(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  name: string,
): { readonly secret: string; readonly stored: TokenSecret } {
  const secret = `${tokenPrefix}${random.secret()}`
  const stored: TokenSecret = {
    name,
    tokenHash: hashToken(secret),
    createdAt: clock.now(),
    lastUsedAt: undefined,
    lastUsedFrom: undefined,
  }
  return { secret, stored }
}
