import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countsAsFilled,
  currentReminder,
  dueAfterReview,
  nextReminderAt,
  nextReviewChange,
  nextReviewDate,
  overdueEffect,
  reviewDays,
  reviewFrequencies,
  reviewState,
  type ReviewFacts,
  type ReviewSchedule,
} from '../../../src/core/access-list/review-schedule.js'
import { dayOf, daysIn, instantOf } from '../../../src/core/calendar.js'

const day = 86_400_000
const at = (text: string) => Date.parse(text)
const instants = fc.integer({ min: at('1970-01-01'), max: at('2200-01-01') })
const recurrences = fc.record({
  everyMonths: fc.constantFrom(...reviewFrequencies),
  dayOfMonth: fc.constantFrom(...reviewDays),
})
const policies = fc.record({
  then: fc.constantFrom('remind' as const, 'freeze' as const, 'remove_grants' as const),
  afterMs: fc.constantFrom(0, 3 * day, 7 * day, 30 * day),
})
const facts: fc.Arbitrary<ReviewFacts> = fc.record({
  review: fc
    .record({
      due: instants,
      recurrence: recurrences,
      notice: fc.integer({ min: 0, max: 60 }),
      own: fc.option(policies),
    })
    .map(({ due, recurrence, notice, own }): ReviewSchedule => ({
      dueAt: Math.floor(due / day) * day,
      ...recurrence,
      noticeMs: notice * day,
      whenOverdue: own ?? undefined,
    })),
  preference: fc.option(policies, { nil: undefined }),
  hasMembers: fc.constant(true),
})

test('days are those of the calendar, leap years and ends of centuries too', () => {
  fc.assert(
    fc.property(fc.integer({ min: at('0001-01-01'), max: at('9999-12-31') }), (instant) => {
      const date = new Date(instant)
      const found = dayOf(instant)
      expect(found).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
      })
      expect(instantOf(found)).toBe(Math.floor(instant / day) * day)
      expect(daysIn(found)).toBe(new Date(Date.UTC(2000 + (found.year % 400), found.month, 0)).getUTCDate())
    }),
    { numRuns: 2000 },
  )
})

describe('the next due date', () => {
  test.each([
    ['2026-08-31T10:00:00Z', 6, 'last', '2027-02-28'],
    ['2027-08-31T10:00:00Z', 6, 'last', '2028-02-29'],
    ['2026-11-22T23:59:59Z', 1, 1, '2026-12-01'],
    ['2026-12-31T23:59:59Z', 12, 15, '2027-12-15'],
  ] as const)('after %s, every %i months on %s, is %s', (from, everyMonths, dayOfMonth, next) => {
    expect(nextReviewDate({ everyMonths, dayOfMonth }, at(from))).toBe(at(next))
  })

  test('lies in the month that is so many months later, on its day, and never in the past', () => {
    fc.assert(
      fc.property(recurrences, instants, (recurrence, from) => {
        const next = nextReviewDate(recurrence, from)
        const [a, b] = [dayOf(from), dayOf(next)]
        expect(b.year * 12 + b.month).toBe(a.year * 12 + a.month + recurrence.everyMonths)
        expect(b.day).toBe(recurrence.dayOfMonth === 'last' ? daysIn(b) : recurrence.dayOfMonth)
        expect(next).toBeGreaterThan(from)
      }),
    )
  })

  const monthly = { everyMonths: 3, dayOfMonth: 1, noticeMs: 14 * day } as const

  test('after a review counts from the due date where it is early, from today where it is late', () => {
    const schedule = { ...monthly, dueAt: at('2026-12-01') }
    expect(dueAfterReview(schedule, at('2026-11-20T12:00:00Z'))).toBe(at('2027-03-01'))
    expect(dueAfterReview(schedule, at('2027-02-10T12:00:00Z'))).toBe(at('2027-05-01'))
  })

  test('comes nearer where the interval is made shorter, and stays where it is not', () => {
    const yearly = {
      everyMonths: 12,
      dayOfMonth: 'last',
      noticeMs: 14 * day,
      dueAt: at('2027-03-31'),
    } as const
    const now = at('2026-03-10')
    expect(dueAfterReview(yearly, now, { everyMonths: 1, dayOfMonth: 'last' })).toBe(at('2026-04-30'))
    expect(dueAfterReview(yearly, now, { everyMonths: 12, dayOfMonth: 1 })).toBe(at('2027-03-31'))
    const soon = { ...yearly, dueAt: at('2026-04-01') }
    expect(dueAfterReview(soon, now, { everyMonths: 6, dayOfMonth: 'last' })).toBe(at('2026-04-01'))
  })

  test('is not put off by reviewing again and again', () => {
    let dueAt = at('2026-12-01')
    const today = at('2026-11-20')
    for (let times = 0; times < 5; times++) dueAt = dueAfterReview({ ...monthly, dueAt }, today)
    expect(dueAt).toBe(at('2027-03-01'))
  })
})

