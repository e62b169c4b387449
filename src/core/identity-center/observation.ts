/**
 * @module Identity Center as last seen, the bonds between our names and its ids, and the ledger of what we put there.
 * All of it is kept in the store; the sync plans from it and never reads the whole of AWS for one change.
 */
import type { Instant } from '../time.js'

export interface ObservedUser {
  readonly id: string
  readonly userName: string
  readonly displayName: string | undefined
  readonly givenName: string | undefined
  readonly familyName: string | undefined
  readonly email: string | undefined
  /** Undefined where the read does not tell (older Identity Store answers). */
  readonly active: boolean | undefined
  readonly externalId: string | undefined
}

export interface ObservedGroup {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | undefined
  /** The name that it had when it became ours, or that we gave it last; undefined where that is not known. */
  readonly settledName?: string | undefined
}

export interface ObservedAccount {
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly email: string | undefined
  readonly status: string
  /** `Root/Workloads/Prod`; undefined where OUs may not be read. */
  readonly ouPath: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly isManagement: boolean
}

export interface ObservedPermissionSet {
  readonly arn: string
  readonly name: string
  readonly description: string | undefined
  /** ISO 8601, as AWS says it. */
  readonly sessionDuration: string | undefined
}

/** `<12 digits>/<permission set ARN>`: a pair as the key of sets and ledger rows. */
export type PairKey = string

export type PrincipalKind = 'user' | 'group'

/** A principal of AWS: `user/<id>` or `group/<id>`. */
export type PrincipalKey = string

export function principalKey(kind: PrincipalKind, id: string): PrincipalKey {
  return `${kind}/${id}`
}

export function pairKey(accountId: string, permissionSetArn: string): PairKey {
  return `${accountId}/${permissionSetArn}`
}

export function splitPairKey(key: PairKey): {
  readonly accountId: string
  readonly permissionSetArn: string
} {
  const at = key.indexOf('/')
  return { accountId: key.slice(0, at), permissionSetArn: key.slice(at + 1) }
}

/**
 * What was seen. `users` and `groups` are undefined until they were read to the end once. A group without an entry
 * in `members`, or a principal without one in `assignments`, was not read: nothing is concluded from that.
 */
export interface Observation {
  readonly users: ReadonlyMap<string, ObservedUser> | undefined
  readonly groups: ReadonlyMap<string, ObservedGroup> | undefined
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
  readonly assignments: ReadonlyMap<PrincipalKey, ReadonlySet<PairKey>>
  /** Reads that are doubted (much smaller than the one before): nothing is deleted or restored because of them. */
  readonly doubts: ReadonlySet<'users' | 'groups' | 'accounts' | 'permission_sets'>
}

/**
 * A bond between a name of ours and an id of Identity Center. With one, we own the object: we created it, or a person
 * agreed that we take it over (by import or by approving an adoption).
 */
export interface Link {
  readonly kind: PrincipalKind
  /** Of the user, or of the access list. */
  readonly name: string
  readonly awsId: string
  readonly origin: 'created' | 'imported' | 'adopted'
  readonly linkedAt: Instant
  /** When we first saw that nothing here wants it any more; deletion waits from then on. */
  readonly unwantedSince: Instant | undefined
}

/** Why an assignment or a membership exists. `says` is a sentence part for people: "access list Platform team". */
export type GrantReason =
  | { readonly kind: 'list'; readonly list: string }
  /** Given singly because a role denies the member another part of what the group gives (T11). */
  | { readonly kind: 'list_member'; readonly list: string; readonly deniedBy: string }
  /** What a list gives its owners; given singly, since a group in AWS has no owners. */
  | { readonly kind: 'list_owner'; readonly list: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'request'; readonly request: string; readonly until: Instant }
  /** A direct assignment of a user that import found; stays until a person releases it. */
  | { readonly kind: 'found' }

/** One thing of ours in AWS: an assignment (`target` is a PairKey) or a membership (`target` is a user id). */
export interface LedgerEntry {
  readonly kind: 'assignment' | 'membership'
  readonly principal: PrincipalKey
  readonly target: string
  readonly reasons: readonly GrantReason[]
  readonly since: Instant
}
