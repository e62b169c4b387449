/**
 * @module Finds at start, not at the first sign-in, that the master key is not the one that the secrets in this
 * database were sealed with: a known text lies sealed beside them.
 */
import { GatewayError, isCode } from '../core/error.js'
import type { MetaStore } from '../store/store.js'
import type { Sealer } from './keys.js'

const canaryKey = 'master_key_canary'
const canaryText = 'gatehouse'

/** Whether secrets were sealed in this database: the canary is laid before the first of them. */
export async function hasCanary(meta: MetaStore): Promise<boolean> {
  return (await meta.find(canaryKey)) !== undefined
}

/**
 * Lays the canary at the first start and reads it at every start.
 * @throws GatewayError `UNSEAL_FAILED` when the secrets were sealed with another key.
 */
export async function checkMasterKey(meta: MetaStore, sealer: Sealer): Promise<void> {
  const stored =
    (await meta.find(canaryKey)) ??
    (await meta.putIfAbsent(canaryKey, await sealer.seal(canaryText, canaryKey)))
  try {
    if ((await sealer.unseal(stored, canaryKey)) === canaryText) return
  } catch (error) {
    if (!isCode(error, 'UNSEAL_FAILED')) throw error
    throw new GatewayError(
      'UNSEAL_FAILED',
      'the master key is not the one that this database was sealed with; start with the key that belongs to it ' +
        `(GATEHOUSE_MASTER_KEY_FILE), or with the database that belongs to the key: ${error.message}`,
      {},
      { cause: error },
    )
  }
  throw new GatewayError('UNSEAL_FAILED', 'the canary in this database holds another text; was it exchanged?')
}
