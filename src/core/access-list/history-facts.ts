/**
 * @module What exactly an audit event of a list says was done, for people: names that came and went, what was asked
 * before and after. Events of earlier versions say less, and so does this of them.
 */
import type { AuditEvent } from '../audit/event.js'
import { visibleText } from '../visible-text.js'

export interface HistoryFact {
  /** "Added", "What members need". */
  readonly what: string
  /** What it is, or was done to. */
  readonly values?: string[]
  /** What there was, and is now, of what changed; empty for nothing. */
  readonly before?: string[]
  readonly after?: string[]
}

type Fields = Readonly<Record<string, unknown>>

export function historyFacts(event: AuditEvent): HistoryFact[] {
  return [...ofEvent(event), ...fact('Why it failed', event.success ? [] : texts([event['error']]))]
}

function ofEvent(event: AuditEvent): HistoryFact[] {
  switch (event.event) {
    case 'access_list.member.create':
      return counted('Added', event)
    case 'access_list.member.update':
      return counted('As they are now', event)
    case 'access_list.member.delete':
    case 'access_list.member.delete_all_members':
      return counted('Removed', event)
    case 'access_list.create':
      return [
        ...fact('Owners', texts(event['owners'])),
        ...fact(
          'What members get',
          texts(event['roles']).map((role) => `role ${role}`),
        ),
      ]
    case 'access_list.update': {
      const changes = records(event['changes'])
      return changes.length > 0 ? changes.map(change) : fact('Changed fields', texts(event['changed']))
    }
    case 'access_list.review':
      return ofReview(event)
    case 'access_list.review.update':
      return [
        ...(event['started_over'] === true ? fact('Started over', ['earlier decisions are forgotten']) : []),
        ...withMore(
          'Decisions',
          records(event['decisions']).map((one) =>
            [`${decided[text(one['decision'])] ?? 'decided on'} ${nameOf(one)}`, quote(one['note'])].join(''),
          ),
          event['count'],
        ),
      ]
    case 'access_list.review.remind':
      return [...fact('Reminded', texts(event['owners'])), ...fact('Due', texts([event['due']]))]
    case 'access_list.review.overdue':
      return fact('Was due', texts([event['due']]))
    default:
      return []
  }
}

const decided: Readonly<Record<string, string>> = {
  keep: 'keep',
  remove: 'remove',
  open: 'taken back:',
}

function ofReview(event: AuditEvent): HistoryFact[] {
  const requires = event['membership_requirements_changed']
  return [
    ...fact('Reviewed by', texts(event['reviewers'])),
    ...fact('Notes', texts([event['notes']])),
    ...withMore('Removed', texts(event['removed_members']), event['removed_count']),
    ...(isFields(requires) ? [{ what: 'What members need', values: holdings(requires) }] : []),
    ...fact('Reviewed from now on', [
      ...texts([event['review_frequency_changed']]).map((often) => `every ${often}`),
      ...texts([event['review_day_of_month_changed']]).map((day) => `day of the month: ${day}`),
    ]),
    ...fact('Next review due', texts([event['next_due_on']])),
  ]
}

function holdings({ roles, traits }: Fields): string[] {
  return [
    ...texts(roles).map((role) => `role ${role}`),
    ...(isFields(traits)
      ? Object.entries(traits).flatMap(([trait, values]) =>
          texts(values).map((value) => `${text(trait)}: ${value}`),
        )
      : []),
  ]
}

function counted(what: string, event: Fields): HistoryFact[] {
  const members = records(event['members'])
  const told = members.length > 0 ? members : event['member'] === undefined ? [] : [event]
  const shared = event['members'] === undefined || members.length === 1 ? undefined : event['reason']
  return [
    ...withMore(what, told.map(memberWords), event['count'] ?? told.length),
    ...fact('Reason', texts([shared])),
  ]
}

function memberWords(one: Fields): string {
  const expires = text(one['expires'])
  return [nameOf(one), expires === '' ? '' : `, until ${expires}`, quote(one['reason'])].join('')
}

function nameOf(one: Fields): string {
  const name = text(one['member_name'] ?? one['member'])
  return (one['membership_kind'] ?? one['member_kind']) === 'list' ? `list ${name}` : name
}

function change(one: Fields): HistoryFact {
  const what = text(one['what'])
  return {
    what: what.slice(0, 1).toUpperCase() + what.slice(1),
    before: texts(one['before']),
    after: texts(one['after']),
  }
}

function withMore(what: string, values: string[], count: unknown): HistoryFact[] {
  const more = typeof count === 'number' ? count - values.length : 0
  return fact(what, more > 0 ? [...values, `and ${more} more`] : values)
}

function fact(what: string, values: string[]): HistoryFact[] {
  return values.length === 0 ? [] : [{ what, values }]
}

function quote(note: unknown): string {
  const said = text(note)
  return said === '' ? '' : ` (“${said}”)`
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text).filter((one) => one !== '') : []
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? visibleText(String(value).replaceAll(/\s+/g, ' '))
    : ''
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
