import { expect, test } from 'vitest'
import { isTimeZone, isWithinHours, type Shift } from '../../../src/core/access-request/weekly-hours.js'

/** A Monday. */
const at = (time: string) => Date.parse(`2026-03-02T${time}Z`)
const office: Shift = { days: ['mon', 'tue'], start: 9 * 60, end: 17 * 60 + 30 }
const night: Shift = { days: ['sun'], start: 22 * 60, end: 6 * 60 }

function isIn(shift: Shift, instant: number, timeZone = 'UTC'): boolean {
  return isWithinHours({ timeZone, shifts: [shift] }, instant)
}

test('a shift is from its start on, up to its end and not at it, on its days', () => {
  expect(isIn(office, at('08:59:59'))).toBe(false)
  expect(isIn(office, at('09:00:00'))).toBe(true)
  expect(isIn(office, at('17:29:59'))).toBe(true)
  expect(isIn(office, at('17:30:00'))).toBe(false)
  expect(isIn({ ...office, days: ['wed'] }, at('12:00:00'))).toBe(false)
})

test('a shift over midnight belongs to the day on which it begins', () => {
  expect(isIn(night, at('05:59:59'))).toBe(true)
  expect(isIn(night, at('06:00:00'))).toBe(false)
  expect(isIn(night, at('22:00:00'))).toBe(false)
  expect(isIn({ ...night, days: ['mon'] }, at('22:00:00'))).toBe(true)
  expect(isIn({ ...night, days: ['mon'] }, at('05:00:00'))).toBe(false)
})

test('the same length of the day in the zone counts, summer time and all', () => {
  expect(isIn(office, at('08:00:00'), 'Europe/Berlin')).toBe(true)
  expect(isIn(office, at('08:00:00'), 'America/New_York')).toBe(false)
  // Two hours ahead from the end of March on.
  expect(isIn(office, Date.parse('2026-03-30T07:00:00Z'), 'Europe/Berlin')).toBe(true)
  expect(isIn(office, Date.parse('2026-03-23T07:00:00Z'), 'Europe/Berlin')).toBe(false)
})

test('a day from midnight to midnight is whole', () => {
  const whole: Shift = { days: ['mon'], start: 0, end: 1440 }
  expect(isIn(whole, at('00:00:00'))).toBe(true)
  expect(isIn(whole, at('23:59:59'))).toBe(true)
  expect(isIn(whole, at('23:59:59') + 1000)).toBe(false)
})

test('in a time zone that does not exist it is never time', () => {
  const whole: Shift = { days: ['mon'], start: 0, end: 1440 }
  for (const name of ['Mars/Base', '', '+02:00', 'Europe/Berlin; x']) {
    expect(isTimeZone(name)).toBe(false)
    expect(isIn(whole, at('12:00:00'), name)).toBe(false)
  }
  expect(isTimeZone('Europe/Berlin')).toBe(true)
})

test('on the day on which the clock goes forward an hour is not there, and no shift longer for it', () => {
  // 29 March 2026 in Berlin: 02:00 is 03:00. A Sunday.
  const gap: Shift = { days: ['sun'], start: 2 * 60, end: 3 * 60 }
  const inBerlin = (shift: Shift, time: string) => isIn(shift, Date.parse(time), 'Europe/Berlin')
  expect(inBerlin(gap, '2026-03-29T00:59:59Z')).toBe(false)
  expect(inBerlin(gap, '2026-03-29T01:00:00Z')).toBe(false)
  const over: Shift = { days: ['sat'], start: 22 * 60, end: 6 * 60 }
  expect(inBerlin(over, '2026-03-28T20:59:59Z')).toBe(false)
  expect(inBerlin(over, '2026-03-28T21:00:00Z')).toBe(true)
  expect(inBerlin(over, '2026-03-29T03:59:59Z')).toBe(true)
  expect(inBerlin(over, '2026-03-29T04:00:00Z')).toBe(false)
})

test('on the day on which it goes back an hour is there twice, and belongs to the shift both times', () => {
  // 25 October 2026 in Berlin: 03:00 is 02:00. A Sunday.
  const twice: Shift = { days: ['sun'], start: 2 * 60, end: 3 * 60 }
  const inBerlin = (time: string) => isIn(twice, Date.parse(time), 'Europe/Berlin')
  expect(['2026-10-24T23:59:59Z', '2026-10-25T00:00:00Z', '2026-10-25T01:59:59Z'].map(inBerlin)).toEqual([
    false,
    true,
    true,
  ])
  expect(inBerlin('2026-10-25T02:00:00Z')).toBe(false)
})
