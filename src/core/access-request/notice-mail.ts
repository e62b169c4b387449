/**
 * @module Mail about an access request: to whoever may decide on it, to the requester once it is decided, ends soon or was
 * ended, and to reviewers for whom there is nothing left to do. Names, reasons and items were written by others: see
 * `mail-text.ts`. No link decides anything: it opens the request, which wants a session.
 */
import { escapeHtml, mailLine } from '../mail-text.js'
import { formatDuration, describeInstant, hour, type Instant } from '../time.js'
import type { AccessRequest, TimelineEntry } from './access-request.js'
import { describeAuthor } from './review-rule.js'

/** `review`, `settled` are for reviewers, the others for the requester; `decided` says whatever the request is now. */
export type RequestNotice = 'review' | 'settled' | 'decided' | 'ends'

export interface NoticeContext {
  /** Whom the mail is for. */
  readonly to: string
  /** The items as that person may see them, in the order of the request. */
  readonly items: readonly string[]
  /** Origin of the gateway. */
  readonly publicUrl: string
  readonly clusterName: string
}

export interface NoticeMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** How long before its end a person is told, and of which requests: shorter ones end while they are looked at. */
const endsSoon = { before: hour, longerThan: 4 * hour } as const

/**
 * When its requester is told that it ends; undefined where nobody is: it gives nothing, is short, or another goes on with
 * it.
 */
export function endNoticeAt({ state, activatedAt, endsAt, timeline }: AccessRequest): Instant | undefined {
  if (state !== 'approved' || activatedAt === undefined || endsAt === undefined) return undefined
  if (endsAt - activatedAt <= endsSoon.longerThan) return undefined
  return timeline.some(({ what }) => what === 'extended') ? undefined : endsAt - endsSoon.before
}

/** Items beyond these are counted. */
const maxItems = 20
const maxReason = 500

export function writeRequestMail(
  notice: RequestNotice,
  request: AccessRequest,
  { to, items, publicUrl, clusterName }: NoticeContext,
): NoticeMail {
  const { subject, says } = wordsOf(notice, request)
  const shown = items.slice(0, maxItems).map((item, place) => itemLine(item, notice, request, place))
  const more = items.length - shown.length
  const list = more > 0 ? [...shown, `and ${more} more`] : shown
  const url = `${publicUrl}/requests/${encodeURIComponent(request.id)}`
  const why =
    request.reason === '' ? 'No reason was given.' : `Reason: ${mailLine(request.reason, maxReason)}`
  const outro = `Sent by Gatehouse (${mailLine(clusterName)}), ${publicUrl}, to ${audience[notice]}.`
  const hello = `Hello ${mailLine(to)},`
  const text = [hello, ...says, list.map((one) => `  ${one}`).join('\n'), why, `  ${url}`, outro].join('\n\n')
  const html = [
    ...[hello, ...says].map((one) => `<p>${escapeHtml(one)}</p>`),
    `<ul>${list.map((one) => `<li>${escapeHtml(one)}</li>`).join('')}</ul>`,
    `<p>${escapeHtml(why)}</p>`,
    `<p><a href="${escapeHtml(url)}">Open the request</a></p>`,
    `<p>${escapeHtml(outro)}</p>`,
  ].join('\n')
  return { subject, text: `${text}\n`, html: `${html}\n` }
}

const audience: Readonly<Record<RequestNotice, string>> = {
  review: 'those who may decide on it',
  settled: 'those who may have decided on it',
  decided: 'whoever asked',
  ends: 'whoever asked',
}

interface Words {
  readonly subject: string
  readonly says: readonly string[]
}

function wordsOf(notice: RequestNotice, request: AccessRequest): Words {
  const user = mailLine(request.user)
  switch (notice) {
    case 'review': {
      const what = request.extends === undefined ? 'access' : 'more time'
      return {
        subject: `${user} asks for ${what}`,
        says: [
          `${user} asks for ${what} for ${formatDuration(request.durationMs)}${startOf(request)}, and you may decide on it until ${describeInstant(request.pendingUntil)}:`,
        ],
      }
    }
    case 'settled': {
      const { by } = lastStep(request)
      const settled = `was ${outcomes[request.state]} by ${mailLine(describeAuthor(by))}`
      return {
        subject: `Nothing left to do: the request of ${user} ${settled}`,
        says: [`the request of ${user} ${settled}. There is nothing left for you to do.`],
      }
    }
    case 'ends':
      return {
        subject: `Your access ends ${instant(request.endsAt)}`,
        says: [
          `your access ends ${instant(request.endsAt)}. If you need it longer, ask for more time before:`,
        ],
      }
    case 'decided':
      return decidedWords(request)
  }
}

function decidedWords(request: AccessRequest): Words {
  const { by, says } = lastStep(request)
  const why = says === '' ? [] : [mailLine(says, maxReason)]
  const who = by === 'system' ? '' : ` by ${mailLine(describeAuthor(by))}`
  switch (request.state) {
    case 'approved':
      return {
        subject: `Your access request was approved${who}`,
        says: [
          `your access request was approved${who}. Access lasts until ${instant(request.endsAt)}${startOf(request)}.`,
          ...why,
        ],
      }
    case 'promoted': {
      const list = mailLine(request.promotedTo?.title ?? '')
      return {
        subject: `You are a member of ${list} now`,
        says: [
          `in place of access for a time you were made a member of the access list ${list}${who}.`,
          ...why,
        ],
      }
    }
    case 'expired':
      return {
        subject: 'Your access request was not decided in time',
        says: ['nobody decided on your access request in time. You may ask again.'],
      }
    default: {
      const outcome = outcomes[request.state]
      const ended = request.activatedAt === undefined ? '' : ' Its access has ended.'
      return {
        subject: `Your access request was ${outcome}${who}`,
        says: [`your access request was ${outcome}${who}.${ended}`, ...why],
      }
    }
  }
}

const outcomes: Readonly<Record<AccessRequest['state'], string>> = {
  pending: 'asked for',
  approved: 'approved',
  denied: 'denied',
  promoted: 'answered with a membership',
  expired: 'ended',
  cancelled: 'taken back',
  revoked: 'revoked',
}

/** What made the request what it is. */
function lastStep({ timeline, state, user }: AccessRequest): Pick<TimelineEntry, 'by' | 'says'> {
  return timeline.findLast(({ what }) => what === state) ?? { by: user, says: '' }
}

function startOf({ startAt }: AccessRequest): string {
  return startAt === undefined ? '' : `, not before ${describeInstant(startAt)}`
}

function instant(at: Instant | undefined): string {
  return at === undefined ? 'soon' : describeInstant(at)
}

/** Once it is decided, each item says how: some may have been denied. */
function itemLine(item: string, notice: RequestNotice, { items }: AccessRequest, place: number): string {
  const state = items[place]?.state ?? 'pending'
  const name = mailLine(item, maxItem)
  return notice === 'review' || state === 'pending' ? name : `${name}: ${state}`
}

const maxItem = 300
