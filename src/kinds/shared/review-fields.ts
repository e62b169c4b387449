/**
 * @module When the members of access lists are reviewed and what happens where nobody does, as documents say it: fields
 * of the list itself and of the cluster preference. What is stored is the shortest form of what people write.
 */
import { z } from 'zod'
import { wordSchema, type ValueSchema } from '../../api/resource/field-schemas.js'
import { duration, optionalSection, readField, readText } from '../../api/resource/fields.js'
import type { OverduePolicy, ReviewSchedule } from '../../core/access-list/review-schedule.js'
import { startOfDay } from '../../core/calendar.js'
import { day, formatInstant, parseDuration, parseInstant } from '../../core/time.js'

type Frequency = ReviewSchedule['everyMonths']
type Day = ReviewSchedule['dayOfMonth']

/** Every way to say it in documents of the reference, in lower case; none of them means the default. */
const frequencyWords: ReadonlyMap<string, Frequency | undefined> = new Map([
  ...sayings<Frequency>(undefined, ['', '0', 'review_frequency_unspecified']),
  ...sayings<Frequency>(1, [
    '1',
    '1m',
    '1month',
    '1 month',
    'one month',
    'monthly',
    'review_frequency_one_month',
  ]),
  ...sayings<Frequency>(3, [
    '3',
    '3m',
    '3months',
    '3 months',
    'three months',
    'quarterly',
    'review_frequency_three_months',
  ]),
  ...sayings<Frequency>(6, [
    '6',
    '6m',
    '6months',
    '6 months',
    'six months',
    'half-yearly',
    'review_frequency_six_months',
  ]),
  ...sayings<Frequency>(12, ['12', '12m', '12months', '12 months', '1year', '1 year', 'one year', 'yearly']),
  ...sayings<Frequency>(12, ['review_frequency_one_year']),
])

const dayWords: ReadonlyMap<string, Day | undefined> = new Map([
  ...sayings<Day>(undefined, ['', '0', 'review_day_of_month_unspecified']),
  ...sayings<Day>(1, ['1', 'first', 'review_day_of_month_first']),
  ...sayings<Day>(15, ['15', 'fifteenth', 'review_day_of_month_fifteenth']),
  ...sayings<Day>('last', ['last', '31', 'review_day_of_month_last']),
])

function sayings<T>(value: T | undefined, words: readonly string[]): (readonly [string, T | undefined])[] {
  return words.map((word) => [word, value] as const)
}

function wordField<T>(words: ReadonlyMap<string, T | undefined>, problem: string) {
  const numbers = [...words.keys()].filter((word) => /^\d+$/.test(word)).map(Number)
  return readField(
    (value, report): T | undefined => {
      const word = value === null ? '' : readText(value, report).toLowerCase()
      if (!words.has(word)) report(problem)
      return words.get(word)
    },
    wordSchema([...words.keys()], { enum: [null, ...numbers] }),
  )
}

/** `0001-01-01T00:00:00Z` is how exported documents say that there is no date. */
const noDates = ['', '0001-01-01T00:00:00Z']

const dateSchema: ValueSchema = {
  anyOf: [
    { type: 'string', format: 'date-time' },
    { type: 'string', format: 'date' },
    { enum: [null, ...noDates] },
  ],
}

/** A day in UTC, or an instant of it; kept as the first instant of the day. */
const reviewDate = readField((value, report): string | undefined => {
  const written = value === null ? '' : readText(value, report)
  if (noDates.includes(written)) return undefined
  const instant = parseInstant(/^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00:00Z` : written)
  const isReal =
    instant !== undefined &&
    formatInstant(parseInstant(`${written.slice(0, 10)}T00:00:00Z`) ?? 0).startsWith(written.slice(0, 10))
  if (!isReal || instant < 0 || instant > latest) {
    report(`"${written.slice(0, 40)}" is not a date; write for example 2027-01-31`)
    return undefined
  }
  return formatInstant(startOfDay(instant))
}, dateSchema)

/** The end of the years that have four digits. */
const latest = 253_402_300_799_999

const delay = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (isAtOnce(written)) return '0s'
    const read = duration.safeParse(written)
    for (const { message } of read.error?.issues ?? []) report(message)
    return written
  },
  {
    anyOf: [{ type: 'string', pattern: '^(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|s|m|h|d))+$' }, { enum: [0, '0'] }],
  },
)

function isAtOnce(written: string): boolean {
  return written === '0' || written === '0s' || written === '0h' || written === '0d'
}

const outcomes = ['remind', 'freeze', 'remove_grants'] as const
const outcome = readField((value, report): OverduePolicy['then'] => {
  const word = readText(value, report).toLowerCase()
  const found = outcomes.find((one) => one === word)
  if (found === undefined) report(`must be one of ${outcomes.join(', ')}`)
  return found ?? 'remind'
}, wordSchema(outcomes))

/** `when_overdue` of a list, `access_list_reviews` of the preference. */
export const overdueSection = z.strictObject({
  then: outcome.describe(
    'Until it is reviewed: remind (owners are reminded), freeze (nobody can be added) or remove_grants (nothing is granted) holds',
  ),
  after: delay.optional().describe('So long after the due date; at once where it is left out'),
})

export function readOverdue(section: z.output<typeof overdueSection>): OverduePolicy {
  const { then, after = '0s' } = section
  return { then, afterMs: isAtOnce(after) ? 0 : parseDuration(after, 'after') }
}

/** `spec.audit` of a list. */
export const auditSection = z.strictObject({
  next_audit_date: reviewDate
    .optional()
    .describe('The day (UTC) on which the next review is due; worked out where it is left out'),
  recurrence: optionalSection(
    z.strictObject({
      frequency: wordField(frequencyWords, 'must be 1, 3, 6 or 12 months')
        .optional()
        .describe('Months from one review to the next: 1, 3, 6 (default) or 12'),
      day_of_month: wordField(dayWords, 'must be 1, 15 or last')
        .optional()
        .describe('Day of the month on which reviews are due: 1 (default), 15 or last'),
    }),
  ).describe('How often'),
  notifications: optionalSection(
    z.strictObject({
      start: duration
        .optional()
        .describe('So long before the due date owners are first asked; 336h by default'),
    }),
  ).describe('When owners are asked'),
  when_overdue: optionalSection(overdueSection).describe(
    'What happens where nobody reviews it in time; as the cluster preference says where it is left out',
  ),
})

const defaultNotice = 14 * day

/** The schedule that a section says, but for the due date, which may have to be worked out. */
export function readRecurrence(
  audit: z.output<typeof auditSection> | undefined,
): Omit<ReviewSchedule, 'dueAt'> {
  const { recurrence, notifications, when_overdue } = audit ?? {}
  return {
    everyMonths: recurrence?.frequency ?? 6,
    dayOfMonth: recurrence?.day_of_month ?? 1,
    noticeMs:
      notifications?.start === undefined ? defaultNotice : parseDuration(notifications.start, 'start'),
    whenOverdue: when_overdue === undefined ? undefined : readOverdue(when_overdue),
  }
}
