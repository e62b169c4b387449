/**
 * @module Resources that are rows of a table of their own, put beside those of the catalog for one question or one
 * transaction. They are many and change often, so nothing keeps them.
 */
import type { StoredResource, StoreTransaction } from '../../store/store.js'
import { CatalogView, type Parsed } from './catalog-view.js'
import type { Kind, KindStorage } from './kind.js'
import type { WorkingView } from './working-view.js'

/** A view that has the rows of this kind too: the one of this name, or all. Other kinds are in the catalog already. */
export async function withRows(
  store: StoreTransaction | undefined,
  kind: Kind,
  catalog: CatalogView,
  name?: string,
): Promise<CatalogView> {
  const { storage } = kind
  if (storage === undefined) return catalog
  if (store === undefined) throw new Error(`${kind.name} is read without a store`)
  const rows = name === undefined ? await storage.list(store) : await findRow(storage, store, name)
  const kinds = new Map(catalog.contents.kinds)
  kinds.set(kind.name, new Map(rows.map((stored) => [stored.name, parse(kind, stored)])))
  return new CatalogView({ ...catalog.contents, kinds })
}

/** Puts the row of this name into the view of a transaction, which then works with it as with any resource. */
export async function loadRow(
  tx: StoreTransaction,
  kind: Kind,
  catalog: WorkingView,
  name: string,
): Promise<void> {
  if (kind.storage === undefined || catalog.parsed(kind.name).has(name)) return
  const stored = await kind.storage.find(tx, name)
  if (stored !== undefined) catalog.put(kind.name, name, parse(kind, stored))
}

async function findRow(
  storage: KindStorage,
  store: StoreTransaction,
  name: string,
): Promise<readonly StoredResource[]> {
  const found = await storage.find(store, name)
  return found === undefined ? [] : [found]
}

function parse({ parse: read }: Kind, stored: StoredResource): Parsed {
  const { value } = read(stored.document)
  return { revision: stored.revision, stored, entry: { value, stored, ignored: [] } }
}
