/**
 * @module The access lists that somebody may see, as cards, by page. Lists are walked in an order that is kept, so a
 * page takes a fixed number of questions to the store however many lists there are.
 */
import type { ListCard, ListCardsAnswer, listCardsQuery } from '../../api/contract/access-lists.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { formatInstant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { z } from 'zod'
import type { Authority } from '../authority.js'
import { pageOfSorted, type Placed } from '../identity-center/page.js'
import type { ResourceDeps } from '../resources/deps.js'
import { mayOnResource } from '../resources/may.js'
import { cardIndexOf, type CardFacts, type CardIndex, type IndexedFacts } from './card-index.js'
import { keepEnds } from './last-ends.js'
import { findFilled, noReview, summariseReview } from './review-summary.js'
import { reviewersAt } from './reviews/reviewers.js'
import { keepViewer, rightsOn, sightAs, type Part, type Viewer } from './rights.js'
import type { Standing } from './standing.js'

export type ListCardsInput = z.infer<typeof listCardsQuery>

type ShownFacts = CardFacts & { readonly inAws: boolean }

interface Counts {
  readonly members: Awaited<ReturnType<StoreTransaction['members']['countOf']>>
  readonly decided: ReadonlyMap<string, number>
  readonly filled: ReadonlySet<string>
}

const ownersShown = 5

/** @throws GatewayError `INVALID_INPUT` for a cursor that no page of this order gave. */
export async function listCards(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>,
  input: ListCardsInput,
  authority: Authority,
): Promise<ListCardsAnswer> {
  const catalog = await deps.catalog.read()
  const viewer = await keepViewer(deps, deps.store, catalog, authority)
  const index = cardIndexOf(catalog)
  const parts = partsOf(viewer, index)
  const due = await findDue(deps, viewer, index, parts)
  const counts: ListCardsAnswer['counts'] = { all: 0, mine: 0, member: 0, due: 0, aws: 0, joinable: 0 }
  const filtered: Placed<IndexedFacts>[] = []
  const canAsk = keepAskable(viewer, index)
  const { filter } = input
  // Once over all lists: whoever owns thousands of them waits for it, so nothing is made on the way.
  for (const placed of input.sort === 'due' ? index.byDue() : index.byTitle) {
    const { item } = placed
    const part = partOf[parts[item.at] ?? 0] ?? nobody
    const asks = canAsk(item)
    if (sightAs(viewer, item.name, asks, part) === 'none') continue
    const isDue = due[item.at] === 1
    const inAws = index.isInAws(item)
    const isJoinable = asks && !part.isMember
    counts.all += 1
    if (part.isOwner) counts.mine += 1
    if (part.isMember) counts.member += 1
    if (isDue) counts.due += 1
    if (inAws) counts.aws += 1
    if (isJoinable) counts.joinable += 1
    if (
      filter === 'all' ||
      (filter === 'mine' && part.isOwner) ||
      (filter === 'member' && part.isMember) ||
      (filter === 'due' && isDue) ||
      (filter === 'aws' && inAws) ||
      (filter === 'joinable' && isJoinable)
    )
      filtered.push(placed)
  }
  const page = pageOfSorted(filtered, ({ text }) => text, input)
  return {
    items: await toCards(
      deps,
      viewer,
      page.items.map((item) => ({ ...item, inAws: index.isInAws(item) })),
    ),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
    counts,
    mayCreate: mayOnResource(authority, { resource: 'access_list', verb: 'create' }).effect !== 'deny',
  }
}

const nobody: Part = { isOwner: false, isMember: false }
/** By what {@link partsOf} says. */
const partOf: readonly Part[] = [
  nobody,
  { isOwner: true, isMember: false },
  { isOwner: false, isMember: true },
  { isOwner: true, isMember: true },
]

/** Whether the viewer could ask to join; of lists that grant and ask the same, one is looked at. */
function keepAskable({ askable }: Viewer, { kindsOfGrants }: CardIndex): (facts: IndexedFacts) => boolean {
  /** 0: not looked at yet; 1: no; 2: yes. */
  const said = new Uint8Array(kindsOfGrants)
  return ({ list, alike }) => {
    if (said[alike] === 0) said[alike] = list !== undefined && askable(list) ? 2 : 1
    return said[alike] === 2
  }
}

const known = new WeakMap<Standing, { readonly index: CardIndex; readonly parts: Uint8Array }>()

/**
 * What the viewer is to each list, by its number: 1 for an owner, 2 for a member, 3 for both. To look thousands of them up
 * by name takes longer than all the rest.
 */
function partsOf({ standing }: Viewer, index: CardIndex): Uint8Array {
  const kept = known.get(standing)
  if (kept?.index === index) return kept.parts
  const { owners, members } = standing
  const parts = new Uint8Array(index.numbers)
  for (const { item } of index.byTitle) {
    parts[item.at] = (owners.has(item.name) ? 1 : 0) + (members.has(item.name) ? 2 : 0)
  }
  known.set(standing, { index, parts })
  return parts
}

