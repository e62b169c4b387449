/**
 * @module Writing users and groups to Identity Center by SCIM 2.0 (RFC 7644) in AWS's dialect: cursor paging, `path` in
 * every operation, members added and removed by lists of at most 100 and never replaced. Failures are `AwsCallError`.
 */
import type { UserAttributes } from '../../core/entitlement/desired.js'
import type { CallOptions } from '../../core/governor/call.js'
import type { ObservedGroup, ObservedUser } from '../../core/identity-center/observation.js'

export interface ScimClient {
  /** @throws AwsCallError `already_exists` for a taken userName, address or externalId. */
  createUser(
    user: { readonly attributes: UserAttributes; readonly active: boolean; readonly externalId: string },
    options: CallOptions,
  ): Promise<ObservedUser>
  updateUser(id: string, changes: Partial<UserAttributes>, options: CallOptions): Promise<void>
  setActive(id: string, active: boolean, options: CallOptions): Promise<void>
  /** Also succeeds where it is gone. */
  deleteUser(id: string, options: CallOptions): Promise<void>
  findUser(userName: string, options: CallOptions): Promise<ObservedUser | undefined>
  /** With at most 100 members. @throws AwsCallError `already_exists` for a taken name. */
  createGroup(
    group: {
      readonly displayName: string
      readonly memberIds: readonly string[]
      readonly externalId: string
    },
    options: CallOptions,
  ): Promise<ObservedGroup>
  renameGroup(id: string, displayName: string, options: CallOptions): Promise<void>
  /** Also succeeds where it is gone. */
  deleteGroup(id: string, options: CallOptions): Promise<void>
  findGroup(displayName: string, options: CallOptions): Promise<ObservedGroup | undefined>
  /** At most 100. A 4xx leaves the membership unknown: the caller re-reads it. */
  changeMembers(
    groupId: string,
    change: { readonly op: 'add' | 'remove'; readonly memberIds: readonly string[] },
    options: CallOptions,
  ): Promise<void>
  /** Ids of users in a group, by the filter `groups.value` with cursor paging. */
  listMembers(groupId: string, options: CallOptions): Promise<string[]>
}

export interface ScimTestStep {
  readonly name: 'reach' | 'read' | 'create' | 'read_back' | 'change' | 'clean_up'
  readonly ok: boolean
  readonly says: string
  /** What to do where it failed and something is known to help. */
  readonly remedy?: string
}

export interface ScimTestResult {
  readonly ok: boolean
  readonly steps: readonly ScimTestStep[]
}
