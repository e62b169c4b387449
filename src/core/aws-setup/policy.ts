/**
 * @module The permissions of the role: the guide's list, each as narrow as AWS lets it be, and the parts that are added
 * on request. Which resources an action knows is told by AWS's Service Authorization Reference.
 *
 * No IAM action is allowed outside of what Identity Center itself made (T12): whoever may create roles and attach
 * policies anywhere owns the account.
 */
import type { CheckedOrder, Partition, SetupBlock } from './order.js'

export interface PolicyStatement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

export interface DescribedBlock {
  readonly block: SetupBlock
  /** What it is for, and what does not work without it. */
  readonly says: string
  readonly actions: readonly string[]
}

/** What the parts of a policy are made of. */
type Scope = Pick<CheckedOrder, 'partition' | 'instanceArn' | 'instanceId'>

/** The policy of the role with the blocks that were asked for. */
export function buildPolicy(order: Pick<CheckedOrder, 'blocks'> & Scope): PolicyDocument {
  const blocks = order.blocks.flatMap((block) => blockStatements(block, order))
  return { Version: '2012-10-17', Statement: [...baseStatements(order), ...blocks] }
}

/** In the order of the names of the blocks. */
export function describeBlocks(order: Pick<CheckedOrder, 'blocks'> & Scope): DescribedBlock[] {
  return order.blocks.map((block) => ({
    block,
    says: blockWords[block],
    actions: blockStatements(block, order).flatMap(({ Action }) => Action),
  }))
}

const blockWords: Readonly<Record<SetupBlock, string>> = {
  management_account:
    'Assignments in the management account: there Identity Center works with the rights of whoever calls it, so the role ' +
    'needs what it takes to make, change and remove the roles and the identity provider of Identity Center, and only those. ' +
    'Without it such changes fail and are shown with this reason; all other accounts work.',
  ous_and_tags:
    'Organizational units and tags of accounts, for filters and labels. Without it accounts are known by id, name and state.',
  delegated_administrator:
    'Reading assignments per provisioned pair, which is what AWS allows to a delegated administrator account. Without it a ' +
    'gateway that does not call from the management account cannot read who has what.',
}

/** Roles that Identity Center makes in accounts, and nothing beside them. */
const reservedRoles = (partition: Partition): string =>
  `arn:${partition}:iam::*:role/aws-reserved/sso.amazonaws.com/*`

/** The identity provider that Identity Center makes in each account. */
const reservedProviders = (partition: Partition): string => `arn:${partition}:iam::*:saml-provider/AWSSSO_*`

function baseStatements(scope: Scope): PolicyStatement[] {
  const { partition, instanceArn } = scope
  return [
    // Neither action can be limited to resources: the organisation is that of the caller. The first tells which
    // account is the management account, whose assignments have limits of their own.
    statement(
      'ReadOrganization',
      ['organizations:DescribeOrganization', 'organizations:ListAccounts'],
      ['*'],
    ),
    statement(
      'ReadAccountsOfUnit',
      ['organizations:ListAccountsForParent'],
      [`arn:${partition}:organizations::*:ou/*`, `arn:${partition}:organizations::*:root/*`],
    ),
    // The store's id is not that of the instance. Users, groups and memberships have no more exact ARNs.
    statement(
      'ReadDirectory',
      ['identitystore:ListUsers', 'identitystore:ListGroups', 'identitystore:ListGroupMemberships'],
      [
        `arn:${partition}:identitystore::*:identitystore/*`,
        `arn:${partition}:identitystore:::user/*`,
        `arn:${partition}:identitystore:::group/*`,
        `arn:${partition}:identitystore:::membership/*`,
      ],
    ),
    statement(
      'ReadInstance',
      [
        'sso:DescribeInstance',
        'sso:ListPermissionSets',
        'sso:ListAccountAssignmentsForPrincipal',
        'sso:DescribeAccountAssignmentCreationStatus',
        'sso:DescribeAccountAssignmentDeletionStatus',
      ],
      [instanceArn],
    ),
    statement(
      'ReadPermissionSetsAndChangeAssignments',
      [
        'sso:DescribePermissionSet',
        'sso:ListPermissionSetsProvisionedToAccount',
        'sso:CreateAccountAssignment',
        'sso:DeleteAccountAssignment',
      ],
      ssoResources(scope),
    ),
    statement(
      'CreateReservedRoles',
      [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:GetRole',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        // Judged by its path prefix, with which it has to be called.
        'iam:ListRoles',
      ],
      [reservedRoles(partition)],
    ),
    statement('ReadReservedProvider', ['iam:GetSAMLProvider'], [reservedProviders(partition)]),
  ]
}

function blockStatements(block: SetupBlock, scope: Scope): PolicyStatement[] {
  const { partition } = scope
  switch (block) {
    case 'management_account':
      return [
        statement(
          'ChangeReservedRoles',
          [
            'iam:DeleteRole',
            'iam:DeleteRolePolicy',
            'iam:DetachRolePolicy',
            'iam:GetRolePolicy',
            'iam:PutRolePolicy',
          ],
          [reservedRoles(partition)],
        ),
        statement(
          'ChangeReservedProvider',
          ['iam:CreateSAMLProvider', 'iam:UpdateSAMLProvider'],
          [reservedProviders(partition)],
        ),
      ]
    case 'ous_and_tags':
      return [
        statement('ReadRoots', ['organizations:ListRoots'], ['*']),
        statement(
          'ReadUnitsAndTags',
          ['organizations:ListOrganizationalUnitsForParent', 'organizations:ListTagsForResource'],
          [
            `arn:${partition}:organizations::*:account/*`,
            `arn:${partition}:organizations::*:ou/*`,
            `arn:${partition}:organizations::*:root/*`,
          ],
        ),
      ]
    case 'delegated_administrator':
      return [statement('ReadAssignmentsByPair', ['sso:ListAccountAssignments'], ssoResources(scope))]
  }
}

/** Actions on several resources need all of them allowed: the instance, its permission sets, the accounts. */
function ssoResources({ partition, instanceArn, instanceId }: Scope): string[] {
  return [
    instanceArn,
    `arn:${partition}:sso:::permissionSet/${instanceId}/*`,
    `arn:${partition}:sso:::account/*`,
  ]
}

function statement(Sid: string, Action: readonly string[], Resource: readonly string[]): PolicyStatement {
  return { Sid, Effect: 'Allow', Action, Resource }
}
