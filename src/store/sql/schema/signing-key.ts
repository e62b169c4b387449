/** @module Table `signing_key`: key pairs, the private half sealed. */
import type { KeyPurpose, StoredKey } from '../../store.js'

export interface SigningKeyTable {
  id: string
  purpose: KeyPurpose
  state: StoredKey['state']
  sealed_private_key: string
  public_key_pem: string
  certificate_pem: string | null
  created_at: number
  not_after: number | null
}
