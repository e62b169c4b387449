/**
 * @module The document of the permissions in AWS, made from the policy that the set-up script writes. Each action has
 * its reason in a closed table here: an action that is added without one fails the test, and so does one left over.
 */
import { buildPolicy, describeBlocks, type PolicyStatement } from '../../src/core/aws-setup/policy.js'
import { checkSetupOrder, type SetupBlock } from '../../src/core/aws-setup/order.js'

/** What each action is called for. */
export const actionReasons: Readonly<Record<string, string>> = {
  'organizations:DescribeOrganization':
    'tells which account is the management account, whose changes have a limit of their own',
  'organizations:ListAccounts': 'the accounts: their ids, names and states',
  'organizations:ListAccountsForParent': 'the accounts of a unit, for filters and labels by unit',
  'organizations:ListRoots': 'where the units begin',
  'organizations:ListOrganizationalUnitsForParent': 'the units, for filters and labels',
  'organizations:ListTagsForResource': 'tags of accounts, for labels',
  'identitystore:ListUsers': 'the users that there are, whom the import and the plan compare with those here',
  'identitystore:ListGroups': 'the groups that there are',
  'identitystore:ListGroupMemberships':
    'who is in each group; users and groups themselves are changed by SCIM, not by this role',
  'sso:DescribeInstance': 'that the instance is there, and the id of its identity store',
  'sso:ListPermissionSets': 'the permission sets that can be assigned',
  'sso:DescribePermissionSet': 'their names, and how long a session lasts',
  'sso:ListPermissionSetsProvisionedToAccount':
    'which of them are in an account, so that only those are looked at',
  'sso:ListAccountAssignmentsForPrincipal':
    'what a user or group has; AWS allows it to the management account alone',
  'sso:ListAccountAssignments': 'who has a permission set in an account',
  'sso:CreateAccountAssignment': 'gives access',
  'sso:DeleteAccountAssignment': 'takes access away',
  'sso:DescribeAccountAssignmentCreationStatus': 'whether AWS has done it: it answers before it does',
  'sso:DescribeAccountAssignmentDeletionStatus': 'the same, of what is taken away',
  'iam:CreateRole': 'the first assignment of a permission set in the management account makes its role there',
  'iam:AttachRolePolicy': 'gives that role the policies of the permission set',
  'iam:GetRole': 'reads that role',
  'iam:ListAttachedRolePolicies': 'reads what is attached to it',
  'iam:ListRolePolicies': 'reads which inline policies it has',
  'iam:ListRoles': 'finds the roles of permission sets in the management account',
  'iam:GetSAMLProvider': 'reads the identity provider that Identity Center made in the account',
  'iam:DeleteRole': 'the last assignment that goes takes the role with it',
  'iam:DeleteRolePolicy': 'removes inline policies of the role before that',
  'iam:DetachRolePolicy': 'removes attached policies of the role before that',
  'iam:GetRolePolicy': 'reads the inline policies of the role',
  'iam:PutRolePolicy': 'writes them: permission sets with an inline policy need it',
  'iam:CreateSAMLProvider':
    'the first assignment in the account makes the identity provider of Identity Center',
  'iam:UpdateSAMLProvider': 'AWS keeps its metadata current by it',
}

const blocks: readonly SetupBlock[] = ['management_account', 'ous_and_tags', 'delegated_administrator']

const order = (wanted: readonly SetupBlock[]) =>
  checkSetupOrder({
    integration: 'aws',
    issuer: 'https://gatehouse.example.com',
    audience: 'sts.amazonaws.com',
    subject: 'gatehouse:aws',
    instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
    region: 'eu-central-1',
    roleName: 'GatehouseIdentityCenter',
    blocks: wanted,
  })

/** Every action that any set-up asks for. */
export function listActions(): string[] {
  return buildPolicy(order(blocks)).Statement.flatMap(({ Action }) => Action)
}

export function writeAwsPermissions(): string {
  const base = buildPolicy(order([]))
  const parts = blocks.map((block) => {
    const statements = buildPolicy(order([block])).Statement.slice(base.Statement.length)
    const says = describeBlocks(order([block])).map((described) => described.says)
    return [`## Block \`${block}\``, ...says, table(statements)].join('\n\n')
  })
  return `# Permissions in AWS

What the role of the gateway may do in AWS, action by action: the policy that \`gatehouse awsic script\` writes. This page is made
from the code that writes it. The part that everyone needs is first; the blocks are added by
\`gatehouse awsic script --block NAME\`. \`gatehouse awsic test\` tries what can be tried without a change and names what is
missing ([identity-center.md](identity-center.md#permissions-in-aws)).

- No IAM action reaches beyond the roles and the identity provider that Identity Center itself made.
- Users, groups and memberships are written by SCIM, with a token of Identity Center, and not by this role.
- The role trusts tokens of your gateway alone: their audience and subject have to be exactly those of one integration.

The instance below stands for yours, which the script writes in its place; the partition (\`aws\`, \`aws-us-gov\`, \`aws-cn\`) follows it.

## Always

${table(base.Statement)}

${parts.join('\n\n')}
`
}

function table(statements: readonly PolicyStatement[]): string {
  const rows = statements.flatMap(({ Action, Resource }) =>
    Action.map((action) => {
      const reason = actionReasons[action]
      if (reason === undefined) throw new TypeError(`aws-permissions.ts has no reason for ${action}`)
      return `| \`${action}\` | ${reason} | ${Resource.map((arn) => `\`${arn}\``).join('<br>')} |`
    }),
  )
  return ['| Action | What for | On |', '|---|---|---|', ...rows].join('\n')
}
