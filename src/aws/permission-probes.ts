/**
 * @module One harmless call for each action that the adapters need: reads, and writes that name what does not exist, so
 * that a refusal for lack of permission can be told from one for lack of the thing. Calls of iam that would change
 * something are never made; they have no probe.
 */
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  GetSAMLProviderCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import {
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore'
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-organizations'
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribeInstanceCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
} from '@aws-sdk/client-sso-admin'
import type { AwsClients } from './connection.js'

export type PermissionBlock = 'base' | 'management_account' | 'ous_and_tags' | 'delegated_administrator'

export interface Probe {
  readonly service: 'sso-admin' | 'identitystore' | 'organizations' | 'iam'
  readonly operation: string
  readonly block: PermissionBlock
  readonly send: (clients: AwsClients, signal: AbortSignal) => Promise<unknown>
}

/** What probes name. None of it exists but the instance, the store, the caller's account and the role. */
export interface ProbeNames {
  readonly instanceArn: string
  readonly identityStoreId: string
  readonly callerAccountId: string
  /** Name of a role that Identity Center made in the caller's account. */
  readonly roleName: string
}

const nobody = '00000000-0000-0000-0000-000000000000'
const noAccount = '000000000000'
const noUnit = 'ou-0000-00000000'
/** Path of the roles that Identity Center makes. */
export const reservedPath = '/aws-reserved/sso.amazonaws.com/'

export function organizationProbes({ callerAccountId }: ProbeNames): Probe[] {
  const probe = probesOf('organizations')
  return [
    probe('base', 'DescribeOrganization', ({ organizations }, abortSignal) =>
      organizations.send(new DescribeOrganizationCommand({}), { abortSignal }),
    ),
    probe('base', 'ListAccounts', ({ organizations }, abortSignal) =>
      organizations.send(new ListAccountsCommand({ MaxResults: 1 }), { abortSignal }),
    ),
    probe('base', 'ListAccountsForParent', ({ organizations }, abortSignal) =>
      organizations.send(new ListAccountsForParentCommand({ ParentId: noUnit }), { abortSignal }),
    ),
    probe('ous_and_tags', 'ListRoots', ({ organizations }, abortSignal) =>
      organizations.send(new ListRootsCommand({ MaxResults: 1 }), { abortSignal }),
    ),
    probe('ous_and_tags', 'ListOrganizationalUnitsForParent', ({ organizations }, abortSignal) =>
      organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: noUnit }), { abortSignal }),
    ),
    probe('ous_and_tags', 'ListTagsForResource', ({ organizations }, abortSignal) =>
      organizations.send(new ListTagsForResourceCommand({ ResourceId: callerAccountId }), { abortSignal }),
    ),
  ]
}

export function directoryProbes({ identityStoreId: IdentityStoreId }: ProbeNames): Probe[] {
  const probe = probesOf('identitystore')
  return [
    probe('base', 'ListUsers', ({ identitystore }, abortSignal) =>
      identitystore.send(new ListUsersCommand({ IdentityStoreId, MaxResults: 1 }), { abortSignal }),
    ),
    probe('base', 'ListGroups', ({ identitystore }, abortSignal) =>
      identitystore.send(new ListGroupsCommand({ IdentityStoreId, MaxResults: 1 }), { abortSignal }),
    ),
    probe('base', 'ListGroupMemberships', ({ identitystore }, abortSignal) =>
      identitystore.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: nobody }), {
        abortSignal,
      }),
    ),
  ]
}

