import { DeleteUserCommand } from '@aws-sdk/client-identitystore'
import {
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import { assigned } from './assign.js'
import {
  absent,
  badAccount,
  badInstance,
  badPermissionSet,
  badPrincipal,
  collect,
  delegateKey,
  describeInputs,
  groups,
  memberKey,
  noneOf,
  noString,
  openWorld,
  otherInstance,
  paging,
  refusal,
  sets,
  strangerId,
} from './support.js'

const { instanceArn: InstanceArn, identityStoreId: IdentityStoreId } = demo
const sharedServices = '444444444444'

describe('ListAccountAssignments', () => {
  describeInputs({
    operation: 'ListAccountAssignments',
    good: { InstanceArn, AccountId: demo.production, PermissionSetArn: sets.readOnly },
    serialisation: [
      noString('InstanceArn'),
      noString('AccountId'),
      noString('PermissionSetArn'),
      ...paging.serialisation,
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      absent('AccountId'),
      badAccount('AccountId'),
      absent('PermissionSetArn'),
      badPermissionSet,
      ...paging.validation,
    ],
  })

  describe('function', () => {
    const list = (members: Partial<ConstructorParameters<typeof ListAccountAssignmentsCommand>[0]> = {}) =>
      new ListAccountAssignmentsCommand({
        InstanceArn,
        AccountId: sharedServices,
        PermissionSetArn: sets.readOnly,
        ...members,
      })

    test('lists users and groups, and nobody who holds it in another account', async () => {
      await using world = await openWorld()
      await assigned(world, { TargetId: sharedServices, PermissionSetArn: sets.readOnly })
      const pages = await collect((NextToken) =>
        world.clients.ssoAdmin.send(list({ NextToken, MaxResults: 1 })),
      )
      expect(pages.map((page) => page.AccountAssignments)).toEqual([
        [
          {
            AccountId: sharedServices,
            PermissionSetArn: sets.readOnly,
            PrincipalType: 'USER',
            PrincipalId: demo.devId,
          },
        ],
        [
          {
            AccountId: sharedServices,
            PermissionSetArn: sets.readOnly,
            PrincipalType: 'GROUP',
            PrincipalId: groups.finance,
          },
        ],
      ])
    })

    test('a pair that nobody holds is an empty list', async () => {
      await using world = await openWorld()
      const { AccountAssignments, NextToken } = await world.clients.ssoAdmin.send(
        list({ PermissionSetArn: sets.billing }),
      )
      expect({ AccountAssignments, NextToken }).toEqual({ AccountAssignments: [], NextToken: undefined })
    })

    test('what a deleted user leaves behind is still there, unless the setting drops it', async () => {
      for (const [staleAssignments, left] of [
        ['keep', 1],
        ['drop', 0],
      ] as const) {
        await using world = await openWorld({ settings: { staleAssignments } })
        await world.clients.identitystore.send(new DeleteUserCommand({ IdentityStoreId, UserId: demo.devId }))
        expect((await world.clients.ssoAdmin.send(list())).AccountAssignments).toHaveLength(left)
      }
    })

    test.each([
      [
        'account',
        { AccountId: '999999999999' },
        'The account 999999999999 of the organization was not found',
      ],
      [
        'permission set',
        { PermissionSetArn: sets.unknown },
        `The permission set ${sets.unknown} was not found`,
      ],
      ['instance', { InstanceArn: otherInstance }, `The instance ${otherInstance} was not found`],
    ])('an unknown %s is not found', async (_what, change, message) => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(list(change)))).toEqual({
        code: 'ResourceNotFoundException',
        message,
      })
    })

    test('a member account is refused, also about itself', async () => {
      await using world = await openWorld()
      const call = world.clientsOf(memberKey).ssoAdmin.send(list({ AccountId: demo.sandbox }))
      expect((await refusal(call)).code).toBe('AccessDeniedException')
    })

    test('reads may lag behind', async () => {
      await using world = await openWorld({ settings: { readLagMs: 2000 } })
      const { ssoAdmin } = world.clients
      await ssoAdmin.send(list())
      const { Status } = await assigned(world, { TargetId: sharedServices, PermissionSetArn: sets.readOnly })
      expect(Status).toBe('SUCCEEDED')
      expect((await ssoAdmin.send(list())).AccountAssignments).toHaveLength(1)
      await world.advance(2000)
      expect((await ssoAdmin.send(list())).AccountAssignments).toHaveLength(2)
    })
  })
})

