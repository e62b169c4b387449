/** @module How much of everything a directory has here now: what the shares of its guard are shares of. */
import type { RemovalCounts } from '../../core/directory/guard.js'
import { directoryLockName } from '../../core/directory/names.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Directory } from './deps.js'
import { directoryLocks } from './represent.js'

export async function countHoldings(
  tx: Pick<StoreTransaction, 'directories' | 'members'>,
  catalog: CatalogView,
  { connector }: Directory,
  now: Instant,
): Promise<RemovalCounts> {
  const users = await tx.directories.listIds(connector, 'user')
  const lists = [...(await tx.directories.listIds(connector, 'group')).keys()]
  const counts = [...(await tx.members.countOf(lists, now)).values()].map(({ users, lists }) => users + lists)
  const locks = directoryLocks(catalog, now)
  return {
    users: [...users.values()].filter((id) => !locks.has(directoryLockName(id))).length,
    groups: counts.filter((count) => count > 0).length,
    memberships: counts.reduce((sum, count) => sum + count, 0),
  }
}
