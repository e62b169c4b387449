/**
 * @module Reads the chained events that a selection means, a window of the chain at a time: no statement and no turn of
 * the event loop grows with the log, and whoever reads knows how far was looked where nothing was found.
 */
import { buildMatcher, type AuditSelection } from '../../core/audit/search.js'
import { day, parseInstant } from '../../core/time.js'
import type { AuditFilter, ChainedEvent, Store } from '../../store/store.js'
import type { ServiceContext } from '../context.js'

/** Events that one statement looks at. */
export const scanWindow = 1000

/** Sequence numbers, both inclusive. */
export interface ChainRange {
  readonly first: number
  readonly last: number
}

export interface ScannedWindow {
  /** Those that are meant, in the order that was asked for. */
  readonly events: readonly ChainedEvent[]
  /** Sequence number of the last one that was looked at. */
  readonly reached: number
}

/** Where events of the selection's time are, of those that are chained now; undefined where there is none. */
export async function findRange(
  { store, clock }: Pick<ServiceContext, 'store' | 'clock'>,
  { from, to }: AuditSelection,
): Promise<ChainRange | undefined> {
  const first = await store.audit.first()
  const last = (await store.audit.last())?.sequence
  if (first === undefined || last === undefined) return undefined
  if (from === undefined && to === undefined) return { first, last }
  // A clock of another replica may be ahead.
  return await store.audit.bounds({
    from: (from === undefined ? undefined : parseInstant(from)) ?? 0,
    to: (to === undefined ? undefined : parseInstant(to)) ?? clock.now() + day,
  })
}

export async function* scanEvents(
  store: Pick<Store, 'audit'>,
  selection: AuditSelection,
  { first, last }: ChainRange,
  order: 'asc' | 'desc',
): AsyncGenerator<ScannedWindow> {
  const filter = toFilter(selection)
  const matches = buildMatcher(selection)
  for (let looked = 0; looked <= last - first; looked += scanWindow) {
    const size = Math.min(scanWindow, last - first + 1 - looked)
    const bounds =
      order === 'asc'
        ? { cursor: first + looked - 1, until: first + looked + size - 1 }
        : { cursor: last - looked + 1, until: last - looked - size + 1 }
    const found = await store.audit.list({ ...filter, ...bounds, order, limit: scanWindow })
    yield {
      events: matches === undefined ? found : found.filter(({ json }) => matches(json)),
      reached: bounds.until,
    }
  }
}

function toFilter({ type, user, success, from, to }: AuditSelection): Partial<AuditFilter> {
  return {
    ...(type !== undefined && { types: type }),
    ...(user !== undefined && { user }),
    ...(success !== undefined && { success }),
    ...(from !== undefined && { from: parseInstant(from) ?? 0 }),
    ...(to !== undefined && { to: parseInstant(to) ?? 0 }),
  }
}
