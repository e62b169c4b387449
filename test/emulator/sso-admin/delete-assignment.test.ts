import { DeleteUserCommand } from '@aws-sdk/client-identitystore'
import { describe, expect, test } from 'vitest'
import { demo, type AwsWorld } from '../aws-world.js'
import {
  assigned,
  assignmentInput,
  holders,
  provisionedIn,
  statusOf,
  unassign,
  unassigned,
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
  noneOf,
  noString,
  openWorld,
  refusal,
  sets,
} from './support.js'

/** Of the user dev, directly. */
const direct = {
  TargetId: '444444444444',
  PermissionSetArn: sets.readOnly,
  PrincipalType: 'USER',
  PrincipalId: demo.devId,
} as const
/** Of the group developers; the only one of its kind in the account. */
const last = {
  TargetId: demo.production,
  PermissionSetArn: sets.readOnly,
  PrincipalId: groups.developers,
}

async function suffixOf(world: AwsWorld, accountId: string, permissionSetArn: string): Promise<unknown> {
  const { provisionedSets } = (await world.control('GET', 'state')) as {
    readonly provisionedSets: readonly Readonly<Record<string, unknown>>[]
  }
  return provisionedSets.find(
    (row) => row.accountId === accountId && row.permissionSetArn === permissionSetArn,
  )?.roleSuffix
}

describe('DeleteAccountAssignment', () => {
  describeInputs({
    operation: 'DeleteAccountAssignment',
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
    test('is under way at first, then has removed the assignment', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const { AccountAssignmentDeletionStatus: begun } = await ssoAdmin.send(unassign(direct))
      expect(begun).toStrictEqual({
        Status: 'IN_PROGRESS',
        RequestId: begun?.RequestId,
        TargetType: 'AWS_ACCOUNT',
        ...direct,
        CreatedDate: new Date(world.clock.now()),
      })
      expect(await holders(ssoAdmin, direct.TargetId, sets.readOnly)).toEqual([demo.devId])
      await world.advance(500)
      expect(await statusOf(ssoAdmin, 'delete', begun?.RequestId)).toEqual({ ...begun, Status: 'SUCCEEDED' })
      expect(await holders(ssoAdmin, direct.TargetId, sets.readOnly)).toEqual([])
    })

    test('the role goes with the last assignment, and comes back under another name', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const first = await suffixOf(world, demo.production, sets.readOnly)
      await assigned(world, { ...last, PrincipalId: groups.finance })
      await unassigned(world, last)
      expect(await suffixOf(world, demo.production, sets.readOnly)).toBe(first)
      await unassigned(world, { ...last, PrincipalId: groups.finance })
      expect(await provisionedIn(ssoAdmin, demo.production)).not.toContain(sets.readOnly)
      const seen = [first]
      for (const _time of [1, 2]) {
        await assigned(world, last)
        seen.push(await suffixOf(world, demo.production, sets.readOnly))
        await unassigned(world, last)
      }
      expect(seen).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{16}$/)))
      expect(new Set(seen).size).toBe(3)
    })

    test('an assignment that does not exist is not found', async () => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(unassign()))).toEqual({
        code: 'ResourceNotFoundException',
        message: 'The account assignment was not found',
      })
    })

    test('an assignment that does not exist is removed where the setting says so', async () => {
      await using world = await openWorld({ settings: { absentAssignment: 'succeed' } })
      expect((await unassigned(world)).Status).toBe('SUCCEEDED')
    })

    test('fails where the user was deleted before, and leaves the assignment', async () => {
      await using world = await openWorld()
      await world.clients.identitystore.send(
        new DeleteUserCommand({ IdentityStoreId: demo.identityStoreId, UserId: demo.devId }),
      )
      expect(await unassigned(world, direct)).toMatchObject({
        Status: 'FAILED',
        FailureReason: `Received a 404 status error: the USER assignee ${demo.devId} was not found in directory ${demo.identityStoreId}`,
      })
      expect(await holders(world.clients.ssoAdmin, direct.TargetId, sets.readOnly)).toEqual([demo.devId])
    })

    test('two requests about one assignment conflict while the first is under way', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      await ssoAdmin.send(unassign(direct))
      expect(await refusal(ssoAdmin.send(unassign(direct)))).toEqual({
        code: 'ConflictException',
        message: 'There is a conflicting operation in process on this account assignment',
      })
      await ssoAdmin.send(unassign(last))
    })

    test.each([
      ['account', { TargetId: '999999999999' }, 'The account 999999999999 of the organization was not found'],
      [
        'permission set',
        { PermissionSetArn: sets.unknown },
        `The permission set ${sets.unknown} was not found`,
      ],
    ])('an unknown %s is refused at once', async (_what, change, message) => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(unassign(change)))).toEqual({
        code: 'ResourceNotFoundException',
        message,
      })
    })

    test('the delegated administrator takes nothing away in the management account', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(delegateKey)
      const administrators = { PermissionSetArn: sets.administrator, PrincipalId: groups.admins }
      expect(
        await refusal(ssoAdmin.send(unassign({ ...administrators, TargetId: demo.management }))),
      ).toEqual({
        code: 'AccessDeniedException',
        message: 'The delegated administrator cannot manage assignments of the management account',
      })
      expect((await unassigned(world, administrators, ssoAdmin)).Status).toBe('SUCCEEDED')
    })
  })
})
