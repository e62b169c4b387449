/**
 * @module An access request: what a person asks for, who decided what about it, and until when it gives what. One value
 * holds all of it, so that every decision is made from one reading. Nothing here says who may; see the files beside.
 *
 * A request is `pending` until each item is decided or its time to wait is over. It is `approved` where one item at
 * least was; it gives access from its activation, not from its approval, until `endsAt`. All other states are final.
 */
import type { PairIds } from '../inventory/pair.js'
import type { ReviewThreshold } from '../role/role.js'
import { day, hour, minute, type DurationMs, type Instant } from '../time.js'

export const requestStates = [
  'pending',
  'approved',
  'denied',
  'promoted',
  'expired',
  'cancelled',
  'revoked',
] as const
export type RequestState = (typeof requestStates)[number]

/** What is asked for. A role that is an account assignment role is asked for as that assignment. */
export type Requestable =
  | { readonly kind: 'role'; readonly name: string }
  | ({ readonly kind: 'assignment' } & PairIds)
  /** A SAML service provider, by the name of its resource. */
  | { readonly kind: 'app'; readonly name: string }

/** `role/NAME`, `assignment/ACCOUNT/ARN` or `app/NAME`: names an item within its request and everywhere else. */
export type ItemId = string

/** How the requester may ask for an item, as it stood when they asked. */
export interface ItemTerms {
  /**
   * Names of the roles that reviewers have to be allowed to review for: the role itself, or those of
   * `search_as_roles` that give the resource. An account assignment role asked for as a role is named by its name.
   */
  readonly roles: readonly string[]
  /** Names of the requester's roles whose `request` allows it. */
  readonly allowedBy: readonly string[]
  /** Any one of them that is met decides; never empty. */
  readonly thresholds: readonly ReviewThreshold[]
}

export interface RequestItem {
  readonly id: ItemId
  readonly asked: Requestable
  readonly terms: ItemTerms
  readonly state: 'pending' | 'approved' | 'denied'
  /**
   * Set when a role or an application was approved: what the role gave then, of which it later gives what it still gives
   * (T30); of an application the digest of the roles that open it, and no pairs.
   */
  readonly gave?: RoleSnapshot
}

export interface RoleSnapshot {
  /** Account assignments that it gave, by account id and permission set ARN. */
  readonly pairs: readonly PairIds[]
  /** Digest of the `spec` of its document: in a session it counts while this is the same. */
  readonly digest: string
}

export interface RequestReview {
  /** Name of a person, or `rule/NAME` of a review rule. Of one author no item has two decisions. */
  readonly author: string
  readonly at: Instant
  readonly approve: readonly ItemId[]
  readonly deny: readonly ItemId[]
  readonly reason: string
  readonly annotations: Annotations
  /** Roles and traits of the author at that instant, which filters of thresholds are evaluated on. */
  readonly authorRoles: readonly string[]
  readonly authorTraits: Annotations
  /** What the review changes: a later start, a shorter time, than what stood before. */
  readonly startAt?: Instant
  readonly durationMs?: DurationMs
}

export type Annotations = Readonly<Record<string, readonly string[]>>

export interface TimelineEntry {
  readonly at: Instant
  readonly by: string
  readonly what:
    | 'created'
    | 'reviewed'
    | 'approved'
    | 'denied'
    | 'promoted'
    | 'activated'
    | 'extended'
    | 'cancelled'
    | 'released'
    | 'revoked'
    | 'expired'
  /** In words for people; may be empty. */
  readonly says: string
}

export interface AccessRequest {
  readonly id: string
  readonly user: string
  readonly state: RequestState
  /** In the order in which they were asked for; each id once. */
  readonly items: readonly RequestItem[]
  readonly reason: string
  readonly createdAt: Instant
  /** Nobody may decide after it. */
  readonly pendingUntil: Instant
  /** Asked for, or set by a reviewer; undefined: at once. */
  readonly startAt: Instant | undefined
  /** How long it gives access from its start: as asked for, or shortened by a reviewer. */
  readonly durationMs: DurationMs
  /** The longest that any of the roles concerned allows, of the chain of extensions together. */
  readonly maxDurationMs: DurationMs
  /** Start and length as the requester asked for them: reviewers never go beyond. */
  readonly asked: { readonly startAt: Instant | undefined; readonly durationMs: DurationMs }
  /** When access began, and when it ends; both undefined before the approval, `endsAt` known from then on. */
  readonly activatedAt: Instant | undefined
  readonly endsAt: Instant | undefined
  readonly resolvedAt: Instant | undefined
  readonly suggestedReviewers: readonly string[]
  /** From `request.annotations` of the requester's roles. */
  readonly annotations: Annotations
  readonly reviews: readonly RequestReview[]
  /**
   * The request whose access this one goes on with, and when access of the first of the chain began (T27). `from` is
   * where that access ended as it stood then: `durationMs` counts from there, not from the approval.
   */
  readonly extends:
    { readonly request: string; readonly firstStartedAt: Instant; readonly from: Instant } | undefined
  /** Set with the state `promoted`. */
  readonly promotedTo: { readonly list: string; readonly title: string } | undefined
  readonly timeline: readonly TimelineEntry[]
  /** Grows with each write. */
  readonly revision: number
}

export const requestLimits = {
  /** Items of one request. */
  items: 200,
  /** Characters of a reason or a note. */
  reason: 2000,
  /** Requests of one person that wait at the same time. */
  pending: 50,
  /** Pairs that the roles of one request give together. */
  pairs: 5000,
  suggestedReviewers: 100,
  annotations: 100,
  /** Values of one annotation. */
  annotationValues: 20,
} as const

export const requestTimes = {
  /** Of access, an extension too. */
  shortest: 5 * minute,
  /** Of access with all of its extensions, whatever roles say. */
  longest: 14 * day,
  usual: 8 * hour,
  startAhead: 30 * day,
  pending: { shortest: 5 * minute, usual: day, longest: 14 * day },
  /**
   * How long single assignments may stay after a promotion where the group membership does not reach AWS. They count only
   * while the membership gives the same, so that this is no limit of what was approved: it bounds how long something that
   * nobody mends is made up for.
   */
  afterPromotion: 7 * day,
} as const

export function itemIdOf(asked: Requestable): ItemId {
  switch (asked.kind) {
    case 'assignment':
      return `assignment/${asked.accountId}/${asked.permissionSetArn}`
    default:
      return `${asked.kind}/${asked.name}`
  }
}
