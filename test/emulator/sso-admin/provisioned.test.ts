import {
  ListAccountsForProvisionedPermissionSetCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  UpdatePermissionSetCommand,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo, type AwsWorld } from '../aws-world.js'
import { assigned } from './assign.js'
import {
  absent,
  badAccount,
  badInstance,
  badPermissionSet,
  collect,
  describeInputs,
  memberKey,
  noneOf,
  noString,
  openWorld,
  otherInstance,
  paging,
  refusal,
  sets,
} from './support.js'

const { instanceArn: InstanceArn } = demo
const statuses = 'LATEST_PERMISSION_SET_PROVISIONED, LATEST_PERMISSION_SET_NOT_PROVISIONED'
const latest = 'LATEST_PERMISSION_SET_PROVISIONED'
const outdated = 'LATEST_PERMISSION_SET_NOT_PROVISIONED'

/** ReadOnlyAccess gets a new version, which only the accounts with a later assignment have. */
async function makeOutdated(world: AwsWorld): Promise<void> {
  const { ssoAdmin } = world.clients
  await ssoAdmin.send(
    new UpdatePermissionSetCommand({
      InstanceArn,
      PermissionSetArn: sets.readOnly,
      SessionDuration: 'PT3H',
    }),
  )
  await assigned(world, { PermissionSetArn: sets.readOnly, TargetId: demo.sandbox })
}

describe('ListPermissionSetsProvisionedToAccount', () => {
  describeInputs({
    operation: 'ListPermissionSetsProvisionedToAccount',
    good: { InstanceArn, AccountId: demo.production, ProvisioningStatus: latest },
    serialisation: [
      noString('InstanceArn'),
      noString('AccountId'),
      noString('ProvisioningStatus'),
      ...paging.serialisation,
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      absent('AccountId'),
      badAccount('AccountId'),
      noneOf('ProvisioningStatus', statuses),
      ...paging.validation,
    ],
  })

  describe('function', () => {
    const list = (
      members: Partial<ConstructorParameters<typeof ListPermissionSetsProvisionedToAccountCommand>[0]>,
    ) =>
      new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn, AccountId: demo.sandbox, ...members })

    test('lists what an account has, page by page', async () => {
      await using world = await openWorld()
      const pages = await collect((NextToken) =>
        world.clients.ssoAdmin.send(list({ NextToken, MaxResults: 3 })),
      )
      expect(pages.map((page) => page.PermissionSets)).toEqual([
        [sets.administrator, sets.powerUser, sets.readOnly],
        [sets.audit],
      ])
    })

    test('tells what is up to date from what is not', async () => {
      await using world = await openWorld()
      await makeOutdated(world)
      const of = async (AccountId: string, ProvisioningStatus: typeof latest | typeof outdated) =>
        (await world.clients.ssoAdmin.send(list({ AccountId, ProvisioningStatus }))).PermissionSets
      expect(await of(demo.production, outdated)).toEqual([sets.readOnly])
      expect(await of(demo.production, latest)).toEqual([sets.administrator, sets.audit])
      expect(await of(demo.sandbox, outdated)).toEqual([])
    })

    test('what does not exist is not found, and a member account is refused', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      expect(await refusal(ssoAdmin.send(list({ AccountId: '999999999999' })))).toEqual({
        code: 'ResourceNotFoundException',
        message: 'The account 999999999999 of the organization was not found',
      })
      expect((await refusal(ssoAdmin.send(list({ InstanceArn: otherInstance })))).code).toBe(
        'ResourceNotFoundException',
      )
      expect((await refusal(world.clientsOf(memberKey).ssoAdmin.send(list({})))).code).toBe(
        'AccessDeniedException',
      )
    })

    test('a token is good for its own list only', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const { NextToken } = await ssoAdmin.send(list({ MaxResults: 1 }))
      expect((await ssoAdmin.send(list({ NextToken }))).PermissionSets).toHaveLength(3)
      for (const change of [{ AccountId: demo.production }, { ProvisioningStatus: latest } as const]) {
        expect(await refusal(ssoAdmin.send(list({ NextToken, ...change })))).toEqual({
          code: 'ValidationException',
          message: 'NextToken is not valid',
        })
      }
    })
  })
})

describe('ListAccountsForProvisionedPermissionSet', () => {
  describeInputs({
    operation: 'ListAccountsForProvisionedPermissionSet',
    good: { InstanceArn, PermissionSetArn: sets.readOnly, ProvisioningStatus: outdated },
    serialisation: [
      noString('InstanceArn'),
      noString('PermissionSetArn'),
      noString('ProvisioningStatus'),
      ...paging.serialisation,
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      absent('PermissionSetArn'),
      badPermissionSet,
      noneOf('ProvisioningStatus', statuses),
      ...paging.validation,
    ],
  })

  describe('function', () => {
    const list = (
      members: Partial<ConstructorParameters<typeof ListAccountsForProvisionedPermissionSetCommand>[0]>,
    ) =>
      new ListAccountsForProvisionedPermissionSetCommand({
        InstanceArn,
        PermissionSetArn: sets.readOnly,
        ...members,
      })

    test('lists the accounts, page by page', async () => {
      await using world = await openWorld()
      const pages = await collect((NextToken) =>
        world.clients.ssoAdmin.send(list({ NextToken, MaxResults: 3 })),
      )
      expect(pages.map((page) => page.AccountIds)).toEqual([
        ['666666666666', '777777777777', '555555555555'],
        ['444444444444'],
      ])
    })

    test('tells what is up to date from what is not', async () => {
      await using world = await openWorld()
      await makeOutdated(world)
      const of = async (ProvisioningStatus: typeof latest | typeof outdated) =>
        (await world.clients.ssoAdmin.send(list({ ProvisioningStatus }))).AccountIds
      expect(await of(latest)).toEqual([demo.sandbox])
      expect(await of(outdated)).toEqual(['666666666666', '555555555555', '444444444444'])
    })

    test('an unknown permission set is not found, and a member account is refused', async () => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(list({ PermissionSetArn: sets.unknown })))).toEqual({
        code: 'ResourceNotFoundException',
        message: `The permission set ${sets.unknown} was not found`,
      })
      expect((await refusal(world.clientsOf(memberKey).ssoAdmin.send(list({})))).code).toBe(
        'AccessDeniedException',
      )
    })
  })
})
