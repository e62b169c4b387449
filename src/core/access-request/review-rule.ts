/**
 * @module Automatic review: rules that say who, what, when and for how long, and give one review each when a request is
 * made. A rule is an author like any other: it counts where the thresholds of the item accept it, and never twice. Every
 * condition that it has must hold. What one rule denies no other one approves: that is left to people. A rule gives access
 * for a time and never more than was asked for; who is a member for good people alone decide (`promotion.ts`).
 */
import { formatDuration, type DurationMs, type Instant } from '../time.js'
import { listTrait } from '../trait.js'
import { foldName, type Traits } from '../user/user.js'
import { requestTimes, type AccessRequest, type ItemId, type RequestItem } from './access-request.js'
import { nextDueAt } from './due.js'
import { coverItems, type ItemPatterns } from './item-patterns.js'
import { isOnCall, type OnCallList } from './on-call.js'
import { findOwnPart, type Writer } from './own-rule.js'
import { addReview, decideItems } from './review.js'
import { lastsTogether, windowOf, windowsByRules, type AccessWindow } from './rule-windows.js'
import { resolve } from './transition.js'
import { isWithinHours, type WeeklyHours } from './weekly-hours.js'
import { everyRoleName, type Requester, type Reviewer, type RequestWorld } from './world.js'

export interface ReviewRule {
  readonly name: string
  readonly decision: 'approve' | 'deny'
  /** The requester has one of the users' names, one of the roles, and of each trait a value: of what is given. */
  readonly requester: {
    readonly users: readonly string[]
    readonly roles: readonly string[]
    readonly traits: Traits
  }
  readonly items: ItemPatterns
  /** The requester is on this list. */
  readonly onCall: string | undefined
  readonly hours: WeeklyHours | undefined
  /** The rule is for access up to this length, with all of its extensions. */
  readonly maxDurationMs: DurationMs | undefined
  readonly reason: string
}

/** All rules as they are stored. */
export interface RuleSet {
  readonly rules: readonly ReviewRule[]
  /** One of them cannot be read and may be one that denies: until it is mended none approves. */
  readonly hidesDenial: boolean
  /** Who wrote each of them last, by name; none of those of which that is not known. */
  readonly writers: ReadonlyMap<string, Writer>
}

export interface RuleFacts {
  readonly requester: Requester
  /** Since when the requester has their name. */
  readonly since: Instant
  /** Those of the lists that rules name that there are, by name. */
  readonly onCall: ReadonlyMap<string, OnCallList>
  readonly now: Instant
  /** The requester's other requests that wait, give access or gave it lately. */
  readonly others: readonly AccessRequest[]
}

/** When access begins other requests are not asked again. */
type FactsAtBeginning = Omit<RuleFacts, 'others'>

const authorPrefix = 'rule/'

/** Who a rule's review is by: names of people and of resources have no slash, and machine users another word before it. */
export function ruleAuthor({ name }: Pick<ReviewRule, 'name'>): string {
  return `${authorPrefix}${name}`
}

export function isRuleAuthor(author: string): boolean {
  return author.startsWith(authorPrefix)
}

/** The name of the rule whose review it is; undefined for the review of a person. */
export function ruleOfAuthor(author: string): string | undefined {
  return isRuleAuthor(author) ? author.slice(authorPrefix.length) : undefined
}

/** As people read it: "the rule on-call-reads"; of a person the name. */
export function describeAuthor(author: string): string {
  const rule = ruleOfAuthor(author)
  return rule === undefined ? author : `the rule ${rule}`
}

export interface ReviewedByRules {
  readonly request: AccessRequest
  /** Why rules that are about the request did not decide, as sentences; they are in its timeline too. */
  readonly notes: readonly string[]
}

/**
 * A request that was just made, with the review of each rule that is about it; decided where that is enough. The same
 * value where no rule has anything to say.
 */
