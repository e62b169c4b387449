/** @module Words for access lists: who is in, what somebody's part is, how the review stands. Times in milliseconds. */
import type {
  ListCard,
  ListDetail,
  ListInAws,
  MemberChange,
  RemovalEffect,
} from '../../api/contract/access-lists.js'
import { formatCount, formatDate, formatMinute } from './format.js'

export interface BadgeWords {
  readonly text: string
  readonly color: 'green' | 'amber' | 'red' | 'gray' | 'petrol'
}

const dayMs = 86_400_000

/** A day as reviews have them: they fall due at its start in UTC, wherever somebody reads it. */
export function formatDay(instant: string): string {
  return formatDate(Date.parse(instant), 'UTC')
}

/** Undefined where nobody is asked to review the list, or nobody is in it. */
export function reviewWords(review: ListCard['review'], now: number): BadgeWords | undefined {
  const { state, dueAt } = review
  if (state === 'none' || dueAt === undefined) return undefined
  const due = Date.parse(dueAt)
  switch (state) {
    case 'later':
      return { text: `next review ${formatDay(dueAt)}`, color: 'gray' }
    case 'soon':
      return { text: `review due on ${formatDay(dueAt)}`, color: 'amber' }
    case 'overdue':
      return now - due < dayMs
        ? { text: 'review due today', color: 'red' }
        : { text: `review overdue since ${formatDay(dueAt)}`, color: 'red' }
  }
}

/** What is in force since nobody reviewed the list. */
export const inForceWords: Readonly<Record<ListCard['review']['inForce'], BadgeWords | undefined>> = {
  nothing: undefined,
  frozen: { text: 'nobody can be added', color: 'red' },
  grants_removed: { text: 'gives nothing until it is reviewed', color: 'red' },
}

/** "4 of 12 decided"; undefined where no review was begun. */
export function progressWords({ decided, toDecide }: ListCard['review']): string | undefined {
  return decided > 0
    ? `${decided.toLocaleString('en')} of ${toDecide.toLocaleString('en')} decided`
    : undefined
}

/** "3 people, 1 list"; undefined for those who may not see it. */
export function sizeWords({
  userCount,
  listCount = 0,
}: Pick<ListCard, 'userCount' | 'listCount'>): string | undefined {
  if (userCount === undefined) return undefined
  const people = userCount === 1 ? '1 person' : `${userCount.toLocaleString('en')} people`
  if (listCount === 0) return userCount === 0 ? 'nobody yet' : people
  return userCount === 0 ? formatCount(listCount, 'list') : `${people}, ${formatCount(listCount, 'list')}`
}

/** What somebody is to the list: "you own it"; "you are in it through another list". */
export function partWords({ mine, couldAsk }: Pick<ListCard, 'mine' | 'couldAsk'>): readonly string[] {
  return [
    ...(mine.owner === 'none'
      ? []
      : [mine.owner === 'explicit' ? 'You own it' : 'You own it through a list']),
    ...(mine.member === 'none'
      ? []
      : [mine.member === 'explicit' ? 'You are in it' : 'You are in it through a list']),
    ...(mine.owner === 'none' && mine.member === 'none' && couldAsk ? ['You meet what it asks'] : []),
  ]
}

/** One sentence of them: "You own it; you are in it". */
export function joinParts(parts: readonly string[]): string {
  return parts.map((part, at) => (at === 0 ? part : part.replace(/^You/, 'you'))).join('; ')
}

/** Where the members of a list are changed that is not changed here. */
export const typeWords: Readonly<Record<ListCard['type'], string | undefined>> = {
  standard: undefined,
  static: 'managed as code',
  scim: 'from a directory',
}

/** "1 person", "3 people". */
export function countPeople(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en')} people`
}

/** "ada@example.com and 2 others"; "3 members" where there is nobody to name. */
export function nameSome(names: readonly string[]): string {
  const [first, second] = names
  if (names.length <= 1) return first ?? 'nobody'
  return names.length === 2 ? `${first} and ${second}` : `${first} and ${names.length - 1} others`
}

/** What goes with a removal, here and in each group that the list is in AWS, and who stays in all the same. */
export function removalEffects(
  detail: Pick<ListDetail, 'title' | 'grants' | 'review'>,
  groups: ListInAws['groups'],
  effect: RemovalEffect,
): string[] {
  const { leave, leaveCount } = effect
  const stays = stayWords(effect)
  if (leaveCount === 0)
    return stays.length > 0 ? stays : ['Nobody loses anything: whoever goes did not count as a member.']
  const who = leaveCount === 1 ? (leave[0] ?? 'One person') : countPeople(leaveCount)
  return [
    ...lossWords(detail, effect),
    ...groups.map(({ displayName, assignments }) => {
      const pairs = assignments.filter(({ state }) => state !== 'to_go')
      const accounts = new Set(pairs.map(({ accountId }) => accountId)).size
      const gives =
        pairs.length === 0
          ? ''
          : `, which gives ${formatCount(pairs.length, 'permission set')} in ${formatCount(accounts, 'account')}`
      return `In AWS ${who} ${leaveCount === 1 ? 'leaves' : 'leave'} the group ${displayName}${gives}.`
    }),
    ...stays,
  ]
}

