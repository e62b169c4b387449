/**
 * @module Who may decide on an item of a request. Never the requester, under whatever spelling or token (T29), and never
 * somebody who is locked; of the others those whose roles have `review_requests` for a role that the item is about.
 */
import type { ReviewConditions, Role } from '../role/role.js'
import { foldName } from '../user/user.js'
import { listRoleNames } from '../inventory/assignment-role.js'
import type { AccessRequest, RequestItem, RequestReview } from './access-request.js'
import { rolesOfRequest } from './may-request.js'
import { judgeRequestCondition, type RequestFacts } from './request-condition.js'
import { compileNamedRoles } from './role-patterns.js'
import type { Reviewer, RequestWorld } from './world.js'

export interface MayReview {
  readonly may: boolean
  /** Why, or why not. */
  readonly says: string
}

type Reviewed = Pick<AccessRequest, 'user' | 'items' | 'reason' | 'annotations'>

/** Before there is a review: conditions on it see an empty one. */
const noReview = { reason: '', annotations: {} } as const

/** Whether this is the requester under any name: nobody decides on what is their own. */
export function isOwnRequest(
  reviewer: Pick<Reviewer, 'name' | 'actsFor'>,
  { user }: Pick<AccessRequest, 'user'>,
): boolean {
  const own = foldName(user)
  return [reviewer.name, ...reviewer.actsFor].some((name) => foldName(name) === own)
}

/** Whether there may be a request that they decide on. */
export function reviewsAtAll({ roles, isLocked }: Pick<Reviewer, 'roles' | 'isLocked'>): boolean {
  return !isLocked && roles.some(({ allow }) => allow.reviewRequests !== undefined)
}

/**
 * Whether the reviewer may decide on the item, whatever has been decided. `review` is the one that is being given, for
 * conditions that read it. Those who may review a request only because of the list they own are not asked here.
 */
export function mayReviewItem(
  reviewer: Reviewer,
  request: Reviewed,
  item: RequestItem,
  world: Pick<RequestWorld, 'inventory'>,
  review: Pick<RequestReview, 'reason' | 'annotations'> = noReview,
): MayReview {
  return reviewJudge(reviewer, request, world, review)(item)
}

/** The same for many items of one request: each condition is evaluated once. */
export function reviewJudge(
  reviewer: Reviewer,
  request: Reviewed,
  world: Pick<RequestWorld, 'inventory'>,
  review: Pick<RequestReview, 'reason' | 'annotations'> = noReview,
): (item: RequestItem) => MayReview {
  const refusal = refuseReviewer(reviewer, request)
  if (refusal !== undefined) return () => ({ may: false, says: refusal })
  const { names, allow, deny } = coverReviews(reviewer, request, world, review)
  return ({ terms }) => {
    let denied: string | undefined
    for (const role of terms.roles) {
      const every = names(role)
      const by = allow.find(({ covers }) => covers(every))?.role.name
      if (by === undefined) continue
      denied = deny.find(({ covers }) => covers(every))?.role.name
      if (denied === undefined)
        return { may: true, says: `Your role ${by} lets you review requests for ${role}.` }
    }
    if (denied !== undefined) return { may: false, says: `Your role ${denied} denies reviewing it.` }
    return { may: false, says: `No role of yours lets you review requests for ${listRoles(terms.roles)}.` }
  }
}

/** Every role that lets the reviewer decide on an item; none where they may not. */
export function lettingRoles(
  reviewer: Reviewer,
  request: Reviewed,
  world: Pick<RequestWorld, 'inventory'>,
  review: Pick<RequestReview, 'reason' | 'annotations'> = noReview,
): (item: RequestItem) => readonly Role[] {
  if (refuseReviewer(reviewer, request) !== undefined) return () => []
  const { names, allow, deny } = coverReviews(reviewer, request, world, review)
  return ({ terms }) => {
    const open = terms.roles.map(names).filter((every) => !deny.some(({ covers }) => covers(every)))
    return allow.flatMap(({ role, covers }) => (open.some(covers) ? [role] : []))
  }
}

