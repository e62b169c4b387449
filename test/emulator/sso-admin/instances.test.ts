import { DescribeInstanceCommand, ListInstancesCommand } from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import {
  absent,
  badInstance,
  collect,
  delegateKey,
  describeInputs,
  memberKey,
  noString,
  openWorld,
  otherInstance,
  paging,
  refusal,
} from './support.js'

const instance = {
  InstanceArn: demo.instanceArn,
  IdentityStoreId: demo.identityStoreId,
  OwnerAccountId: demo.management,
  CreatedDate: new Date('2024-01-15T09:00:00Z'),
  Status: 'ACTIVE',
}

describe('ListInstances', () => {
  describeInputs({ operation: 'ListInstances', good: {}, ...paging })

  describe('function', () => {
    test('the management account sees the one instance', async () => {
      await using world = await openWorld()
      const { Instances, NextToken } = await world.clients.ssoAdmin.send(new ListInstancesCommand({}))
      expect({ Instances, NextToken }).toEqual({ Instances: [instance], NextToken: undefined })
    })

    test('the delegated administrator sees it, too', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(delegateKey)
      expect((await ssoAdmin.send(new ListInstancesCommand({}))).Instances).toEqual([instance])
    })

    test('a member account sees none', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(memberKey)
      expect((await ssoAdmin.send(new ListInstancesCommand({}))).Instances).toEqual([])
    })

    test('an empty page with a token leads to the instance', async () => {
      await using world = await openWorld({ settings: { shortPages: 1 } })
      const pages = await collect((NextToken) =>
        world.clients.ssoAdmin.send(new ListInstancesCommand({ NextToken, MaxResults: 1 })),
      )
      expect(pages.map((page) => page.Instances?.length)).toEqual([0, 1])
    })

    test('a token that was not given out is refused', async () => {
      await using world = await openWorld()
      expect(
        await refusal(world.clients.ssoAdmin.send(new ListInstancesCommand({ NextToken: 'abc' }))),
      ).toEqual({
        code: 'ValidationException',
        message: 'NextToken is not valid',
      })
    })
  })
})

describe('DescribeInstance', () => {
  describeInputs({
    operation: 'DescribeInstance',
    good: { InstanceArn: demo.instanceArn },
    serialisation: [noString('InstanceArn')],
    validation: [absent('InstanceArn'), badInstance],
  })

  describe('function', () => {
    test('tells the instance with its encryption', async () => {
      await using world = await openWorld()
      const { $metadata: _, ...answer } = await world.clients.ssoAdmin.send(
        new DescribeInstanceCommand({ InstanceArn: demo.instanceArn }),
      )
      expect(answer).toEqual({
        ...instance,
        EncryptionConfigurationDetails: { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' },
      })
    })

    test('another instance is access denied, as the operation has no error for what is not there', async () => {
      await using world = await openWorld()
      const call = world.clients.ssoAdmin.send(new DescribeInstanceCommand({ InstanceArn: otherInstance }))
      expect(await refusal(call)).toEqual({
        code: 'AccessDeniedException',
        message: `The instance ${otherInstance} is not visible to account ${demo.management}`,
      })
    })

    test('a member account is refused', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(memberKey)
      expect(
        await refusal(ssoAdmin.send(new DescribeInstanceCommand({ InstanceArn: demo.instanceArn }))),
      ).toEqual({
        code: 'AccessDeniedException',
        message: `Account ${demo.sandbox} is neither the management account nor the delegated administrator of this instance`,
      })
    })

    test('a Region without the instance is refused', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clientsOf(memberKey, 'eu-west-1')
      expect(
        (await refusal(ssoAdmin.send(new DescribeInstanceCommand({ InstanceArn: demo.instanceArn })))).code,
      ).toBe('AccessDeniedException')
    })
  })
})
