/**
 * @module Which lists stand below which, from rows and documents as one transaction sees them, and the refusal of an edge
 * that would make a circle or go too deep. Asked before any edge is written, whoever writes it and in whatever way.
 */
import { ListHierarchy, maxNesting, pathWords, type ListEdge } from '../../core/access-list/hierarchy.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'

/**
 * All edges, expired memberships too: they may be prolonged. `withoutOwnersOf` leaves out the owners of a list whose
 * document is about to be replaced. The rows of a list that cannot be read are known; its owners are not.
 */
export async function readHierarchy(
  tx: Pick<StoreTransaction, 'members'>,
  catalog: Pick<CatalogView, 'accessLists'>,
  withoutOwnersOf?: string,
): Promise<ListHierarchy> {
  const hierarchy = new ListHierarchy()
  for (const { list, name } of await tx.members.listNested()) hierarchy.add({ above: list, below: name })
  for (const { value } of catalog.accessLists()) {
    if (value.name === withoutOwnersOf) continue
    for (const { kind, name } of value.owners) {
      if (kind === 'list') hierarchy.add({ above: value.name, below: name })
    }
  }
  return hierarchy
}

/**
 * Adds the edge, so that the next one is judged with it.
 * @throws GatewayError `LIST_CYCLE` or `LIST_TOO_DEEP` with `details.path`, from above to below.
 */
export function addEdge(hierarchy: ListHierarchy, edge: ListEdge, as: 'member' | 'owner'): void {
  const problem = hierarchy.findProblem(edge)
  if (problem === undefined) {
    hierarchy.add(edge)
    return
  }
  const { kind, path } = problem
  const what = `"${edge.below}" cannot be ${as === 'member' ? 'a member' : 'an owner'} of "${edge.above}"`
  if (kind === 'cycle') {
    throw new GatewayError(
      'LIST_CYCLE',
      `${what}: the list would be a member or an owner of itself, ${pathWords(path)}`,
      { path },
    )
  }
  throw new GatewayError(
    'LIST_TOO_DEEP',
    `${what}: lists can be nested ${maxNesting} levels deep, and this would be ${path.length - 1}, ${pathWords(path)}`,
    { path },
  )
}