export function reviewByRules(
  request: AccessRequest,
  { rules, hidesDenial, writers }: RuleSet,
  facts: RuleFacts,
  world: RequestWorld,
): ReviewedByRules {
  if (request.state !== 'pending' || request.reviews.length > 0) return { request, notes: [] }
  const about = rules
    .filter((rule) => isAbout(rule, request, facts, world) && isTime(rule, request, facts.now))
    .map((rule): RuleOnItems => ({ rule, items: request.items.filter(coveredBy(rule, world)) }))
    .filter(({ items }) => items.length > 0)
    .sort((a, b) => (a.rule.name < b.rule.name ? -1 : 1))
  const denied = about.filter(({ rule }) => rule.decision === 'deny')
  const refused = new Set(denied.flatMap(({ items }) => items))
  const approving = about.flatMap(({ rule, items }): RuleOnItems[] => {
    const left = rule.decision === 'approve' ? items.filter((item) => !refused.has(item)) : []
    return left.length === 0 ? [] : [{ rule, items: left }]
  })
  const own = approving.flatMap(({ rule }) => findOwnPart(rule, writers, facts) ?? [])
  const others = approving.filter(({ rule }) => findOwnPart(rule, writers, facts) === undefined)
  const [short, long] = partition(others, ({ rule }) => isShortEnough(rule, request))
  const decide = (during: AccessWindow): ReviewedByRules => {
    const alone = leaveJoined(short, during, facts)
    const notes = [
      ...own,
      ...long.map(({ rule }) => sayTooLong(rule, request)),
      ...(hidesDenial && alone.fitting.length > 0 ? [hiddenDenial] : []),
      ...(hidesDenial ? [] : alone.joined.map(sayJoined)),
    ]
    let reviewed = request
    for (const one of [...denied, ...(hidesDenial ? [] : alone.fitting)]) {
      const step = give(reviewed, one, facts.now, world)
      if ('says' in step) notes.push(step.says)
      else reviewed = step
    }
    return { request: notes.length === 0 ? reviewed : withNotes(reviewed, notes), notes }
  }
  // Where it goes on waiting for people nobody knows when it begins.
  const atOnce = decide(windowOf({ ...request, pendingUntil: facts.now }, facts.now))
  return atOnce.request.state === 'pending' ? decide(windowOf(request, facts.now)) : atOnce
}

/** What rules with a longest time leave to people: items of which access that rules approved is next to this. */
function leaveJoined(
  approving: readonly RuleOnItems[],
  own: AccessWindow,
  { others, now }: RuleFacts,
): { readonly fitting: readonly RuleOnItems[]; readonly joined: readonly ReviewRule[] } {
  const fits = (item: RequestItem, longest: DurationMs) =>
    lastsTogether(own, windowsByRules(item.id, others, isRuleAuthor, now)) <= longest
  const looked = approving.map(({ rule, items }) => {
    const { maxDurationMs: longest } = rule
    const left = longest === undefined ? items : items.filter((item) => fits(item, longest))
    return { rule, items: left, isAll: left.length === items.length }
  })
  return {
    fitting: looked.filter(({ items }) => items.length > 0),
    joined: looked.flatMap(({ rule, isAll }) => (isAll ? [] : [rule])),
  }
}

/**
 * Whether the approval of a rule still counts for an item when access begins (T28): the rule is there, approves, and is
 * about this person and this item, its hours hold at the instant at which access begins, and who is on call still is. Others
 * may have decided, or a start have been moved, long after the rule had its say.
 */
export function stillApproves(
  author: string,
  request: AccessRequest,
  facts: FactsAtBeginning,
  { rules, writers }: RuleSet,
  world: RequestWorld,
): (item: RequestItem) => boolean {
  const rule = rules.find((one) => ruleAuthor(one) === author)
  if (rule?.decision !== 'approve' || !isAbout(rule, request, facts, world) || !isShortEnough(rule, request))
    return () => false
  if (findOwnPart(rule, writers, facts) !== undefined) return () => false
  // Not when somebody comes to look: a gateway that stood still takes nothing from anybody.
  const begins = Math.max(nextDueAt(request) ?? facts.now, request.extends?.from ?? 0)
  if (rule.hours !== undefined && !isWithinHours(rule.hours, begins)) return () => false
  return coveredBy(rule, world)
}

/** What rules said of a request that was just made, as notes for whoever asks. */
export function sayRules({ reviews, items }: AccessRequest, dryRun: boolean): string[] {
  return reviews.map(({ author, approve, deny }) => {
    const [count, would, has] = deny.length > 0 ? [deny, 'deny', 'denied'] : [approve, 'approve', 'approved']
    const what = count.length === items.length ? 'everything' : `${count.length} of ${items.length} items`
    const rule = author.slice(authorPrefix.length)
    return dryRun ? `The rule ${rule} would ${would} ${what}.` : `The rule ${rule} ${has} ${what}.`
  })
}

