/** @module An access list in words for a terminal. */
import type { ListCard, ListDetail } from '../../api/contract.js'
import { countOf, whoIs } from './list.js'

/**
 * "overdue since 2026-10-01", with what that means; empty for a list that nobody is asked to review. Members are told of
 * what is in force alone.
 */
export function describeReviewState({ state, dueAt, inForce }: ListCard['review']): string {
  const date = dueAt?.slice(0, 10) ?? ''
  switch (state) {
    case 'none':
      return { nothing: '', frozen: 'nobody can be added', grants_removed: 'overdue: it gives nothing' }[
        inForce
      ]
    case 'later':
      return date
    case 'soon':
      return `due ${date}`
    case 'overdue':
      return `overdue since ${date}${consequences[inForce]}`
  }
}

const consequences = {
  nothing: '',
  frozen: ': nobody can be added',
  grants_removed: ': it gives nothing',
} as const

/** Lines of which each begins with what it tells. */
export function describeList(detail: ListDetail): string[] {
  const { title, name, description, problem } = detail
  const heading = [title === name ? name : `${title} (${name})`, ...(description === '' ? [] : [description])]
  if (problem !== undefined) return [...heading, `It cannot be read: ${problem}`]
  const facts = [
    ['Type', typeOf(detail)],
    ['Owners', detail.allOwners.map(ownerText).join(', ')],
    ['Members', membersOf(detail)],
    ['Gives members', holdings(detail.grants)],
    ['Gives owners', holdings(detail.ownerGrants)],
    ['Asks of members', holdings(detail.membershipRequires)],
    ['Asks of owners', holdings(detail.ownershipRequires)],
    ['Within', detail.memberOf.map((list) => list.name).join(', ')],
    ['Owns', detail.ownerOf.map((list) => list.name).join(', ')],
    ['In AWS', detail.inAws ? 'a group of its members' : 'nothing'],
    ['Review', reviewOf(detail)],
    ['You', mineOf(detail)],
    ['Members change', detail.may.membersSay ?? ''],
  ] as const
  const width = Math.max(...facts.map(([label]) => label.length)) + 2
  return [
    ...heading,
    ...facts.flatMap(([label, text]) => (text === '' ? [] : [`  ${label.padEnd(width)}${text}`])),
  ]
}

function typeOf({ type, origin }: ListDetail): string {
  const made = origin.kind === 'imported' ? `imported from Identity Center (${origin.plugin ?? ''})` : ''
  const managed = {
    standard: '',
    static: 'static: members are documents',
    scim: 'scim: a directory pushes it',
  }
  return [managed[type], made].filter((text) => text !== '').join('; ')
}

function ownerText(owner: ListDetail['allOwners'][number]): string {
  return owner.problem === undefined ? whoIs(owner) : `${whoIs(owner)} (does not count: ${owner.problem})`
}

function membersOf({ userCount, listCount = 0, peopleCount }: ListDetail): string {
  if (userCount === undefined) return ''
  const direct = countOf(userCount, 'user', 'users')
  const all = peopleCount === undefined ? '' : `; ${countOf(peopleCount, 'person counts', 'people count')}`
  return `${direct}${listCount === 0 ? '' : ` and ${countOf(listCount, 'list', 'lists')}`}${all}`
}

function holdings({ roles, traits }: ListDetail['grants']): string {
  const named = roles.length === 0 ? [] : [`${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`]
  const facts = Object.entries(traits).map(([trait, values]) => `trait ${trait}: ${values.join(', ')}`)
  return [...named, ...facts].join('; ')
}

function reviewOf({ review, schedule }: ListDetail): string {
  if (schedule === undefined) return describeReviewState(review)
  const every = `every ${countOf(schedule.everyMonths, 'month', 'months')}`
  const day = schedule.dayOfMonth === 'last' ? 'the last day' : `day ${schedule.dayOfMonth}`
  const state = describeReviewState(review)
  const next = review.nextStep === undefined ? '' : `; ${review.nextStep}`
  return `${state === '' ? '' : `${state}; `}${every}, on ${day} of a month${next}`
}

function mineOf({ mine: { owner, member, expiresAt }, couldAsk }: ListDetail): string {
  const roles = [
    ...(owner === 'none' ? [] : [`owner${owner === 'inherited' ? ' through a list' : ''}`]),
    ...(member === 'none'
      ? []
      : [
          `member${member === 'inherited' ? ' through a list' : ''}${expiresAt === undefined ? '' : ` until ${expiresAt}`}`,
        ]),
  ]
  return roles.length > 0 ? roles.join(', ') : couldAsk ? 'could ask to join' : ''
}