/** By number, 1 for lists that the viewer owns and that are to be reviewed now; those without members never are. */
async function findDue(
  { store }: Pick<ResourceDeps, 'store'>,
  { catalog, now, standing }: Viewer,
  { byTitle, numbers }: CardIndex,
  parts: Uint8Array,
): Promise<Uint8Array> {
  const due = new Uint8Array(numbers)
  if (standing.owners.size === 0) return due
  const asked: IndexedFacts[] = []
  for (const { item } of byTitle) {
    const isOwner = ((parts[item.at] ?? 0) & 1) === 1
    if (isOwner && now >= item.toReviewFrom) asked.push(item)
  }
  if (asked.length === 0) return due
  const ends = await keepEnds(
    store.members,
    asked.map(({ name }) => name),
  )
  const empty: AccessList[] = []
  for (const { at, name, list } of asked) {
    if ((ends.get(name) ?? 0) > now) due[at] = 1
    else if (list !== undefined) empty.push(list)
  }
  if (empty.length === 0) return due
  // Some were emptied while a step of theirs was in force.
  const preference = catalog.preference().accessListReviews
  const filled = await findFilled(store.members, empty, preference, now, new Map())
  for (const { at, name } of asked) if (filled.has(name)) due[at] = 1
  return due
}

/** Cards of a few lists that the viewer may see. */
export async function toCards(
  deps: Pick<ResourceDeps, 'store' | 'kinds' | 'clock'>,
  viewer: Viewer,
  facts: readonly ShownFacts[],
): Promise<ListCard[]> {
  const { catalog, now } = viewer
  const { members } = deps.store
  const names = facts.map(({ name }) => name)
  const lists = facts.flatMap(({ list }) => list ?? [])
  const preference = catalog.preference().accessListReviews
  const counted = await members.countOf(names, now)
  const counts: Counts = {
    members: counted,
    decided: await countDecided(deps, viewer, names),
    filled: await findFilled(members, lists, preference, now, counted),
  }
  return facts.map((one) => toCard(viewer, one, counts))
}

/** Decisions by those who may review the list, as `matchDecisions` counts them. */
async function countDecided(
  deps: Pick<ResourceDeps, 'store' | 'kinds' | 'clock'>,
  { catalog, now }: Viewer,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const findReviewers = reviewersAt(deps, deps.store, catalog)
  const decided = new Map<string, number>()
  for (const [list, by] of await deps.store.reviews.countDecisions(names, now)) {
    const reviewers = await findReviewers(list, by.keys())
    decided.set(
      list,
      [...by].reduce((sum, [name, count]) => sum + (reviewers.has(name) ? count : 0), 0),
    )
  }
  return decided
}

function toCard(viewer: Viewer, { name, list, problem, inAws }: ShownFacts, counts: Counts): ListCard {
  const { catalog, now } = viewer
  const { sight, owner, member, couldAsk } = rightsOn(viewer, name)
  const { users = 0, lists = 0 } = counts.members.get(name) ?? {}
  const mine = {
    owner: owner?.via ?? 'none',
    member: member?.via ?? 'none',
    ...(member?.expiresAt !== undefined && { expiresAt: formatInstant(member.expiresAt) }),
  } as const
  if (list === undefined) return { ...unreadableCard(name), mine, problem: problem ?? 'It cannot be read.' }
  const decided = counts.decided.get(name) ?? 0
  const isFilled = counts.filled.has(name)
  const reviewed = summariseReview(list, catalog, { members: users + lists, decided, isFilled }, now)
  const { origin, owners, grants, ownerGrants } = list
  return {
    name,
    title: list.title,
    description: list.description,
    type: list.type,
    origin: { kind: origin.kind, ...(origin.kind === 'imported' && { plugin: origin.plugin }) },
    owners: owners
      .slice(0, ownersShown)
      .map((one) => ({ kind: one.kind, name: one.name, ...titleOf(viewer, one) })),
    ownerCount: owners.length,
    ...(sight === 'all' && { userCount: users, listCount: lists }),
    grantCount: [grants, ownerGrants].reduce(
      (sum, of) => sum + of.roles.length + Object.keys(of.traits).length,
      0,
    ),
    inAws,
    mine,
    couldAsk,
    // Everyone in it is told why it gives nothing; the rest concerns those who review it.
    review: sight === 'all' ? reviewed : { ...noReview, inForce: reviewed.inForce },
  }
}

/** The title of a list that is named, for those who see that list. */
export function titleOf(
  viewer: Viewer,
  { kind, name }: { readonly kind: 'user' | 'list'; readonly name: string },
): { title?: string } {
  const title = kind === 'list' ? viewer.catalog.accessList(name)?.title : undefined
  return title === undefined || rightsOn(viewer, name).sight === 'none' ? {} : { title }
}

function unreadableCard(name: string): Omit<ListCard, 'mine'> {
  return {
    name,
    title: name,
    description: '',
    type: 'standard',
    origin: { kind: 'local' },
    owners: [],
    ownerCount: 0,
    grantCount: 0,
    inAws: false,
    couldAsk: false,
    review: noReview,
  }
}