/** Who loses what here, and who keeps it all because other lists or roles give it, too. */
function lossWords(
  { title, grants, review }: Pick<ListDetail, 'title' | 'grants' | 'review'>,
  { leaveCount, losses }: RemovalEffect,
): string[] {
  const losing = losses?.filter(({ roles, traits }) => roles + traits > 0) ?? []
  const given = grantWords(grants)
  if (losing.length === 0) {
    if (review.inForce === 'grants_removed') return [`${title} gives nothing now, until it is reviewed.`]
    if (given === undefined) return [`${title} grants nothing here.`]
  }
  if (losses === undefined)
    return [`${countPeople(leaveCount)} lose what only ${title} gives them of its ${given}, at once.`]
  const say = (names: readonly string[], one: string, many: string) =>
    names.length === 0 ? [] : [`${sayWho(names, leaveCount)} ${names.length === 1 ? one : many}`]
  const others = losses.filter((one) => !losing.includes(one))
  const keeping = others.flatMap(({ held, name }) => (held ? [name] : []))
  const without = others.flatMap(({ held, name }) => (held ? [] : [name]))
  const keeps = `all that ${title} grants here, by other lists or roles.`
  return [
    ...groupAlike(losing).flatMap(([lost, names]) =>
      say(names, `loses ${lost}, at once.`, `lose ${lost}, at once.`),
    ),
    ...say(keeping, `keeps ${keeps}`, `keep ${keeps}`),
    ...say(without, `has nothing by ${title} now.`, `have nothing by ${title} now.`),
  ]
}

/** Names by what they lose: "2 roles and 1 trait of Team". */
function groupAlike(losses: NonNullable<RemovalEffect['losses']>): [lost: string, names: string[]][] {
  const alike = new Map<string, string[]>()
  for (const { name, roles, traits, lists } of losses) {
    const lost = `${countGranted(roles, traits) ?? 'nothing'} of ${lists.join(' and ')}`
    alike.set(lost, [...(alike.get(lost) ?? []), name])
  }
  return [...alike]
}

/** By name where it is not the same for all who leave. */
function sayWho(names: readonly string[], leaveCount: number): string {
  return names.length === leaveCount && names.length > 1 ? countPeople(names.length) : nameSome(names)
}

/** Up to this many who stay are named with their way. */
const maxStayNamed = 5

function stayWords({ stay, stayCount }: RemovalEffect): string[] {
  if (stayCount <= maxStayNamed)
    return stay.map(({ name, path }) => {
      const through = path.slice(1).map(({ title }) => title)
      const way = through.length === 0 ? 'by name' : `by ${through.join(' › ')}`
      return `${name} stays in ${way} and loses nothing.`
    })
  const others = stayCount - 1
  return [`${stay[0]?.name} and ${countPeople(others)} more stay in by other ways and lose nothing.`]
}

/** "ends 27 Nov 2026, 18:00 → no end"; what had or gets no value says so. */
export function memberChangeWords({ field, before, after }: MemberChange): string {
  if (field === 'reason') {
    const quoted = (reason: string | undefined) => (reason === undefined ? 'none' : `“${reason}”`)
    return `reason ${quoted(before)} → ${quoted(after)}`
  }
  const ends = (at: string | undefined) =>
    at === undefined ? 'no end' : `ends ${formatMinute(Date.parse(at))}`
  return `${ends(before)} → ${ends(after)}`
}

/** "2 roles and 1 trait"; undefined for nothing. */
export function grantWords({ roles, traits }: ListDetail['grants']): string | undefined {
  return countGranted(roles.length, Object.keys(traits).length)
}

function countGranted(roles: number, traits: number): string | undefined {
  const parts = [
    ...(roles > 0 ? [formatCount(roles, 'role')] : []),
    ...(traits > 0 ? [formatCount(traits, 'trait')] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(' and ')
}

type Schedule = NonNullable<ListDetail['schedule']>

export const monthWords: Readonly<Record<number, string>> = {
  1: 'every month',
  3: 'every 3 months',
  6: 'every 6 months',
  12: 'every year',
}
export const dayWords: Readonly<Record<string, string>> = {
  1: 'on the first day of a month',
  15: 'on the 15th of a month',
  last: 'on the last day of a month',
}

/** "every 3 months, on the 15th of a month". */
export function scheduleWords({
  everyMonths,
  dayOfMonth,
}: Pick<Schedule, 'everyMonths' | 'dayOfMonth'>): string {
  return `${monthWords[everyMonths] ?? `every ${everyMonths} months`}, ${dayWords[dayOfMonth] ?? ''}`
}

/** "owners are reminded, nothing else". */
export function whenOverdueWords({
  whenOverdue,
  afterDays,
}: Pick<Schedule, 'whenOverdue' | 'afterDays'>): string {
  const after = afterDays === 0 ? 'at once' : `${formatCount(afterDays, 'day')} after the due date`
  switch (whenOverdue) {
    case 'remind':
      return 'owners are reminded, nothing else'
    case 'freeze':
      return `nobody can be added, ${after}`
    case 'remove_grants':
      return `the list gives nothing, ${after}`
  }
}
