/**
 * @module What the browser is asked when a passkey is made or used (WebAuthn Level 3 §5.4 and §5.5), as the JSON that
 * `PublicKeyCredential.parseCreationOptionsFromJSON` and its sibling read.
 */
import type { RelyingParty } from './factor.js'

/** Ed25519, P-256, RSA: what authenticators of today can do (RFC 9053, RFC 8812). */
export const passkeyAlgorithms: readonly number[] = [-8, -7, -257]

/** How long a challenge waits for its answer. */
export const challengeLifetimeMs = 5 * 60_000

interface Descriptor {
  readonly type: 'public-key'
  readonly id: string
  readonly transports: string[]
}

export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string; readonly name: string }
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  readonly pubKeyCredParams: { readonly type: 'public-key'; readonly alg: number }[]
  readonly timeout: number
  readonly excludeCredentials: Descriptor[]
  readonly authenticatorSelection: {
    readonly residentKey: 'preferred'
    readonly requireResidentKey: false
    readonly userVerification: 'preferred'
  }
  readonly attestation: 'none' | 'direct'
  readonly extensions: { readonly credProps: true }
}

export interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
  readonly timeout: number
  readonly allowCredentials: Descriptor[]
  readonly userVerification: 'required' | 'preferred'
}

interface KnownCredential {
  readonly credentialId: string
  readonly transports: readonly string[]
}

export function buildCreationOptions(input: {
  readonly challenge: string
  readonly party: RelyingParty
  readonly partyName: string
  readonly user: string
  readonly userHandle: string
  readonly existing: readonly KnownCredential[]
  readonly wantsAttestation: boolean
}): CreationOptions {
  const { challenge, party, user } = input
  return {
    challenge,
    rp: { id: party.id, name: input.partyName },
    user: { id: input.userHandle, name: user, displayName: user },
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: challengeLifetimeMs,
    excludeCredentials: input.existing.map(describeCredential),
    authenticatorSelection: {
      residentKey: 'preferred',
      requireResidentKey: false,
      // Keys without PIN serve as a second factor; signing in without a password asks for more.
      userVerification: 'preferred',
    },
    attestation: input.wantsAttestation ? 'direct' : 'none',
    extensions: { credProps: true },
  }
}

/** Without `credentials` the person picks one that the authenticator finds for us. */
export function buildRequestOptions(input: {
  readonly challenge: string
  readonly party: RelyingParty
  readonly credentials: readonly KnownCredential[]
  readonly requireVerification: boolean
}): RequestOptions {
  return {
    challenge: input.challenge,
    rpId: input.party.id,
    timeout: challengeLifetimeMs,
    allowCredentials: input.credentials.map(describeCredential),
    userVerification: input.requireVerification ? 'required' : 'preferred',
  }
}

function describeCredential({ credentialId, transports }: KnownCredential): Descriptor {
  return { type: 'public-key', id: credentialId, transports: [...transports] }
}
