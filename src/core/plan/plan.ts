/**
 * @module A plan: the changes that make Identity Center equal to what is desired. Each action names the principals by
 * our names, with ids where they are known; the executor fills in ids that earlier actions of the plan bring.
 */
import type { MemberRef, SetAside, UserAttributes } from '../entitlement/desired.js'
import type { GrantReason, PairKey, PrincipalKind } from '../identity-center/observation.js'
import type { Instant } from '../time.js'

/** Stable text that says what an action does to what: the same in the next plan while it is still needed. */
export type ActionKey = string

interface ActionBase {
  readonly key: ActionKey
  /**
   * `urgent`: a person waits, or access must end now (locks, expiry, one membership). `normal`: whatever else changed.
   * `bulk`: parts of large plans (first sync, restore after an outage).
   */
  readonly priority: 'urgent' | 'normal' | 'bulk'
  /** Keys of actions of the same plan that have to have succeeded before. */
  readonly after: readonly ActionKey[]
  /** Of `after`: better before, but no longer waited for once they failed or nobody answers them. */
  readonly ratherAfter?: readonly ActionKey[]
  /** Why, as a sentence part for people and audit events: "created here", "locked: left the company". */
  readonly because: string
  /** Against no limit of the guard: a person approved exactly this, or a lock or the end of a time caused it. */
  readonly uncounted?: true
}

export interface Principal {
  readonly kind: PrincipalKind
  /** Name of the user or the access list; undefined for a user that only AWS knows. */
  readonly name: string | undefined
  /** Undefined until an earlier action of the plan has made it. */
  readonly awsId: string | undefined
}

export type ActionChange =
  /** Replaces the link of that name, where there is one (restore), with the ledger rows of the id that it had. */
  | {
      readonly kind: 'user.create'
      readonly user: string
      readonly attributes: UserAttributes
      readonly active: boolean
    }
  /**
   * Binds a user of AWS to ours. Writes nothing in AWS; differences come as `user.update` afterwards. Assignments that
   * the user has by then get ledger rows with the reason `found`, where they have none.
   */
  | { readonly kind: 'user.adopt'; readonly user: string; readonly awsId: string }
  | {
      readonly kind: 'user.update'
      readonly user: string
      readonly awsId: string
      readonly changes: Partial<UserAttributes>
    }
  | { readonly kind: 'user.activate'; readonly user: string; readonly awsId: string }
  | { readonly kind: 'user.deactivate'; readonly user: string; readonly awsId: string }
  | { readonly kind: 'user.delete'; readonly user: string; readonly awsId: string }
  /** With the first members that are known by then, at most 100. Replaces a link of that name as `user.create` does. */
  | {
      readonly kind: 'group.create'
      readonly list: string
      readonly displayName: string
      readonly members: readonly MemberRef[]
    }
  /** From then on the list says who is in it and what it gives; `beyond`: what becomes of everything else. */
  | {
      readonly kind: 'group.adopt'
      readonly list: string
      readonly awsId: string
      readonly beyond: 'removed' | 'reported'
    }
  | {
      readonly kind: 'group.rename'
      readonly list: string
      readonly awsId: string
      readonly from: string
      readonly displayName: string
    }
  | {
      readonly kind: 'group.delete'
      readonly list: string
      readonly awsId: string
      readonly displayName: string
    }
  /** One PATCH: only additions or only removals, at most 100. Removals may be of users that only AWS knows. */
  | {
      readonly kind: 'members.add' | 'members.remove'
      readonly list: string
      readonly awsId: string | undefined
      readonly members: readonly MemberRef[]
    }
  | {
      readonly kind: 'assignment.create'
      readonly principal: Principal
      readonly pair: PairKey
      readonly reasons: readonly GrantReason[]
    }
  | {
      readonly kind: 'assignment.delete'
      readonly principal: Principal
      readonly pair: PairKey
      /** `drift`: not ours, found on a principal of ours. */
      readonly cause: 'unwanted' | 'drift'
    }
  /**
   * The ledger alone: reasons changed, or what is desired was found to be there already. Without reasons the row is
   * forgotten: somebody else took it away, or its account left the organisation. Nothing in AWS.
   */
  | {
      readonly kind: 'ledger.update'
      readonly entry: 'assignment' | 'membership'
      readonly principal: Principal
      readonly target: string
      readonly reasons: readonly GrantReason[]
    }
  /** Forgets a bond and its ledger rows, since the object is gone in AWS and nothing wants it. */
  | { readonly kind: 'link.forget'; readonly principal: Principal }

export type Action = ActionBase & ActionChange

/** Why an action waits for a person, or is not done at all. */
export interface Hold {
  readonly rule:
    | 'removals'
    | 'new_assignments'
    | 'management_account'
    | 'sensitive_set'
    | 'adoption'
    | 'drift'
    | 'restore'
    | 'after_restore'
    | 'doubtful_read'
  /** One sentence: "Removes 120 of 900 memberships; the limit is 90." */
  readonly says: string
}

/** Something on what we own that we did not put there, whatever becomes of it. */
export interface Drift {
  readonly kind: 'assignment' | 'membership' | 'attribute' | 'group_missing' | 'user_missing' | 'name'
  readonly principal: Principal
  readonly target: string | undefined
  readonly says: string
  /** Key of the action that reverts it; undefined where policy only reports. */
  readonly action: ActionKey | undefined
}

export interface PlannedAction {
  readonly action: Action
  /** Empty where it goes on by itself, and where a person has approved. */
  readonly holds: readonly Hold[]
  /** Whoever approved exactly this action, whether or not it would be held now. */
  readonly approvedBy: string | undefined
  /** It failed and is not tried again before this instant; undefined where it may begin now. */
  readonly notBefore: Instant | undefined
  /** Set where it takes away what requests gave, all of which ended. */
  readonly ended?: EndOfRequests
}

export interface EndOfRequests {
  /** When the last of them ended; undefined: before its time, by a person. */
  readonly at: Instant | undefined
}

export interface Plan {
  /** In the order in which they are begun, all others equal. */
  readonly actions: readonly PlannedAction[]
  /** Hex SHA-256 free fingerprint (FNV-1a 64) over the keys of held actions: what a person saw is what is approved. */
  readonly heldDigest: string
  readonly drift: readonly Drift[]
  readonly setAside: readonly SetAside[]
  /** Links to be marked (first seen unwanted) or unmarked; not an action, since nothing changes in AWS. */
  readonly unwanted: readonly {
    readonly kind: PrincipalKind
    readonly name: string
    readonly since: Instant | undefined
  }[]
  /** Next instant at which planning again would say something else by time alone. */
  readonly nextChangeAt: Instant | undefined
  /** Notes for people: what a deletion leaves alive at AWS and for how long, what a denial did to a group. */
  readonly notes: readonly string[]
}

/** Approval of one held action, kept in the store. */
export interface Approval {
  readonly key: ActionKey
  readonly by: string
  readonly at: Instant
  readonly expiresAt: Instant
}
