/**
 * @module AWS's managed policies that are of use here, by ARN, with what they allow in the services of the emulator;
 * their statements about other services are left out. A policy that is not listed cannot be attached.
 */
import type { PolicyText } from '../state/iam.js'

interface Grant {
  readonly Sid?: string
  readonly Action?: readonly string[]
  readonly NotAction?: readonly string[]
  readonly Resource?: string
}

function allow(...grants: readonly Grant[]): PolicyText {
  const statements = grants.map((grant) => ({ Effect: 'Allow', Resource: '*', ...grant }))
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

const organizationReads = [
  'organizations:DescribeAccount',
  'organizations:DescribeOrganization',
  'organizations:ListAccounts',
  'organizations:ListAccountsForParent',
  'organizations:ListChildren',
  'organizations:ListDelegatedAdministrators',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListParents',
  'organizations:ListRoots',
]
const iamReads = ['iam:Get*', 'iam:List*', 'iam:Simulate*', 'iam:Generate*']

const managed: ReadonlyMap<string, PolicyText> = new Map<string, PolicyText>(
  [
    ['AdministratorAccess', allow({ Action: ['*'] })],
    [
      'PowerUserAccess',
      allow(
        { NotAction: ['iam:*', 'organizations:*', 'account:*'] },
        { Action: ['iam:ListRoles', 'organizations:DescribeOrganization'] },
      ),
    ],
    [
      'IAMFullAccess',
      allow({ Action: ['iam:*', ...organizationReads.filter((name) => !/Accounts|Units|Admin/.test(name))] }),
    ],
    ['IAMReadOnlyAccess', allow({ Action: iamReads })],
    ['AWSOrganizationsFullAccess', allow({ Action: ['organizations:*'] })],
    ['AWSOrganizationsReadOnlyAccess', allow({ Action: ['organizations:Describe*', 'organizations:List*'] })],
    [
      'AWSSSOMasterAccountAdministrator',
      allow({
        Action: ['sso:*', 'sso-directory:*', 'identitystore:*', 'iam:ListPolicies', ...organizationReads],
      }),
    ],
    [
      'AWSSSOReadOnly',
      allow({
        Action: [
          'sso:Describe*',
          'sso:Get*',
          'sso:List*',
          'sso:Search*',
          'iam:ListPolicies',
          ...organizationReads,
        ],
      }),
    ],
    ['AWSSSODirectoryAdministrator', allow({ Action: ['sso-directory:*', 'identitystore:*'] })],
    [
      'AWSSSODirectoryReadOnly',
      allow({ Action: ['sso-directory:*', 'identitystore:Describe*', 'identitystore:List*'] }),
    ],
  ].map(([name = '', text = '']) => [`arn:aws:iam::aws:policy/${name}`, text]),
)

/** The document of a managed policy, or undefined where its ARN is not known. */
export function findManagedPolicy(arn: string): PolicyText | undefined {
  return managed.get(arn)
}

/** ARNs of all managed policies that are known, sorted. */
export const managedPolicyArns: readonly string[] = [...managed.keys()].sort()
