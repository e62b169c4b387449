import { ListUsersCommand } from '@aws-sdk/client-identitystore'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { identitystore } from '../../../src/emulator/identitystore/index.js'
import { uuid } from './refusals.js'
import { storeId, StoreWorld } from './store-world.js'

let world: StoreWorld

beforeEach(async () => {
  world = await StoreWorld.open()
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
})

const readers = /^(Describe|List|Get|Is)/

describe('the service', () => {
  test('has the 19 operations of AWS, each under the action of its name', () => {
    expect(identitystore.operations.map(({ name }) => name).sort()).toEqual([
      'CreateGroup',
      'CreateGroupMembership',
      'CreateUser',
      'DeleteGroup',
      'DeleteGroupMembership',
      'DeleteUser',
      'DescribeGroup',
      'DescribeGroupMembership',
      'DescribeUser',
      'GetGroupId',
      'GetGroupMembershipId',
      'GetUserId',
      'IsMemberInGroups',
      'ListGroupMemberships',
      'ListGroupMembershipsForMember',
      'ListGroups',
      'ListUsers',
      'UpdateGroup',
      'UpdateUser',
    ])
    for (const { name, action, access } of identitystore.operations) {
      expect([action, access]).toEqual([`identitystore:${name}`, readers.test(name) ? 'read' : 'write'])
    }
  })

  test.each([
    [
      'throttle',
      'ThrottlingException',
      'There are too many requests processing. Please try again later.',
      400,
    ],
    ['error', 'InternalServerException', 'An unexpected internal service exception was encountered', 500],
  ])('tells with %s when to come again', async (kind, name, message, status) => {
    await world.world.control('POST', 'faults', { operation: 'identitystore:ListUsers', fault: { kind } })
    const command = new ListUsersCommand({ IdentityStoreId: storeId })
    await expect(world.client.send(command)).rejects.toMatchObject({
      name,
      message,
      RetryAfterSeconds: 1,
      RequestId: expect.stringMatching(uuid) as unknown,
      $metadata: { httpStatusCode: status },
    })
    expect((await world.client.send(command)).Users).toHaveLength(3)
  })

  test('gives the request id of the header in the body of an error', async () => {
    const command = new ListUsersCommand({ IdentityStoreId: 'd-0000000000' })
    const error: unknown = await world.client.send(command).catch((reason: unknown) => reason)
    expect(error).toHaveProperty('RequestId')
    expect(error).toHaveProperty('$metadata.requestId', (error as { RequestId: string }).RequestId)
  })

  test('takes no part of the prototype for a member', async () => {
    const { status, body } = await world.send('UpdateUser', {
      IdentityStoreId: storeId,
      UserId: '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01',
      Operations: [
        {
          AttributePath: 'name',
          AttributeValue: JSON.parse('{"givenName":"A","familyName":"B","__proto__":{}}'),
        },
      ],
    })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      __type: 'ValidationException',
      Message: "The attribute __proto__ at 'operations.1.member.attributeValue' is not supported",
    })
  })
})
