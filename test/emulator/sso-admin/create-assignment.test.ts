import { DeleteUserCommand } from '@aws-sdk/client-identitystore'
import { describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import {
  assign,
  assigned,
  assignmentInput,
  ending,
  holders,
  provisionedIn,
  statusOf,
  unassign,
} from './assign.js'
import {
  absent,
  badAccount,
  badInstance,
  badPermissionSet,
  badPrincipal,
  delegateKey,
  describeInputs,
  groups,
  memberKey,
  noneOf,
  noString,
  openWorld,
  otherInstance,
  refusal,
  sets,
  strangerId,
} from './support.js'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe('CreateAccountAssignment', () => {
  describeInputs({
    operation: 'CreateAccountAssignment',
    good: { ...assignmentInput() },
    serialisation: Object.keys(assignmentInput()).map((member) => noString(member)),
    validation: [
      ...Object.keys(assignmentInput()).map((member) => absent(member)),
      badInstance,
      badAccount('TargetId'),
      noneOf('TargetType', 'AWS_ACCOUNT'),
      badPermissionSet,
      noneOf('PrincipalType', 'USER, GROUP'),
      badPrincipal,
    ],
  })

  describe('function', () => {
    test('is under way at first, then has made the assignment and the role', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const { AccountAssignmentCreationStatus: begun } = await ssoAdmin.send(assign())
      expect(begun).toStrictEqual({
        Status: 'IN_PROGRESS',
        RequestId: expect.stringMatching(uuid) as string,
        TargetId: demo.sandbox,
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: sets.billing,
        PrincipalType: 'GROUP',
        PrincipalId: groups.finance,
        CreatedDate: new Date(world.clock.now()),
      })
      await world.advance(499)
      expect(await statusOf(ssoAdmin, 'create', begun?.RequestId)).toEqual(begun)
      expect(await holders(ssoAdmin, demo.sandbox, sets.billing)).toEqual([])
      expect(await provisionedIn(ssoAdmin, demo.sandbox)).not.toContain(sets.billing)
      await world.advance(1)
      expect(await statusOf(ssoAdmin, 'create', begun?.RequestId)).toEqual({ ...begun, Status: 'SUCCEEDED' })
      expect(await holders(ssoAdmin, demo.sandbox, sets.billing)).toEqual([groups.finance])
      expect(await provisionedIn(ssoAdmin, demo.sandbox)).toContain(sets.billing)
    })

    test('without a delay the answer is IN_PROGRESS all the same', async () => {
      await using world = await openWorld({ settings: { assignmentMs: 0 } })
      const { ssoAdmin } = world.clients
      const { AccountAssignmentCreationStatus: begun } = await ssoAdmin.send(assign())
      expect(begun?.Status).toBe('IN_PROGRESS')
      expect((await statusOf(ssoAdmin, 'create', begun?.RequestId)).Status).toBe('SUCCEEDED')
    })

    test.each([
      ['USER', strangerId],
      ['GROUP', demo.devId],
      ['USER', groups.finance],
    ] as const)('fails in the end where no %s has the id %s', async (PrincipalType, PrincipalId) => {
      await using world = await openWorld()
      expect(await assigned(world, { PrincipalType, PrincipalId })).toMatchObject({
        Status: 'FAILED',
        FailureReason: `Received a 404 status error: the ${PrincipalType} assignee ${PrincipalId} was not found in directory ${demo.identityStoreId}`,
      })
      expect(await provisionedIn(world.clients.ssoAdmin, demo.sandbox)).not.toContain(sets.billing)
    })

    test('fails where the user is deleted meanwhile', async () => {
      await using world = await openWorld()
      const { ssoAdmin, identitystore } = world.clients
      const change = { PrincipalType: 'USER', PrincipalId: demo.devId } as const
      const { AccountAssignmentCreationStatus: begun } = await ssoAdmin.send(assign(change))
      await identitystore.send(
        new DeleteUserCommand({ IdentityStoreId: demo.identityStoreId, UserId: demo.devId }),
      )
      expect(await ending(world, 'create', begun?.RequestId)).toMatchObject({
        Status: 'FAILED',
        FailureReason: `Received a 404 status error: the USER assignee ${demo.devId} was not found in directory ${demo.identityStoreId}`,
      })
      expect(await holders(ssoAdmin, demo.sandbox, sets.billing)).toEqual([])
    })

    test('two requests about one assignment conflict while the first is under way', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      await ssoAdmin.send(assign())
      const conflict = {
        code: 'ConflictException',
        message: 'There is a conflicting operation in process on this account assignment',
      }
      expect(await refusal(ssoAdmin.send(assign()))).toEqual(conflict)
      expect(await refusal(ssoAdmin.send(unassign()))).toEqual(conflict)
      await ssoAdmin.send(assign({ TargetId: demo.production }))
      await world.advance(500)
      await ssoAdmin.send(unassign())
    })

    test('an assignment that exists is made again with success, and stays one', async () => {
      await using world = await openWorld()
      await assigned(world)
      expect((await assigned(world)).Status).toBe('SUCCEEDED')
      expect(await holders(world.clients.ssoAdmin, demo.sandbox, sets.billing)).toEqual([groups.finance])
    })

    test('an assignment that exists is a conflict where the setting says so', async () => {
      await using world = await openWorld({ settings: { duplicateAssignment: 'conflict' } })
      await assigned(world)
      expect(await refusal(world.clients.ssoAdmin.send(assign()))).toEqual({
        code: 'ConflictException',
        message: 'The account assignment exists already',
      })
    })

    test.each([
      ['account', { TargetId: '999999999999' }, 'The account 999999999999 of the organization was not found'],
      [
        'permission set',
        { PermissionSetArn: sets.unknown },
        `The permission set ${sets.unknown} was not found`,
      ],
      ['instance', { InstanceArn: otherInstance }, `The instance ${otherInstance} was not found`],
    ])('an unknown %s is refused at once', async (_what, change, message) => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(assign(change)))).toEqual({
        code: 'ResourceNotFoundException',
        message,
      })
    })

    test('a member account is refused, also about itself', async () => {
      await using world = await openWorld()
      expect((await refusal(world.clientsOf(memberKey).ssoAdmin.send(assign()))).code).toBe(
        'AccessDeniedException',
      )
    })

    test('the delegated administrator assigns outside the management account only', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(delegateKey)
      const change = { PermissionSetArn: sets.readOnly }
      expect((await assigned(world, change, ssoAdmin)).Status).toBe('SUCCEEDED')
      expect(await refusal(ssoAdmin.send(assign({ ...change, TargetId: demo.management })))).toEqual({
        code: 'AccessDeniedException',
        message: 'The delegated administrator cannot manage assignments of the management account',
      })
      expect(await refusal(ssoAdmin.send(assign()))).toEqual({
        code: 'AccessDeniedException',
        message:
          'The delegated administrator cannot manage a permission set that is provisioned in the management account',
      })
    })
  })
})
