/**
 * @module Hours of the week in a time zone: whether an instant is within one of a schedule's shifts. A shift belongs to
 * the day on which it begins and may end on the next one.
 */
import type { Instant } from '../time.js'

export const weekDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type WeekDay = (typeof weekDays)[number]

export interface Shift {
  /** On which it begins; each once. */
  readonly days: readonly WeekDay[]
  /** Minutes after midnight, 0 to 1439, by the clock on the wall. */
  readonly start: number
  /** Minutes after midnight, up to 1440; not later than `start`: on the next day. */
  readonly end: number
}

export interface WeeklyHours {
  /** A name of the IANA time zone database. */
  readonly timeZone: string
  readonly shifts: readonly Shift[]
}

/** Whether it is the name of a time zone. */
export function isTimeZone(name: string): boolean {
  return formatOf(name) !== undefined
}

/** Whether the instant is in a shift: from its start on, up to its end and not at it. Never in an unknown time zone. */
export function isWithinHours({ timeZone, shifts }: WeeklyHours, at: Instant): boolean {
  const wall = wallClock(timeZone, at)
  if (wall === undefined) return false
  const yesterday = weekDays[(weekDays.indexOf(wall.day) + 6) % 7]
  return shifts.some(({ days, start, end }) => {
    const isOvernight = end <= start
    const today = days.includes(wall.day) && wall.minute >= start && (isOvernight || wall.minute < end)
    return today || (isOvernight && yesterday !== undefined && days.includes(yesterday) && wall.minute < end)
  })
}

function wallClock(timeZone: string, at: Instant): { day: WeekDay; minute: number } | undefined {
  const format = formatOf(timeZone)
  if (format === undefined) return undefined
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const name = parts.get('weekday')?.toLowerCase()
  const day = weekDays.find((one) => one === name)
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
  return day === undefined || !Number.isInteger(minute) ? undefined : { day, minute }
}

const formats = new Map<string, Intl.DateTimeFormat>()
const maxFormats = 100

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  // Offsets such as +02:00 would not follow summer time, and are no names.
  if (!/^[A-Za-z][\w+\-/]{0,60}$/.test(timeZone)) return undefined
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    const oldest = formats.size >= maxFormats ? formats.keys().next().value : undefined
    if (oldest !== undefined) formats.delete(oldest)
    formats.set(timeZone, format)
    return format
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
