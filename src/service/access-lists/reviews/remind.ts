/**
 * @module Tells owners of access lists that a review is due, and the audit log what came into force since nobody made
 * one. Mail, event and what is remembered of them are one transaction, so that of several replicas one tells, and a
 * process that ends in between has told nothing. Sends nothing itself: mail waits in the outbox.
 */
import { createHash } from 'node:crypto'
import { startOfDay } from '../../../core/calendar.js'
import type { AccessList, AccessListMember } from '../../../core/access-list/access-list.js'
import { flattenLists, type FlatList } from '../../../core/access-list/flatten.js'
import { writeReviewMail, type ListToReview } from '../../../core/access-list/review-mail.js'
import { planReminders, type ReminderPlan } from '../../../core/access-list/review-reminders.js'
import { currentReminder, stepOf, type ReviewFacts } from '../../../core/access-list/review-schedule.js'
import { day, formatInstant, type Instant } from '../../../core/time.js'
import { mailAddressOf } from '../../../core/user/mail-address.js'
import type { OutboxMessage, StoreTransaction } from '../../../store/store.js'
import { locksOn } from '../../locks/in-force.js'
import { record } from '../../people/record.js'
import type { CatalogView } from '../../resources/catalog-view.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { lookUpPerson } from '../people-of.js'
import { findFilled, momentOf, reviewFactsOf } from '../review-summary.js'
import { readTold, writeTold } from './told.js'

export interface RemindDeps extends Omit<ResourceDeps, 'kinds'> {
  /** Undefined where no mail server is configured: then nobody is reminded. */
  readonly outgoing: { readonly wake: () => void } | undefined
}

/** A reminder is worth sending until the next one. */
const worthMs = 7 * day
/** Of the owners who were told, in one event. */
const maxNamed = 50

/** Tells what is to be told now; answers when to ask again, as far as is known. */
export async function remindOwners(deps: RemindDeps): Promise<Instant | undefined> {
  const now = deps.clock.now()
  const seen = await plan(deps, deps.store, await deps.catalog.read(), now)
  if (!seen.isNew) return seen.nextAt
  let written = 0
  const nextAt = await deps.store.transaction(async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    const { remind, began, told, facts, nextAt: next } = await plan(deps, tx, catalog, now)
    written = 0
    if (remind.length > 0) {
      const due = await collectDue(tx, catalog, remind, facts, now)
      const messages = writeMessages(deps, due, now)
      written = await tx.outbox.add(messages)
      for (const one of due) await recordReminder(deps, tx, one, now)
    }
    for (const { list, effect } of began) {
      const title = catalog.accessList(list)?.title
      const fields = {
        name: list,
        access_list_name: list,
        ...(title !== undefined && { title, access_list_title: title }),
        due: instantText(facts.get(list)?.review?.dueAt),
        effect: effect === 'frozen' ? 'freeze' : 'remove_grants',
      }
      const event = { event: 'access_list.review.overdue', success: true, user: 'system', fields } as const
      await record(deps, tx, event, undefined)
    }
    await writeTold(tx.notes, told)
    return next
  })
  if (written > 0) deps.outgoing?.wake()
  return nextAt
}

interface Planned extends ReminderPlan {
  readonly facts: ReadonlyMap<string, ReviewFacts>
}

/** Asks which lists have members only for those whose time has come. */
async function plan(
  { outgoing }: Pick<RemindDeps, 'outgoing'>,
  store: Pick<StoreTransaction, 'members' | 'notes'>,
  catalog: CatalogView,
  now: Instant,
): Promise<Planned> {
  const endOfDay = startOfDay(now) + day - 1
  const lists = catalog.accessLists().flatMap(({ value }) => (value.review === undefined ? [] : [value]))
  const facts = new Map(lists.map((list) => [list.name, reviewFactsOf(list, catalog, true)]))
  const open = lists.filter(({ name }) => {
    const of = facts.get(name)
    return of !== undefined && currentReminder(of, endOfDay) !== undefined
  })
  const filled = await findFilled(store.members, open, catalog.preference().accessListReviews, now)
  for (const list of open)
    if (!filled.has(list.name)) facts.set(list.name, reviewFactsOf(list, catalog, false))
  const told = await readTold(store.notes)
  const planned = planReminders(facts, { told, canMail: outgoing !== undefined }, now)
  return { ...planned, facts }
}

