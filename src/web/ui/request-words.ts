/** @module Words for access requests: their states, durations, what is asked for. Instants in milliseconds. */
import type {
  AccessRequestAnswer,
  AccessRequestRow,
  AccessRequestShown,
  RequestableInput,
  RequestableShown,
  RequestItemShown,
} from '../../api/contract/access-requests.js'
import { findClosest } from '../../core/access-request/closest-threshold.js'
import type { BadgeWords } from './access-list-words.js'
import { formatCount } from './format.js'

type Standing = Pick<AccessRequestRow, 'state' | 'active' | 'startAt' | 'mayReview'>

const stateWords: Readonly<Record<AccessRequestRow['state'], BadgeWords>> = {
  pending: { text: 'waits for a decision', color: 'amber' },
  approved: { text: 'approved', color: 'green' },
  denied: { text: 'denied', color: 'red' },
  promoted: { text: 'now by an access list', color: 'petrol' },
  expired: { text: 'over', color: 'gray' },
  cancelled: { text: 'cancelled', color: 'gray' },
  revoked: { text: 'revoked', color: 'red' },
}

export function standingWords({ state, active }: Pick<Standing, 'state' | 'active'>): BadgeWords {
  if (state !== 'approved') return stateWords[state]
  return active
    ? { text: 'gives access now', color: 'green' }
    : { text: 'approved, begins later', color: 'petrol' }
}

/** As the beginning of "Approved by ann": only of what somebody decided. */
export const outcomeTitles: Readonly<Partial<Record<AccessRequestRow['state'], string>>> = {
  approved: 'Approved',
  denied: 'Denied',
  promoted: 'Made a membership',
  revoked: 'Revoked',
}

/** What a review still waits for; undefined where it has decided. */
export function waitsOn({ request, effectual = true }: AccessRequestAnswer): string | undefined {
  if (request.state !== 'pending') return undefined
  return effectual
    ? 'Some of it waits for the decision of others.'
    : 'Your decision is kept; it waits for that of others.'
}

/**
 * Whether ending it is offered to whoever looks: not while they may still deny it, and not of their own, which they
 * cancel or give back.
 */
export function offersRevoke({ may, user }: Pick<AccessRequestShown, 'may' | 'user'>, me: string): boolean {
  return may.revoke && !may.review && user !== me
}

export const itemStateWords: Readonly<Record<RequestItemShown['state'], BadgeWords>> = {
  pending: { text: 'undecided', color: 'amber' },
  approved: { text: 'approved', color: 'green' },
  denied: { text: 'denied', color: 'red' },
}

const inAwsWords: Readonly<Record<NonNullable<RequestItemShown['inAws']>['state'], BadgeWords>> = {
  none: { text: 'not in AWS', color: 'gray' },
  pending: { text: 'on its way', color: 'amber' },
  there: { text: 'in AWS', color: 'green' },
  failed: { text: 'AWS refuses it', color: 'red' },
  unknown: { text: 'AWS not read', color: 'gray' },
}

/** Of an item whose request is over: what is in AWS then is on its way out, or stuck. */
export function inAwsBadge({ state }: NonNullable<RequestItemShown['inAws']>, isOver: boolean): BadgeWords {
  if (isOver && state === 'failed') return { text: 'still in AWS', color: 'red' }
  if (isOver && state === 'pending') return { text: 'on its way out', color: 'amber' }
  return inAwsWords[state]
}

export const kindWords: Readonly<Record<RequestableInput['kind'], string>> = {
  role: 'Role',
  assignment: 'AWS account',
  app: 'Application',
}

const unitsMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** Of a duration as the API writes it: `1h30m`; undefined for another text. */
export function durationMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitsMs[unit ?? ''] ?? 0), 0)
}

/** "8 hours", "1 h 30 min", "14 days"; the text itself where it is none. */
export function durationWords(text: string): string {
  const ms = durationMs(text)
  return ms === undefined ? text : spanWords(ms)
}

/** The two largest units of a span: "2 days 3 h", "45 s". */
export function spanWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor((seconds % 86_400) / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = seconds % 60
  if (days > 0) return hours > 0 ? `${formatCount(days, 'day')} ${hours} h` : formatCount(days, 'day')
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : formatCount(hours, 'hour')
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : formatCount(minutes, 'minute')
  return formatCount(rest, 'second')
}

const usualDurations = ['15m', '30m', '1h', '2h', '4h', '8h', '12h', '24h', '72h', '168h', '336h']

/** The usual durations that are shorter than this one, ascending. */
export function shorterThan(duration: string): string[] {
  const most = durationMs(duration) ?? 0
  return usualDurations.filter((one) => (durationMs(one) ?? 0) < most)
}

/** How an item is written into a new request. */
export function inputOf(shown: RequestableShown): RequestableInput {
  if (shown.kind === 'assignment') {
    const parts = /^assignment\/([^/]+)\/(.+)$/.exec(shown.id)
    return {
      kind: 'assignment',
      account: shown.account?.id ?? parts?.[1] ?? '',
      permissionSet: shown.permissionSet?.arn ?? parts?.[2] ?? '',
    }
  }
  return { kind: shown.kind, name: shown.name }
}

