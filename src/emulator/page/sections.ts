/**
 * @module The sections of the page at `/` that tell of the whole organisation: sizes, what is under way, calls against
 * limits, accounts.
 */
import type { EmulatorContext } from '../context.js'
import { formatTime } from '../context.js'
import { defaultSettings } from '../settings.js'
import { escapeHtml } from '../html.js'
import { count, linkTo, paged, section, table } from './parts.js'
import { accountLink, principalLink, setLink, unitPath } from './views.js'

export function tilesSection({ state }: EmulatorContext): string {
  const { tables } = state
  const tiles: readonly (readonly [string, number])[] = [
    ['Accounts', tables.accounts.size],
    ['Permission sets', tables.permissionSets.size],
    ['Users', tables.users.size],
    ['Groups', tables.groups.size],
    ['Memberships', tables.memberships.size],
    ['Assignments', tables.assignments.size],
  ]
  const items = tiles.map(([name, n]) => `<div><dt>${name}</dt><dd>${count(n)}</dd></div>`)
  return section('sizes', 'Organisation', `<dl class="tiles">${items.join('')}</dl>`)
}

const shownRequests = 20

/** What is IN_PROGRESS, and the last requests that ended, newest first. */
export function requestsSection({ state, clock }: EmulatorContext): string {
  const { tables } = state
  const rows = tables.assignmentRequests.rows()
  const underWay = rows.filter((row) => row.status === 'IN_PROGRESS')
  const ended = rows.filter((row) => row.status !== 'IN_PROGRESS').reverse()
  const shown = [...underWay.toReversed(), ...ended].slice(0, shownRequests)
  const seconds = (from: number): string => `${Math.max(0, Math.round((clock.now() - from) / 1000))} s ago`
  return section(
    'requests',
    'Assignment requests',
    table(
      'Assignment requests',
      ['Request', 'Status', 'Account', 'Permission set', 'Who', 'Asked'],
      shown.map((row) => [
        row.kind === 'create' ? 'create' : 'delete',
        row.status === 'FAILED'
          ? `FAILED <span class="note">${escapeHtml(row.failureReason ?? '')}</span>`
          : escapeHtml(row.status),
        linkTo(accountLink(tables, row.accountId)),
        linkTo(setLink(tables, row.permissionSetArn)),
        linkTo(principalLink(tables, row.principalType, row.principalId)),
        `<time datetime="${formatTime(row.createdAt)}" title="${formatTime(row.createdAt)}">${seconds(row.createdAt)}</time>`,
      ]),
      'Nobody has asked to create or delete an assignment since the start or the last reset.',
    ),
    rows.length > shownRequests
      ? `${count(underWay.length)} under way; the newest ${shownRequests} of ${count(rows.length)} are shown`
      : `${count(underWay.length)} under way`,
  )
}

/** Calls of each operation, and how much is left of each limit that was touched. */
export function callsSection(context: EmulatorContext): string {
  const calls = Object.entries(context.calls.byCaller())
  const rows = calls.map(([operation, callers]) => [
    `<code>${escapeHtml(operation)}</code>`,
    count(Object.values(callers).reduce((sum, n) => sum + n, 0)),
    Object.entries(callers)
      .map(([caller, n]) => `${escapeHtml(caller)} <span class="note">${count(n)}</span>`)
      .join('<br>'),
  ])
  return section(
    'calls',
    'Calls',
    table(
      'Calls',
      ['Operation', 'Calls', 'Callers'],
      rows,
      'No call yet. The first one appears here as it comes.',
    ),
  )
}

export function accountsSection(context: EmulatorContext, page: number): string {
  const { tables } = context.state
  const { rows, links } = paged(tables.accounts.rows(), page, (to) => `/?page=${to}`)
  return section(
    'accounts',
    'Accounts',
    table(
      'Accounts',
      ['Account', 'Unit', 'State', 'Permission sets', 'Assignments'],
      rows.map((account) => [
        linkTo(accountLink(tables, account.id)),
        escapeHtml(unitPath(tables, account) || 'Root'),
        escapeHtml(account.state),
        count(tables.provisionedSets.by('account', account.id).size),
        count(tables.assignments.by('account', account.id).size),
      ]),
      'The organisation has no account.',
    ) + links,
  )
}

/** How much is left of every limit that a call has touched. */
export function limitsSection({ limits, clock, settings }: EmulatorContext): string {
  const off = 'The limits are off: no call is refused for its rate.'
  if (!settings.limits) return section('limits', 'Calls against limits', `<p class="empty">${off}</p>`)
  const levels = limits.levels(clock.now())
  const rows = levels.map(({ bucket, of, perSecond, burst, level, refused }) => {
    const left = Math.max(0, Math.floor(level))
    const name = of === undefined ? '' : ` <span class="note">${escapeHtml(of)}</span>`
    const full = count(burst)
    return [
      `<code>${escapeHtml(bucket)}</code>${name}`,
      `<meter min="0" max="${burst}" low="${burst * 0.2}" optimum="${burst}" value="${left}" aria-label="${left} of ${full} calls left of ${escapeHtml(bucket)}"></meter> ${count(left)} of ${full}`,
      `${count(perSecond)} a second`,
      refused === 0 ? '0' : `<strong>${count(refused)}</strong>`,
    ]
  })
  return section(
    'limits',
    'Calls against limits',
    table(
      'Calls against limits',
      ['Limit', 'Left now', 'Refills', 'Refused'],
      rows,
      'No call has used a limit yet.',
    ),
  )
}

/** Faults that are set and settings that are not the usual ones. */
export function troubleSection({ faults, settings }: EmulatorContext): string {
  const usual = new Map<string, unknown>(Object.entries(defaultSettings))
  const changed = Object.entries(settings).filter(([name, value]) => usual.get(name) !== value)
  const planned = faults.list().map(({ operation, fault, hits, times }) => {
    const hit = `hit ${count(hits)} ${hits === 1 ? 'call' : 'calls'}`
    const much = times === null ? 'until it is removed' : `of ${count(times)}`
    return [`fault: ${escapeHtml(fault.kind)}`, `<code>${escapeHtml(operation)}</code>`, `${hit} ${much}`]
  })
  const set = changed.map(([name, value]) => [
    'setting',
    `<code>${escapeHtml(name)}</code>`,
    `${escapeHtml(String(value))} <span class="note">usually ${escapeHtml(String(usual.get(name)))}</span>`,
  ])
  return section(
    'trouble',
    'Faults and changed settings',
    table(
      'Faults and changed settings',
      ['What', 'Of', 'How'],
      [...planned, ...set],
      'None: everything is as AWS has it.',
    ),
  )
}
