/** @module The members of an access list as a table, in the form that `change-members.ts` reads. */
import { writeMemberCsv } from '../../core/access-list/member-csv.js'
import type { Authority } from '../authority.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertReadsList, loadViewer } from './rights.js'

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function writeMembersCsv(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>,
  list: string,
  authority: Authority,
): Promise<string> {
  const catalog = await deps.catalog.read()
  assertReadsList(await loadViewer(deps, deps.store, catalog, authority), list)
  return writeMemberCsv(await deps.store.members.list(list))
}
