/**
 * @module When the members of a list are to be reviewed, and what comes of it where nobody does. Dates are days in UTC:
 * a review is due at the first instant of its day.
 */
import { addMonths, dayOf, daysIn, instantOf } from '../calendar.js'
import { day, type Instant } from '../time.js'

export const reviewFrequencies = [1, 3, 6, 12] as const
export const reviewDays = [1, 15, 'last'] as const

export interface ReviewSchedule {
  /** Start of the day (UTC) on which the next review is due. */
  readonly dueAt: Instant
  readonly everyMonths: (typeof reviewFrequencies)[number]
  readonly dayOfMonth: (typeof reviewDays)[number]
  /** So long before the due date owners are first asked, in milliseconds. */
  readonly noticeMs: number
  /** Of this list alone; undefined: as the cluster preference says. */
  readonly whenOverdue: OverduePolicy | undefined
}

/**
 * What happens to a list whose review is overdue. `remind`: owners are reminded, nothing else. `freeze`: nobody can be
 * added until it is reviewed. `remove_grants`: members and owners hold nothing by the list until it is reviewed.
 */
export interface OverduePolicy {
  readonly then: 'remind' | 'freeze' | 'remove_grants'
  /** So long after the due date, in milliseconds; every reminder before says so. */
  readonly afterMs: number
}

const week = 7 * day

type Recurrence = Pick<ReviewSchedule, 'everyMonths' | 'dayOfMonth'>

/** A schedule as it stands for one list. */
export interface ReviewFacts {
  /** Undefined: nobody is asked to review it. */
  readonly review: ReviewSchedule | undefined
  /** `access_list_reviews` of the cluster preference. */
  readonly preference: OverduePolicy | undefined
  /**
   * Whether it has any member (user or list) whose membership has not ended: an empty list needs no review. One that
   * was emptied while a step was in force counts as one that has members: see {@link countsAsFilled}.
   */
  readonly hasMembers: boolean
}

export type ReviewState = 'none' | 'later' | 'soon' | 'overdue'
export type OverdueEffect = 'nothing' | 'frozen' | 'grants_removed'

/** When a review is first due of a list that is made on the day of `from`: never on that day or before. */
export function nextReviewDate({ everyMonths, dayOfMonth }: Recurrence, from: Instant): Instant {
  const month = addMonths(dayOf(from), everyMonths)
  return instantOf({ ...month, day: dayOfMonth === 'last' ? daysIn(month) : dayOfMonth })
}

/**
 * When the next review is due after one that is finished at `now`: from the later of its due date and today. One that
 * is made before its notice counts from today and only ever moves the date back, so that reviewing again and again
 * does not put the next one off. `then` is the recurrence that it sets: where that is shorter, a date beyond it comes
 * nearer, so that a long interval that was set for a day leaves no far date behind.
 */
export function dueAfterReview(
  schedule: Pick<ReviewSchedule, 'dueAt' | 'noticeMs'> & Recurrence,
  now: Instant,
  then: Recurrence = schedule,
): Instant {
  const { dueAt, noticeMs, everyMonths } = schedule
  if (now >= dueAt - noticeMs) return nextReviewDate(then, Math.max(dueAt, now))
  const next = nextReviewDate(then, now)
  return then.everyMonths < everyMonths ? Math.min(dueAt, next) : Math.max(dueAt, next)
}

/** The policy that holds for a list. */
export function overduePolicy({ review, preference }: Omit<ReviewFacts, 'hasMembers'>): OverduePolicy {
  return review?.whenOverdue ?? preference ?? { then: 'remind', afterMs: 0 }
}

export function reviewState(
  { review, hasMembers }: Omit<ReviewFacts, 'preference'>,
  now: Instant,
): ReviewState {
  if (review === undefined || !hasMembers) return 'none'
  if (now >= review.dueAt) return 'overdue'
  return now >= toReviewFrom(review) ? 'soon' : 'later'
}

/** From when on the review of a list with members is due soon, or overdue. */
export function toReviewFrom({ dueAt, noticeMs }: ReviewSchedule): Instant {
  return dueAt - noticeMs
}

/** What is in force at `now` since nobody reviewed the list. */
export function overdueEffect(facts: ReviewFacts, now: Instant): OverdueEffect {
  const step = stepOf(facts)
  if (step === undefined || now < step.at) return 'nothing'
  return step.effect
}