interface DueList extends ListToReview {
  readonly list: AccessList
  /** Names of the owners with where mail reaches them. */
  readonly owners: ReadonlyMap<string, string>
  /** How many own it, whom mail may not reach. */
  readonly ownerCount: number
}

async function collectDue(
  tx: Pick<StoreTransaction, 'members'>,
  catalog: CatalogView,
  names: readonly string[],
  facts: ReadonlyMap<string, ReviewFacts>,
  now: Instant,
): Promise<DueList[]> {
  const flat = flattenAll(catalog, await tx.members.listAll(), now)
  return names.flatMap((name): DueList[] => {
    const list = catalog.accessList(name)
    const of = flat.get(name)
    const ownFacts = facts.get(name)
    if (list === undefined || of === undefined || ownFacts === undefined) return []
    const owners = new Map<string, string>()
    for (const owner of of.owners.keys()) {
      const user = catalog.user(owner)
      if (user === undefined || locksOn(catalog, { user }, now).length > 0) continue
      const address = mailAddressOf(user)
      if (address !== undefined) owners.set(owner, address)
    }
    const { title } = list
    const people = of.users.size
    return [{ name, title, facts: ownFacts, people, list, owners, ownerCount: of.owners.size }]
  })
}

function flattenAll(
  catalog: CatalogView,
  members: readonly AccessListMember[],
  now: Instant,
): ReadonlyMap<string, FlatList> {
  const lists = [...catalog.parsed('access_list').keys()].map((name) => catalog.accessList(name) ?? { name })
  return flattenLists(lists, members, lookUpPerson(catalog), momentOf(catalog, now)).lists
}

/** One mail for each owner, with all their lists. */
function writeMessages(deps: RemindDeps, due: readonly DueList[], now: Instant): OutboxMessage[] {
  const byOwner = new Map<string, { readonly to: string; readonly lists: DueList[] }>()
  for (const list of due) {
    for (const [owner, to] of list.owners) {
      const of = byOwner.get(owner)
      if (of === undefined) byOwner.set(owner, { to, lists: [list] })
      else of.lists.push(list)
    }
  }
  const { publicUrl, clusterName, random } = deps
  return [...byOwner].map(([owner, { to, lists }]) => ({
    id: random.uuid(),
    key: keyOf(owner, lists, now),
    channel: 'mail',
    to,
    ...writeReviewMail(lists, { owner, publicUrl, clusterName, now }),
    createdAt: now,
    notBefore: now,
    expiresAt: now + worthMs,
    attempts: 0,
    lastError: undefined,
  }))
}

/** What the mail is about, so that the same is written once; what came later on that day is another mail. */
function keyOf(owner: string, lists: readonly DueList[], now: Instant): string {
  const about = lists.map(({ name, facts }) => [name, facts.review?.dueAt ?? 0, stepOf(facts)?.at ?? 0])
  const date = instantText(now)?.slice(0, 10) ?? ''
  const digest = createHash('sha256').update(JSON.stringify([owner, about]))
  return `review ${date} ${digest.digest('base64url')}`
}

async function recordReminder(
  deps: RemindDeps,
  tx: StoreTransaction,
  { name, title, facts, people, owners, ownerCount }: DueList,
  now: Instant,
): Promise<void> {
  const step = stepOf(facts)
  const to = [...owners.keys()]
  const fields = {
    name,
    title,
    access_list_name: name,
    access_list_title: title,
    due: instantText(facts.review?.dueAt),
    people,
    owners: to.slice(0, maxNamed),
    reminded: to.length,
    ...(step !== undefined && {
      effect: step.effect === 'frozen' ? 'freeze' : 'remove_grants',
      effect_from: instantText(step.at),
      effect_in_force: step.at <= now,
    }),
    ...(to.length === 0 && { error: sayNobody(ownerCount) }),
  }
  const event = {
    event: 'access_list.review.remind',
    success: to.length > 0,
    user: 'system',
    fields,
  } as const
  await record(deps, tx, event, undefined)
}

function sayNobody(owners: number): string {
  if (owners === 0) return 'nobody owns it now'
  return 'no owner can be reached by mail: none has an address (trait email), or all are locked'
}

function instantText(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : formatInstant(instant)
}
