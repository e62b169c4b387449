/**
 * @module Which span of time the audit charts show, in bars with edges that people can read: whole minutes, hours or
 * days of the reader's own clock.
 */
import type { AuditView } from '../path-builder.js'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const steps = [1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10_080].map((minutes) => minutes * minuteMs)
const maxBars = 48
/** What the server counts at most. */
const maxSpanMs = 400 * dayMs
const usualMs = 7 * dayMs

export interface ChartSpan {
  readonly from: string
  readonly to: string
  readonly buckets: number
}

/**
 * The span of a view, at most 400 days. Ends that the view does not name are rounded outwards, so that a span stays the
 * same while nobody changes it; ends that it names are kept, for the bars must count what the list shows.
 * @param offsetMs of the reader's time zone, east of UTC.
 */
export function chartSpan(view: Pick<AuditView, 'from' | 'to'>, now: number, offsetMs: number): ChartSpan {
  const named = { from: parse(view.from), to: parse(view.to) }
  const roughTo = named.to ?? Math.max(now, (named.from ?? 0) + minuteMs)
  const roughFrom = Math.max(named.from ?? roughTo - usualMs, roughTo - maxSpanMs)
  const step = steps.find((one) => (roughTo - roughFrom) / one <= maxBars) ?? 7 * dayMs
  const to = named.to ?? Math.ceil((roughTo + offsetMs + 1) / step) * step - offsetMs
  const from =
    named.from === undefined ? Math.floor((roughFrom + offsetMs) / step) * step - offsetMs : roughFrom
  const end = Math.max(to, from + 1000)
  const bounded = Math.max(from, end - maxSpanMs)
  return {
    from: new Date(bounded).toISOString(),
    to: new Date(end).toISOString(),
    buckets: Math.min(200, Math.max(1, Math.ceil((end - bounded) / step))),
  }
}

function parse(instant: string | undefined): number | undefined {
  const at = Date.parse(instant ?? '')
  return Number.isNaN(at) ? undefined : at
}

/** "Mon 3 Mar, 14:00", the beginning of a bar. */
export function formatBarStart(at: number, bucketMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(bucketMs < dayMs ? { hour: '2-digit', minute: '2-digit' } : {}),
    ...(timeZone ? { timeZone } : {}),
  }).format(at)
}

/** A round number at least as high as the highest bar, for the scale. */
export function niceCeiling(highest: number): number {
  if (highest <= 4) return 4
  const power = 10 ** Math.floor(Math.log10(highest))
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((one) => one >= highest) ?? highest
}
