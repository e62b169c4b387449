/**
 * @module An access list: people who share roles, with owners who answer for it. The resource says who owns it and
 * what it grants; its members are rows of their own, since a list may have thousands. A list whose grants reach
 * permission sets in AWS accounts is synced to Identity Center as one flat group.
 */
import type { Instant } from '../time.js'

export interface AccessList {
  /** Stable name of the resource; groups in AWS are bound to it, never to the title. */
  readonly name: string
  /** What people read, and the display name of the group in Identity Center. */
  readonly title: string
  readonly description: string
  /** Names of users; a list of lists as owners belongs to the governance of lists. */
  readonly owners: readonly string[]
  /** What members hold: names of roles, or references to account assignment roles. */
  readonly grants: { readonly roles: readonly string[] }
  /**
   * `imported`: made from a group of Identity Center; never leaves AWS because its grants end, only because a person
   * deletes it. `local`: made here; its group exists while its grants reach anything.
   */
  readonly origin: { readonly kind: 'local' } | { readonly kind: 'imported'; readonly plugin: string }
}

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
