/**
 * @module Forgets all by which a name could sign in. Called in the transaction that deletes a user and again in
 * the one that makes a user, so that a recycled name inherits nothing (T7).
 */
import type { StoreTransaction } from '../../store/store.js'

/**
 * Ends sessions and links of this name, drops its password, its factors, its subject at a connector and the keys of its
 * devices, and forgets when it signed in where and which directory pushed it.
 */
export async function forgetUser(
  tx: Pick<
    StoreTransaction,
    | 'connectors'
    | 'credentials'
    | 'passkeys'
    | 'recoveryCodes'
    | 'devices'
    | 'directories'
    | 'links'
    | 'sessions'
    | 'signIns'
  >,
  name: string,
): Promise<void> {
  await tx.connectors.forgetIdentity(name)
  await tx.credentials.deleteAll(name)
  await tx.passkeys.deleteAll(name)
  await tx.recoveryCodes.deleteAll(name)
  await tx.devices.forgetUser(name)
  await tx.links.revokeAll(name)
  await tx.sessions.deleteByUser(name)
  await tx.signIns.forgetSignIns(name)
  await tx.directories.forget('user', name)
}
