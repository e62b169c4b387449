/** @module The document of an access list as people see it: what conditions of rights are judged on. */
import { GatewayError } from '../../core/error.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertMayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'

/**
 * Asks for the right on a list, readable or not.
 * @throws GatewayError `FORBIDDEN`, and `NOT_FOUND` for whoever may do so to some list.
 */
export function assertMayOnList(
  { kinds }: Pick<ResourceDeps, 'kinds'>,
  catalog: CatalogView,
  {
    list,
    verb,
    authority,
  }: { readonly list: string; readonly verb: 'read' | 'update'; readonly authority: Authority },
): void {
  const parsed = catalog.parsed('access_list').get(list)
  const document = parsed && shownDocument(kinds.known.access_list, parsed, catalog)
  assertMayOnResource(authority, { resource: 'access_list', verb }, list, document)
  if (document !== undefined) return
  throw new GatewayError('NOT_FOUND', `there is no access list named "${list.slice(0, 200)}"`, {
    kind: 'access_list',
    name: list.slice(0, 200),
  })
}
