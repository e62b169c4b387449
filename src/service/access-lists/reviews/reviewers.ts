/**
 * @module Whose decisions in a review count: of those who may review the list now. Whoever decided and was taken from
 * the owners since, was deleted or is locked answers for the list no more, and so does nothing that they decided.
 */
import { findLocks, lockSubjectOf } from '../../../core/lock/lock.js'
import { isMachineUserName, machineUser } from '../../../core/token/token.js'
import type { Instant } from '../../../core/time.js'
import type { User } from '../../../core/user/user.js'
import type { StoreTransaction } from '../../../store/store.js'
import { effectiveUser } from '../../access/effective.js'
import type { CatalogView } from '../../resources/catalog-view.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { loadViewer, rightsOn, type Viewer } from '../rights.js'

/** Of these names, as decisions have them, those who may review the list. */
export type FindReviewers = (list: string, names: Iterable<string>) => Promise<ReadonlySet<string>>

/** Answers for many lists at one moment: each name is looked at once. */
export function reviewersAt(
  deps: Pick<ResourceDeps, 'kinds' | 'clock'>,
  store: Pick<StoreTransaction, 'members'>,
  catalog: CatalogView,
): FindReviewers {
  const known = new Map<string, Promise<Viewer | undefined>>()
  const look = (name: string): Promise<Viewer | undefined> => {
    let viewer = known.get(name)
    if (viewer === undefined) known.set(name, (viewer = viewerOf(deps, store, catalog, name)))
    return viewer
  }
  return async (list, names) => {
    const found = new Set<string>()
    for (const name of new Set(names)) {
      const viewer = await look(name)
      if (viewer !== undefined && rightsOn(viewer, list).members) found.add(name)
    }
    return found
  }
}

/** As if they asked now, with the roles that count now; undefined for who could not. */
async function viewerOf(
  deps: Pick<ResourceDeps, 'kinds' | 'clock'>,
  store: Pick<StoreTransaction, 'members'>,
  catalog: CatalogView,
  name: string,
): Promise<Viewer | undefined> {
  const now = deps.clock.now()
  const isMachine = isMachineUserName(name)
  const user = isMachine
    ? machineNamed(catalog, name, now)
    : (await effectiveUser(store.members, catalog, name, now))?.user
  if (user === undefined) return undefined
  const subject = { ...lockSubjectOf(user), ...(isMachine && { token: tokenName(name) }) }
  if (findLocks(catalog.locks(), subject, now).length > 0) return undefined
  return await loadViewer(deps, store, catalog, {
    name,
    kind: isMachine ? 'machine' : 'person',
    user: catalog.withEveryRoleName(user),
    roles: catalog.rolesOf(user).roles,
    inventory: catalog.inventory,
  })
}

function tokenName(machine: string): string {
  return machine.slice(machine.indexOf('/') + 1)
}

function machineNamed(catalog: CatalogView, name: string, now: Instant): User | undefined {
  const token = catalog.token(tokenName(name))
  return token !== undefined && now < token.expiresAt ? machineUser(token) : undefined
}
