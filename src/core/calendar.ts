/**
 * @module Days, months and years in UTC as plain arithmetic (proleptic Gregorian calendar, no leap seconds). Knows no
 * other zone and no clock.
 */
import { day, type Instant } from './time.js'

export interface CalendarDay {
  readonly year: number
  /** From 1. */
  readonly month: number
  /** From 1. */
  readonly day: number
}

export function startOfDay(instant: Instant): Instant {
  return Math.floor(instant / day) * day
}

// Years begin in March here, so that the day which some years lack is the last one. 719,468 days lie between
// 0000-03-01 and 1970-01-01, and 146,097 in 400 years.
const epochDays = 719_468
const eraDays = 146_097

export function dayOf(instant: Instant): CalendarDay {
  const days = Math.floor(instant / day) + epochDays
  const era = Math.floor(days / eraDays)
  const ofEra = days - era * eraDays
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  }
}

/** The first instant of a day. */
export function instantOf({ year, month, day: dayOfMonth }: CalendarDay): Instant {
  const fromMarch = month > 2 ? year : year - 1
  const era = Math.floor(fromMarch / 400)
  const yearOfEra = fromMarch - era * 400
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear
  return (era * eraDays + ofEra - epochDays) * day
}

/** The month so many months later. */
export function addMonths(
  { year, month }: Pick<CalendarDay, 'year' | 'month'>,
  months: number,
): Pick<CalendarDay, 'year' | 'month'> {
  const count = year * 12 + (month - 1) + months
  return { year: Math.floor(count / 12), month: (((count % 12) + 12) % 12) + 1 }
}

export function daysIn({ year, month }: Pick<CalendarDay, 'year' | 'month'>): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
