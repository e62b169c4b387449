/**
 * @module Whose access is asked about: a person or, as `token/NAME`, a machine user. Whoever asks must be allowed to
 * read that very user or token, so that no condition in a rule can be got round by asking what somebody may do.
 */
import { GatewayError } from '../../core/error.js'
import { findLocks, lockSubjectOf, type Lock } from '../../core/lock/lock.js'
import type { Role } from '../../core/role/role.js'
import { isMachineUserName, machineUser } from '../../core/token/token.js'
import type { User } from '../../core/user/user.js'
import type { Authority } from '../authority.js'
import { locksSeenBy } from '../locks/seen.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { readResource } from '../resources/read.js'
import { effectiveInAws, effectiveUser, type EffectiveUser } from './effective.js'

export type AccessDeps = Pick<ResourceDeps, 'catalog' | 'kinds' | 'clock' | 'store'>

export interface Holder {
  /** With the roles and traits that count: those that access lists give a person, too. */
  readonly user: User
  /** Of a person: what of it comes from which list. Machine users are in no lists. */
  readonly effective: EffectiveUser | undefined
  readonly isMachine: boolean
  readonly roles: readonly Role[]
  /** Names among the roles that no role has. */
  readonly missing: readonly string[]
  /** Those in force on this person or machine user, as far as whoever asks may know of them. */
  readonly locks: readonly Lock[]
  /** All resources of the same moment. */
  readonly catalog: CatalogView
}

/**
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN` for whoever may not read the user or token, `INVALID_RESOURCE` where
 * what is stored cannot be read, so that nobody can act by it.
 */
export async function findHolder(deps: AccessDeps, name: string, authority: Authority): Promise<Holder> {
  const isMachine = isMachineUserName(name)
  const kind = isMachine ? 'token' : 'user'
  const resource = isMachine ? name.slice(name.indexOf('/') + 1) : name
  await readResource(deps, { kind, name: resource }, authority)
  const catalog = await deps.catalog.read()
  const token = isMachine ? catalog.token(resource) : undefined
  const now = deps.clock.now()
  const effective = isMachine ? undefined : await effectiveUser(deps.store.members, catalog, name, now)
  const user = token === undefined ? effective?.user : machineUser(token)
  if (user === undefined) {
    throw new GatewayError(
      'INVALID_RESOURCE',
      `${kind} "${resource}" cannot be read as it is stored, so it gives no access; correct the document`,
    )
  }
  const { roles, missing } = catalog.rolesOf(user)
  const subject = { ...lockSubjectOf(user), ...(token !== undefined && { token: token.name }) }
  const locks = findLocks(catalog.locks(), subject, now)
  const seen = locksSeenBy(authority, locks, { kinds: deps.kinds, catalog })
  return { user, effective, isMachine, roles, missing, locks: seen, catalog }
}

/** The roles that count in AWS accounts; see `effectiveInAws`. */
export function rolesInAws({ effective, catalog, roles }: Holder): readonly Role[] {
  return effective === undefined ? roles : catalog.rolesOf(effectiveInAws(effective).user).roles
}
