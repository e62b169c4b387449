/**
 * @module The OIDC issuer by which the gateway signs in to AWS: the keys that it publishes, and its tokens. They are
 * signed by a key that is used for nothing else, live five minutes at most, and are made for the sync alone: nothing on
 * HTTP mints them (T13).
 */
import { createPublicKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { minute, second, type DurationMs, type Instant } from '../core/time.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import type { ManagedSigningKeys } from './signing-keys.js'

/** As long as a slow call to STS takes, and no longer. */
export const tokenLifetimeMs: DurationMs = 5 * minute

/** A little before now: AWS documents no tolerance for a clock that is behind ours. */
const backdateMs: DurationMs = 20 * second

/** A public RSA key as RFC 7517 writes it. */
export interface PublicJwk {
  readonly kty: 'RSA'
  readonly use: 'sig'
  readonly alg: 'RS256'
  readonly kid: string
  readonly n: string
  readonly e: string
}

export interface TokenOrder {
  /** `iss`, exactly as AWS knows the provider. */
  readonly issuer: string
  readonly audience: string
  /** Of one integration; see `integrationSubject`. */
  readonly subject: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Instant
}

export interface Issuer {
  /** The keys that AWS should know: the one that signs, the one that will, and those that signed until a moment ago. */
  jwks(): Promise<{ readonly keys: readonly PublicJwk[] }>
  token(order: TokenOrder): Promise<IssuedToken>
}

export interface IssuerOptions {
  /** Of the purpose `oidc`. */
  readonly keys: Pick<ManagedSigningKeys, 'current' | 'list'>
  readonly clock: Clock
  readonly random: Random
}

export function createIssuer({ keys, clock, random }: IssuerOptions): Issuer {
  return {
    async jwks() {
      const published = (await keys.list()).filter(({ isWiped }) => !isWiped)
      return { keys: published.map(({ id, publicKeyPem }) => toJwk(id, publicKeyPem)) }
    },

    async token({ issuer, audience, subject }) {
      const key = await keys.current()
      const now = clock.now()
      // JWT counts seconds; cut, so that the end is never later than what is said here.
      const seconds = (instant: Instant): number => Math.floor(instant / second)
      const expiresAt = seconds(now - backdateMs + tokenLifetimeMs) * second
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(seconds(now - backdateMs))
        .setExpirationTime(seconds(expiresAt))
        .setJti(random.uuid())
        .sign(key.privateKey)
      return { token, expiresAt }
    },
  }
}

function toJwk(kid: string, publicKeyPem: string): PublicJwk {
  const { n, e } = createPublicKey(publicKeyPem).export({ format: 'jwk' })
  if (n === undefined || e === undefined) throw new TypeError(`the key ${kid} is no RSA key`)
  return { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }
}
