/**
 * @module What pages of access lists are made from: all lists in their orders, with the words by which they are found
 * and whether AWS has them as groups. A page only walks it; of a change only the lists that changed are put anew into
 * their places.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { asksForNothing } from '../../core/access-list/requirements.js'
import { toReviewFrom } from '../../core/access-list/review-schedule.js'
import { RoleAccess } from '../../core/entitlement/role-access.js'
import type { Instant } from '../../core/time.js'
import type { CatalogView, Parsed, ParsedByName } from '../resources/catalog-view.js'
import { Derived, type Change, type Earlier } from '../resources/derived.js'
import { mergeForPages, sortForPages, type Placed } from '../identity-center/page.js'

export interface CardFacts {
  readonly name: string
  /** Undefined for a list that cannot be read. */
  readonly list: AccessList | undefined
  readonly problem: string | undefined
}

export interface IndexedFacts extends CardFacts {
  /** Its number in this index: what is known of each list is looked up by it, not by its name. */
  readonly at: number
  /** Title, name, description and owners, in small letters. */
  readonly text: string
  /** From when on its review is due soon or overdue, if it has members; infinity where nobody is asked to review it. */
  readonly toReviewFrom: Instant
  /** The same of lists that grant and ask of members the same: whoever could ask to join one could ask to join all. */
  readonly alike: number
}

export interface CardIndex {
  /** Numbers are below it; some may be nobody's. */
  readonly numbers: number
  /** What `alike` says is below it. */
  readonly kindsOfGrants: number
  readonly byTitle: readonly Placed<IndexedFacts>[]
  /** Those whose review is due first, then those without a review; otherwise by title. */
  readonly byDue: () => readonly Placed<IndexedFacts>[]
  /** Whether it is a group in Identity Center. */
  readonly isInAws: (facts: IndexedFacts) => boolean
}

interface Orders {
  readonly numbers: number
  /** By what they grant and ask of members. */
  readonly alike: Map<string, number>
  readonly byTitle: readonly Placed<IndexedFacts>[]
  /** Of these those that were not there before, or not so. */
  readonly fresh: readonly IndexedFacts[]
  /** Made when it is first asked for, and kept up from then on. */
  byDue: readonly Placed<IndexedFacts>[] | undefined
}

interface Made {
  readonly from: Pick<CatalogView, 'inventory'> & Record<'roles' | 'plugins', ParsedByName>
  readonly orders: Orders
  /** By number: 1 for a group. */
  readonly inAws: Uint8Array
  readonly index: CardIndex
}

const derived = new Derived<Made>()

export function cardIndexOf(catalog: CatalogView): CardIndex {
  const lists = catalog.parsed('access_list')
  const from = {
    inventory: catalog.inventory,
    roles: catalog.parsed('role'),
    plugins: catalog.parsed('plugin'),
  }
  const { index } = derived.of(catalog, lists, (earlier) => {
    if (earlier === undefined || isMuch(earlier, lists)) return make(from, catalog, build(lists))
    const { value, changes } = earlier
    const isSame = isSameWorld(value.from, from)
    if (isSame && changes.length === 0) return value
    const orders = changes.length === 0 ? value.orders : update(value.orders, changes)
    return make(from, catalog, orders, isSame ? value : undefined)
  })
  return index
}

/** To put each of many lists into its place takes longer than to sort all; and numbers that are nobody's take room. */
function isMuch({ value: { orders }, changes }: Earlier<Made>, lists: ParsedByName): boolean {
  const most = 2 * lists.size + 100
  return changes.length > lists.size / 4 || orders.numbers > most || orders.alike.size > most
}

function isSameWorld(a: Made['from'], b: Made['from']): boolean {
  return a.inventory === b.inventory && a.roles === b.roles && a.plugins === b.plugins
}

/** `before` is given where the same lists are groups in AWS as were, but for those that changed. */
function make(from: Made['from'], catalog: CatalogView, orders: Orders, before?: Made): Made {
  const judge = inAwsOf(catalog)
  const inAws = new Uint8Array(orders.numbers)
  if (before !== undefined) inAws.set(before.inAws)
  const judged = before === undefined ? orders.byTitle.map(({ item }) => item) : orders.fresh
  for (const { at, list } of judged) inAws[at] = list !== undefined && judge(list) ? 1 : 0
  const index: CardIndex = {
    numbers: orders.numbers,
    kindsOfGrants: orders.alike.size,
    byTitle: orders.byTitle,
    byDue: () =>
      (orders.byDue ??= sortForPages(
        orders.byTitle.map(({ item }) => item),
        dueOrder,
      )),
    isInAws: ({ at }) => inAws[at] === 1,
  }
  return { from, orders, inAws, index }
}

