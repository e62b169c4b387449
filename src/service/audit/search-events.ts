/**
 * @module Searches the audit log, newest first. One question looks at a bounded number of events and says how far it
 * came, so that a word that stands nowhere costs no more than one that stands everywhere.
 */
import type { AuditSelection } from '../../core/audit/search.js'
import type { ChainedEvent } from '../../store/store.js'
import type { ServiceContext } from '../context.js'
import { findRange, scanEvents } from './scan-events.js'

export interface AuditSearch extends AuditSelection {
  /** Exclusive: events before this sequence number. */
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface FoundEvents {
  readonly events: readonly ChainedEvent[]
  /** Where to go on; undefined once everything was looked at. */
  readonly nextCursor: number | undefined
  /** The oldest event that was looked at; undefined where there was none. */
  readonly searchedTo: ChainedEvent | undefined
}

/** Some twenty windows: one question stays within a fraction of a second. */
const mostLooked = 20_000

export async function searchEvents(
  deps: Pick<ServiceContext, 'store' | 'clock'> & { readonly flushAudit: () => Promise<void> },
  { cursor, limit, ...selection }: AuditSearch,
  maxLooked = mostLooked,
): Promise<FoundEvents> {
  await deps.flushAudit()
  const range = await findRange(deps, selection)
  const nothing = { events: [], nextCursor: undefined, searchedTo: undefined }
  if (range === undefined) return nothing
  const last = cursor === undefined ? range.last : Math.min(range.last, Number(cursor) - 1)
  if (last < range.first) return nothing
  const events: ChainedEvent[] = []
  let reached = last + 1
  const first = Math.max(range.first, last - maxLooked + 1)
  for await (const window of scanEvents(deps.store, selection, { first, last }, 'desc')) {
    const room = limit - events.length
    events.push(...window.events.slice(0, room))
    if (window.events.length > room || events.length === limit) {
      reached = events.at(-1)?.sequence ?? window.reached
      break
    }
    reached = window.reached
  }
  const [searchedTo] = await deps.store.audit.list({ cursor: reached - 1, limit: 1, order: 'asc' })
  return { events, nextCursor: reached > range.first ? reached : undefined, searchedTo }
}
