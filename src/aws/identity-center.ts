/**
 * @module What the adapters of AWS can do, one small interface for each concern. Every call goes through the governor
 * that it was made with; every failure is an `AwsCallError`. Lists are read to their end or fail: a list that is
 * returned is whole. Nothing here decides what should be changed.
 */
import type { CallOptions } from '../core/governor/call.js'
import type {
  ObservedAccount,
  ObservedGroup,
  ObservedPermissionSet,
  ObservedUser,
  PairKey,
  PrincipalKind,
} from '../core/identity-center/observation.js'

export interface InstanceFacts {
  readonly instanceArn: string
  readonly identityStoreId: string
  readonly ownerAccountId: string
  readonly name: string | undefined
  readonly status: string
  /** Who we are at AWS (sts GetCallerIdentity). */
  readonly callerArn: string
  readonly callerAccountId: string
  /** Management account of the organisation; undefined where it may not be read. */
  readonly managementAccountId: string | undefined
}

export interface AssignmentRow {
  readonly principalKind: PrincipalKind
  readonly principalId: string
  readonly pair: PairKey
}

/** What of an account needs the block `ous_and_tags`. */
export type AccountDetail = 'units' | 'tags'

export interface IdentityCenterReader {
  describeInstance(options: CallOptions): Promise<InstanceFacts>
  /**
   * `details`: also OUs and tags, where the optional block of the policy is there; without it they are left out, and
   * `onLeftOut` is told.
   */
  listAccounts(
    options: CallOptions & {
      readonly details: boolean
      readonly onLeftOut?: (detail: AccountDetail, says: string) => void
    },
  ): Promise<ObservedAccount[]>
  listPermissionSetArns(options: CallOptions): Promise<string[]>
  describePermissionSet(arn: string, options: CallOptions): Promise<ObservedPermissionSet>
  listUsers(options: CallOptions): Promise<ObservedUser[]>
  listGroups(options: CallOptions): Promise<ObservedGroup[]>
  /** Ids of the users in a group. @throws AwsCallError `not_found` where the group is gone. */
  listMembers(groupId: string, options: CallOptions): Promise<string[]>
  /**
   * Direct ones only: rows that a user has through a group are dropped.
   * @throws AwsCallError `denied` for delegated administrators; `not_found` where the principal is gone and left nothing
   */
  listAssignmentsOfPrincipal(kind: PrincipalKind, id: string, options: CallOptions): Promise<PairKey[]>
  listProvisionedSets(accountId: string, options: CallOptions): Promise<string[]>
  listAssignmentsOfPair(pair: PairKey, options: CallOptions): Promise<AssignmentRow[]>
}

export interface AssignmentOutcome {
  readonly status: 'succeeded' | 'failed'
  readonly reason: string | undefined
  readonly requestId: string
}

export interface AssignmentChange {
  readonly change: 'create' | 'delete'
  readonly principalKind: PrincipalKind
  readonly principalId: string
  readonly pair: PairKey
}

export interface AssignmentWriter {
  /**
   * Begins a change and follows it to its end. At most ten are under way at once, one for each (account, permission
   * set, principal). A create of what exists, and a delete of what is gone, succeed.
   */
  apply(change: AssignmentChange, options: CallOptions): Promise<AssignmentOutcome>
}

export interface PermissionCheck {
  /** `sso:ListPermissionSets`. */
  readonly action: string
  /** Block of the set-up script that grants it: `base`, `management_account`, `ous_and_tags`, `delegated_administrator`. */
  readonly block: string
  readonly verdict: 'allowed' | 'denied' | 'unknown'
  readonly says: string
}

export interface PermissionChecker {
  /** Calls every action in a way that changes nothing, and says which answers were refusals. */
  check(options: CallOptions): Promise<PermissionCheck[]>
}

/** One instance with its credentials. Disposal closes sockets. */
export interface IdentityCenter extends AsyncDisposable {
  readonly read: IdentityCenterReader
  readonly assignments: AssignmentWriter
  readonly permissions: PermissionChecker
  /** When the credentials in use end; undefined before the first call and for those that do not end. */
  credentialsExpireAt(): number | undefined
}
