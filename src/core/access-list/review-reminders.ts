/**
 * @module Whom of the owners of access lists to tell today that a review is due, and what has come into force since
 * nobody made one. Mail goes out by the day (UTC), with everything that the day brings; what comes into force is told
 * of at its own instant. What was told is remembered by the list and its due date, so that it is told once, whenever
 * and by whichever process this is asked.
 */
import { startOfDay } from '../calendar.js'
import { day, earliest, type Instant } from '../time.js'
import {
  currentReminder,
  nextReminderAt,
  overdueEffect,
  stepOf,
  type OverdueEffect,
  type ReviewFacts,
} from './review-schedule.js'

/** What was told of one list for the review that is due at `dueAt`. */
export interface Told {
  readonly dueAt: Instant
  /** The instant of the last reminder; undefined where no mail could be written. */
  readonly reminder: Instant | undefined
  /** What mail said to be in force on its day. */
  readonly announced: OverdueEffect
  /** What the audit log says to be in force. */
  readonly recorded: OverdueEffect
}

export interface ReminderPlan {
  /** Lists whose owners get mail, by name. */
  readonly remind: readonly string[]
  /** Lists whose grants are gone, or to which nobody can be added, from now on. */
  readonly began: readonly { readonly list: string; readonly effect: Exclude<OverdueEffect, 'nothing'> }[]
  /** Whether there is anything to tell, or to be remembered. */
  readonly isNew: boolean
  /** To be remembered instead of what was. */
  readonly told: ReadonlyMap<string, Told>
  /** The next instant at which there is something to do, as far as is known now. */
  readonly nextAt: Instant | undefined
}

/** `canMail` false: nobody is reminded now, and whoever is to be reminded still is once it is true. */
export function planReminders(
  lists: ReadonlyMap<string, ReviewFacts>,
  { told, canMail }: { readonly told: ReadonlyMap<string, Told>; readonly canMail: boolean },
  now: Instant,
): ReminderPlan {
  const endOfDay = startOfDay(now) + day - 1
  const remind: string[] = []
  const began: ReminderPlan['began'][number][] = []
  const tellNow = new Map<string, Told>()
  const instants: (Instant | undefined)[] = []
  for (const [list, facts] of [...lists].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { review } = facts
    const nextMail = nextReminderAt(facts, endOfDay)
    const step = stepOf(facts)?.at
    instants.push(
      nextMail === undefined || !canMail ? undefined : startOfDay(nextMail),
      step !== undefined && step > now ? step : undefined,
    )
    const before = told.get(list)
    const last = before !== undefined && before.dueAt === review?.dueAt ? before : undefined
    const reminder = currentReminder(facts, endOfDay)
    if (review === undefined || reminder === undefined) continue
    const today = overdueEffect(facts, endOfDay)
    const effect = overdueEffect(facts, now)
    const isNew =
      last?.reminder === undefined ||
      reminder.at > last.reminder ||
      (today !== 'nothing' && today !== last.announced)
    if (canMail && isNew) remind.push(list)
    if (effect !== 'nothing' && effect !== last?.recorded) began.push({ list, effect })
    tellNow.set(list, {
      dueAt: review.dueAt,
      reminder: canMail ? Math.max(reminder.at, last?.reminder ?? reminder.at) : last?.reminder,
      announced: canMail ? today : (last?.announced ?? 'nothing'),
      recorded: effect,
    })
  }
  // A policy that was taken back may come again, and is told of again.
  const takenBack = [...tellNow].some(([list, { announced, recorded }]) => {
    const before = told.get(list)
    return before !== undefined && (before.announced !== announced || before.recorded !== recorded)
  })
  const isNew = remind.length > 0 || began.length > 0 || takenBack
  return { remind, began, isNew, told: tellNow, nextAt: earliest(instants) }
}
