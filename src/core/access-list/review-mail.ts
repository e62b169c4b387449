/**
 * @module The mail that asks an owner to review access lists: what is due and when, how many people it is about, what
 * comes if nobody does, and where to do it. Titles and names were chosen by others: in text they are one visible line,
 * in HTML they are escaped. Says dates and no "in three days", since mail is read when it is read.
 */
import { startOfDay } from '../calendar.js'
import { escapeHtml as escape, mailLine as line } from '../mail-text.js'
import { formatInstant, type Instant } from '../time.js'
import { overdueEffect, stepOf, type OverdueEffect, type ReviewFacts } from './review-schedule.js'

export interface ListToReview {
  readonly name: string
  readonly title: string
  readonly facts: ReviewFacts
  /** People in it, through nested lists too. */
  readonly people: number
}

export interface ReviewMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface MailContext {
  /** Name of the owner. */
  readonly owner: string
  /** Origin of the gateway. */
  readonly publicUrl: string
  readonly clusterName: string
  readonly now: Instant
}

/** More are counted, with the page that lists them all. */
const maxLists = 50

/** `lists` is not empty. */
export function writeReviewMail(lists: readonly ListToReview[], context: MailContext): ReviewMail {
  const { publicUrl } = context
  const owner = line(context.owner)
  const shown = lists.slice(0, maxLists).map((list) => tellList(list, context))
  const more = lists.length - shown.length
  const all = `${publicUrl}/access-lists?filter=due`
  const intro =
    lists.length === 1
      ? 'you own an access list, and somebody has to look through the people in it:'
      : `you own ${lists.length} access lists, and somebody has to look through the people in them:`
  const outro = [
    'One owner is enough for a list. Decisions are kept as you go, so you may stop and come back.',
    `Sent by Gatehouse (${line(context.clusterName)}), ${publicUrl}, to the owners of access lists.`,
  ]
  const rest = more === 0 ? [] : [`And ${more} more: ${all}`]
  const text = [
    `Hello ${owner},`,
    intro,
    ...shown.map(({ title, says, url }) => [title, ...says, url].map((one) => `  ${one}`).join('\n')),
    ...rest,
    ...outro,
  ].join('\n\n')
  const html = [
    `<p>Hello ${escape(owner)},</p>`,
    `<p>${escape(intro)}</p>`,
    ...shown.map(
      ({ title, says, url }) =>
        `<p><a href="${escape(url)}"><strong>${escape(title)}</strong></a><br>${says.map(escape).join('<br>')}</p>`,
    ),
    ...(more === 0 ? [] : [`<p><a href="${escape(all)}">And ${more} more</a></p>`]),
    ...outro.map((one) => `<p>${escape(one)}</p>`),
  ].join('\n')
  return { subject: subjectOf(lists, context.now), text: `${text}\n`, html: `${html}\n` }
}

function subjectOf(lists: readonly ListToReview[], now: Instant): string {
  const [first] = lists
  if (first === undefined || lists.length > 1) return `Review ${lists.length} access lists`
  const due = first.facts.review?.dueAt
  const when =
    due === undefined ? '' : startOfDay(now) > due ? `, was due on ${dayOf(due)}` : ` by ${dayOf(due)}`
  return `Review access list "${titleOf(first)}"${when}`
}

function tellList(list: ListToReview, { publicUrl, now }: MailContext) {
  const { facts, people } = list
  const due = facts.review?.dueAt
  const was = due !== undefined && startOfDay(now) > due ? 'was due' : 'is due'
  const step = sayOverdueStep(facts, now)
  return {
    title: titleOf(list),
    says: [
      ...(due === undefined ? [] : [`The review ${was} on ${dayOf(due)}.`]),
      people === 1 ? '1 person is in it.' : `${people === 0 ? 'No' : people} people are in it.`,
      ...(step === undefined ? [] : [step]),
    ],
    url: reviewPage(publicUrl, list.name),
  }
}

/** Where a list is reviewed. */
export function reviewPage(publicUrl: string, list: string): string {
  return `${publicUrl}/access-lists/${encodeURIComponent(list)}/review`
}

/** What is in force, or comes, since nobody reviewed the list; undefined where nothing does. */
export function sayOverdueStep(facts: ReviewFacts, now: Instant): string | undefined {
  const step = stepOf(facts)
  if (step === undefined) return undefined
  const inForce = overdueEffect(facts, now)
  if (inForce !== 'nothing') return sayInForce[inForce]
  const from = dayOf(step.at)
  return step.effect === 'frozen'
    ? `If nobody reviews it, nobody can be added from ${from} on.`
    : `If nobody reviews it, members and owners hold nothing by it from ${from} on.`
}

const sayInForce: Record<Exclude<OverdueEffect, 'nothing'>, string> = {
  frozen: 'Nobody can be added until it is reviewed.',
  grants_removed: 'Members and owners hold nothing by it until it is reviewed.',
}

function titleOf({ title, name }: Pick<ListToReview, 'title' | 'name'>): string {
  const shown = line(title)
  return shown.trim() === '' ? line(name) : shown
}

function dayOf(instant: Instant): string {
  return formatInstant(instant).slice(0, 10)
}
