/** @module One resource of any kind, stored or computed, as it is shown. A broken one is shown with its problem. */
import type { Authority } from '../authority.js'
import type { CatalogView } from './catalog-view.js'
import type { ResourceView } from './changes.js'
import type { ResourceDeps } from './deps.js'
import type { Kind } from './kind.js'
import { assertMayOnResource } from './may.js'
import { viewOf, viewOfComputed } from './present.js'
import { findKind } from './remove.js'
import { withRows } from './stored-rows.js'
import { notFound } from './write.js'

/**
 * @throws GatewayError `NOT_FOUND`, and `FORBIDDEN`, which tells nothing of the resource, for whoever may not read it.
 */
export async function readResource(
  deps: Pick<ResourceDeps, 'catalog' | 'kinds'> & Partial<Pick<ResourceDeps, 'store'>>,
  { kind: word, name }: { readonly kind: string; readonly name: string },
  authority: Authority,
): Promise<ResourceView> {
  const kind = findKind(deps.kinds, word)
  const view = findView(kind, name, await withRows(deps.store, kind, await deps.catalog.read(), name))
  if (view === undefined) throw notFound(authority, kind, name, 'read')
  assertMayOnResource(authority, { resource: kind.name, verb: 'read' }, name, view.document)
  return view
}

function findView(kind: Kind, name: string, catalog: CatalogView): ResourceView | undefined {
  // A stored copy of a computed resource is never used (T25).
  if (kind.computed?.reserves(name)) {
    const document = kind.computed.find(name, catalog)
    return document && viewOfComputed(kind, document, catalog)
  }
  const parsed = catalog.parsed(kind.name).get(name)
  return parsed && viewOf(kind, parsed, catalog)
}
