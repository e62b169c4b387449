/** @module Stored resources as they are shown: names for ids, texts for columns, and why one cannot be used. */
import type { StoredResource } from '../../store/store.js'
import type { CatalogView, Parsed } from './catalog-view.js'
import type { ResourceView } from './changes.js'
import type { Kind, ResourceDocument } from './kind.js'

/** The document as people see it, without revision. One that cannot be read is shown as far as it goes. */
export function shownDocument(
  kind: Pick<Kind, 'present'>,
  parsed: Parsed,
  catalog: CatalogView,
): ResourceDocument {
  const raw = rawDocument(parsed.stored)
  return parsed.entry === undefined ? raw : presentDocument(kind, raw, catalog)
}

/** A document in its stored form as people see it. */
export function presentDocument(
  kind: Pick<Kind, 'present'>,
  document: ResourceDocument,
  catalog: CatalogView,
): ResourceDocument {
  return kind.present?.(document, catalog) ?? document
}

export function viewOf(kind: Kind, parsed: Parsed, catalog: CatalogView): ResourceView {
  const { stored, entry } = parsed
  return {
    kind: kind.name,
    name: stored.name,
    revision: stored.revision,
    document: shownDocument(kind, parsed, catalog),
    origin: 'user',
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
    columns: entry === undefined ? {} : columnsOf(kind, entry.value, catalog),
    problem: entry === undefined ? parsed.problem.message : undefined,
    ignored: entry?.ignored ?? [],
  }
}

/** Computed from the inventory, so its revision is that of the inventory. */
export function viewOfComputed(kind: Kind, document: ResourceDocument, catalog: CatalogView): ResourceView {
  return {
    kind: kind.name,
    name: document.metadata.name,
    revision: `inventory-${catalog.inventory.revision}`,
    document,
    origin: 'system',
    createdAt: undefined,
    updatedAt: undefined,
    columns: columnsOf(kind, kind.parse(document).value, catalog),
    problem: undefined,
    ignored: [],
  }
}

export function columnsOf(kind: Kind, value: unknown, catalog: CatalogView): Record<string, string> {
  return Object.fromEntries(kind.columns.map(({ key, of }) => [key, of(value, catalog)]))
}

/** As it is stored, in the shape of a document: the rest of the code relies on kind and name only. */
export function rawDocument(stored: StoredResource): ResourceDocument {
  const { kind, name } = stored
  const raw = readStored(stored)
  const { version } = raw
  const metadata = isMap(raw['metadata']) ? raw['metadata'] : {}
  return {
    ...raw,
    kind,
    version: typeof version === 'string' ? version : '',
    metadata: { ...metadata, name },
  }
}

/** The document as it is stored; empty where it is damaged. */
export function readStored(stored: StoredResource): Readonly<Record<string, unknown>> {
  try {
    // Each look at it parses it.
    const { document } = stored
    return isMap(document) ? document : {}
  } catch {
    // Damaged in the database; the catalog has logged it and `problem` tells it.
    return {}
  }
}

/** Whether it is a map of a document. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
