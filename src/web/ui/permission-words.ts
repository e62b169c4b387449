/** @module What each action of AWS is for, in words, for the table of the connection test. */

const purposes: Readonly<Record<string, string>> = {
  'sso:DescribeInstance': 'Sees that the instance is there and active.',
  'sso:ListPermissionSets': 'Knows which permission sets there are.',
  'sso:DescribePermissionSet': 'Knows the name and length of a permission set.',
  'sso:ListPermissionSetsProvisionedToAccount': 'Sees which permission sets an account has.',
  'sso:ListAccountAssignments': 'Reads who is assigned, account by account.',
  'sso:ListAccountAssignmentsForPrincipal': 'Reads who is assigned, person by person.',
  'sso:CreateAccountAssignment': 'Gives access to an account.',
  'sso:DescribeAccountAssignmentCreationStatus': 'Sees whether access was given.',
  'sso:DeleteAccountAssignment': 'Takes access to an account away.',
  'sso:DescribeAccountAssignmentDeletionStatus': 'Sees whether access was taken away.',
  'identitystore:ListUsers': 'Reads the users.',
  'identitystore:ListGroups': 'Reads the groups.',
  'identitystore:ListGroupMemberships': 'Reads who is in a group.',
  'organizations:DescribeOrganization': 'Knows which account is the management account.',
  'organizations:ListAccounts': 'Knows which accounts there are.',
  'organizations:ListAccountsForParent': 'Knows which accounts stand in a unit.',
  'organizations:ListRoots': 'Finds where the units begin.',
  'organizations:ListOrganizationalUnitsForParent': 'Reads the units.',
  'organizations:ListTagsForResource': 'Reads the tags of an account.',
  'organizations:ListDelegatedAdministrators': 'Knows which accounts are delegated administrators.',
}

/** What an action is for; undefined for one that speaks for itself. */
export function purposeOf(action: string): string | undefined {
  if (Object.hasOwn(purposes, action)) return purposes[action]
  return action.startsWith('iam:') ? 'For roles of permission sets in the management account.' : undefined
}
