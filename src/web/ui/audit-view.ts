/**
 * @module The audit page's state in its URL, and stored events as it reads them.
 */
import type { AuditItem, Page } from '../../api/contract.js'
import type { AuditEvent } from '../../core/audit/event.js'
import type { AuditView } from '../path-builder.js'

export interface StoredEvent {
  readonly sequence: number
  readonly hash: string
  /** Byte for byte as it was hashed. */
  readonly json: string
  readonly event: AuditEvent
}

export function parseStoredEvent(item: AuditItem): StoredEvent {
  // The server stored what `buildEvent` made; the text itself is kept beside it.
  return { ...item, event: JSON.parse(item.json) as AuditEvent }
}

export function readAuditView(search: URLSearchParams): AuditView {
  const one = (name: string) => search.get(name) ?? undefined
  const outcome = one('outcome')
  return {
    type: search.has('type') ? search.getAll('type') : undefined,
    user: one('user'),
    from: one('from'),
    to: one('to'),
    outcome: outcome === 'true' || outcome === 'false' ? outcome : undefined,
    uid: one('uid'),
    search: one('search'),
    kind: one('kind'),
    name: one('name'),
    address: one('address'),
    code: one('code'),
    details: one('details'),
  }
}

/** Whether the view asks for what only a search looks at. */
export function isSearch({ search, kind, name, address, code }: AuditView): boolean {
  return [search, kind, name, address, code].some((value) => value !== undefined)
}

/** How many events of the newest page came after `sequence`; `more` when that page is all new and not the last. */
export function countNewer(
  page: Page<AuditItem> | undefined,
  sequence: number,
): { count: number; more: boolean } {
  const items = page?.items ?? []
  const count = items.filter((item) => item.sequence > sequence).length
  return { count, more: count > 0 && count === items.length && page?.nextCursor !== undefined }
}

/** The uid inside what a person pasted into the reference field, or nothing. */
export function parseReference(text: string): string | undefined {
  return /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i.exec(text)?.[0].toLowerCase()
}

/** Whether the audit log can be asked for it; an empty one asks for nothing. */
export function isReference(uid: string): boolean {
  return uid === '' || parseReference(uid) === uid
}
