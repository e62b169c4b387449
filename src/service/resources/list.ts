/**
 * @module Lists of one kind by page: stored resources by name, then those that are computed. What a condition hides
 * from somebody is left out; who may list and not read sees names only. A cursor says where the last page ended, so it holds while others write.
 */
import { GatewayError } from '../../core/error.js'
import type { Inventory } from '../../core/inventory/inventory.js'
import type { CatalogView, Parsed } from './catalog-view.js'
import type { ListAnswer, ListInput, ResourceView } from './changes.js'
import type { ResourceDeps } from './deps.js'
import type { ComputedPlace, Kind, ResourceDocument } from './kind.js'
import { assertMayOnSome, mayOnResource } from './may.js'
import { columnsOf, shownDocument, viewOf, viewOfComputed } from './present.js'
import { findKind } from './remove.js'
import { withRows } from './stored-rows.js'

/** Where a page begins: rightly after this name or place, or at the first of the part. */
type Place =
  | { readonly part: 'stored'; readonly after: string | undefined }
  | ({ readonly part: 'computed' } & ComputedPlace)

interface Page<P> {
  readonly items: readonly ResourceView[]
  readonly next: P | undefined
  /** Of all pages, where the caller sees all of all. */
  readonly total: number | undefined
}

interface Listing {
  readonly kind: Kind
  readonly catalog: CatalogView
  readonly search: string
  readonly list: Judge
  readonly read: Judge
}

/** What a right says of resources; undefined for one that holds for all of the kind. */
type Judge = ((document: ResourceDocument) => boolean) | undefined

/** Computed resources that one request looks at where a condition hides most of them; its page may be empty. */
export const maxLooked = 2000

/** @throws GatewayError `NOT_FOUND` for the kind, `FORBIDDEN`, `INVALID_INPUT` for a cursor that is none. */
export async function listResources(
  deps: Pick<ResourceDeps, 'catalog' | 'kinds'> & Partial<Pick<ResourceDeps, 'store'>>,
  { authority, limit, ...input }: ListInput,
): Promise<ListAnswer> {
  const kind = findKind(deps.kinds, input.kind)
  assertMayOnSome(authority, { resource: kind.name, verb: 'list' })
  const judge = (verb: string): Judge => {
    const right = { resource: kind.name, verb }
    const may = (document?: ResourceDocument) => mayOnResource(authority, right, document).effect === 'allow'
    return may() ? undefined : may
  }
  const catalog = await withRows(deps.store, kind, await deps.catalog.read())
  const listing = { kind, catalog, search: input.search ?? '', list: judge('list'), read: judge('read') }

  const place = readCursor(input.cursor)
  const nothing: Page<never> = { items: [], next: undefined, total: 0 }
  const stored = input.origin === 'system' ? nothing : pageOfStored(listing, place, limit)
  // Where stored ones fill the page, one computed resource tells that there is a next page.
  const room = stored.next === undefined ? limit - stored.items.length : 0
  const from = place.part === 'computed' ? place : start
  const computed = input.origin === 'user' ? nothing : pageOfComputed(listing, from, Math.max(room, 1))
  const all = room === 0 ? stored.items : [...stored.items, ...computed.items]
  const items = all.flatMap((view) => {
    if (listing.read?.(view.document) ?? true) return view
    return input.whole === true ? [] : withoutContent(view)
  })
  return {
    items,
    leftOut: all.length - items.length,
    nextCursor: writeCursor(nextPlace(stored, computed, room)),
    total:
      stored.total === undefined || computed.total === undefined ? undefined : stored.total + computed.total,
  }
}

const start: ComputedPlace = { after: undefined, skip: 0 }

function nextPlace(stored: Page<string>, computed: Page<ComputedPlace>, room: number): Place | undefined {
  if (stored.next !== undefined) return { part: 'stored', after: stored.next }
  if (room === 0) {
    const isMore = computed.items.length > 0 || computed.next !== undefined
    return isMore ? { part: 'computed', ...start } : undefined
  }
  return computed.next && { part: 'computed', ...computed.next }
}

