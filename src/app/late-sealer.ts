/**
 * @module A sealer that is there before its master key: kinds are made before anything is opened, so that a mistake in a
 * file leaves neither a database nor a master key behind, and the secrets of webhooks and connectors
 * have to be sealed.
 */
import { GatewayError } from '../core/error.js'
import type { Sealer } from '../keys/keys.js'

export interface LateSealer extends Sealer {
  /** From here on it seals. */
  open(sealer: Sealer): void
}

export function createLateSealer(): LateSealer {
  let opened: Sealer | undefined
  return {
    open: (sealer) => {
      opened = sealer
    },
    seal: async (plaintext, context) => {
      if (opened === undefined) throw new GatewayError('INTERNAL', 'nothing can be sealed before the start')
      return await opened.seal(plaintext, context)
    },
    unseal: async (sealed, context) => {
      if (opened === undefined) throw new GatewayError('INTERNAL', 'nothing can be opened before the start')
      return await opened.unseal(sealed, context)
    },
  }
}
