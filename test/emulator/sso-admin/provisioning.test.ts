import {
  CreatePermissionSetCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  UpdatePermissionSetCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo, type AwsWorld } from '../aws-world.js'
import { assigned } from './assign.js'
import { begin, provision, statusOf } from './provision.js'
import {
  absent,
  badAccount,
  badInstance,
  badPermissionSet,
  delegateKey,
  describeInputs,
  limitedKey,
  memberKey,
  noneOf,
  noString,
  openWorld,
  organisationOf,
  otherInstance,
  refusal,
  sets,
} from './support.js'

const { instanceArn: InstanceArn } = demo
const readers = ['666666666666', '777777777777', '555555555555', '444444444444']

async function change(client: SSOAdminClient, PermissionSetArn: string, hours: number): Promise<void> {
  await client.send(
    new UpdatePermissionSetCommand({ InstanceArn, PermissionSetArn, SessionDuration: `PT${hours}H` }),
  )
}

async function outdated(client: SSOAdminClient, PermissionSetArn: string): Promise<readonly string[]> {
  const { AccountIds } = await client.send(
    new ListAccountsForProvisionedPermissionSetCommand({
      InstanceArn,
      PermissionSetArn,
      ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
    }),
  )
  return AccountIds ?? []
}

async function suffixes(world: AwsWorld): Promise<readonly unknown[]> {
  const { provisionedSets } = (await world.control('GET', 'state')) as {
    readonly provisionedSets: readonly { readonly roleSuffix: string }[]
  }
  return provisionedSets.map(({ roleSuffix }) => roleSuffix)
}