export function instanceProbes({ instanceArn: InstanceArn }: ProbeNames): Probe[] {
  const probe = probesOf('sso-admin')
  const PermissionSetArn = `${InstanceArn.replace(':instance/', ':permissionSet/')}/ps-${'0'.repeat(16)}`
  const pair = { InstanceArn, PermissionSetArn }
  // Neither principal, nor permission set, nor account exists: nothing can come of it.
  const assignment = {
    ...pair,
    TargetId: noAccount,
    TargetType: 'AWS_ACCOUNT' as const,
    PrincipalType: 'GROUP' as const,
    PrincipalId: nobody,
  }
  return [
    probe('base', 'DescribeInstance', ({ ssoAdmin }, abortSignal) =>
      ssoAdmin.send(new DescribeInstanceCommand({ InstanceArn }), { abortSignal }),
    ),
    probe('base', 'ListPermissionSets', ({ ssoAdmin }, abortSignal) =>
      ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 1 }), { abortSignal }),
    ),
    probe('base', 'DescribePermissionSet', ({ ssoAdmin }, abortSignal) =>
      ssoAdmin.send(new DescribePermissionSetCommand(pair), { abortSignal }),
    ),
    probe('base', 'ListPermissionSetsProvisionedToAccount', ({ ssoAdmin }, abortSignal) => {
      const input = { InstanceArn, AccountId: noAccount }
      return ssoAdmin.send(new ListPermissionSetsProvisionedToAccountCommand(input), { abortSignal })
    }),
    probe('base', 'ListAccountAssignmentsForPrincipal', ({ ssoAdmin }, abortSignal) => {
      const input = { InstanceArn, PrincipalId: nobody, PrincipalType: 'USER' as const }
      return ssoAdmin.send(new ListAccountAssignmentsForPrincipalCommand(input), { abortSignal })
    }),
    probe('base', 'CreateAccountAssignment', ({ ssoAdmin }, abortSignal) =>
      ssoAdmin.send(new CreateAccountAssignmentCommand(assignment), { abortSignal }),
    ),
    probe('base', 'DescribeAccountAssignmentCreationStatus', ({ ssoAdmin }, abortSignal) => {
      const input = { InstanceArn, AccountAssignmentCreationRequestId: nobody }
      return ssoAdmin.send(new DescribeAccountAssignmentCreationStatusCommand(input), { abortSignal })
    }),
    probe('base', 'DeleteAccountAssignment', ({ ssoAdmin }, abortSignal) =>
      ssoAdmin.send(new DeleteAccountAssignmentCommand(assignment), { abortSignal }),
    ),
    probe('base', 'DescribeAccountAssignmentDeletionStatus', ({ ssoAdmin }, abortSignal) => {
      const input = { InstanceArn, AccountAssignmentDeletionRequestId: nobody }
      return ssoAdmin.send(new DescribeAccountAssignmentDeletionStatusCommand(input), { abortSignal })
    }),
    probe('delegated_administrator', 'ListAccountAssignments', ({ ssoAdmin }, abortSignal) =>
      ssoAdmin.send(new ListAccountAssignmentsCommand({ ...pair, AccountId: noAccount }), { abortSignal }),
    ),
  ]
}

/** Probes of iam that need no role; the first finds one for the others. */
export function providerProbes({ instanceArn, callerAccountId }: ProbeNames): Probe[] {
  const probe = probesOf('iam')
  const partition = instanceArn.split(':')[1] ?? 'aws'
  const SAMLProviderArn = `arn:${partition}:iam::${callerAccountId}:saml-provider/AWSSSO_${'0'.repeat(16)}_DO_NOT_DELETE`
  return [
    probe('base', 'ListRoles', ({ iam }, abortSignal) =>
      iam.send(new ListRolesCommand({ PathPrefix: reservedPath, MaxItems: 1 }), { abortSignal }),
    ),
    probe('base', 'GetSAMLProvider', ({ iam }, abortSignal) =>
      iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }), { abortSignal }),
    ),
  ]
}

/** A role that is not there has no path, and so would be refused by a policy that is scoped by path. */
export function roleProbes({ roleName: RoleName }: ProbeNames): Probe[] {
  const probe = probesOf('iam')
  return [
    probe('base', 'GetRole', ({ iam }, abortSignal) =>
      iam.send(new GetRoleCommand({ RoleName }), { abortSignal }),
    ),
    probe('base', 'ListAttachedRolePolicies', ({ iam }, abortSignal) =>
      iam.send(new ListAttachedRolePoliciesCommand({ RoleName, MaxItems: 1 }), { abortSignal }),
    ),
    probe('base', 'ListRolePolicies', ({ iam }, abortSignal) =>
      iam.send(new ListRolePoliciesCommand({ RoleName, MaxItems: 1 }), { abortSignal }),
    ),
    probe('management_account', 'GetRolePolicy', ({ iam }, abortSignal) =>
      iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'gatehouse-permission-check' }), {
        abortSignal,
      }),
    ),
  ]
}

/** Actions that change something whenever they are allowed, so that they are never tried. */
export const unprobed: readonly { readonly action: string; readonly block: PermissionBlock }[] = [
  { action: 'iam:AttachRolePolicy', block: 'base' },
  { action: 'iam:CreateRole', block: 'base' },
  { action: 'iam:CreateSAMLProvider', block: 'management_account' },
  { action: 'iam:DeleteRole', block: 'management_account' },
  { action: 'iam:DeleteRolePolicy', block: 'management_account' },
  { action: 'iam:DetachRolePolicy', block: 'management_account' },
  { action: 'iam:PutRolePolicy', block: 'management_account' },
  { action: 'iam:UpdateSAMLProvider', block: 'management_account' },
]

function probesOf(service: Probe['service']) {
  return (block: PermissionBlock, operation: string, send: Probe['send']): Probe => ({
    service,
    operation,
    block,
    send,
  })
}
