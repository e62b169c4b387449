/**
 * @module A page of the audit log. Events that are committed but not chained yet are chained first, so that a
 * reader never misses what was answered before it asked.
 */
import { parseInstant } from '../../core/time.js'
import type { AuditFilter, ChainedEvent, Store } from '../../store/store.js'

export interface AuditPageQuery {
  readonly cursor?: string | undefined
  readonly limit: number
  readonly order: 'asc' | 'desc'
  readonly type?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly success?: boolean | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly uid?: string | undefined
}

export async function listEvents(
  deps: { readonly store: Store; readonly flushAudit: () => Promise<void> },
  query: AuditPageQuery,
): Promise<{ events: ChainedEvent[]; nextCursor: number | undefined }> {
  await deps.flushAudit()
  if (query.uid !== undefined) {
    const found = await deps.store.audit.findByUid(query.uid)
    return { events: found ? [found] : [], nextCursor: undefined }
  }
  const filter: AuditFilter = {
    // One more than asked for tells whether there is a next page.
    limit: query.limit + 1,
    order: query.order,
    ...(query.cursor !== undefined && { cursor: Number(query.cursor) }),
    ...(query.type !== undefined && { types: query.type }),
    ...(query.user !== undefined && { user: query.user }),
    ...(query.success !== undefined && { success: query.success }),
    ...(query.from !== undefined && { from: parseInstant(query.from) ?? 0 }),
    ...(query.to !== undefined && { to: parseInstant(query.to) ?? 0 }),
  }
  const found = await deps.store.audit.list(filter)
  const events = found.slice(0, query.limit)
  return { events, nextCursor: found.length > query.limit ? events.at(-1)?.sequence : undefined }
}
