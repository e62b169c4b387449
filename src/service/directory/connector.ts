/** @module Which connectors a directory can belong to, and whether one is good for anything now. */
import type { Instant } from '../../core/time.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** Why the directory of this connector may do nothing now; undefined where it may. */
export function findSourceProblem(
  _catalog: CatalogView,
  _connector: string,
  _now: Instant,
): string | undefined {
  return undefined
}
