/**
 * @module All tables of the emulator, and the one way to change them: a `Change` is plain data, so that it can be
 * shown in the event stream, replayed on a copy that lags behind, and compared between two runs.
 */
import type { Account, Unit } from './account.js'
import {
  pairKey,
  tripleKey,
  type AccountAssignment,
  type AssignmentRequest,
  type ProvisioningRequest,
} from './assignment.js'
import type { Group, Membership } from './group.js'
import {
  oidcProviderArn,
  roleKey,
  samlProviderArn,
  type Credential,
  type IamRole,
  type OidcProvider,
  type SamlProvider,
} from './iam.js'
import type { PermissionSet, ProvisionedSet } from './permission-set.js'
import type { ScimToken } from './scim-token.js'
import { Table } from './table.js'
import type { User } from './user.js'

/** The row of each table. */
export interface Rows {
  readonly accounts: Account
  readonly units: Unit
  readonly permissionSets: PermissionSet
  readonly provisionedSets: ProvisionedSet
  readonly users: User
  readonly groups: Group
  readonly memberships: Membership
  readonly assignments: AccountAssignment
  readonly assignmentRequests: AssignmentRequest
  readonly provisioningRequests: ProvisioningRequest
  readonly iamRoles: IamRole
  readonly oidcProviders: OidcProvider
  readonly samlProviders: SamlProvider
  readonly scimTokens: ScimToken
  readonly credentials: Credential
}

export type TableName = keyof Rows

/** One change of one row. */
export type Change = {
  readonly [Name in TableName]:
    { readonly table: Name; readonly put: Rows[Name] } | { readonly table: Name; readonly delete: string }
}[TableName]

/** Rows to begin with. */
export type Contents = { readonly [Name in TableName]?: readonly Rows[Name][] }

export class Tables {
  readonly accounts = new Table((row: Account) => row.id, {
    name: (row) => row.name,
    parent: (row) => row.parentId,
  })
  readonly units = new Table((row: Unit) => row.id, { parent: (row) => row.parentId })
  readonly permissionSets = new Table((row: PermissionSet) => row.arn, { name: (row) => row.name })
  readonly provisionedSets = new Table(
    (row: ProvisionedSet) => pairKey(row.accountId, row.permissionSetArn),
    { account: (row) => row.accountId, permissionSet: (row) => row.permissionSetArn },
  )
  readonly users = new Table((row: User) => row.id, {
    userName: (row) => row.userName,
    email: (row) => row.emails?.[0]?.value,
    externalId: (row) => row.externalId,
  })
  readonly groups = new Table((row: Group) => row.id, {
    displayName: (row) => row.displayName,
    externalId: (row) => row.externalId,
  })
  readonly memberships = new Table((row: Membership) => row.id, {
    pair: (row) => `${row.groupId}/${row.userId}`,
    group: (row) => row.groupId,
    user: (row) => row.userId,
  })
  readonly assignments = new Table((row: AccountAssignment) => tripleKey(row), {
    pair: (row) => pairKey(row.accountId, row.permissionSetArn),
    principal: (row) => row.principalId,
    account: (row) => row.accountId,
    permissionSet: (row) => row.permissionSetArn,
  })
  readonly assignmentRequests = new Table((row: AssignmentRequest) => row.requestId, {
    kind: (row) => row.kind,
    /** Only what is under way. */
    outstanding: (row) => (row.status === 'IN_PROGRESS' ? tripleKey(row) : undefined),
    outstandingOf: (row) => (row.status === 'IN_PROGRESS' ? row.kind : undefined),
  })
  readonly provisioningRequests = new Table((row: ProvisioningRequest) => row.requestId, {
    status: (row) => row.status,
    permissionSet: (row) => row.permissionSetArn,
  })
  readonly iamRoles = new Table((row: IamRole) => roleKey(row.accountId, row.name), {
    account: (row) => row.accountId,
  })
  readonly oidcProviders = new Table((row: OidcProvider) => oidcProviderArn(row), {
    account: (row) => row.accountId,
  })
  readonly samlProviders = new Table((row: SamlProvider) => samlProviderArn(row), {
    account: (row) => row.accountId,
  })
  readonly scimTokens = new Table((row: ScimToken) => row.id, {})
  readonly credentials = new Table((row: Credential) => row.accessKeyId, {
    /** Sessions of roles, which end; long-lived keys are in no list. */
    session: (row) => (row.expiresAt === undefined ? undefined : 'role'),
  })

  constructor(contents: Contents = {}) {
    this.#load(contents)
  }

  /** Carries out a change; deleting what is not there does nothing. */
  apply(change: Change): void {
    const table = this[change.table] as Table<unknown>
    if ('put' in change) table.put(change.put)
    else table.delete(change.delete)
  }

  /** A copy with the same rows in the same places, so that page tokens hold for both. */
  copy(): Tables {
    const copy = new Tables()
    for (const name of tableNames) {
      const table = copy[name] as Table<unknown>
      table.copyFrom(this[name] as Table<unknown>)
    }
    return copy
  }

  contents(): Contents {
    return Object.fromEntries(tableNames.map((name) => [name, this[name].rows()]))
  }

  #load(contents: Contents): void {
    for (const name of tableNames) {
      const table = this[name] as Table<unknown>
      for (const row of contents[name] ?? []) table.put(row)
    }
  }
}

export const tableNames = [
  'accounts',
  'units',
  'permissionSets',
  'provisionedSets',
  'users',
  'groups',
  'memberships',
  'assignments',
  'assignmentRequests',
  'provisioningRequests',
  'iamRoles',
  'oidcProviders',
  'samlProviders',
  'scimTokens',
  'credentials',
] as const satisfies readonly TableName[]
