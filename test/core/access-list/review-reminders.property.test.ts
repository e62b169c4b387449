import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planReminders, type Told } from '../../../src/core/access-list/review-reminders.js'
import { overdueEffect, stepOf, type ReviewFacts } from '../../../src/core/access-list/review-schedule.js'

const day = 86_400_000
const hour = day / 24
const due = Date.parse('2026-12-01T00:00:00Z')

const facts: fc.Arbitrary<ReviewFacts> = fc.record({
  review: fc.record({
    dueAt: fc.constantFrom(due, due + day, due + 5 * day),
    everyMonths: fc.constant(3 as const),
    dayOfMonth: fc.constant(1 as const),
    noticeMs: fc.constantFrom(0, 6 * hour, day, 14 * day),
    whenOverdue: fc.option(
      fc.record({
        then: fc.constantFrom('remind' as const, 'freeze' as const, 'remove_grants' as const),
        afterMs: fc.constantFrom(0, 5 * hour, 3 * day, 9 * day),
      }),
      { nil: undefined },
    ),
  }),
  preference: fc.constant(undefined),
  hasMembers: fc.constant(true),
})
const lists = fc
  .uniqueArray(facts, { minLength: 1, maxLength: 4 })
  .map((all) => new Map(all.map((one, i) => [`l${i}`, one])))

/** Asks at each instant that the plan before named, and `extra` instants in between, as one process or as many do. */
function run(of: ReadonlyMap<string, ReviewFacts>, extra: readonly number[], until: number) {
  const mails: { list: string; at: number }[] = []
  const began: { list: string; at: number; effect: string }[] = []
  let told: ReadonlyMap<string, Told> = new Map()
  let now = due - 20 * day
  for (let steps = 0; now <= until && steps < 500; steps++) {
    const plan = planReminders(of, { told, canMail: true }, now)
    for (const list of plan.remind) mails.push({ list, at: now })
    for (const one of plan.began) began.push({ ...one, at: now })
    if (plan.isNew) told = plan.told
    else expect(plan.remind).toEqual([])
    const again = planReminders(of, { told, canMail: true }, now)
    expect([again.remind, again.began, again.isNew]).toEqual([[], [], false])
    const at = now
    const next = [plan.nextAt ?? Infinity, ...extra].filter((instant) => instant > at)
    now = Math.min(...next)
  }
  return { mails, began }
}

describe('reminders', () => {
  const extra = fc.array(
    fc.integer({ min: -20 * 24, max: 40 * 24 }).map((hours) => due + hours * hour),
    {
      maxLength: 12,
    },
  )
  const until = due + 40 * day

  test('are the same whenever else somebody asks, and at most one a day for each list', () => {
    fc.assert(
      fc.property(lists, extra, (of, asked) => {
        const alone = run(of, [], until)
        const often = run(of, asked, until)
        expect(often).toEqual(alone)
        const days = alone.mails.map(({ list, at }) => `${list} ${Math.floor(at / day)}`)
        expect(new Set(days).size).toBe(days.length)
      }),
    )
  })

  test('announce what comes a week before it comes, and it is recorded at its instant, once', () => {
    fc.assert(
      fc.property(lists, (of) => {
        const { mails, began } = run(of, [], until)
        for (const [list, one] of of) {
          const step = stepOf(one)
          const recorded = began.filter((event) => event.list === list)
          if (step === undefined) {
            expect(recorded).toEqual([])
            continue
          }
          expect(recorded).toEqual([{ list, at: step.at, effect: step.effect }])
          expect(overdueEffect(one, step.at - 1)).toBe('nothing')
          const before = mails.filter((mail) => mail.list === list && mail.at <= step.at - 7 * day)
          expect(before.length).toBeGreaterThan(0)
          expect(mails.some((mail) => mail.list === list && sameDay(mail.at, step.at))).toBe(true)
        }
      }),
    )
  })

  test('go on each week, and stop with the review or the last member', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const { mails } = run(new Map([['l', one]]), [], until)
        for (const [index, { at }] of mails.entries()) {
          const next = mails[index + 1]
          if (next !== undefined) expect(next.at - at).toBeLessThanOrEqual(7 * day)
        }
        expect(until - (mails.at(-1)?.at ?? 0)).toBeLessThan(8 * day)
        expect(run(new Map([['l', { ...one, hasMembers: false }]]), [], until)).toEqual({
          mails: [],
          began: [],
        })
        expect(run(new Map([['l', { ...one, review: undefined }]]), [], until)).toEqual({
          mails: [],
          began: [],
        })
      }),
    )
  })

  test('are told of anew where a policy is taken back and comes again', () => {
    const of = (then: 'freeze' | 'remind') =>
      new Map<string, ReviewFacts>([
        [
          'l',
          {
            review: {
              dueAt: due,
              everyMonths: 3,
              dayOfMonth: 1,
              noticeMs: 14 * day,
              whenOverdue: { then, afterMs: 0 },
            },
            preference: undefined,
            hasMembers: true,
          },
        ],
      ])
    const now = due + 2 * day
    let told: ReadonlyMap<string, Told> = new Map()
    const ask = (then: 'freeze' | 'remind') => {
      const plan = planReminders(of(then), { told, canMail: true }, now)
      if (plan.isNew) told = plan.told
      return [plan.remind.length, plan.began.length]
    }
    expect(ask('freeze')).toEqual([1, 1])
    expect(ask('remind')).toEqual([0, 0])
    expect(ask('freeze')).toEqual([1, 1])
    expect(ask('freeze')).toEqual([0, 0])
  })
})

function sameDay(a: number, b: number): boolean {
  return Math.floor(a / day) === Math.floor(b / day)
}
