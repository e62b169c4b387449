/**
 * @module Counts audit events over time. The engine counts slice by slice over an index that holds all that is
 * counted: however many events there are, no statement keeps the process for long (SQLite runs in it).
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { AuditCount, AuditSummary, AuditSummaryFilter } from '../store.js'
import type { SqlScope } from './scope.js'
import { isStorable } from './text.js'

/** At least so many slices for one summary: a month is counted in pieces of half a day or less. */
const minSlices = 64
/** The lists of types and users end here; the bars count everyone. */
const maxNamed = 50

export async function summariseAudit(scope: SqlScope, filter: AuditSummaryFilter): Promise<AuditSummary> {
  const types = new Map<string, number>()
  const users = new Map<string, number>()
  const buckets: { succeeded: number; failed: number }[] = []
  // What cannot be stored is in no event, and PostgreSQL would not even be asked for it.
  const isPossible = filter.user === undefined || isStorable(filter.user)
  for (let from = filter.from; from < filter.to; from += filter.bucketMs) {
    const bucket = { succeeded: 0, failed: 0 }
    for (const slice of isPossible ? slicesOf(from, filter) : []) {
      // SQLite answers within one turn of the event loop; everybody else gets theirs between two slices.
      await nextTurn()
      const byType = await inSlice(scope, filter, slice)
        .select(({ fn }) => ['event_type', 'success', fn.countAll<number | string>().as('events')])
        .groupBy(['event_type', 'success'])
        .execute()
      for (const { event_type: type, success, events } of byType) {
        bucket[success === 1 ? 'succeeded' : 'failed'] += Number(events)
        add(types, type, Number(events))
      }
      const byUser = await inSlice(scope, filter, slice)
        .select(({ fn }) => ['user_name', fn.countAll<number | string>().as('events')])
        .groupBy('user_name')
        .execute()
      for (const { user_name: user, events } of byUser) if (user !== null) add(users, user, Number(events))
    }
    buckets.push(bucket)
  }
  return { buckets, types: mostFrequent(types), users: mostFrequent(users) }
}

/** The lowest and highest sequence number in a span of time, slice by slice as above. */
export async function findBounds(
  scope: SqlScope,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<{ first: number; last: number } | undefined> {
  let found: { first: number; last: number } | undefined
  if (to <= from) return undefined
  for (const slice of slicesOf(from, { from, to, bucketMs: to - from })) {
    await nextTurn()
    const row = await inSlice(scope, { from, to, bucketMs: to - from }, slice)
      .select(({ fn }) => [fn.min('sequence').as('first'), fn.max('sequence').as('last')])
      .executeTakeFirst()
    if (row === undefined || row.first === null || row.last === null) continue
    found = {
      first: Math.min(found?.first ?? row.first, row.first),
      last: Math.max(found?.last ?? 0, row.last),
    }
  }
  return found
}

interface Slice {
  readonly start: number
  readonly end: number
}

/** The bucket that begins at `from`, cut into slices. */
function* slicesOf(from: number, filter: AuditSummaryFilter): Generator<Slice> {
  const last = Math.min(from + filter.bucketMs, filter.to)
  const step = Math.max(1, Math.ceil((filter.to - filter.from) / minSlices))
  for (let start = from; start < last; start += step) yield { start, end: Math.min(start + step, last) }
}

/** Types and users are compared as expressions: that keeps an engine from leaving the index by time for theirs. */
function inSlice({ db }: SqlScope, { types, user, success }: AuditSummaryFilter, { start, end }: Slice) {
  let query = db
    .selectFrom('audit_event')
    .where('sequence', 'is not', null)
    .where('time_ms', '>=', start)
    .where('time_ms', '<', end)
  if (types !== undefined && types.length > 0) query = query.where(sql<string>`event_type || ''`, 'in', types)
  if (user !== undefined) query = query.where(sql<string>`user_name || ''`, '=', user)
  if (success !== undefined) query = query.where('success', '=', success ? 1 : 0)
  return query
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count)
}

function mostFrequent(counts: ReadonlyMap<string, number>): AuditCount[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, maxNamed)
}
