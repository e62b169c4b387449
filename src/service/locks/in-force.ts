/**
 * @module The locks that are in force on somebody now. Every use case that lets a person go on asks here or, for
 * machine users, `core/lock` itself; an ended session is only the courtesy that comes with a lock.
 */
import { findLocks, lockSubjectOf, type Lock } from '../../core/lock/lock.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { Clock } from '../../lib/clock.js'
import type { StoreTransaction } from '../../store/store.js'
import { effectiveUser } from '../access/effective.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Catalog } from '../resources/catalog.js'

/** What of a person a lock can name. */
type Lockable = Pick<User, 'name' | 'roles'> & Partial<Pick<User, 'origin'>>

/**
 * Those on the person, on their roles and their connector, and on the session and the device, where they are given.
 * Sorted by name.
 */
export function locksOn(
  catalog: CatalogView,
  who: {
    readonly user: Lockable
    readonly session?: string | undefined
    readonly device?: string | undefined
  },
  now: Instant,
): Lock[] {
  const { user, session, device } = who
  const subject = {
    ...lockSubjectOf(user),
    ...(session !== undefined && { session }),
    ...(device !== undefined && { device }),
  }
  return findLocks(catalog.locks(), subject, now)
}

/**
 * Those on the person as the transaction sees locks and roles. Asked by whatever starts a session, in the transaction
 * that stores it: of a lock and a sign-in at the same time, either this sees the lock, or the lock ends the session.
 */
export async function locksWithin(
  deps: { readonly catalog: Catalog; readonly clock: Clock },
  tx: Pick<StoreTransaction, 'resources' | 'members'>,
  user: Lockable,
): Promise<Lock[]> {
  const catalog = await deps.catalog.readIn(tx)
  const now = deps.clock.now()
  return locksOn(
    catalog,
    { user: (await effectiveUser(tx.members, catalog, user.name, now))?.user ?? user },
    now,
  )
}
