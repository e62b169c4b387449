import { describe, expect, test } from 'vitest'
import { EventLog } from '../../../src/emulator/control/event-log.js'
import { startTime } from '../portal.js'

function fill(count: number, length: number): EventLog {
  const log = new EventLog()
  const operation = 'x'.repeat(length)
  for (let n = 0; n < count; n++) log.emit({ type: 'fault', at: startTime, operation, fault: 'error' })
  return log
}

describe('what is kept', () => {
  test('small events are bounded by number', () => {
    const log = fill(50_000, 10)
    expect(log.since(0).length).toBeGreaterThanOrEqual(10_000)
    expect(log.since(0).length).toBeLessThanOrEqual(20_000)
    expect(log.since(0).at(-1)?.id).toBe(50_000)
  })

  test('large events are bounded by their bytes', () => {
    const kept = fill(2_000, 100_000).since(0)
    const units = kept.length * 100_000
    expect(units).toBeLessThanOrEqual(32 * 1024 * 1024)
    expect(units).toBeGreaterThan(15 * 1024 * 1024)
    expect(kept.at(-1)?.id).toBe(2_000)
  })

  test('the newest stays, however large; the next one takes its place', () => {
    const log = fill(2, 40_000_000)
    expect(log.since(0).map(({ id }) => id)).toEqual([2])
    log.emit({ type: 'clock', at: startTime })
    expect(log.since(0).map(({ id }) => id)).toEqual([3])
    expect(log.firstId).toBe(3)
  })
})
