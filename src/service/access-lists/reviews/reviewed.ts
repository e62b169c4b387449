/** @module A list that is being reviewed, as one transaction sees it: its members, with what stands decided on each. */
import { createHash } from 'node:crypto'
import type { AccessList } from '../../../core/access-list/access-list.js'
import {
  matchDecisions,
  memberKey,
  type MemberKey,
  type ReviewedMember,
} from '../../../core/access-list/review.js'
import { GatewayError } from '../../../core/error.js'
import type { Instant } from '../../../core/time.js'
import type { ReviewDecision, StoreTransaction } from '../../../store/store.js'
import type { Authority } from '../../authority.js'
import type { CatalogView } from '../../resources/catalog-view.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { assertManagesMembers, assertReadsList, loadViewer, readableList, type Viewer } from '../rights.js'
import { reviewersAt } from './reviewers.js'

export type Reviewed = ReviewedMember<ReviewDecision>

export interface Review {
  readonly catalog: CatalogView
  readonly list: AccessList
  /** Who reviews it. */
  readonly viewer: Viewer
  readonly now: Instant
  /** By kind and name. */
  readonly reviewed: readonly Reviewed[]
}

/**
 * For somebody who may review the list.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_RESOURCE` for a list that cannot be read.
 */
export async function openReview(
  deps: Pick<ResourceDeps, 'catalog' | 'kinds' | 'clock'>,
  tx: StoreTransaction,
  name: string,
  authority: Authority,
): Promise<Review> {
  const catalog = await deps.catalog.readIn(tx)
  const viewer = await loadViewer(deps, tx, catalog, authority)
  assertManagesMembers(viewer, name)
  // A review is of people whom one sees; all that is said of it names them.
  assertReadsList(viewer, name)
  const list = readableList(catalog, name)
  const { now } = viewer
  return { catalog, list, viewer, now, reviewed: await readReviewed(deps, tx, catalog, name) }
}

/** The members of now, with what stands decided on each. */
export async function readReviewed(
  deps: Pick<ResourceDeps, 'kinds' | 'clock'>,
  store: Pick<StoreTransaction, 'members' | 'reviews'>,
  catalog: CatalogView,
  list: string,
): Promise<Reviewed[]> {
  const decisions = await store.reviews.listDecisions(list)
  const names = decisions.map(({ by }) => by)
  const reviewers = await reviewersAt(deps, store, catalog)(list, names)
  return matchDecisions(await store.members.list(list), decisions, { reviewers, now: deps.clock.now() })
}

/** What a review is about, in one word: other members, other ends or other decisions make another one. */
export function digestOf(reviewed: readonly Reviewed[]): string {
  const facts = reviewed.map(({ member: { kind, name, joinedAt, expiresAt }, decided }) => [
    kind,
    name,
    joinedAt,
    expiresAt ?? null,
    ...(decided === undefined ? [] : [decided.decision, decided.note, decided.by]),
  ])
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}

/**
 * Whoever agrees to all of a review agrees to what they saw of it. Nothing is asked of whoever sends no digest.
 * @throws GatewayError `REVIEW_CHANGED`.
 */
export function assertSame({ list, reviewed }: Review, seen: string | undefined): void {
  if (seen === undefined || seen === digestOf(reviewed)) return
  throw new GatewayError(
    'REVIEW_CHANGED',
    `members of access list "${list.name}", or decisions on them, have changed since you looked at its review; look at it again`,
    { kind: 'access_list', name: list.name },
  )
}

const maxNamed = 10

/**
 * A decision on somebody who is not there would look as if it had been made.
 * @throws GatewayError `NOT_FOUND` where one of them is no member.
 */
export function assertAreMembers({ list, reviewed }: Review, keys: readonly MemberKey[]): void {
  const known = new Set(reviewed.map(({ member }) => memberKey(member)))
  const missing = keys.filter((key) => !known.has(memberKey(key)))
  const [first] = missing
  if (first === undefined) return
  const names = nameSome(missing)
  throw new GatewayError(
    'NOT_FOUND',
    missing.length === 1
      ? `${names} is no member of access list "${list.name}"`
      : `${names} are no members of access list "${list.name}"`,
    {
      kind: 'access_list',
      name: list.name,
      members: missing.slice(0, 200).map(({ kind, name }) => ({ kind, name })),
    },
  )
}

/** `"a", "b" and 3 more`. */
export function nameSome(members: readonly MemberKey[], quote = '"'): string {
  const shown = members.slice(0, maxNamed).map(({ name }) => `${quote}${name.slice(0, 200)}${quote}`)
  const more = members.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
