/** @module The access list of a group. */
import type { AccessList } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import type { DirectoryResource } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** @throws GatewayError `MANAGED_ELSEWHERE` for one that somebody took from the directory, or that cannot be read. */
export function findOwnList(catalog: CatalogView, { name }: DirectoryResource): AccessList {
  const list = catalog.accessList(name)
  if (list?.type === 'scim') return list
  throw new GatewayError(
    'MANAGED_ELSEWHERE',
    `the access list "${name}" of this group is not managed by the directory any more: an administrator of the gateway took it over; delete the list there to push the group anew`,
  )
}
