/**
 * @module The key that shows where a backup is from. Whoever knows a recipient of age can write a file for it, so a backup
 * carries a code that only an owner of the master key can make. The key of that is derived by HKDF (RFC 5869) for this
 * purpose alone and opens no secret.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** Key for HMAC-SHA-256, the same for the same master key. */
export function deriveBackupOriginKey(masterKey: KeyObject): KeyObject {
  const bytes = hkdfSync('sha256', masterKey, new Uint8Array(), 'gatehouse backup origin v1', 32)
  return createSecretKey(new Uint8Array(bytes))
}