describe('ListAccountAssignmentsForPrincipal', () => {
  describeInputs({
    operation: 'ListAccountAssignmentsForPrincipal',
    good: {
      InstanceArn,
      PrincipalId: demo.adaId,
      PrincipalType: 'USER',
      Filter: { AccountId: demo.management },
    },
    serialisation: [
      noString('InstanceArn'),
      noString('PrincipalId'),
      noString('PrincipalType'),
      [{ Filter: 'x' }, 'STRING_VALUE at Filter cannot be converted to a structure'],
      [{ Filter: { AccountId: 1 } }, 'NUMBER_VALUE at Filter.AccountId cannot be converted to a String'],
      ...paging.serialisation,
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      absent('PrincipalId'),
      badPrincipal,
      absent('PrincipalType'),
      noneOf('PrincipalType', 'USER, GROUP'),
      [
        { Filter: { AccountId: '12345678901x' } },
        "Value '12345678901x' at 'filter.accountId' failed to satisfy constraint: " +
          'Member must satisfy regular expression pattern: \\d{12}',
      ],
      ...paging.validation,
    ],
  })

  describe('function', () => {
    const list = (
      members: Partial<ConstructorParameters<typeof ListAccountAssignmentsForPrincipalCommand>[0]> = {},
    ) =>
      new ListAccountAssignmentsForPrincipalCommand({
        InstanceArn,
        PrincipalId: demo.devId,
        PrincipalType: 'USER',
        ...members,
      })
    const row = (AccountId: string, PermissionSetArn: string, group?: string) => ({
      AccountId,
      PermissionSetArn,
      PrincipalType: group === undefined ? 'USER' : 'GROUP',
      PrincipalId: group ?? demo.devId,
    })
    const ofDev = [
      row('666666666666', sets.powerUser, groups.developers),
      row('666666666666', sets.readOnly, groups.developers),
      row('777777777777', sets.powerUser, groups.developers),
      row('777777777777', sets.readOnly, groups.developers),
      row('555555555555', sets.readOnly, groups.developers),
      row(sharedServices, sets.readOnly),
    ]

    test("a user's list has what comes through groups, with the group in the row", async () => {
      await using world = await openWorld()
      const pages = await collect((NextToken) =>
        world.clients.ssoAdmin.send(list({ NextToken, MaxResults: 4 })),
      )
      expect(pages.map((page) => page.AccountAssignments?.length)).toEqual([4, 2])
      expect(pages.flatMap((page) => page.AccountAssignments)).toEqual(ofDev)
    })

    test('pages over a user and several groups come in one order, without repetition', async () => {
      await using world = await openWorld({ settings: { shortPages: 0.7 } })
      const rows = async (MaxResults: number) => {
        const pages = await collect((NextToken) =>
          world.clients.ssoAdmin.send(
            list({
              PrincipalId: '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c05',
              NextToken,
              MaxResults,
            }),
          ),
        )
        return pages.flatMap((page) => page.AccountAssignments ?? [])
      }
      const all = await rows(100)
      expect(all).toHaveLength(14)
      expect(await rows(3)).toEqual(all)
    })

    test("a group's list has its own only", async () => {
      await using world = await openWorld()
      const { AccountAssignments } = await world.clients.ssoAdmin.send(
        list({ PrincipalType: 'GROUP', PrincipalId: groups.developers }),
      )
      expect(AccountAssignments).toEqual(ofDev.slice(0, 5))
    })

    test('the filter keeps one account', async () => {
      await using world = await openWorld()
      const { AccountAssignments } = await world.clients.ssoAdmin.send(
        list({ Filter: { AccountId: demo.sandbox } }),
      )
      expect(AccountAssignments).toEqual(ofDev.slice(2, 4))
    })

    test('what a deleted user held directly can be listed, and nothing through groups', async () => {
      await using world = await openWorld()
      await world.clients.identitystore.send(new DeleteUserCommand({ IdentityStoreId, UserId: demo.devId }))
      expect((await world.clients.ssoAdmin.send(list())).AccountAssignments).toEqual(ofDev.slice(5))
    })

    test.each([
      ['USER', strangerId],
      ['GROUP', demo.devId],
      ['USER', groups.developers],
    ] as const)('no %s has the id %s', async (PrincipalType, PrincipalId) => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(list({ PrincipalType, PrincipalId })))).toEqual({
        code: 'ResourceNotFoundException',
        message: `The ${PrincipalType} ${PrincipalId} was not found`,
      })
    })

    test.each([
      ['delegated administrator', delegateKey],
      ['member account', memberKey],
    ])('the %s is refused', async (_who, key) => {
      await using world = await openWorld()
      expect(await refusal(world.clientsOf(key).ssoAdmin.send(list()))).toEqual({
        code: 'AccessDeniedException',
        message: 'ListAccountAssignmentsForPrincipal can be called from the management account only',
      })
    })
  })
})
