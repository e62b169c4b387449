/**
 * @module What a role by itself gives: accounts with permission sets, and applications. A role that is held beside it
 * may still deny any of it, and a lock keeps everything from its holders.
 */
import { findLocks, type Lock } from '../../core/lock/lock.js'
import { listReach, type ReachPage } from '../../core/role/reach.js'
import type { Role } from '../../core/role/role.js'
import type { User } from '../../core/user/user.js'
import { GatewayError } from '../../core/error.js'
import type { Authority } from '../authority.js'
import { locksSeenBy } from '../locks/seen.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { readResource } from '../resources/read.js'
import { storedRoleNames } from '../resources/role-refs.js'
import { judgeApplication, visibleApplications, type ApplicationView } from './applications.js'
import type { AccessDeps } from './holder.js'
import { prepareReachInSlices } from './prepare-reach.js'
import type { AccessPageInput } from './user-access.js'

/** @throws GatewayError as `findRole` does, and `INVALID_INPUT` for a cursor that no page gave. */
export async function listRoleAccess(
  deps: AccessDeps,
  { name, search, cursor, limit }: AccessPageInput,
  authority: Authority,
): Promise<ReachPage> {
  const { role, catalog } = await findRole(deps, name, authority)
  await prepareReachInSlices([role], catalog.inventory)
  return listReach([role], catalog.inventory, { search, after: cursor, limit })
}

/** @throws GatewayError as `findRole` does. */
export async function listRoleApplications(
  deps: AccessDeps,
  name: string,
  authority: Authority,
): Promise<ApplicationView[]> {
  const { catalog, ...holder } = await findRoleAlone(deps, name, authority)
  const anybody = {
    ...holder,
    missingRoles: [],
    session: { mfa: 'none', hardwareKey: false, device: 'none' },
  } as const
  return visibleApplications(deps, catalog, authority).map((serviceProvider) =>
    judgeApplication({ ...anybody, catalog, serviceProvider }),
  )
}

/** Somebody who holds one role and nothing else, and of whom nothing is known: conditions find no name, no traits. */
interface RoleAlone {
  readonly user: User
  readonly roles: readonly [Role]
  /** Those in force on the role, as far as whoever asks may know of them. */
  readonly locks: readonly Lock[]
  readonly catalog: CatalogView
}

/** @throws GatewayError as `findRole` does. */
export async function findRoleAlone(
  deps: AccessDeps,
  name: string,
  authority: Authority,
): Promise<RoleAlone> {
  const { role, catalog } = await findRole(deps, name, authority)
  const user = { name: '', roles: [role.name], traits: {}, origin: { kind: 'local' } } as const
  const { roles: stored } = storedRoleNames([role.name], catalog.inventory)
  const locks = findLocks(catalog.locks(), { user: user.name, roles: stored }, deps.clock.now())
  return {
    user,
    roles: [role],
    locks: locksSeenBy(authority, locks, { kinds: deps.kinds, catalog }),
    catalog,
  }
}

/**
 * A stored role or an account assignment role that whoever asks may read.
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN`, `INVALID_RESOURCE` for one that cannot be read as it is stored.
 */
export async function findRole(
  deps: AccessDeps,
  name: string,
  authority: Authority,
): Promise<{ readonly role: Role; readonly catalog: CatalogView }> {
  await readResource(deps, { kind: 'role', name }, authority)
  const catalog = await deps.catalog.read()
  const role = catalog.role(name)
  if (role !== undefined) return { role, catalog }
  throw new GatewayError(
    'INVALID_RESOURCE',
    `role "${name}" cannot be read as it is stored and denies everything until it is corrected`,
  )
}
