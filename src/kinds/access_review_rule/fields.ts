/**
 * @module Fields of a review rule that no other kind has: names of people and roles, and the hours of the week.
 */
import { z } from 'zod'
import { listSchema, mapSchema, textSchema, textsSchema } from '../../api/resource/field-schemas.js'
import { readField, readMap, readText, readTexts } from '../../api/resource/fields.js'
import { isTimeZone, weekDays, type Shift, type WeekDay } from '../../core/access-request/weekly-hours.js'
import { suggest } from '../../core/nearest.js'
import { normaliseTraits } from '../../core/trait.js'

const maxNames = 1000
const maxShifts = 50

/** Names that are compared as they are, so a pattern would be none of them. */
export const names = readField(
  (value, report): string[] => {
    const all = [...new Set(readTexts(value, report))]
    if (all.length === 0) report('must not be empty: leave the field out for everyone')
    if (all.length > maxNames) report(`must have at most ${maxNames} names`)
    for (const [index, one] of all.entries()) {
      if (one === '') report('a name is empty', index)
      else if (/[*{}]|^\^.*\$$/s.test(one)) {
        report(`"${one.slice(0, 60)}" is a pattern; here each is named by itself`, index)
      }
    }
    return all
  },
  listSchema(textSchema({ minLength: 1 })),
)

/** Of each trait one value at least: a trait that no value is asked of would be no condition. */
export const traits = readField(
  (value, report) => {
    const pairs = readMap(value, report)
    if (pairs.length === 0) report('must not be empty: leave the field out for everyone')
    const read = pairs.map(([name, item]) => {
      const values = readTexts(item, report, name)
      if (values.length === 0 || values.includes('')) report('must have values, none of them empty', name)
      return [name, values] as const
    })
    return normaliseTraits(Object.fromEntries(read))
  },
  { ...mapSchema(textsSchema), minProperties: 1 },
)

const days = readField(
  (value, report): WeekDay[] => {
    const all = readTexts(value, report)
    if (all.length === 0) report('must name at least one day')
    const known = all.flatMap((written, index) => {
      const day = weekDays.find((one) => one === written.toLowerCase())
      if (day !== undefined) return [day]
      const given = written.slice(0, 40)
      report(`must be one of ${weekDays.join(', ')}, not "${given}"${suggest(given, weekDays)}`, index)
      return []
    })
    return weekDays.filter((day) => known.includes(day))
  },
  listSchema(textSchema({ minLength: 1 })),
)

/** The 24th hour only as an end. */
const timePattern = '^(?:[01]\\d|2[0-3]):[0-5]\\d$'
const endPattern = '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$'

function timeOfDay(pattern: string) {
  const form = new RegExp(pattern)
  return readField(
    (value, report): string => {
      const written = readText(value, report)
      if (!form.test(written)) report(`must be a time such as "09:00" or "17:30", in quotes`)
      return written
    },
    { type: 'string', pattern },
  )
}

export const scheduleSection = z.strictObject({
  time_zone: readField((value, report): string => {
    const name = readText(value, report)
    if (!isTimeZone(name)) {
      report(`"${name.slice(0, 60)}" is no time zone; write for example Europe/Berlin or UTC`)
    }
    return name
  }, textSchema()).describe('Time zone of the IANA database; its summer time is followed'),
  shifts: z
    .array(
      z
        .strictObject({
          days: days.describe('Days on which the shift begins: mon, tue, wed, thu, fri, sat, sun'),
          start: timeOfDay(timePattern).describe('From when, by the clock on the wall'),
          end: timeOfDay(endPattern).describe('Until when; earlier than start: on the next day'),
        })
        .refine(({ start, end }) => start !== end, {
          path: ['end'],
          message: 'is the start; a whole day is 00:00 to 24:00',
        }),
    )
    .min(1)
    .max(maxShifts)
    .describe('Hours of the week'),
})

/** Minutes after midnight of what {@link scheduleSection} read. */
export function readShift({ days, start, end }: z.output<typeof scheduleSection>['shifts'][number]): Shift {
  return { days, start: minuteOf(start), end: minuteOf(end) }
}

function minuteOf(written: string): number {
  const [hours = '', minutes = ''] = written.split(':')
  return Number(hours) * 60 + Number(minutes)
}
