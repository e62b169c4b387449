import { describe, expect, test } from 'vitest'
import { chartSpan, formatBarStart, niceCeiling } from '../../src/web/ui/chart-span.js'

const hour = 3_600_000
const now = Date.parse('2026-03-01T09:20:31.500Z')

describe('the span of the charts', () => {
  test('is the last seven days in bars that begin at whole hours of the reader', () => {
    expect(chartSpan({}, now, 0)).toEqual({
      from: '2026-02-22T08:00:00.000Z',
      to: '2026-03-01T12:00:00.000Z',
      buckets: 43,
    })
    // Half an hour off, as in India.
    expect(chartSpan({}, now, 5.5 * hour).to).toBe('2026-03-01T10:30:00.000Z')
  })

  test('stays the same while time goes on within a bar', () => {
    expect(chartSpan({}, now + hour, 0)).toEqual(chartSpan({}, now, 0))
    expect(chartSpan({}, now + 3 * hour, 0)).not.toEqual(chartSpan({}, now, 0))
  })

  test('keeps the ends that a view names, to the millisecond', () => {
    const view = { from: '2026-02-28T01:02:03.000Z', to: '2026-02-28T05:02:03.000Z' }
    expect(chartSpan(view, now, 0)).toEqual({ ...view, buckets: 48 })
    expect(chartSpan({ from: view.from }, now, 0).from).toBe(view.from)
  })

  test.each([
    ['an end before its beginning', { from: '2026-03-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }],
    ['more than the server counts', { from: '1999-01-01T00:00:00Z' }],
    ['a beginning that is still to come', { from: '2031-01-01T00:00:00Z' }],
    ['what is no time', { from: 'yesterday', to: '' }],
  ])('is one that the server takes, for %s', (_, view) => {
    const { from, to, buckets } = chartSpan(view, now, 0)
    const length = Date.parse(to) - Date.parse(from)
    expect(length).toBeGreaterThan(0)
    expect(length).toBeLessThanOrEqual(400 * 24 * hour)
    expect(buckets).toBeGreaterThanOrEqual(1)
    expect(buckets).toBeLessThanOrEqual(200)
  })
})

test('a bar is named by its day, and by its hour where it is shorter', () => {
  const at = Date.parse('2026-03-01T09:00:00Z')
  expect(formatBarStart(at, hour, 'UTC')).toBe('Sun 1 Mar, 09:00')
  expect(formatBarStart(at, 24 * hour, 'UTC')).toBe('Sun 1 Mar')
})

test('the scale ends at a round number that no bar exceeds', () => {
  expect([0, 4, 5, 10, 11, 55, 61, 100, 999].map(niceCeiling)).toEqual([4, 4, 6, 10, 20, 60, 80, 100, 1000])
})