/** The next instant after `now` at which the state or what is in force changes, if nobody reviews the list. */
export function nextReviewChange(facts: ReviewFacts, now: Instant): Instant | undefined {
  const { review, hasMembers } = facts
  if (review === undefined || !hasMembers) return undefined
  const instants = [review.dueAt - review.noticeMs, review.dueAt, stepOf(facts)?.at ?? 0]
  return min(instants.filter((at) => at > now))
}

/**
 * The instant at which a list whose review is not made is frozen or loses its grants; undefined where it never does.
 * So long after the due date as the policy says, and never less than a week after owners were first asked.
 */
export function stepOf(
  facts: ReviewFacts,
): { readonly at: Instant; readonly effect: Exclude<OverdueEffect, 'nothing'> } | undefined {
  const { review, hasMembers } = facts
  const policy = overduePolicy(facts)
  if (review === undefined || !hasMembers || policy.then === 'remind') return undefined
  return {
    at: Math.max(review.dueAt + policy.afterMs, review.dueAt - review.noticeMs + week),
    effect: policy.then === 'freeze' ? 'frozen' : 'grants_removed',
  }
}

/** Since when a list with members is frozen; undefined where it is not. */
export function frozenSince(schedule: Omit<ReviewFacts, 'hasMembers'>, now: Instant): Instant | undefined {
  const step = stepOf({ ...schedule, hasMembers: true })
  return step?.effect === 'frozen' && step.at <= now ? step.at : undefined
}

/**
 * Whether a list is to be reviewed as one with members is. Without members it is where somebody was in it while it was
 * frozen or gave nothing: either ends with a review, not with the last member. `lastLeftAt` is until when somebody was in
 * it who is not any more. A review moves the due date on, and with it the instant from which a step counts.
 */
export function countsAsFilled(
  schedule: Omit<ReviewFacts, 'hasMembers'>,
  { hasMembers, lastLeftAt }: { readonly hasMembers: boolean; readonly lastLeftAt: Instant | undefined },
): boolean {
  if (hasMembers || lastLeftAt === undefined) return hasMembers
  const step = stepOf({ ...schedule, hasMembers: true })
  return step !== undefined && step.at < lastLeftAt
}

/** `notice`: before it is due. `due`: on the day. `overdue`: afterwards. `step`: something is in force from here on. */
export interface Reminder {
  readonly at: Instant
  readonly kind: 'notice' | 'due' | 'overdue' | 'step'
}

/**
 * The reminder that stands at `now`: the last one whose instant has come; undefined before the first. At the start of
 * notice and each week from then until the review is due, when it is due, each week after it, and when a step comes
 * into force. Its instant and the due date tell it from every other one of the list.
 */
export function currentReminder(facts: ReviewFacts, now: Instant): Reminder | undefined {
  const { review, hasMembers } = facts
  if (review === undefined || !hasMembers) return undefined
  const { dueAt, noticeMs } = review
  const first = dueAt - noticeMs
  if (now < first) return undefined
  if (now < dueAt) return { at: first + Math.floor((now - first) / week) * week, kind: 'notice' }
  const weekly = dueAt + Math.floor((now - dueAt) / week) * week
  const step = stepOf(facts)
  if (step !== undefined && step.at <= now && step.at >= weekly) return { at: step.at, kind: 'step' }
  return { at: weekly, kind: weekly === dueAt ? 'due' : 'overdue' }
}

/** The next instant after `now` at which {@link currentReminder} answers another one. */
export function nextReminderAt(facts: ReviewFacts, now: Instant): Instant | undefined {
  const { review, hasMembers } = facts
  if (review === undefined || !hasMembers) return undefined
  const { dueAt, noticeMs } = review
  const first = dueAt - noticeMs
  if (now < first) return first
  const instants =
    now < dueAt
      ? [Math.min(dueAt, first + (Math.floor((now - first) / week) + 1) * week)]
      : [dueAt + (Math.floor((now - dueAt) / week) + 1) * week]
  const step = stepOf(facts)?.at
  return min([...instants, ...(step !== undefined && step > now ? [step] : [])])
}

function min(instants: readonly Instant[]): Instant | undefined {
  return instants.length === 0 ? undefined : Math.min(...instants)
}
