/**
 * Work that is due: it runs in the order of its time and, within one instant, of its arrival.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Schedule } from '../../../src/emulator/state/schedule.js'

describe('a schedule', () => {
  test('runs everything that is due by time and then by arrival, and keeps the rest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.nat(20), (times, now) => {
        const schedule = new Schedule()
        const ran: number[] = []
        times.forEach((at, index) => schedule.add(at, () => ran.push(index)))
        schedule.runDue(now)
        const wanted = times
          .map((at, index) => ({ at, index }))
          .filter(({ at }) => at <= now)
          .sort((a, b) => a.at - b.at || a.index - b.index)
        expect(ran).toEqual(wanted.map(({ index }) => index))
        expect(schedule.size).toBe(times.length - wanted.length)
        const left = times.filter((at) => at > now)
        expect(schedule.nextAt()).toBe(left.length === 0 ? undefined : Math.min(...left))
      }),
    )
  })

  test('runs what a task adds for an instant that has come, and not what it adds for later', () => {
    const schedule = new Schedule()
    const ran: string[] = []
    schedule.add(5, () => {
      ran.push('first')
      schedule.add(5, () => ran.push('added'))
      schedule.add(9, () => ran.push('later'))
    })
    schedule.add(5, () => ran.push('second'))
    schedule.runDue(8)
    expect(ran).toEqual(['first', 'second', 'added'])
    expect(schedule.nextAt()).toBe(9)
  })

  test('tells its watcher when the next instant may have changed, and only then', () => {
    const schedule = new Schedule()
    const told: (number | undefined)[] = []
    schedule.watch(() => told.push(schedule.nextAt()))
    schedule.add(5, () => undefined)
    schedule.add(7, () => undefined)
    schedule.add(3, () => undefined)
    expect(told).toEqual([5, 3])
    schedule.runDue(5)
    expect(told).toEqual([5, 3, 5, 7])
  })
})
