/**
 * @module Keeps names of users apart for the eye: no new user whose name differs from that of another one by case or
 * compatible characters alone. Both would be right in every list, and one of them would be taken for the other.
 */
import { GatewayError } from '../../core/error.js'
import { foldName } from '../../core/user/user.js'
import type { StoreTransaction } from '../../store/store.js'

/** The names of all users, by their folded form. */
export type NamesInUse = Map<string, string>

/** Reads them in the transaction of the new user, so that two alike cannot be made at once. */
export async function readNamesInUse(tx: Pick<StoreTransaction, 'resources'>): Promise<NamesInUse> {
  const users = await tx.resources.list('user')
  return new Map(users.map(({ name }) => [foldName(name), name]))
}

/**
 * Takes `name` into use. The very same name is left to the store, which refuses it.
 * @throws GatewayError `ALREADY_EXISTS` where another user has a name that looks like it.
 */
export function claimName(names: NamesInUse, name: string): void {
  const folded = foldName(name)
  const other = names.get(folded)
  if (other !== undefined && other !== name) {
    throw new GatewayError(
      'ALREADY_EXISTS',
      `the name "${name}" looks like that of the user "${other}": they differ in case or in the form of ` +
        'letters alone; use that user, or choose another name',
      { kind: 'user', name, other },
    )
  }
  names.set(folded, name)
}
