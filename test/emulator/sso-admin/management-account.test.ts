import { UpdatePermissionSetCommand } from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import { assign, assigned, holders, provisionedIn, unassigned, type AssignmentChange } from './assign.js'
import { limitedKey, openWorld, organisationOf, refusal, sets } from './support.js'

/** What the guide lets its role do in IAM. */
const guide = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:GetRole',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:GetSAMLProvider',
]
const reading = ['iam:GetSAMLProvider', 'iam:GetRole', 'iam:ListRolePolicies', 'iam:ListAttachedRolePolicies']

/** ReadOnlyAccess is not provisioned in the management account. */
const first = { TargetId: demo.management, PermissionSetArn: sets.readOnly }
/** Billing is. */
const further = { TargetId: demo.management, PermissionSetArn: sets.billing }
/** The only assignment of Billing. */
const last = { ...further, PrincipalType: 'USER', PrincipalId: demo.adaId } as const

const provider = /^arn:aws:iam::111111111111:saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/
const roleOf = (name: string): RegExp =>
  new RegExp(
    `^arn:aws:iam::111111111111:role/aws-reserved/sso\\.amazonaws\\.com/eu-central-1/AWSReservedSSO_${name}_[0-9a-f]{16}$`,
  )

type Case = readonly [verb: 'create' | 'delete', change: AssignmentChange, allowed: readonly string[]]

async function carryOut(
  [verb, change, allowed]: Case,
  contents = organisationOf({ actions: ['sso:*', ...allowed] }),
) {
  const world = await openWorld({ organisation: contents })
  const { ssoAdmin } = world.clientsOf(limitedKey)
  const status = await (verb === 'create' ? assigned : unassigned)(world, change, ssoAdmin)
  return { world, status }
}

/** Action and resource of a refusal by IAM in AWS's words. */
function missingRight(reason: string | undefined): readonly (string | undefined)[] {
  const words =
    /^Received a 403 status error: Access denied by IAM\. User: arn:aws:iam::111111111111:user\/limited is not authorized to perform: (\S+) on resource: (\S+) because no identity-based policy allows the \1 action$/
  return words.exec(reason ?? '')?.slice(1) ?? [reason]
}

describe('assignments in the management account', () => {
  test.each<readonly [what: string, ...Case, action: string, resource: RegExp]>([
    ['a first assignment', 'create', first, [], 'iam:GetSAMLProvider', provider],
    [
      'a first assignment',
      'create',
      first,
      ['iam:GetSAMLProvider'],
      'iam:CreateRole',
      roleOf('ReadOnlyAccess'),
    ],
    [
      'a first assignment',
      'create',
      first,
      ['iam:GetSAMLProvider', 'iam:CreateRole'],
      'iam:AttachRolePolicy',
      roleOf('ReadOnlyAccess'),
    ],
    ['a further assignment', 'create', further, ['iam:GetSAMLProvider'], 'iam:GetRole', roleOf('Billing')],
    [
      'a further assignment',
      'create',
      further,
      reading.slice(0, 2),
      'iam:ListRolePolicies',
      roleOf('Billing'),
    ],
    ['the last deletion', 'delete', last, [], 'iam:GetSAMLProvider', provider],
    ['the last deletion', 'delete', last, guide, 'iam:DetachRolePolicy', roleOf('Billing')],
    [
      'the last deletion',
      'delete',
      last,
      [...guide, 'iam:DetachRolePolicy'],
      'iam:DeleteRole',
      roleOf('Billing'),
    ],
  ])('%s (%s) of %j with %j fails for want of %s', async (_what, verb, change, allowed, action, resource) => {
    const { world, status } = await carryOut([verb, change, allowed])
    await using _ = world
    expect(status.Status).toBe('FAILED')
    expect(missingRight(status.FailureReason)).toEqual([action, expect.stringMatching(resource)])
    expect(await holders(world.clients.ssoAdmin, demo.management, sets.billing)).toEqual([demo.adaId])
    expect(await provisionedIn(world.clients.ssoAdmin, demo.management)).toEqual([
      sets.administrator,
      sets.audit,
      sets.billing,
    ])
  })

  test.each<readonly [what: string, ...Case]>([
    ['a first assignment', 'create', first, guide],
    ['a further assignment', 'create', further, reading],
    ['the last deletion', 'delete', last, [...guide, 'iam:DetachRolePolicy', 'iam:DeleteRole']],
  ])('%s succeeds with the rights that it needs', async (_what, ...request) => {
    const { world, status } = await carryOut(request)
    await using _ = world
    expect(status.Status).toBe('SUCCEEDED')
  })

  test('a deletion that leaves the role needs no right to delete it', async () => {
    const { world } = await carryOut(['create', further, guide])
    await using _ = world
    const { ssoAdmin } = world.clientsOf(limitedKey)
    expect((await unassigned(world, further, ssoAdmin)).Status).toBe('SUCCEEDED')
  })

  test('an assignment that brings a newer version needs the right to attach policies', async () => {
    await using world = await openWorld({ organisation: organisationOf({ actions: ['sso:*', ...reading] }) })
    const { ssoAdmin } = world.clientsOf(limitedKey)
    await ssoAdmin.send(
      new UpdatePermissionSetCommand({
        InstanceArn: demo.instanceArn,
        PermissionSetArn: sets.billing,
        SessionDuration: 'PT9H',
      }),
    )
    const { FailureReason } = await assigned(world, further, ssoAdmin)
    expect(missingRight(FailureReason)[0]).toBe('iam:AttachRolePolicy')
  })

  test('where the account has no SAML provider yet, it must be allowed to make one', async () => {
    const without = (actions: readonly string[]) => {
      const organisation = organisationOf({ actions: ['sso:*', ...actions] })
      const contents = { ...organisation.contents, samlProviders: [] }
      return { ...organisation, contents }
    }
    const { world, status } = await carryOut(['create', first, []], without(guide))
    await using _ = world
    expect(missingRight(status.FailureReason)[0]).toBe('iam:CreateSAMLProvider')
    const allowed = await carryOut(['create', first, []], without([...guide, 'iam:CreateSAMLProvider']))
    await using second = allowed.world
    expect(allowed.status.Status).toBe('SUCCEEDED')
    expect(await second.control('GET', 'state')).toHaveProperty(
      'samlProviders.0.name',
      expect.stringMatching(/^AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/),
    )
  })

  test('in a member account no right in IAM is needed', async () => {
    const { world, status } = await carryOut(['create', { TargetId: demo.production }, []])
    await using _ = world
    expect(status.Status).toBe('SUCCEEDED')
  })
})

describe('authorisation looks at instance, account and permission set', () => {
  const account = 'arn:aws:sso:::account/777777777777'
  test.each([
    ['all three', [demo.instanceArn, account, sets.billing], true],
    ['no instance', [account, sets.billing], false],
    ['another account', [demo.instanceArn, 'arn:aws:sso:::account/555555555555', sets.billing], false],
    ['another permission set', [demo.instanceArn, account, sets.audit], false],
  ])('%s', async (_what, resources, allowed) => {
    const actions = ['sso:CreateAccountAssignment']
    await using world = await openWorld({ organisation: organisationOf({ actions, resources }) })
    const call = world.clientsOf(limitedKey).ssoAdmin.send(assign())
    if (allowed) await call
    else expect((await refusal(call)).code).toBe('AccessDeniedException')
  })
})