interface Cover {
  readonly role: Role
  /** Whether it is about a role of any of these names. */
  readonly covers: (names: readonly string[]) => boolean
}

/** What the roles of the reviewer allow and deny, of which the conditions hold for this request and review. */
function coverReviews(
  reviewer: Reviewer,
  request: Reviewed,
  world: Pick<RequestWorld, 'inventory'>,
  review: Pick<RequestReview, 'reason' | 'annotations'>,
): Pick<RequestNames, 'names'> & { readonly allow: readonly Cover[]; readonly deny: readonly Cover[] } {
  const { names, roles } = namesOfRequest(request, world)
  const facts = (): RequestFacts => ({
    roles: roles(),
    reason: request.reason,
    annotations: request.annotations,
    review,
    reviewer: { roles: reviewer.roleNames, traits: reviewer.traits },
  })
  const allow = reviewer.roles.flatMap((role) => {
    const { reviewRequests } = role.allow
    return reviewRequests === undefined || !holds(reviewRequests, facts)
      ? []
      : [{ role, covers: compileNamedRoles(reviewRequests, reviewer.traits) }]
  })
  const deny = reviewer.roles.flatMap((role) => {
    const { reviewRequests } = role.deny
    return reviewRequests === undefined || !denies(reviewRequests, facts)
      ? []
      : [{ role, covers: coverDenied(reviewRequests, reviewer) }]
  })
  return { names, allow, deny }
}

/** Whether they may decide on something of it. */
export function mayReviewSome(
  reviewer: Reviewer,
  request: Reviewed,
  world: Pick<RequestWorld, 'inventory'>,
): boolean {
  const judge = reviewJudge(reviewer, request, world)
  return request.items.some((item) => judge(item).may)
}

export const ownRequest = 'Nobody reviews a request of their own.'

function refuseReviewer(reviewer: Reviewer, request: Reviewed): string | undefined {
  if (isOwnRequest(reviewer, request)) return ownRequest
  return reviewer.isLocked ? 'Who is locked reviews nothing.' : undefined
}

interface RequestNames {
  /** Every name of one role. */
  readonly names: (role: string) => readonly string[]
  /** Those of all roles of the request. */
  readonly roles: () => readonly string[]
}

const known = new WeakMap<
  Reviewed['items'],
  RequestNames & { readonly inventory: RequestWorld['inventory'] }
>()

/** A request is judged for many reviewers: its names are looked up once. */
function namesOfRequest({ items }: Reviewed, { inventory }: Pick<RequestWorld, 'inventory'>): RequestNames {
  const found = known.get(items)
  if (found?.inventory === inventory) return found
  const byRole = new Map<string, readonly string[]>()
  let all: readonly string[] | undefined
  const names = (role: string) => {
    let every = byRole.get(role)
    if (every === undefined) byRole.set(role, (every = listRoleNames(inventory, role)))
    return every
  }
  const made = { inventory, names, roles: () => (all ??= rolesOfRequest(items, { inventory })) }
  known.set(items, made)
  return made
}

function holds({ where }: ReviewConditions, facts: () => RequestFacts): boolean {
  return where === undefined || judgeRequestCondition(where, facts()).holds
}

/** One that cannot be evaluated denies. */
function denies({ where }: ReviewConditions, facts: () => RequestFacts): boolean {
  if (where === undefined) return true
  const { holds, failed } = judgeRequestCondition(where, facts())
  return holds || failed
}

/** A denial that has a condition and names no role is about all of them. */
function coverDenied(
  conditions: ReviewConditions,
  { traits }: Reviewer,
): (names: readonly string[]) => boolean {
  const namesNone = conditions.roles.length === 0 && conditions.claimsToRoles.length === 0
  return namesNone && conditions.where !== undefined ? () => true : compileNamedRoles(conditions, traits)
}

function listRoles(roles: readonly string[]): string {
  const shown = roles.slice(0, 3).join(' or ')
  return roles.length > 3 ? `${shown} or ${roles.length - 3} more` : shown
}
