/**
 * @module What should be in Identity Center: every user that is pushed, every group with its flat members, every
 * assignment with its reasons. In names of ours; which ids those have is known by links. `build-desired.ts` makes it
 * from resources; nothing here looks at AWS.
 */
import type { GrantReason, PairKey } from '../identity-center/observation.js'
import type { Instant } from '../time.js'

export interface UserAttributes {
  readonly userName: string
  readonly displayName: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string | undefined
}

export interface DesiredUser {
  readonly name: string
  readonly attributes: UserAttributes
  /**
   * Which of them no trait says: made of the name, since AWS wants them of a new user. What AWS has of a user that we
   * did not make is better than that and stays.
   */
  readonly guessed?: readonly (keyof UserAttributes)[]
  /** False while a lock holds. */
  readonly active: boolean
  /** Why not, as a sentence part: "locked: left the company". Undefined while active. */
  readonly lockSays?: string
}

/** A member by our name, or one without Gatehouse user by the id that import found. */
export type MemberRef =
  | {
      readonly by: 'name'
      readonly name: string
      /** What import found for this name: keeps the membership until the user is linked. */
      readonly awsUserId?: string
    }
  | { readonly by: 'id'; readonly awsUserId: string; readonly name: string }

export interface DesiredGroup {
  /** Name of the access list. */
  readonly list: string
  readonly displayName: string
  readonly origin: 'local' | 'imported'
  /** Sorted by name. */
  readonly members: readonly MemberRef[]
  readonly pairs: ReadonlyMap<PairKey, readonly GrantReason[]>
  /** Names of users whose membership ended by time and who are in it by no other path: no guard holds their removal. */
  readonly ended: ReadonlySet<string>
  /** Users whom a role denies a part of what the group gives, with the role: they are no members for that (T11). */
  readonly leftOut?: ReadonlyMap<string, string>
}

/**
 * What AWS cannot be told, or what we refuse to tell it: one principal, others go on. Where it is not known what is
 * wanted (`unreadable`, `too_many_pairs`), nothing of the principal is touched, unless a lock says that it ends. With
 * the other codes the object itself is neither created nor changed; access of one that exists is still kept right.
 */
export interface SetAside {
  readonly kind: 'user' | 'group'
  readonly name: string
  readonly code:
    'missing_attribute' | 'invalid_attribute' | 'duplicate_name' | 'too_many_pairs' | 'unreadable'
  /** One sentence with the cause. */
  readonly says: string
  /** One sentence with what to do. */
  readonly remedy: string
}

export interface Desired {
  /** By name. Without those of whom it is not known what is wanted (see `SetAside`), unless they are locked. */
  readonly users: ReadonlyMap<string, DesiredUser>
  /** By name of the list. */
  readonly groups: ReadonlyMap<string, DesiredGroup>
  /** Direct assignments, by name of the user (also of users that hybrid mode does not push). */
  readonly userPairs: ReadonlyMap<string, ReadonlyMap<PairKey, readonly GrantReason[]>>
  readonly setAside: readonly SetAside[]
  /** False in hybrid mode: users are neither created, changed nor removed. */
  readonly pushesUsers: boolean
  /** Those whose ownership ended by time, by list: no guard holds what goes with it. */
  readonly endedOwners?: ReadonlyMap<string, ReadonlySet<string>>
  /** Requests that were promoted and whose requesters are no members any more: no guard holds what goes with it. */
  readonly endedPromotions?: ReadonlySet<string>
  /**
   * The next instant at which the answer changes by time alone: a membership or a grant ends, a lock ends, an overdue
   * list loses its grants.
   */
  readonly nextChangeAt: Instant | undefined
  /** Sentences for people: whom a denial keeps out of which group (T11), and grants that a denial takes away. */
  readonly notes: readonly string[]
}