function build(lists: ParsedByName): Orders {
  const facts: IndexedFacts[] = []
  const alike = new Map<string, number>()
  for (const [name, parsed] of lists) facts.push(factsOf(name, parsed, facts.length, alike))
  return {
    alike,
    numbers: facts.length,
    byTitle: sortForPages(facts, titleOrder),
    byDue: undefined,
    fresh: facts,
  }
}

/** A list that changed keeps its number. */
function update({ numbers, alike, byTitle, byDue }: Orders, changes: readonly Change[]): Orders {
  const changed = new Map<string, number | undefined>(changes.map(({ name }) => [name, undefined]))
  for (const { item } of byTitle) if (changed.has(item.name)) changed.set(item.name, item.at)
  let next = numbers
  const fresh: IndexedFacts[] = []
  for (const { name, after } of changes) {
    if (after !== undefined) fresh.push(factsOf(name, after, changed.get(name) ?? next++, alike))
  }
  const stays = ({ name }: IndexedFacts) => !changed.has(name)
  return {
    numbers: next,
    alike,
    fresh,
    byTitle: mergeForPages(byTitle, stays, sortForPages(fresh, titleOrder)),
    byDue: byDue && mergeForPages(byDue, stays, sortForPages(fresh, dueOrder)),
  }
}

function factsOf(name: string, parsed: Parsed, at: number, alike: Map<string, number>): IndexedFacts {
  // Parsed by the kind of lists.
  const list = (parsed as Parsed<AccessList>).entry?.value
  const problem = parsed.entry === undefined ? parsed.problem.message : undefined
  const review = list?.review
  const key = list === undefined ? '' : grantsKey(list)
  let like = alike.get(key)
  if (like === undefined) alike.set(key, (like = alike.size))
  return {
    at,
    name,
    list,
    problem,
    text: textOf(name, list),
    toReviewFrom: review === undefined ? Infinity : toReviewFrom(review),
    alike: like,
  }
}

function grantsKey({ grants: { roles }, membershipRequires }: AccessList): string {
  const isPlain = roles.length === 1 && asksForNothing(membershipRequires)
  return isPlain ? `one ${roles[0]}` : JSON.stringify([roles, membershipRequires])
}

function titleOrder({ name, list }: CardFacts): readonly string[] {
  return [(list?.title ?? name).toLowerCase(), name]
}

function dueOrder({ name, list }: CardFacts): readonly string[] {
  return [dueKey(list), (list?.title ?? name).toLowerCase(), name]
}

function textOf(name: string, list: AccessList | undefined): string {
  if (list === undefined) return name.toLowerCase()
  const { title, description, owners } = list
  return [title, name, description, ...owners.map((owner) => owner.name)].join('\n').toLowerCase()
}

/** Instants of one length, so that their order is that of the texts. */
function dueKey(list: AccessList | undefined): string {
  return list?.review === undefined ? '~' : String(list.review.dueAt).padStart(16, '0')
}

const judges = new WeakMap<CatalogView, (list: AccessList) => boolean>()

/** Whether a list is a group in Identity Center: it was imported, or its grants reach an account. */
export function inAwsOf(catalog: CatalogView): (list: AccessList) => boolean {
  const made = judges.get(catalog)
  if (made !== undefined) return made
  // Many lists grant the same.
  const known = new Map<string, boolean>()
  const plugins = new Set(catalog.plugins().map(({ value }) => value.name))
  const roles = new RoleAccess({
    inventory: catalog.inventory,
    rolesOf: (names) => ({ ...catalog.rolesOf({ roles: names }), unreadable: [] }),
  })
  const judge = ({ origin, grants }: AccessList): boolean => {
    if (origin.kind === 'imported' && plugins.has(origin.plugin)) return true
    if (grants.roles.length === 0) return false
    const granted = grants.roles.length === 1 ? grants.roles : [...grants.roles].sort()
    const key = granted.length === 1 ? `1${granted[0]}` : JSON.stringify(granted)
    let reaches = known.get(key)
    if (reaches === undefined) known.set(key, (reaches = roles.count(roles.given(granted)) > 0))
    return reaches
  }
  judges.set(catalog, judge)
  return judge
}