describe('an overdue review', () => {
  test('changes nothing of what is in force between the instants at which it says that it changes', () => {
    fc.assert(
      fc.property(facts, instants, fc.double({ min: 0, max: 1, noNaN: true }), (one, from, part) => {
        const next = nextReviewChange(one, from)
        const until = next ?? from + 1000 * day
        const between = Math.min(until - 1, Math.floor(from + part * (until - from)))
        const shows = (instant: number) => [reviewState(one, instant), overdueEffect(one, instant)]
        expect(shows(Math.max(from, between))).toEqual(shows(from))
        if (next !== undefined) expect(next).toBeGreaterThan(from)
      }),
    )
  })

  test('has no effect before it is due, within a week of the first notice, of what only reminds, or of a list without members', () => {
    // Near the due date, where the rules meet.
    const around = fc.integer({ min: -10, max: 35 })
    fc.assert(
      fc.property(facts, around, (one, days) => {
        const policy = one.review?.whenOverdue ?? one.preference
        const { dueAt = 0, noticeMs = 0 } = one.review ?? {}
        const instant = dueAt + days * day
        const effect = overdueEffect(one, instant)
        const isEarly = instant < dueAt + (policy?.afterMs ?? 0) || instant < dueAt - noticeMs + 7 * day
        if (isEarly) expect(effect).toBe('nothing')
        else
          expect(effect).toBe(
            { remind: 'nothing', freeze: 'frozen', remove_grants: 'grants_removed' }[
              policy?.then ?? 'remind'
            ],
          )
        const empty = { ...one, hasMembers: false }
        expect([
          reviewState(empty, instant),
          overdueEffect(empty, instant),
          currentReminder(empty, instant),
        ]).toEqual(['none', 'nothing', undefined])
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a list without members', () => {
  const left = fc.option(fc.nat(90 * day), { nil: undefined })

  test('is to be reviewed where somebody left it while a step was in force, and nowhere else', () => {
    fc.assert(
      fc.property(facts, left, (one, sinceDue) => {
        const lastLeftAt = sinceDue === undefined ? undefined : (one.review?.dueAt ?? 0) + sinceDue
        const wasInForce = lastLeftAt !== undefined && overdueEffect(one, lastLeftAt - 1) !== 'nothing'
        expect(countsAsFilled(one, { hasMembers: false, lastLeftAt })).toBe(wasInForce)
        expect(countsAsFilled(one, { hasMembers: true, lastLeftAt })).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  test('is not to be reviewed again once it was', () => {
    fc.assert(
      fc.property(facts, fc.nat(900 * day), fc.nat(90 * day), (one, late, later) => {
        if (one.review === undefined) return
        const now = one.review.dueAt + late
        const reviewed = { ...one, review: { ...one.review, dueAt: dueAfterReview(one.review, now) } }
        // Nobody joins meanwhile, so nobody leaves after the review either.
        expect(countsAsFilled(reviewed, { hasMembers: false, lastLeftAt: now - later })).toBe(false)
      }),
    )
  })
})

describe('reminders', () => {
  test('come at the start of notice, each week, when it is due, and when something comes into force', () => {
    const one: ReviewFacts = {
      review: {
        dueAt: at('2027-01-01'),
        everyMonths: 1,
        dayOfMonth: 1,
        noticeMs: 16 * day,
        whenOverdue: undefined,
      },
      preference: { then: 'freeze', afterMs: 10 * day },
      hasMembers: true,
    }
    const told: string[] = []
    let now = at('2026-12-01')
    for (let times = 0; times < 7; times++) {
      now = nextReminderAt(one, now) ?? 0
      const reminder = currentReminder(one, now)
      expect(reminder?.at).toBe(now)
      told.push(`${new Date(now).toISOString().slice(0, 10)} ${reminder?.kind ?? ''}`)
    }
    expect(told).toEqual([
      '2026-12-16 notice',
      '2026-12-23 notice',
      '2026-12-30 notice',
      '2027-01-01 due',
      '2027-01-08 overdue',
      '2027-01-11 step',
      '2027-01-15 overdue',
    ])
  })

  test('stand from their instant until that of the next one', () => {
    fc.assert(
      fc.property(facts, instants, (one, instant) => {
        const reminder = currentReminder(one, instant)
        const next = nextReminderAt(one, instant)
        expect(next).toBeGreaterThan(instant)
        if (reminder !== undefined) {
          expect(reminder.at).toBeLessThanOrEqual(instant)
          expect(currentReminder(one, reminder.at)).toEqual(reminder)
        }
        expect(currentReminder(one, (next ?? 0) - 1)).toEqual(reminder)
        expect(currentReminder(one, next ?? 0)?.at).toBe(next)
      }),
    )
  })
})
