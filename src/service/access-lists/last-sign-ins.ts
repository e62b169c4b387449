/** @module When people last signed in to AWS through the gateway: what tells owners who still needs a list. */
import type { Instant } from '../../core/time.js'
import type { Store } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** Of those who ever did; one question for all of them. */
export async function lastAwsSignIns(
  { store }: { readonly store: Pick<Store, 'signIns'> },
  catalog: Pick<CatalogView, 'plugins'>,
  users: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const applications = catalog.plugins().flatMap(({ value }) => value.serviceProvider ?? [])
  if (applications.length === 0 || users.length === 0) return new Map()
  return await store.signIns.lastSignIns(users, applications)
}
