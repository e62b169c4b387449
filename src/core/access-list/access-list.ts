/**
 * @module An access list: people who share roles, with owners who answer for it. The resource says who owns it, what it
 * asks of its people and what it grants; its members are rows of their own, since a list may have thousands. A list
 * whose grants reach permission sets in AWS accounts is synced to Identity Center as one flat group.
 */
import type { Instant } from '../time.js'
import type { Traits } from '../user/user.js'
import type { ReviewSchedule } from './review-schedule.js'

export interface AccessList {
  /** Stable name of the resource; groups in AWS are bound to it, never to the title. */
  readonly name: string
  /** What people read, and the display name of the group in Identity Center. */
  readonly title: string
  readonly description: string
  /**
   * `standard`: people change it here. `static`: managed as code, its members are documents that are applied. `scim`: a
   * directory pushes it. Changes of the last two are refused elsewhere, with where to make them.
   */
  readonly type: 'standard' | 'static' | 'scim'
  /** Once each, in the order that the document has. */
  readonly owners: readonly ListOwner[]
  /** What a user must have of their own to be a member, whatever list they come by. */
  readonly membershipRequires: Requirements
  readonly ownershipRequires: Requirements
  /** What members hold. */
  readonly grants: ListGrants
  /** What owners hold, beside what they hold as members if they are. */
  readonly ownerGrants: ListGrants
  /** Undefined: nobody is asked to review it. */
  readonly review: ReviewSchedule | undefined
  /**
   * `imported`: made from a group of Identity Center; never leaves AWS because its grants end, only because a person
   * deletes it. `local`: made here; its group exists while its grants reach anything.
   */
  readonly origin: { readonly kind: 'local' } | { readonly kind: 'imported'; readonly plugin: string }
}

export interface ListOwner {
  /** `list`: the members of another list own this one (its owners do not). */
  readonly kind: 'user' | 'list'
  readonly name: string
  readonly description: string
}

/** All of them, on the user itself: what lists grant never counts (reference-behaviour §4). */
export interface Requirements {
  readonly roles: readonly string[]
  /** Every value that is named; others may be there. */
  readonly traits: Traits
}

export interface ListGrants {
  /** Names of roles, or references to account assignment roles. */
  readonly roles: readonly string[]
  readonly traits: Traits
}

export const noRequirements: Requirements = { roles: [], traits: {} }
export const noGrants: ListGrants = { roles: [], traits: {} }

export interface AccessListMember {
  readonly list: string
  /** `user`: a name of a user, existing in Gatehouse or not. `list`: the name of another access list. */
  readonly kind: 'user' | 'list'
  readonly name: string
  /** Id in Identity Center of a member that import found: what keeps one without a Gatehouse user a member (T18). */
  readonly awsUserId: string | undefined
  readonly joinedAt: Instant
  readonly expiresAt: Instant | undefined
  readonly addedBy: string
  readonly reason: string
}
