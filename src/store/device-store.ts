/**
 * @module What is remembered of devices beside their resources: the public key of each, the hash of the token by which
 * one may be enrolled, and what one is asked to vouch for. Nothing here could vouch for anybody.
 */
import type { DeviceKeyStorage, DeviceWay } from '../core/device/device.js'
import type { Instant } from '../core/time.js'

/** The key that a device enrolled; one at a time. */
export interface DeviceKey {
  /** Name of the device. */
  readonly device: string
  /** Of this very key: a proof of an earlier one is worth nothing. */
  readonly id: string
  /** Who enrolled it, the only one whom it vouches for. */
  readonly user: string
  /** SubjectPublicKeyInfo (RFC 5280 4.1), DER in base64url. */
  readonly publicKey: string
  readonly storage: DeviceKeyStorage
  readonly enrolledAt: Instant
  readonly lastUsedAt: Instant | undefined
}

export interface DeviceEnrollToken {
  readonly device: string
  readonly tokenHash: string
  /** What the key signs to be enrolled. */
  readonly nonce: string
  readonly expiresAt: Instant
}

/** Asked by a browser for one sign-in, answered by a device. */
export interface DeviceChallenge {
  /** Of the ticket or the short code. */
  readonly ticketHash: string
  readonly way: Exclude<DeviceWay, 'certificate'>
  readonly handleHash: string
  /** Public id of the browser session that asked. */
  readonly sessionId: string
  readonly user: string
  readonly serviceProvider: string
  readonly entityId: string
  readonly nonce: string
  /** Of the browser. */
  readonly address: string
  readonly userAgent: string
  /** `signed`: waits until the browser brings the completion back; `done`: the sign-in has the proof. */
  readonly state: 'waiting' | 'signed' | 'refused' | 'done'
  readonly device: string | undefined
  readonly keyId: string | undefined
  readonly completionHash: string | undefined
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** What a device made of a challenge. */
export type DeviceAnswer = Pick<DeviceChallenge, 'state' | 'device' | 'keyId' | 'completionHash'>

export interface DeviceStore {
  listKeys(): Promise<DeviceKey[]>
  findKey(device: string): Promise<DeviceKey | undefined>
  /** In place of an earlier one. */
  putKey(key: DeviceKey): Promise<void>
  touchKey(device: string, at: Instant): Promise<void>
  /** Forgets key and token of a device. */
  forget(device: string): Promise<void>
  /** Forgets the keys that this user enrolled. */
  forgetUser(user: string): Promise<void>
  /** In place of an earlier one of the same device. */
  putEnrollToken(token: DeviceEnrollToken): Promise<void>
  listEnrollTokens(): Promise<DeviceEnrollToken[]>
  findEnrollToken(tokenHash: string): Promise<DeviceEnrollToken | undefined>
  /** True for exactly one caller. */
  spendEnrollToken(tokenHash: string): Promise<boolean>
  addChallenge(challenge: DeviceChallenge): Promise<void>
  findChallenge(ticketHash: string): Promise<DeviceChallenge | undefined>
  /** The newest that this session asked for this sign-in. */
  lastChallenge(handleHash: string, sessionId: string): Promise<DeviceChallenge | undefined>
  findCompletion(completionHash: string): Promise<DeviceChallenge | undefined>
  /** From one state to another, for exactly one caller. */
  move(ticketHash: string, from: DeviceChallenge['state'], to: DeviceAnswer): Promise<boolean>
  deleteExpired(before: Instant): Promise<number>
}
