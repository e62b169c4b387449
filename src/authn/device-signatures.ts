/** @module Signatures of devices: ECDSA on P-256 with SHA-256, or Ed25519 (RFC 8032). Says what verifies, no more. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { DeviceSignatures } from './authn.js'

/** Far more than either kind of key needs. */
const maxKeyLength = 300
const maxSignatureLength = 300

export class NodeDeviceSignatures implements DeviceSignatures {
  isKey(publicKey: string): boolean {
    return readKey(publicKey) !== undefined
  }

  verify(publicKey: string, statement: string, signature: string): boolean {
    const key = readKey(publicKey)
    if (key === undefined || signature.length > maxSignatureLength) return false
    const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
    try {
      return verify(algorithm, Buffer.from(statement), key, Buffer.from(signature, 'base64url'))
    } catch {
      // OpenSSL throws at what is no signature at all.
      return false
    }
  }
}

function readKey(publicKey: string): KeyObject | undefined {
  if (publicKey.length > maxKeyLength || !/^[\w-]+$/.test(publicKey)) return undefined
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ed25519') return key
    const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    return isP256 ? key : undefined
  } catch {
    // Not a key that OpenSSL reads.
    return undefined
  }
}
