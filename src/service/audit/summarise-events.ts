/**
 * @module Counts of audit events over time, by outcome, type and user, for charts. The span is bounded: the work grows
 * with the events in it.
 */
import { GatewayError } from '../../core/error.js'
import { day, parseInstant, second, type Instant } from '../../core/time.js'
import type { AuditSummary, Store } from '../../store/store.js'

export interface AuditSummaryQuery {
  readonly from: string
  readonly to: string
  readonly buckets: number
  readonly type?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly success?: boolean | undefined
}

export interface SummarisedEvents extends AuditSummary {
  readonly from: Instant
  readonly bucketMs: number
}

const maxSpanMs = 400 * day

/** @throws GatewayError `INVALID_INPUT` for a span that is empty or longer than 400 days. */
export async function summariseEvents(
  deps: { readonly store: Store; readonly flushAudit: () => Promise<void> },
  query: AuditSummaryQuery,
): Promise<SummarisedEvents> {
  const from = parseInstant(query.from) ?? 0
  const to = parseInstant(query.to) ?? 0
  const span = to - from
  if (span <= 0 || span > maxSpanMs) {
    const message = span <= 0 ? '"to" must be later than "from"' : 'the span may be 400 days at most'
    throw new GatewayError('INVALID_INPUT', `${message}; ask for another one`, {
      fields: [{ path: 'query.to', message }],
    })
  }
  // Whole seconds, so that the bars have edges that people can read.
  const bucketMs = Math.ceil(span / query.buckets / second) * second
  await deps.flushAudit()
  const summary = await deps.store.audit.summarise({
    from,
    to,
    bucketMs,
    ...(query.type !== undefined && { types: query.type }),
    ...(query.user !== undefined && { user: query.user }),
    ...(query.success !== undefined && { success: query.success }),
  })
  return { ...summary, from, bucketMs }
}
