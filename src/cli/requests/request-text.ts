/** @module An access request in words for a terminal. */
import type { AccessRequestRow, AccessRequestShown } from '../../api/contract.js'
import { findClosest } from '../../core/access-request/closest-threshold.js'
import { describeAuthor } from '../../core/access-request/review-rule.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

type Standing = Pick<AccessRequestShown, 'state' | 'active'> & {
  readonly startAt?: string | undefined
  readonly endsAt?: string | undefined
  readonly pendingUntil: string
  readonly resolvedAt?: string | undefined
  readonly promotedTo?: AccessRequestShown['promotedTo'] | undefined
}

/** "approved, gives access until …": the state and what it means now. */
export function describeState({
  state,
  active,
  startAt,
  endsAt,
  pendingUntil,
  resolvedAt,
  promotedTo,
}: Standing): string {
  switch (state) {
    case 'pending':
      return `pending, waits for a decision until ${pendingUntil}`
    case 'approved':
      if (active) return `approved, gives access until ${endsAt ?? 'its end'}`
      return startAt === undefined ? 'approved' : `approved, begins ${startAt}`
    case 'promoted':
      return promotedTo === undefined ? state : `promoted: a member of ${promotedTo.list ?? 'an access list'}`
    case 'denied':
    case 'cancelled':
    case 'revoked':
    case 'expired': {
      const at = state === 'expired' ? (endsAt ?? resolvedAt) : resolvedAt
      return at === undefined || state === 'revoked' ? state : `${state} ${at}`
    }
  }
}

/** One line about one request. */
export function describeOutcome(request: AccessRequestShown): string {
  return `Request ${request.id}: ${describeState(request)}.`
}

export const rowTitles = ['Request', 'By', 'State', 'What', 'For', 'Reason'] as const

export function toRow({ items, itemCount, ...row }: AccessRequestRow): string[] {
  const more = itemCount > items.length ? `, and ${itemCount - items.length} more` : ''
  const what = items.map(({ name }) => name).join(', ') + more
  return [row.id, row.user, describeState(row), what, row.duration, row.reason]
}

/** Lines, safe on a terminal. */
export function describeRequest(request: AccessRequestShown): string[] {
  const facts = [
    ['By', request.user],
    ['State', describeState(request)],
    ['Reason', request.reason],
    ['Asked', request.createdAt],
    ['Starts', request.startAt ?? ''],
    ['For', `${request.duration}, at most ${request.maxDuration}`],
    ['Ends', request.endsAt ?? ''],
    ['Goes on with', request.extends ?? ''],
    ['Extended by', request.extendedBy ?? ''],
    ['Suggested', request.suggestedReviewers.join(', ')],
    ['Locked', request.locked ?? ''],
    ['AWS sessions', sessionsOf(request)],
    ['This session', request.assumed ? 'has assumed it' : ''],
    ['You may', mayOf(request)],
    ['Deciding', request.needsMfa?.because ?? ''],
  ] as const
  const width = Math.max(...facts.map(([label]) => label.length)) + 2
  return [
    printable(request.id),
    ...facts.flatMap(([label, text]) => (text === '' ? [] : [printable(`  ${label.padEnd(width)}${text}`)])),
    '',
    ...describeItems(request),
    ...describePortals(request),
    '',
    ...formatTable(
      ['When', 'Who', 'What', ''],
      request.timeline.map(({ at, by, what, says }) => [at, describeAuthor(by), what, says]),
    ),
  ]
}

export function describeItems({ items }: Pick<AccessRequestShown, 'items'>): string[] {
  return formatTable(
    ['Item', 'State', 'Approvals', 'In AWS', 'Has already', 'Id'],
    items.map((item) => [
      item.name,
      item.state,
      votesOf(item),
      item.inAws?.says ?? '',
      item.alreadyHas ?? '',
      item.id,
    ]),
  )
}

/** Where one opens what one has now. */
function describePortals({ items }: Pick<AccessRequestShown, 'items'>): string[] {
  const links = items.flatMap(({ name, portalUrl }) => (portalUrl === undefined ? [] : [[name, portalUrl]]))
  return links.length === 0 ? [] : ['', ...formatTable(['Open in the AWS access portal', ''], links)]
}

/** "1 of 2": of the threshold that lacks the fewest; others may have approved who do not count for it. */
function votesOf({ approvals, thresholds }: AccessRequestShown['items'][number]): string {
  const closest = findClosest(thresholds)
  if (closest === undefined) return String(approvals)
  const others = approvals - closest.approvals
  return `${closest.approvals} of ${closest.approve}${others > 0 ? ` (${others} more not counted)` : ''}`
}

function sessionsOf({ awsSessionsUntil }: AccessRequestShown): string {
  return awsSessionsUntil === undefined ? '' : `that began before the end may go on until ${awsSessionsUntil}`
}

function mayOf({ may }: AccessRequestShown): string {
  return Object.entries(may)
    .flatMap(([verb, allowed]) => (allowed ? [verb] : []))
    .join(', ')
}
