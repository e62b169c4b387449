/** @module What was done to an access list and its members, from the audit log, newest first. */
import type { ListHistoryAnswer } from '../../api/contract/access-lists.js'
import { historyFacts } from '../../core/access-list/history-facts.js'
import { auditCodes, type AuditEvent, type AuditEventName } from '../../core/audit/event.js'
import { describeEvent } from '../../core/audit/describe.js'
import { GatewayError } from '../../core/error.js'
import type { Authority } from '../authority.js'
import { mayOnResource } from '../resources/may.js'
import { isMap } from '../resources/present.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertReadsList, loadViewer } from './rights.js'

const isOfLists = (name: string): name is AuditEventName =>
  name.startsWith('access_list.') && Object.hasOwn(auditCodes, name)
const types = Object.keys(auditCodes).filter(isOfLists)

/** Events of lists that are read at a time, and for one page at most: of other lists there may be very many. */
const batch = 500
const maxLooked = 5000

/**
 * A list that was made again under a name is another one: whoever may not read the audit log is told of this one alone.
 * A page may be empty and have a next one: of a list that was long left alone nothing stands near.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` for a cursor that no page gave.
 */
export async function listHistory(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'> & {
    readonly flushAudit: () => Promise<void>
  },
  list: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  authority: Authority,
): Promise<ListHistoryAnswer> {
  const catalog = await deps.catalog.read()
  const viewer = await loadViewer(deps, deps.store, catalog, authority)
  assertReadsList(viewer, list)
  const seesAll = mayOnResource(authority, { resource: 'event', verb: 'list' }).effect === 'allow'
  const createdAt = catalog.parsed('access_list').get(list)?.stored.createdAt ?? viewer.now
  // What was refused was not done, and names what stood against it, be it lists that do not exist for the viewer.
  const isOfThisOne = (event: AuditEvent): boolean =>
    event['error_code'] === undefined && (seesAll || Date.parse(event.time) >= createdAt)
  await deps.flushAudit()
  const items: ListHistoryAnswer['items'] = []
  let before = cursor === undefined ? undefined : readCursor(cursor)
  for (let looked = 0; looked < maxLooked;) {
    const events = await deps.store.audit.list({
      limit: batch,
      order: 'desc',
      types,
      ...(before !== undefined && { cursor: before }),
    })
    for (const { sequence, json } of events) {
      const event = readEvent(json)
      if (event?.['name'] === list && isOfThisOne(event)) {
        if (items.length === limit) return { items, nextCursor: String(before) }
        items.push(toItem(event))
        if (!seesAll && isBeginning(event)) return { items }
      }
      before = sequence
    }
    if (events.length < batch) return { items }
    looked += events.length
  }
  return { items, nextCursor: String(before) }
}

/** What stands before it was done to another list of this name, be it at the same instant. */
function isBeginning({ event, success }: AuditEvent): boolean {
  return event === 'access_list.create' && success
}

function readCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new GatewayError(
    'INVALID_INPUT',
    'the cursor belongs to no page of this list; start from the first one',
  )
}

function readEvent(json: string): AuditEvent | undefined {
  const event: unknown = JSON.parse(json)
  // Written by `buildEvent` alone.
  return isMap(event) ? (event as AuditEvent) : undefined
}

function toItem(event: AuditEvent): ListHistoryAnswer['items'][number] {
  const by = event['updated_by'] ?? event['user']
  const review = event.event === 'access_list.review' ? event['review_id'] : undefined
  return {
    time: event.time,
    code: event.code,
    event: event.event,
    says: `${describeEvent(event)}.`,
    by: typeof by === 'string' ? by : 'system',
    reference: event.uid,
    facts: historyFacts(event),
    ...(typeof review === 'string' && { review }),
  }
}