describe('ProvisionPermissionSet', () => {
  const one = { TargetType: 'AWS_ACCOUNT', TargetId: demo.production } as const
  describeInputs({
    operation: 'ProvisionPermissionSet',
    good: { InstanceArn, PermissionSetArn: sets.readOnly, ...one },
    serialisation: [
      noString('InstanceArn'),
      noString('PermissionSetArn'),
      noString('TargetType'),
      noString('TargetId'),
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      absent('PermissionSetArn'),
      badPermissionSet,
      absent('TargetType'),
      noneOf('TargetType', 'AWS_ACCOUNT, ALL_PROVISIONED_ACCOUNTS'),
      badAccount('TargetId'),
    ],
  })

  describe('function', () => {
    test('brings all accounts up to date, at its end; roles keep their names', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const names = await suffixes(world)
      await change(ssoAdmin, sets.readOnly, 2)
      expect(await outdated(ssoAdmin, sets.readOnly)).toEqual(readers)
      const { PermissionSetProvisioningStatus: begun } = await ssoAdmin.send(provision())
      expect(begun).toStrictEqual({
        Status: 'IN_PROGRESS',
        RequestId: begun?.RequestId,
        PermissionSetArn: sets.readOnly,
        CreatedDate: new Date(world.clock.now()),
      })
      await world.advance(499)
      expect(await outdated(ssoAdmin, sets.readOnly)).toEqual(readers)
      await world.advance(1)
      expect(await statusOf(ssoAdmin, begun?.RequestId)).toEqual({ ...begun, Status: 'SUCCEEDED' })
      expect(await outdated(ssoAdmin, sets.readOnly)).toEqual([])
      expect(await suffixes(world)).toEqual(names)
    })

    test('brings one account up to date', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      await change(ssoAdmin, sets.readOnly, 2)
      const id = await begin(ssoAdmin, one)
      await world.advance(500)
      expect(await statusOf(ssoAdmin, id)).toMatchObject({ Status: 'SUCCEEDED', AccountId: demo.production })
      expect(await outdated(ssoAdmin, sets.readOnly)).toEqual(readers.filter((id) => id !== demo.production))
    })

    test('a change that comes while it is under way needs another', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      await change(ssoAdmin, sets.readOnly, 2)
      await begin(ssoAdmin)
      await change(ssoAdmin, sets.readOnly, 3)
      await world.advance(500)
      expect(await outdated(ssoAdmin, sets.readOnly)).toEqual(readers)
      await begin(ssoAdmin)
      await world.advance(500)
      expect(await outdated(ssoAdmin, sets.readOnly)).toEqual([])
    })

    test('a newer version that an assignment brings meanwhile stays', async () => {
      await using world = await openWorld({ settings: { provisioningMs: 1000 } })
      const { ssoAdmin } = world.clients
      await change(ssoAdmin, sets.readOnly, 2)
      await begin(ssoAdmin)
      await change(ssoAdmin, sets.readOnly, 3)
      await assigned(world, { PermissionSetArn: sets.readOnly, TargetId: demo.sandbox })
      await world.advance(500)
      expect(await outdated(ssoAdmin, sets.readOnly)).toEqual(readers.filter((id) => id !== demo.sandbox))
    })

    test('an account that does not have the permission set is not given it', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      expect(await refusal(ssoAdmin.send(provision({ ...one, TargetId: demo.management })))).toEqual({
        code: 'ResourceNotFoundException',
        message: `The permission set ${sets.readOnly} in the account ${demo.management} was not found`,
      })
    })

    test.each([
      ['one account', { TargetType: 'AWS_ACCOUNT' }],
      ['all accounts', { TargetType: 'ALL_PROVISIONED_ACCOUNTS', TargetId: demo.production }],
    ] as const)('for %s the target id must fit', async (_what, members) => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(provision(members)))).toEqual({
        code: 'ValidationException',
        message: 'TargetId is needed for the target type AWS_ACCOUNT, and for no other',
      })
    })

    test.each([
      [
        'account',
        { ...one, TargetId: '999999999999' },
        'The account 999999999999 of the organization was not found',
      ],
      [
        'permission set',
        { PermissionSetArn: sets.unknown },
        `The permission set ${sets.unknown} was not found`,
      ],
      ['instance', { InstanceArn: otherInstance }, `The instance ${otherInstance} was not found`],
    ])('an unknown %s is not found', async (_what, members, message) => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(provision(members)))).toEqual({
        code: 'ResourceNotFoundException',
        message,
      })
    })

    test('a permission set is provisioned by one request at a time, and three of them at a time', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      await begin(ssoAdmin)
      expect(await refusal(begin(ssoAdmin, one))).toEqual({
        code: 'ConflictException',
        message: 'There is a conflicting operation in process on this permission set',
      })
      await begin(ssoAdmin, { PermissionSetArn: sets.powerUser })
      await begin(ssoAdmin, { PermissionSetArn: sets.audit })
      expect(await refusal(begin(ssoAdmin, { PermissionSetArn: sets.billing }))).toEqual({
        code: 'ConflictException',
        message: '3 permission sets are being provisioned already',
      })
      await world.advance(500)
      await begin(ssoAdmin, { PermissionSetArn: sets.billing })
    })

    test('one that no account has succeeds', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const made = await ssoAdmin.send(new CreatePermissionSetCommand({ InstanceArn, Name: 'Operators' }))
      const id = await begin(ssoAdmin, { PermissionSetArn: made.PermissionSet?.PermissionSetArn })
      await world.advance(500)
      expect((await statusOf(ssoAdmin, id))?.Status).toBe('SUCCEEDED')
    })

    test('in the management account it needs the rights of the caller', async () => {
      await using world = await openWorld({
        organisation: organisationOf({ actions: ['sso:*', 'iam:Get*', 'iam:List*'] }),
      })
      const { ssoAdmin } = world.clientsOf(limitedKey)
      await change(ssoAdmin, sets.audit, 2)
      const id = await begin(ssoAdmin, { PermissionSetArn: sets.audit })
      await world.advance(500)
      const status = await statusOf(ssoAdmin, id)
      expect(status?.Status).toBe('FAILED')
      expect(status?.FailureReason).toContain(
        'Received a 403 status error: Access denied by IAM. User: arn:aws:iam::111111111111:user/limited ' +
          'is not authorized to perform: iam:AttachRolePolicy on resource: ' +
          'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_SecurityAudit_',
      )
      expect(await outdated(ssoAdmin, sets.audit)).toEqual([demo.management])
    })

    test('the delegated administrator provisions only what the management account does not have', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(delegateKey)
      for (const members of [{}, one]) {
        expect(await refusal(begin(ssoAdmin, { PermissionSetArn: sets.audit, ...members }))).toEqual({
          code: 'AccessDeniedException',
          message:
            'The delegated administrator cannot manage a permission set that is provisioned in the management account',
        })
      }
      await begin(ssoAdmin)
      expect((await refusal(begin(world.clientsOf(memberKey).ssoAdmin))).code).toBe('AccessDeniedException')
    })
  })
})