/** Who may list one and not read it sees that it is there. */
function withoutContent({ document, ...view }: ResourceView): ResourceView {
  const { kind, version } = document
  return {
    ...view,
    document: { kind, version, metadata: { name: view.name } },
    columns: {},
    problem: undefined,
    ignored: [],
  }
}

function pageOfStored(
  { kind, catalog, search, list, read }: Listing,
  place: Place,
  limit: number,
): Page<string> {
  const matches = matcherOf(kind, catalog, search)
  const all = [...catalog.parsed(kind.name).values()]
    .filter(({ stored }) => !kind.computed?.reserves(stored.name))
    .filter(matches)
    .sort((a, b) => (a.stored.name < b.stored.name ? -1 : 1))
  const total = list === undefined && read === undefined ? all.length : undefined
  const words = wordsOf(search)
  const items: ResourceView[] = []
  for (const parsed of place.part === 'stored' ? all : []) {
    const { name } = parsed.stored
    if (place.after !== undefined && name <= place.after) continue
    const mayNot = (judge: Judge) => judge?.(shownDocument(kind, parsed, catalog)) === false
    if (mayNot(list)) continue
    // Words that stand elsewhere than in the name would tell what one may not read.
    if (!hasWords(name.toLowerCase(), words) && mayNot(read)) continue
    if (items.length === limit) return { items, next: items.at(-1)?.name, total }
    items.push(viewOf(kind, parsed, catalog))
  }
  return { items, next: undefined, total }
}

function pageOfComputed(
  { kind, catalog, search, list }: Listing,
  from: ComputedPlace,
  limit: number,
): Page<ComputedPlace> {
  if (kind.computed === undefined) return { items: [], next: undefined, total: 0 }
  const page = { search, from, limit, maxLooked, ...(list && { shows: list }) }
  const { documents, ...rest } = kind.computed.list(page, catalog)
  return { ...rest, items: documents.map((document) => viewOfComputed(kind, document, catalog)) }
}

function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean)
}

function hasWords(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

/** Every word stands in the name, the description or a column, in any case. */
function matcherOf(kind: Kind, catalog: CatalogView, search: string): (parsed: Parsed) => boolean {
  const words = wordsOf(search)
  if (words.length === 0) return () => true
  return (parsed) => hasWords(searchText(kind, parsed, catalog), words)
}

/** Made once for each stored state, since it takes the document; columns show names from the inventory. */
const searchTexts = new WeakMap<Parsed, { readonly inventory: Inventory; readonly text: string }>()

function searchText(kind: Kind, parsed: Parsed, catalog: CatalogView): string {
  const { inventory } = catalog
  const known = searchTexts.get(parsed)
  if (known?.inventory === inventory) return known.text
  const { description = '' } = shownDocument(kind, parsed, catalog).metadata
  const columns = parsed.entry === undefined ? {} : columnsOf(kind, parsed.entry.value, catalog)
  const text = [parsed.stored.name, description, ...Object.values(columns)].join('\n').toLowerCase()
  searchTexts.set(parsed, { inventory, text })
  return text
}

/** Opaque to callers; it names only what was shown. */
function writeCursor(place: Place | undefined): string | undefined {
  if (place === undefined) return undefined
  const parts: unknown[] = [place.part, place.after ?? null]
  if (place.part === 'computed' && place.skip > 0) parts.push(place.skip)
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

function readCursor(cursor: string | undefined): Place {
  if (cursor === undefined) return { part: 'stored', after: undefined }
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const [part, name, skip = 0] = Array.isArray(read) ? (read as unknown[]) : []
    if (name === null || typeof name === 'string') {
      const after = name ?? undefined
      if (part === 'stored' && skip === 0) return { part, after }
      if (part === 'computed' && Number.isSafeInteger(skip) && Number(skip) >= 0) {
        return { part, after, skip: Number(skip) }
      }
    }
  } catch {
    // Refused below like any other text that is no cursor.
  }
  throw new GatewayError('INVALID_INPUT', 'cursor: is none that this list gave; begin without one', {
    field: 'cursor',
  })
}
