/**
 * @module Who may decide on a request, for the person who asks: those whom roles name first. Few roles let anybody
 * review, so only people who have one of them, by themselves or by a list, are looked at, and not more than a bounded
 * number of them.
 */
import { decisionJudge } from '../../core/access-request/review-mfa.js'
import { mayReviewSome, reviewsAtAll } from '../../core/access-request/reviewers.js'
import { givesAll } from '../../core/access-request/promotion.js'
import type { Reviewer } from '../../core/access-request/world.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { foldName } from '../../core/user/user.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { flattenList } from '../access-lists/people-of.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Authority } from '../authority.js'
import type { AccessRequestDeps } from './deps.js'
import { findRequester, findReviewer, withMeans } from './people.js'
import { findOwnReviewer } from './viewer.js'
import { requestWorld } from './world.js'

type ReviewerStores = Pick<StoreTransaction, 'members' | 'credentials' | 'passkeys'>

const maxShown = 100
/** People who are looked at, by name: more than these would not be read either. */
const maxLookedAt = 400

/** Whether there may be an access request that whoever asks decides on. */
export async function reviewsRequests(
  { store, catalog, clock }: Pick<AccessRequestDeps, 'store' | 'catalog' | 'clock'>,
  authority: Authority,
): Promise<boolean> {
  const view = await catalog.read()
  const reviewer = await findOwnReviewer(store, view, authority, clock.now())
  return reviewer !== undefined && reviewsAtAll(reviewer)
}

/** Names: the suggested ones first, then owners of lists that give all of it, then in alphabetical order. */
export async function listReviewers(
  store: ReviewerStores,
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<string[]> {
  return (await findReviewers(store, view, request, now)).reviewers.map(({ name }) => name)
}

export interface FoundReviewers {
  /** In the order of {@link listReviewers}. */
  readonly reviewers: readonly Reviewer[]
  /** Who may review it and cannot give the second factor that it takes. */
  readonly withoutMeans: readonly Reviewer[]
  /** Whether there are no others. */
  readonly isAll: boolean
}

export async function findReviewers(
  store: ReviewerStores,
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<FoundReviewers> {
  const { members } = store
  const world = requestWorld(view)
  const suggested = request.suggestedReviewers.flatMap((name) => knownName(view, name) ?? [])
  const holders = await holdersOf(members, view, reviewingRoles(view), now)
  const mayBe = new Set([...suggested, ...holders])
  const owners = mayBe.size > 1 ? await ownersOfPromotions(members, view, request, now) : []
  const candidates = new Set([...suggested, ...owners.filter((name) => mayBe.has(name)), ...holders])
  const reviewers: Reviewer[] = []
  const withoutMeans: Reviewer[] = []
  for (const name of [...candidates].slice(0, maxLookedAt)) {
    if (reviewers.length >= maxShown) return { reviewers, withoutMeans, isAll: false }
    const found = await findReviewer(members, view, name, now)
    if (found === undefined) continue
    const reviewer = await withMeans(store, view, found)
    if (request.items.some(decisionJudge(reviewer, request, world))) reviewers.push(reviewer)
    else if (mayReviewSome(reviewer, request, world)) withoutMeans.push(reviewer)
  }
  return { reviewers, withoutMeans, isAll: candidates.size <= maxLookedAt }
}

/** Of lists that give all that is asked for: they know whether it is for a time or for good. */
async function ownersOfPromotions(
  members: StoreTransaction['members'],
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<string[]> {
  const requester = await findRequester(members, view, request.user, now)
  if (requester === undefined) return []
  const world = requestWorld(view)
  const owners = new Set<string>()
  for (const { value: list } of view.accessLists()) {
    if (!givesAll(request.items, list, requester, world)) continue
    for (const name of (await flattenList(members, view, list.name, now)).owners.keys()) owners.add(name)
  }
  return [...owners].sort()
}

function knownName(view: CatalogView, name: string): string | undefined {
  if (view.user(name) !== undefined) return name
  const alike = view.lookAlike(name)
  return alike !== undefined && foldName(alike) === foldName(name) ? alike : undefined
}

const reviewing = new WeakMap<CatalogView, ReadonlySet<string>>()

function reviewingRoles(view: CatalogView): ReadonlySet<string> {
  let roles = reviewing.get(view)
  if (roles === undefined) {
    const all = view.roles().filter(({ value }) => value.allow.reviewRequests !== undefined)
    reviewing.set(view, (roles = new Set(all.map(({ value }) => value.name))))
  }
  return roles
}

/** By name. Lists that give one of the roles are flattened once and kept. */
async function holdersOf(
  members: StoreTransaction['members'],
  view: CatalogView,
  roles: ReadonlySet<string>,
  now: Instant,
): Promise<string[]> {
  if (roles.size === 0) return []
  const isOne = (held: readonly string[]) => held.some((role) => roles.has(role))
  const names = new Set<string>()
  for (const { value } of view.users()) if (isOne(value.roles)) names.add(value.name)
  for (const { value: list } of view.accessLists()) {
    const toMembers = isOne(list.grants.roles)
    const toOwners = isOne(list.ownerGrants.roles)
    if (!toMembers && !toOwners) continue
    const { users, owners } = await flattenList(members, view, list.name, now)
    if (toMembers) for (const user of users.keys()) names.add(user)
    if (toOwners) for (const user of owners.keys()) names.add(user)
  }
  return [...names].sort()
}
