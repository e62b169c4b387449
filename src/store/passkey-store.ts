/**
 * @module What is remembered of passkeys: the public half of each (WebAuthn Level 3 §4, credential record), and the
 * challenges that wait for an answer. Neither is a secret that could sign in.
 */
import type { Instant } from '../core/time.js'

/** A passkey of one user. */
export interface Passkey {
  /** Ours: what the API and the audit log call it. */
  readonly id: string
  readonly user: string
  readonly label: string
  /** The authenticator's, base64url; no two passkeys share one. */
  readonly credentialId: string
  /** Names the user to the authenticator and tells nothing of them; the same for all passkeys of one user. */
  readonly userHandle: string
  /** COSE key, base64url. */
  readonly publicKey: string
  /** As last seen; 0 for authenticators that do not count. */
  readonly signCount: number
  readonly transports: readonly string[]
  /** May leave the device it was made on. */
  readonly backupEligible: boolean
  readonly backedUp: boolean
  /** Model of the authenticator. */
  readonly aaguid: string
  /** Whether it can be found without a name, for signing in without a password. */
  readonly discoverable: boolean
  /** `trusted`: a certificate of a maker whom the preference names vouches for the device. */
  readonly attestation: 'none' | 'trusted'
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | undefined
}

/** What a challenge was made for; its answer counts for nothing else. */
export type PasskeyPurpose =
  'enrol' | 'enrol_by_link' | 'manage_factors' | 'passwordless' | 'second_factor' | 'step_up' | 'action'

export interface PasskeyChallenge {
  readonly challengeHash: string
  readonly purpose: PasskeyPurpose
  /** Undefined where nobody said a name. */
  readonly user: string | undefined
  /** Public id of the session that asked. */
  readonly sessionId: string | undefined
  /** What it is about, beside the person: the sign-in that waits, the one-time link. Hashed where it is a secret. */
  readonly subject: string | undefined
  readonly expiresAt: Instant
}

export interface PasskeyStore {
  /** Oldest first. */
  list(user: string): Promise<Passkey[]>
  /** For every user who has any. */
  countByUser(): Promise<ReadonlyMap<string, number>>
  findByCredentialId(credentialId: string): Promise<Passkey | undefined>
  /** @throws GatewayError `ALREADY_EXISTS` where the credential is known. */
  add(passkey: Passkey): Promise<void>
  /**
   * Compare-and-set: true only if the count has risen, or was and is 0, so that of two copies one is noticed
   * (WebAuthn Level 3 §6.1.1).
   */
  use(
    id: string,
    seen: { readonly signCount: number; readonly backedUp: boolean; readonly at: Instant },
  ): Promise<boolean>
  rename(user: string, id: string, label: string): Promise<boolean>
  delete(user: string, id: string): Promise<boolean>
  /** Forgets passkeys and open challenges of a user. */
  deleteAll(user: string): Promise<void>
  addChallenge(challenge: PasskeyChallenge): Promise<void>
  /** Takes it out, so that it is answered once whatever comes of it. */
  takeChallenge(challengeHash: string): Promise<PasskeyChallenge | undefined>
  deleteExpiredChallenges(before: Instant): Promise<number>
}
