/**
 * @module How people prove who they are: passwords (argon2id), one-time codes (TOTP), passkeys (WebAuthn) and devices. This
 * file is what the rest of the house sees; `password.ts`, `totp.ts` and `passkeys.ts` implement it and are constructed
 * by `app.ts` alone.
 * Nothing here knows users, sessions or requests, keeps state, or writes a secret to a log or an error.
 * Sessions, limits and audit events around a proof are in `service/people`.
 */
import type { ClientCertificate } from '../core/device/certificate.js'
import type { RelyingParty } from '../core/factor/factor.js'
import type { Instant } from '../core/time.js'
import type { Passkey } from '../store/store.js'

/** Hashes and verifies passwords with bounded memory and processor use. */
export interface PasswordHasher {
  /** @throws GatewayError `UNAVAILABLE` when too many passwords wait already. */
  hash(password: string): Promise<string>
  /**
   * Whether `password` made `hash`. Without a hash it does the same work against a hash that nothing matches,
   * so that the time of a refusal does not tell whether there was one.
   * @throws GatewayError `UNAVAILABLE` when too many passwords wait already.
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
  /** Whether `hash` was made with less than today's cost. */
  needsRehash(hash: string): boolean
  /**
   * Refuses a password that is too short, too long, too common, or the user's own name.
   * @throws GatewayError `WEAK_PASSWORD` with the reason and what to do instead.
   */
  assertStrong(password: string, user: string): void
}

/** Time-based one-time codes as authenticator apps make them (RFC 6238: SHA-1, 6 digits, 30 seconds). */
export interface Totp {
  /** A new seed of 160 bits, in base32 as people type it. */
  createSeed(): string
  /** The `otpauth:` URI that a QR code carries. */
  uri(factor: { seed: string; user: string; issuer: string }): string
  /** The RFC 6238 time step whose code this is, at most one step from `now`; undefined for a wrong code. */
  acceptedStep(seed: string, code: string, now: Instant): number | undefined
}

/** What a browser answers when a passkey is made, in the JSON of WebAuthn Level 3 §5.1. */
export interface PasskeyCreation {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports?: readonly string[] | undefined
  }
  readonly clientExtensionResults: { readonly credProps?: { readonly rk?: boolean | undefined } | undefined }
}

/** What a browser answers when a passkey is used. */
export interface PasskeyAssertion {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string | undefined
  }
}

/** What an answer has to match. */
export interface ExpectedAnswer {
  readonly challenge: string
  readonly party: RelyingParty
}

/** Why an answer is not believed, for the audit log. */
export interface RefusedAnswer {
  readonly refused: string
}

/** What a new passkey is, as far as its authenticator tells. */
export type MadePasskey = Pick<
  Passkey,
  | 'credentialId'
  | 'publicKey'
  | 'signCount'
  | 'transports'
  | 'backupEligible'
  | 'backedUp'
  | 'aaguid'
  | 'discoverable'
  | 'attestation'
>

/** What a use of a passkey tells. */
export interface UsedPasskey {
  readonly signCount: number
  readonly backedUp: boolean
  /** By PIN, finger or face; a touch alone verifies nobody. */
  readonly userVerified: boolean
}

/** Signatures of devices over the statements of `core/device`. */
export interface DeviceSignatures {
  /** Whether this is a public key that a device may have: EC P-256 or Ed25519, SubjectPublicKeyInfo in base64url. */
  isKey(publicKey: string): boolean
  /** False for whatever does not verify, unreadable keys and signatures among it. */
  verify(publicKey: string, statement: string, signature: string): boolean
}

/** Client certificates as a proxy passes them on. */
export interface DeviceCertificates {
  /** The certificate in the header, checked against the authorities at this time, or why it is not believed. */
  read(header: string, now: Instant): ClientCertificate | RefusedAnswer
}

/** Makers of authenticators whose certificates count; both empty where nobody asks. */
export interface AttestationTrust {
  readonly allowed: readonly string[]
  readonly denied: readonly string[]
}

/** Answers of passkeys, checked as WebAuthn Level 3 §7.1 and §7.2 say; what is known of them is the caller's. */
export interface Passkeys {
  /** The challenge that an answer says it answers; undefined where it cannot be read. */
  challengeOf(answer: PasskeyCreation | PasskeyAssertion): string | undefined
  verifyCreation(
    answer: PasskeyCreation,
    expected: ExpectedAnswer & { readonly trust: AttestationTrust; readonly now: Instant },
  ): Promise<MadePasskey | RefusedAnswer>
  /** The sign count is the caller's to compare. */
  verifyAssertion(
    answer: PasskeyAssertion,
    passkey: Pick<Passkey, 'credentialId' | 'publicKey' | 'backupEligible'>,
    expected: ExpectedAnswer & { readonly requireVerification: boolean },
  ): Promise<UsedPasskey | RefusedAnswer>
}
