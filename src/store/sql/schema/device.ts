/** @module Tables of devices: their keys, the tokens that let one be enrolled, and what one is asked to vouch for. */
import type { DeviceKeyStorage } from '../../../core/device/device.js'
import type { DeviceChallenge } from '../../device-store.js'

export interface DeviceKeyTable {
  device: string
  id: string
  user_name: string
  public_key: string
  storage: DeviceKeyStorage
  enrolled_at: number
  last_used_at: number | null
}

export interface DeviceEnrollTokenTable {
  device: string
  token_hash: string
  nonce: string
  expires_at: number
}

export interface DeviceChallengeTable {
  ticket_hash: string
  way: DeviceChallenge['way']
  handle_hash: string
  session_id: string
  user_name: string
  service_provider: string
  entity_id: string
  nonce: string
  address: string
  user_agent: string
  state: DeviceChallenge['state']
  device: string | null
  key_id: string | null
  completion_hash: string | null
  created_at: number
  expires_at: number
}
