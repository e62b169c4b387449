/**
 * @module The pages of one account, person, group or permission set: what it is, and who has what where.
 */
import type { EmulatorContext } from '../context.js'
import { escapeHtml } from '../html.js'
import { reservedRole } from '../state/reserved-role.js'
import type { Tables } from '../state/tables.js'
import { count, heldTable, linkTo, paged, section, table } from './parts.js'
import * as views from './views.js'

export interface Details {
  readonly title: string
  readonly body: string
}

type Facts = readonly (readonly [name: string, html: string])[]

function factsOf(facts: Facts): string {
  return `<dl class="facts">${facts.map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`).join('')}</dl>`
}

function heldSection(
  held: readonly views.Held[],
  without: 'account' | 'set' | 'principal',
  at: string,
  page: number,
): string {
  const { rows, links } = paged(held, page, (to) => `${at}&page=${to}`)
  return section(
    'held',
    'Who has what where',
    heldTable(rows, without, 'No assignment.') + links,
    `${count(held.length)} ${held.length === 1 ? 'assignment' : 'assignments'}`,
  )
}

export function accountDetails({ state }: EmulatorContext, id: string, page: number): Details | undefined {
  const { tables } = state
  const account = tables.accounts.get(id)
  if (account === undefined) return undefined
  const tags = Object.entries(account.tags).map(
    ([key, value]) => `<code>${escapeHtml(`${key}=${value}`)}</code>`,
  )
  const facts: Facts = [
    ['Account id', `<code>${account.id}</code>`],
    ['Mail', escapeHtml(account.email)],
    ['Unit', escapeHtml(views.unitPath(tables, account) || 'Root')],
    ['State', account.state],
    ['Tags', tags.join(' ') || 'none'],
  ]
  const roles = tables.provisionedSets
    .by('account', id)
    .rows()
    .map((provisioned) => [
      linkTo(views.setLink(tables, provisioned.permissionSetArn)),
      `<code>${escapeHtml(reservedRole(state, provisioned)?.name ?? '')}</code>`,
      isCurrent(tables, provisioned) ? 'latest' : 'older version',
    ])
  const body =
    factsOf(facts) +
    heldSection(views.heldInAccount(tables, id), 'account', `/?account=${id}`, page) +
    section(
      'roles',
      'Roles that Identity Center made',
      table(
        'Roles',
        ['Permission set', 'Role', 'Provisioned'],
        roles,
        'No permission set is provisioned here.',
      ),
    )
  return { title: account.name, body }
}

function isCurrent(
  tables: Tables,
  provisioned: { readonly permissionSetArn: string; readonly version: number },
): boolean {
  return tables.permissionSets.get(provisioned.permissionSetArn)?.version === provisioned.version
}

export function userDetails({ state }: EmulatorContext, id: string, page: number): Details | undefined {
  const { tables } = state
  const user = tables.users.get(id)
  if (user === undefined) return undefined
  const groups = views.groupsOf(tables, id)
  const facts: Facts = [
    ['User id', `<code>${escapeHtml(user.id)}</code>`],
    ['Display name', escapeHtml(user.displayName ?? '')],
    ['Mail', escapeHtml(user.emails?.[0]?.value ?? '')],
    ['External id', escapeHtml(user.externalId ?? 'none')],
    ['Active', user.active ? 'yes' : 'no: new sessions are refused'],
    ['Groups', groups.map(linkTo).join(', ') || 'none'],
  ]
  const held = heldSection(
    views.heldByUser(tables, id),
    'principal',
    `/?user=${encodeURIComponent(id)}`,
    page,
  )
  return { title: user.userName, body: factsOf(facts) + held }
}

const shownMembers = 200

export function groupDetails({ state }: EmulatorContext, id: string, page: number): Details | undefined {
  const { tables } = state
  const group = tables.groups.get(id)
  if (group === undefined) return undefined
  const members = tables.memberships.by('group', id).size
  const shown = views.membersOf(tables, id, shownMembers).map(linkTo).join(', ')
  const more = members > shownMembers ? ` and ${count(members - shownMembers)} more` : ''
  const facts: Facts = [
    ['Group id', `<code>${escapeHtml(group.id)}</code>`],
    ['Description', escapeHtml(group.description ?? '')],
    ['External id', escapeHtml(group.externalId ?? 'none')],
    [`Members (${count(members)})`, members === 0 ? 'none' : shown + more],
  ]
  const held = heldSection(
    views.heldByGroup(tables, id),
    'principal',
    `/?group=${encodeURIComponent(id)}`,
    page,
  )
  return { title: group.displayName, body: factsOf(facts) + held }
}

export function setDetails({ state }: EmulatorContext, arn: string, page: number): Details | undefined {
  const { tables } = state
  const set = tables.permissionSets.get(arn)
  if (set === undefined) return undefined
  const facts: Facts = [
    ['ARN', `<code>${escapeHtml(set.arn)}</code>`],
    ['Description', escapeHtml(set.description ?? '')],
    ['Session', escapeHtml(set.sessionDuration)],
    ['Provisioned in', `${count(tables.provisionedSets.by('permissionSet', arn).size)} accounts`],
  ]
  const held = heldSection(views.heldThroughSet(tables, arn), 'set', `/?set=${encodeURIComponent(arn)}`, page)
  return { title: set.name, body: factsOf(facts) + held }
}
