/**
 * @module A web identity token (an OpenID Connect ID token), from its text to who it says the caller is. Nothing of it
 * counts before its signature was verified with a key of its issuer; until then `iss` only tells whom to ask.
 */
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose'
import { z } from 'zod'
import { AwsError } from '../aws/error.js'
import { signingAlgorithms } from './discovery.js'

export interface WebIdentity {
  readonly subject: string
  /** The one that the provider has as a client id. */
  readonly audience: string
  /** Methods of authentication; empty where the token names none. */
  readonly methods: readonly string[]
}

const one = z.string()
const oneOrMore = z.union([one.transform((value) => [value]), z.array(one)])

/** What is read of a token whose signature, issuer and expiry are right. */
const ClaimsSchema = z.object({
  iat: z.number(),
  sub: z.string().min(6).max(255),
  aud: oneOrMore,
  azp: one.optional(),
  amr: oneOrMore.default([]),
})

type Claims = z.infer<typeof ClaimsSchema>

const noKey =
  "Couldn't retrieve verification key from your identity provider, please reference " +
  'AssumeRoleWithWebIdentity documentation for requirements'

export function invalidToken(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message)
}

/** The keys of an issuer cannot be used. */
export function keysUnusable(detail: string): AwsError {
  return invalidToken(`${noKey} (${detail})`)
}

/** The issuer that the token names, unverified. @throws AwsError */
export function readIssuer(token: string): string {
  let payload: JWTPayload
  let algorithm: unknown
  try {
    payload = decodeJwt(token)
    algorithm = decodeProtectedHeader(token).alg
  } catch {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  }
  if (!signingAlgorithms.some((known) => known === algorithm)) {
    throw invalidToken(`The signing algorithm must be one of ${signingAlgorithms.join(', ')}`)
  }
  if (typeof payload.iss !== 'string') throw invalidToken('Missing a required claim: iss')
  return payload.iss
}

export interface TokenRules {
  readonly issuer: string
  readonly clientIds: readonly string[]
  readonly keys: JSONWebKeySet
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Verifies the signature, then the times, then who the token is for and about. @throws AwsError */
export async function verifyToken(token: string, rules: TokenRules): Promise<WebIdentity> {
  const claims = readClaims(await verify(token, rules))
  // AWS documents no tolerance for clocks.
  if (claims.iat * 1000 > rules.now) throw invalidToken('Token was issued in the future')
  return { subject: claims.sub, audience: findAudience(claims, rules.clientIds), methods: claims.amr }
}

function readClaims(payload: JWTPayload): Claims {
  const parsed = ClaimsSchema.safeParse(payload)
  if (parsed.success) return parsed.data
  const claim = String(parsed.error.issues[0]?.path[0])
  throw invalidToken(
    claim === 'sub' ? 'The claim sub must have 6 to 255 characters' : `The claim ${claim} is not valid`,
  )
}

async function verify(token: string, { issuer, keys, now }: TokenRules): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer,
      algorithms: [...signingAlgorithms],
      currentDate: new Date(now),
      requiredClaims: ['sub', 'aud', 'exp', 'iat'],
    })
    return payload
  } catch (error) {
    throw refusal(error, now)
  }
}

function refusal(error: unknown, now: number): AwsError {
  if (error instanceof errors.JWTExpired) {
    return new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now / 1000)} must be before the expiration date/time ` +
        String(error.payload.exp),
    )
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing'
      ? invalidToken(`Missing a required claim: ${error.claim}`)
      : invalidToken(`The claim ${error.claim} is not valid: ${error.message}`)
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return invalidToken('The signature of the token is not valid')
  }
  // No key that matches, several, or one that is broken or too weak.
  return keysUnusable('no key of the issuer fits the token')
}

/** `azp` stands for `aud` where a token has it. */
function findAudience({ aud, azp }: Claims, clientIds: readonly string[]): string {
  const named = azp === undefined ? aud : [azp]
  const audience = clientIds.find((clientId) => named.includes(clientId))
  if (audience === undefined) throw invalidToken('Incorrect token audience')
  return audience
}
