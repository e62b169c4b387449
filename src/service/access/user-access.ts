/** @module The AWS accounts and permission sets that a person or machine user has by their roles, those of access lists too. */
import { listReach, type ReachPage } from '../../core/role/reach.js'
import type { Authority } from '../authority.js'
import { findHolder, rolesInAws, type AccessDeps } from './holder.js'
import { prepareReachInSlices } from './prepare-reach.js'

export interface AccessPageInput {
  readonly name: string
  readonly search: string | undefined
  readonly cursor: string | undefined
  readonly limit: number
}

export interface UserAccess extends ReachPage {
  /** Whether a lock is in force: roles give all of this, and none of it counts for now. */
  readonly locked: boolean
  /** Names of those locks that whoever asks may read. */
  readonly lockedBy: readonly string[]
}

/** @throws GatewayError as `findHolder` does, and `INVALID_INPUT` for a cursor that no page gave. */
export async function listUserAccess(
  deps: AccessDeps,
  { name, search, cursor, limit }: AccessPageInput,
  authority: Authority,
): Promise<UserAccess> {
  const holder = await findHolder(deps, name, authority)
  const { locks, catalog } = holder
  const roles = rolesInAws(holder)
  await prepareReachInSlices(roles, catalog.inventory)
  const page = listReach(roles, catalog.inventory, { search, after: cursor, limit })
  const lockedBy = locks.filter(({ concealed }) => !concealed).map((lock) => lock.name)
  return { ...page, locked: locks.length > 0, lockedBy }
}
