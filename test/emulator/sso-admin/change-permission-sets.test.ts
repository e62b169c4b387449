import {
  CreatePermissionSetCommand,
  DeletePermissionSetCommand,
  DescribePermissionSetCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  UpdatePermissionSetCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import { assign } from './assign.js'
import {
  absent,
  badInstance,
  badPermissionSet,
  delegateKey,
  describeInputs,
  groups,
  noString,
  openWorld,
  refusal,
  sets,
  unmatched,
} from './support.js'

const { instanceArn: InstanceArn } = demo
const notForDelegate = {
  code: 'AccessDeniedException',
  message:
    'The delegated administrator cannot manage a permission set that is provisioned in the management account',
}
const notFound = {
  code: 'ResourceNotFoundException',
  message: `The permission set ${sets.unknown} was not found`,
}

async function describeSet(client: SSOAdminClient, PermissionSetArn: string) {
  return (await client.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn })))
    .PermissionSet
}

async function create(client: SSOAdminClient, Name: string): Promise<string> {
  const { PermissionSet } = await client.send(new CreatePermissionSetCommand({ InstanceArn, Name }))
  return PermissionSet?.PermissionSetArn ?? ''
}

describe('UpdatePermissionSet', () => {
  describeInputs({
    operation: 'UpdatePermissionSet',
    good: { InstanceArn, PermissionSetArn: sets.readOnly, Description: 'Reads' },
    serialisation: [
      noString('InstanceArn'),
      noString('PermissionSetArn'),
      noString('Description'),
      noString('SessionDuration'),
      noString('RelayState'),
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      absent('PermissionSetArn'),
      badPermissionSet,
      unmatched('Description', 'Łódź', '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*'),
      [
        { Description: '' },
        "Value '' at 'description' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ],
    ],
  })

  describe('function', () => {
    const update = (members: Partial<ConstructorParameters<typeof UpdatePermissionSetCommand>[0]>) =>
      new UpdatePermissionSetCommand({ InstanceArn, PermissionSetArn: sets.readOnly, ...members })
    const outdated = async (client: SSOAdminClient) => {
      const { PermissionSets } = await client.send(
        new ListPermissionSetsProvisionedToAccountCommand({
          InstanceArn,
          AccountId: demo.production,
          ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
        }),
      )
      return PermissionSets
    }

    test('changes what is given, and accounts are behind from then on', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      expect(await outdated(ssoAdmin)).toEqual([])
      await ssoAdmin.send(update({ SessionDuration: 'PT2H', RelayState: 'https://a.example/' }))
      expect(await describeSet(ssoAdmin, sets.readOnly)).toMatchObject({
        Description: 'Read access to all services',
        SessionDuration: 'PT2H',
        RelayState: 'https://a.example/',
      })
      expect(await outdated(ssoAdmin)).toEqual([sets.readOnly])
    })

    test('a RelayState that is left out is cleared', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      await ssoAdmin.send(update({ RelayState: 'https://a.example/' }))
      await ssoAdmin.send(update({ Description: 'Reads' }))
      const set = await describeSet(ssoAdmin, sets.readOnly)
      expect(set?.Description).toBe('Reads')
      expect(set).not.toHaveProperty('RelayState')
    })

    test('an update that changes nothing leaves accounts up to date', async () => {
      await using world = await openWorld()
      await world.clients.ssoAdmin.send(update({ SessionDuration: 'PT8H' }))
      expect(await outdated(world.clients.ssoAdmin)).toEqual([])
    })

    test('a session of thirteen hours is refused and changes nothing', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      expect(
        await refusal(ssoAdmin.send(update({ SessionDuration: 'PT13H', Description: 'Reads' }))),
      ).toEqual({
        code: 'ValidationException',
        message: 'SessionDuration must be between one and twelve hours',
      })
      expect((await describeSet(ssoAdmin, sets.readOnly))?.Description).toBe('Read access to all services')
    })

    test('an unknown permission set is not found', async () => {
      await using world = await openWorld()
      const call = world.clients.ssoAdmin.send(update({ PermissionSetArn: sets.unknown }))
      expect(await refusal(call)).toEqual(notFound)
    })

    test('the delegated administrator may change only what the management account does not have', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(delegateKey)
      const change = (PermissionSetArn: string) =>
        ssoAdmin.send(update({ PermissionSetArn, Description: 'x' }))
      expect(await refusal(change(sets.audit))).toEqual(notForDelegate)
      await change(sets.readOnly)
      expect((await describeSet(ssoAdmin, sets.readOnly))?.Description).toBe('x')
    })
  })
})

describe('DeletePermissionSet', () => {
  describeInputs({
    operation: 'DeletePermissionSet',
    good: { InstanceArn, PermissionSetArn: sets.readOnly },
    serialisation: [noString('InstanceArn'), noString('PermissionSetArn')],
    validation: [absent('InstanceArn'), badInstance, absent('PermissionSetArn'), badPermissionSet],
  })

  describe('function', () => {
    const drop = (PermissionSetArn: string) =>
      new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn })
    const inUse = (name: string) => ({
      code: 'ConflictException',
      message: `The permission set ${name} is assigned or provisioned and cannot be deleted`,
    })

    test('deletes one that nobody has; its name is free again and means another set', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const arn = await create(ssoAdmin, 'Operators')
      await ssoAdmin.send(drop(arn))
      expect((await refusal(ssoAdmin.send(drop(arn)))).code).toBe('ResourceNotFoundException')
      expect(await create(ssoAdmin, 'Operators')).not.toBe(arn)
    })

    test('one that is assigned is refused', async () => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(drop(sets.billing)))).toEqual(inUse('Billing'))
    })

    test('one that is being assigned is refused', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const arn = await create(ssoAdmin, 'Operators')
      await ssoAdmin.send(assign({ PrincipalId: groups.finance, PermissionSetArn: arn }))
      expect(await refusal(ssoAdmin.send(drop(arn)))).toEqual(inUse('Operators'))
    })

    test('the delegated administrator may not delete what the management account has', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(delegateKey)
      expect(await refusal(ssoAdmin.send(drop(sets.audit)))).toEqual(notForDelegate)
      await ssoAdmin.send(drop(await create(ssoAdmin, 'Operators')))
    })

    test('an unknown permission set is not found', async () => {
      await using world = await openWorld()
      expect(await refusal(world.clients.ssoAdmin.send(drop(sets.unknown)))).toEqual(notFound)
    })
  })
})
