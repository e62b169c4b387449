/**
 * @module Which lists stand below which, from rows and documents as one transaction sees them, and the refusal of an edge
 * that would make a circle or go too deep. Asked before any edge is written, whoever writes it and in whatever way.
 */
import { ListHierarchy, maxNesting, pathWords, type ListEdge } from '../../core/access-list/hierarchy.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { hiddenList } from './shown-list.js'

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
 * Adds the edge, so that the next one is judged with it. Other lists on the way are named to whoever `sees` them.
 * @throws GatewayError `LIST_CYCLE` or `LIST_TOO_DEEP` with `details.path`, from above to below; null stands for a list
 * that is not named.
 */
export function addEdge(
  hierarchy: ListHierarchy,
  edge: ListEdge,
  { as, sees }: { readonly as: 'member' | 'owner'; readonly sees: (list: string) => boolean },
): void {
  const problem = hierarchy.findProblem(edge)
  if (problem === undefined) {
    hierarchy.add(edge)
    return
  }
  const isNamed = (list: string): boolean => list === edge.above || list === edge.below || sees(list)
  const path = problem.path.map((list) => (isNamed(list) ? list : null))
  const way = pathWords(path.map((list) => list ?? hiddenList.title))
  const what = `"${edge.below}" cannot be ${as === 'member' ? 'a member' : 'an owner'} of "${edge.above}"`
  if (problem.kind === 'cycle') {
    throw new GatewayError(
      'LIST_CYCLE',
      `${what}: the list would be a member or an owner of itself, ${way}`,
      { path },
    )
  }
  throw new GatewayError(
    'LIST_TOO_DEEP',
    `${what}: lists can be nested ${maxNesting} levels deep, and this would be ${path.length - 1}, ${way}`,
    { path },
  )
}
