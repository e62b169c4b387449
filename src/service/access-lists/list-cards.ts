/**
 * @module The access lists that somebody may see, as cards, by page. Lists are walked in an order that is kept, so a
 * page takes a fixed number of questions to the store however many lists there are.
 */
import type { ListCard, ListCardsAnswer, listCardsQuery } from '../../api/contract/access-lists.js'
import { reviewState, type ReviewSchedule } from '../../core/access-list/review-schedule.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { z } from 'zod'
import type { Authority } from '../authority.js'
import { pageOfSorted, type Placed } from '../identity-center/page.js'
import type { ResourceDeps } from '../resources/deps.js'
import { mayOnResource } from '../resources/may.js'
import { cardIndexOf, type CardFacts, type CardIndex, type IndexedFacts } from './card-index.js'
import { keepFilled } from './last-ends.js'
import { findFilled, noReview, summariseReview } from './review-summary.js'
import { reviewersAt } from './reviews/reviewers.js'
import { keepViewer, rightsOn, sightAs, type Part, type Viewer } from './rights.js'
import type { Standing } from './standing.js'

export type ListCardsInput = z.infer<typeof listCardsQuery>

interface Counts {
  readonly members: Awaited<ReturnType<StoreTransaction['members']['countOf']>>
  readonly decided: ReadonlyMap<string, number>
  readonly filled: ReadonlySet<string>
}

const ownersShown = 5
const filters = ['all', 'mine', 'member', 'due', 'aws', 'joinable'] as const

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
  // Once over all lists: whoever owns thousands of them waits for it.
  for (const placed of input.sort === 'due' ? index.byDue() : index.byTitle) {
    const { at, name, list, inAws } = placed.item
    const part = parts[at] ?? nobody
    const asks = list !== undefined && viewer.askable(list)
    if (sightAs(viewer, name, asks, part) === 'none') continue
    const belongs: Readonly<Record<ListCardsInput['filter'], boolean>> = {
      all: true,
      mine: part.isOwner,
      member: part.isMember,
      due: due.has(at),
      aws: inAws,
      joinable: asks && !part.isMember,
    }
    for (const filter of filters) if (belongs[filter]) counts[filter] += 1
    if (belongs[input.filter]) filtered.push(placed)
  }
  const page = pageOfSorted(filtered, ({ text }) => text, input)
  return {
    items: await toCards(deps, viewer, page.items),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
    counts,
    mayCreate: mayOnResource(authority, { resource: 'access_list', verb: 'create' }).effect !== 'deny',
  }
}

const nobody: Part = { isOwner: false, isMember: false }
const owner: Part = { isOwner: true, isMember: false }
const member: Part = { isOwner: false, isMember: true }
const both: Part = { isOwner: true, isMember: true }

const known = new WeakMap<Standing, { readonly index: CardIndex; readonly parts: readonly Part[] }>()

/** What the viewer is to each list, by its number: to look thousands of them up by name takes longer than all the rest. */
function partsOf({ standing }: Viewer, index: CardIndex): readonly Part[] {
  const kept = known.get(standing)
  if (kept?.index === index) return kept.parts
  const parts: Part[] = Array.from({ length: index.byTitle.length }, () => nobody)
  for (const { item } of index.byTitle) {
    const isMember = standing.members.has(item.name)
    if (standing.owners.has(item.name)) parts[item.at] = isMember ? both : owner
    else if (isMember) parts[item.at] = member
  }
  known.set(standing, { index, parts })
  return parts
}

/** Numbers of the lists that the viewer owns and that are to be reviewed now; those without members never are. */
async function findDue(
  { store }: Pick<ResourceDeps, 'store'>,
  { catalog, now, standing }: Viewer,
  { byTitle }: CardIndex,
  parts: readonly Part[],
): Promise<ReadonlySet<number>> {
  if (standing.owners.size === 0) return new Set()
  const asked = byTitle.flatMap(({ item: { at, list } }) => {
    if (list?.review === undefined || parts[at]?.isOwner !== true || !isNear(list.review, now)) return []
    return [{ at, name: list.name, review: list.review }]
  })
  if (asked.length === 0) return new Set()
  const preference = catalog.preference().accessListReviews
  const counted = await keepFilled(
    store.members,
    asked.map(({ name }) => name),
    now,
  )
  const filled = await findFilled(store.members, asked, preference, now, counted)
  return new Set(asked.flatMap(({ at, name }) => (filled.has(name) ? [at] : [])))
}

function isNear(review: ReviewSchedule, now: Instant): boolean {
  const state = reviewState({ review, hasMembers: true }, now)
  return state === 'soon' || state === 'overdue'
}

/** Cards of a few lists that the viewer may see. */
export async function toCards(
  deps: Pick<ResourceDeps, 'store' | 'kinds' | 'clock'>,
  viewer: Viewer,
  facts: readonly CardFacts[],
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

function toCard(viewer: Viewer, { name, list, problem, inAws }: CardFacts, counts: Counts): ListCard {
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
