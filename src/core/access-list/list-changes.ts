/**
 * @module What differs between a list and the list that it becomes, before and after, as the history of the list tells
 * it. Roles are named as they are stored; whoever shows them knows their names.
 */
import type { Traits } from '../user/user.js'
import type { AccessList, ListGrants, Requirements } from './access-list.js'
import type { ReviewSchedule } from './review-schedule.js'

/** A type and not an interface: it goes into an event as it is. */
export type ListChange = {
  readonly what: string
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Of one side of one change; an event is read by collectors that take none of any length. */
const maxValues = 100
const maxLength = 300

export function listChanges(
  before: AccessList,
  after: AccessList,
  nameRoles: (roles: readonly string[]) => readonly string[],
): ListChange[] {
  const holdings = ({ roles, traits }: Requirements | ListGrants) => [
    ...nameRoles(roles).map((role) => `role ${role}`),
    ...traitWords(traits),
  ]
  const sides: readonly (readonly [what: string, of: (list: AccessList) => readonly string[]])[] = [
    ['title', ({ title }) => [title]],
    ['description', ({ description }) => some(description)],
    ['owners', ({ owners }) => owners.map(({ kind, name }) => (kind === 'list' ? `list ${name}` : name))],
    ['what members need', ({ membershipRequires }) => holdings(membershipRequires)],
    ['what owners need', ({ ownershipRequires }) => holdings(ownershipRequires)],
    ['what members get', ({ grants }) => holdings(grants)],
    ['what owners get', ({ ownerGrants }) => holdings(ownerGrants)],
    ['reviews', ({ review }) => (review === undefined ? [] : scheduleWords(review))],
  ]
  return sides.flatMap(([what, of]) => {
    const change = { what, before: of(before), after: of(after) }
    return isSame(change.before, change.after)
      ? []
      : [{ what, before: cut(change.before), after: cut(change.after) }]
  })
}

function isSame(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((value, at) => value === after[at])
}

function some(text: string): string[] {
  return text === '' ? [] : [text]
}

function traitWords(traits: Traits): string[] {
  return Object.entries(traits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([trait, values]) => values.map((value) => `${trait}: ${value}`))
}

function scheduleWords({ everyMonths, dayOfMonth, whenOverdue }: ReviewSchedule): string[] {
  const often = everyMonths === 1 ? 'every month' : `every ${everyMonths} months`
  const on = dayOfMonth === 'last' ? 'the last day' : `day ${dayOfMonth}`
  return [
    `${often}, on ${on} of the month`,
    ...(whenOverdue === undefined ? [] : [`when overdue: ${whenOverdue.then}`]),
  ]
}

function cut(values: readonly string[]): string[] {
  const shown = values.slice(0, maxValues).map((value) => value.slice(0, maxLength))
  const more = values.length - shown.length
  return more > 0 ? [...shown, `and ${more} more`] : shown
}
