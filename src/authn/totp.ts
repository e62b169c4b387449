/**
 * @module One-time codes by time (RFC 6238) through otpauth: SHA-1, six digits, thirty seconds, which is what
 * authenticator apps expect. One step of clock difference is allowed on either side (RFC 6238 5.2); that a code
 * works only once is the credential store's part.
 */
import { Secret, TOTP } from 'otpauth'
import type { Instant } from '../core/time.js'
import type { Random } from '../lib/random.js'
import type { Totp } from './authn.js'

const periodSeconds = 30
const form = { algorithm: 'SHA1', digits: 6, period: periodSeconds }

export class OtpauthTotp implements Totp {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  createSeed(): string {
    return new Secret({ buffer: new Uint8Array(this.#random.bytes(20)).buffer }).base32
  }

  uri({ seed, user, issuer }: { seed: string; user: string; issuer: string }): string {
    return new TOTP({ ...form, secret: Secret.fromBase32(seed), label: user, issuer }).toString()
  }

  acceptedStep(seed: string, code: string, now: Instant): number | undefined {
    if (!/^[0-9]{6}$/.test(code)) return undefined
    const secret = Secret.fromBase32(seed)
    const delta = TOTP.validate({ ...form, token: code, secret, timestamp: now, window: 1 })
    return delta === null ? undefined : Math.floor(now / 1000 / periodSeconds) + delta
  }
}