interface RuleOnItems {
  readonly rule: ReviewRule
  readonly items: readonly RequestItem[]
}

const hiddenDenial = 'Rules approve nothing now, for one that may deny cannot be read.'

function sayTooLong({ name, maxDurationMs = 0 }: ReviewRule, { extends: extended }: AccessRequest): string {
  const together = extended === undefined ? '' : ', with what it goes on with'
  return `The rule ${name} decides by itself on ${formatDuration(maxDurationMs)} or less${together}; this is longer.`
}

function sayJoined({ name, maxDurationMs = 0 }: ReviewRule): string {
  return `The rule ${name} decides by itself on ${formatDuration(maxDurationMs)} or less together; with other requests that rules approved, less than ${formatDuration(requestTimes.shortest)} before or after it, this is longer.`
}

function withNotes(request: AccessRequest, notes: readonly string[]): AccessRequest {
  const timeline = request.timeline.map((entry, place) =>
    place === 0 ? { ...entry, says: [entry.says, ...notes].join(' ').trim().slice(0, maxWords) } : entry,
  )
  return { ...request, timeline }
}

/** Characters of what the timeline says of rules. */
const maxWords = 2000

function give(
  request: AccessRequest,
  { rule, items }: RuleOnItems,
  at: Instant,
  world: RequestWorld,
): AccessRequest | { readonly says: string } {
  const isOpen = (id: ItemId) => request.items.some((item) => item.id === id && item.state === 'pending')
  const open = items.map(({ id }) => id).filter(isOpen)
  if (open.length === 0) return request
  const [approve, deny] = rule.decision === 'approve' ? [open, []] : [[], open]
  const draft = { approve, deny, reason: rule.reason, annotations: {} }
  const added = addReview(request, reviewerOf(rule), draft, at)
  const decided = decideItems(added, world)
  // A role that is gone, or gives too much, is for a person to look at.
  if ('says' in decided) return { says: `The rule ${rule.name} did not decide: ${decided.says}` }
  return resolve(added, decided.items, { by: ruleAuthor(rule), at, reason: rule.reason })
}

function reviewerOf(rule: ReviewRule): Reviewer {
  return {
    name: ruleAuthor(rule),
    roles: [],
    roleNames: [],
    traits: {},
    isLocked: false,
    since: 0,
    actsFor: [],
  }
}

/** Whether the rule is for this person, now. */
function isAbout(
  { requester: wanted, onCall }: ReviewRule,
  { user }: Pick<AccessRequest, 'user'>,
  { requester, onCall: lists, now }: FactsAtBeginning,
  world: RequestWorld,
): boolean {
  const own = foldName(user)
  if (wanted.users.length > 0 && !wanted.users.some((name) => foldName(name) === own)) return false
  if (wanted.roles.length > 0) {
    const held = requester.roles.map(({ name }) => name)
    const names = new Set(everyRoleName(world, held))
    if (!wanted.roles.some((name) => names.has(name))) return false
  }
  for (const [trait, values] of Object.entries(wanted.traits)) {
    const has = listTrait(requester.user.traits, trait)
    if (!values.some((value) => has.includes(value))) return false
  }
  return onCall === undefined || isOnCall(lists.get(onCall), user, now)
}

/** Whether it is the rule's time now, and when access is to begin: hours are no way to get access outside of them. */
function isTime(
  { hours, decision }: ReviewRule,
  { startAt, extends: extended }: AccessRequest,
  now: Instant,
): boolean {
  if (hours === undefined) return true
  // The time that an extension adds begins where the access that it goes on with ends.
  const starts = Math.max(extended?.from ?? startAt ?? now, now)
  const [atOnce, later] = [isWithinHours(hours, now), isWithinHours(hours, starts)]
  return decision === 'approve' ? atOnce && later : atOnce || later
}

function isShortEnough(
  { maxDurationMs }: ReviewRule,
  { durationMs, extends: extended }: AccessRequest,
): boolean {
  if (maxDurationMs === undefined) return true
  const before = extended === undefined ? 0 : extended.from - extended.firstStartedAt
  return before + durationMs <= maxDurationMs
}

/** What a former name meant another account may be called today, so a pattern of it denies and never approves (T25). */
function coveredBy({ items, decision }: ReviewRule, world: RequestWorld): (item: RequestItem) => boolean {
  return coverItems(items, world, { formerNames: decision === 'deny' })
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))]
}
