/**
 * @module Who may decide on a request, for the person who asks: those whom roles name first. Few roles let anybody
 * review, so only people who have one of them, by themselves or by a list, are looked at, and not more than a bounded
 * number of them.
 */
import { mayReviewSome, reviewsAtAll } from '../../core/access-request/reviewers.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { foldName } from '../../core/user/user.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { flattenList } from '../access-lists/people-of.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Authority } from '../authority.js'
import type { AccessRequestDeps } from './deps.js'
import { findReviewer } from './people.js'
import { findOwnReviewer } from './viewer.js'
import { requestWorld } from './world.js'

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

/** Names, the suggested ones first, then in alphabetical order. */
export async function listReviewers(
  members: StoreTransaction['members'],
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<string[]> {
  const world = requestWorld(view)
  const suggested = request.suggestedReviewers.flatMap((name) => knownName(view, name) ?? [])
  const candidates = new Set([...suggested, ...(await holdersOf(members, view, reviewingRoles(view), now))])
  const found: string[] = []
  for (const name of [...candidates].slice(0, maxLookedAt)) {
    if (found.length >= maxShown) break
    const reviewer = await findReviewer(members, view, name, now)
    if (reviewer === undefined) continue
    if (mayReviewSome(reviewer, request, world)) found.push(name)
  }
  return found
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
