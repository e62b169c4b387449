/**
 * @module Ed25519 signatures of the audit log (RFC 8032): keys by the ID that names them, and what they signed. Nothing
 * here is secret.
 */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { checkpointText, headText, type AuditCheckpoint } from '../core/audit/chain.js'
import { GatewayError } from '../core/error.js'
import type { ChainHead } from '../store/store.js'

export interface PublicKey {
  readonly id: string
  readonly publicKeyPem: string
}

export type PublicKeys = ReadonlyMap<string, KeyObject>

/** @throws GatewayError `INVALID_INPUT` for a key that is not Ed25519 or not the one that its ID names. */
export function readPublicKeys(keys: readonly PublicKey[]): Map<string, KeyObject> {
  return new Map(keys.map(({ id, publicKeyPem }) => [id, parsePublicKey(id, publicKeyPem)]))
}

/** The ID of a key is the SHA-256 of its SubjectPublicKeyInfo, as `keys/make-key.ts` gives it. */
function publicKeyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
}

export function isSigned(keys: PublicKeys, keyId: string, text: string, signature: string): boolean {
  const key = keys.get(keyId)
  const bytes = Buffer.from(signature, 'base64url')
  // The last character has bits that decoding passes over: another text for the same signature is an edit, too.
  if (key === undefined || bytes.toString('base64url') !== signature) return false
  return verify(null, Buffer.from(text, 'utf8'), key, bytes)
}

export function isHeadSigned(keys: PublicKeys, clusterName: string, head: ChainHead): boolean {
  const text = headText(clusterName, head.sequence, head.hash, head.signedAt)
  return isSigned(keys, head.keyId, text, head.signature)
}

export function isCheckpointSigned(keys: PublicKeys, clusterName: string, point: AuditCheckpoint): boolean {
  return isSigned(keys, point.keyId, checkpointText(clusterName, point), point.signature)
}

/** A key under the ID that it has. @throws GatewayError `INVALID_INPUT` for what is none. */
export function toPublicKey(publicKeyPem: string, file: string): PublicKey {
  try {
    return { id: publicKeyId(createPublicKey(publicKeyPem)), publicKeyPem }
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `${file}: a public key in it cannot be read`, {}, { cause })
  }
}

function parsePublicKey(id: string, pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `the audit key ${id} is no public key in PEM form`, {}, { cause })
  }
  if (key.asymmetricKeyType !== 'ed25519' || publicKeyId(key) !== id) {
    throw new GatewayError('INVALID_INPUT', `the audit key ${id} is not the Ed25519 key that its ID names`)
  }
  return key
}