/** What an item is called: "ReadOnly" and where it is. */
export function titleOf(shown: RequestableShown): { readonly title: string; readonly more: string } {
  if (shown.kind !== 'assignment') return { title: shown.name, more: kindWords[shown.kind] }
  const { account, permissionSet } = shown
  return {
    title: `${permissionSet?.name ?? shortArn(permissionSet?.arn ?? '')} on ${account?.name ?? account?.id ?? ''}`,
    more: [account?.name === undefined ? undefined : account.id, account?.ouPath].filter(Boolean).join(' · '),
  }
}

/** The part of a permission set's ARN that tells it from others. */
function shortArn(arn: string): string {
  return arn.split('/').at(-1) ?? arn
}

/** "ReadOnly on production", "ReadOnly on production and 3 more". */
export function itemsTitle(items: readonly RequestableShown[], count: number = items.length): string {
  const [first] = items
  if (first === undefined) return 'Nothing'
  const { title } = titleOf(first)
  return count > 1 ? `${title} and ${(count - 1).toLocaleString('en')} more` : title
}

export interface Stop {
  readonly title: string
  readonly at: string | undefined
  /** `passed`, `now`: between this stop and the next; `ahead`. */
  readonly state: 'passed' | 'now' | 'ahead' | 'failed'
}

/** The way of a request as a line of stops: asked, decided, begins, ends. */
export function stopsOf(request: AccessRequestShown): readonly Stop[] {
  const { state, active, createdAt, resolvedAt, activatedAt, startAt, endsAt, pendingUntil } = request
  const isOver = state !== 'pending' && state !== 'approved'
  const begins = activatedAt ?? startAt
  const asked: Stop = { title: 'Asked', at: createdAt, state: state === 'pending' ? 'now' : 'passed' }
  if (state === 'pending') {
    return [
      asked,
      { title: 'Decided, or over', at: pendingUntil, state: 'ahead' },
      { title: 'Begins', at: startAt, state: 'ahead' },
      { title: `Ends ${durationWords(request.duration)} later`, at: undefined, state: 'ahead' },
    ]
  }
  if (isOver && activatedAt === undefined) {
    return [
      asked,
      { title: overTitles[state], at: resolvedAt, state: state === 'promoted' ? 'passed' : 'failed' },
    ]
  }
  return [
    asked,
    { title: 'Approved', at: resolvedAt ?? activatedAt, state: activatedAt === undefined ? 'now' : 'passed' },
    {
      title: activatedAt === undefined ? 'Begins' : 'Began',
      at: begins,
      state: active ? 'now' : isOver ? 'passed' : 'ahead',
    },
    isOver && state !== 'expired'
      ? { title: overTitles[state], at: endsAt, state: state === 'revoked' ? 'failed' : 'passed' }
      : { title: isOver ? 'Ended' : 'Ends', at: endsAt, state: isOver ? 'passed' : 'ahead' },
  ]
}

const overTitles: Readonly<Record<AccessRequestRow['state'], string>> = {
  pending: 'Waits',
  approved: 'Approved',
  denied: 'Denied',
  promoted: 'By an access list',
  expired: 'Over, not decided',
  cancelled: 'Cancelled',
  revoked: 'Revoked',
}

/** What happened, as a sentence without a name: "asked for it". */
const doneWords: Readonly<Record<string, string>> = {
  created: 'asked for it',
  reviewed: 'decided',
  approved: 'The request is approved',
  denied: 'The request is denied',
  promoted: 'made it a membership',
  activated: 'The access began',
  extended: 'It was extended',
  cancelled: 'cancelled it',
  released: 'gave it back',
  revoked: 'revoked it',
  expired: 'It ended',
}

/** `by` of an entry that the gateway itself made. */
export const bySystem = 'system'

export function entryWords({ by, what }: AccessRequestShown['timeline'][number]): string {
  const done = doneWords[what] ?? what
  if (by === bySystem || /^[A-Z]/.test(done)) return /^[A-Z]/.test(done) ? done : `The gateway ${done}`
  return `${by} ${done}`
}

/** What is needed of an item: "1 of 2 approvals"; others may have approved who do not count for it. */
export function tallyWords({ approvals, denials, thresholds, state }: RequestItemShown): string {
  const closest = findClosest(thresholds)
  const others = closest === undefined ? 0 : approvals - closest.approvals
  const said =
    closest === undefined
      ? formatCount(approvals, 'approval')
      : `${closest.approvals} of ${formatCount(closest.approve, 'approval')}${others > 0 ? ` (${others} more not counted)` : ''}`
  if (state !== 'pending' && denials === 0) return formatCount(approvals, 'approval')
  return denials > 0 ? `${said}, ${formatCount(denials, 'denial')}` : said
}
