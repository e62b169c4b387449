import {
  CreateUserCommand,
  DeleteUserCommand,
  GetUserIdCommand,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeRefusals, idRefusals, pageRefusals, uuid, violation } from './refusals.js'
import {
  ada,
  bo,
  cy,
  engineers,
  extensions,
  filteredBy,
  issuer,
  newUser,
  nobody,
  readerKey,
  storeId,
  StoreWorld,
} from './store-world.js'

let world: StoreWorld

beforeEach(async () => {
  world = await StoreWorld.open()
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
})

type Identifier = NonNullable<ConstructorParameters<typeof GetUserIdCommand>[0]['AlternateIdentifier']>

describe('DescribeUser', () => {
  describeRefusals(() => world, 'DescribeUser', {
    valid: { UserId: ada },
    serialisation: [
      ['an id that is a list', { UserId: [] }, 'LIST_VALUE at UserId cannot be converted to a String'],
      [
        'extensions that are a map',
        { Extensions: {} },
        'OBJECT_VALUE at Extensions cannot be converted to a list',
      ],
    ],
    validation: [
      ['a missing id', { UserId: undefined }, violation('null', 'userId', 'not be null')],
      ...idRefusals('UserId', 'userId'),
      [
        'no extension in the list',
        { Extensions: [] },
        violation("'[]'", 'extensions', 'have length greater than or equal to 1'),
      ],
      [
        'an unknown extension',
        { Extensions: ['aws:identitystore:x'] },
        'The extension aws:identitystore:x is not supported',
      ],
    ],
  })

  describe('function', () => {
    test('shows who came with an identity provider with the external id, and no stamp of a caller', async () => {
      expect(await world.describeUser(ada)).toEqual({
        IdentityStoreId: storeId,
        UserId: ada,
        UserName: 'ada@example.com',
        DisplayName: 'Ada',
        Name: { GivenName: 'Ada', FamilyName: 'Okafor' },
        Emails: [{ Value: 'ada@example.com', Type: 'work', Primary: true }],
        ExternalIds: [{ Issuer: issuer, Id: 'ext-ada' }],
        UserStatus: 'ENABLED',
        CreatedAt: new Date('2024-01-15T09:00:00Z'),
        UpdatedAt: new Date('2024-01-15T09:00:00Z'),
      })
    })

    test('shows a deactivated user, with an id of the older form, as disabled', async () => {
      expect(await world.describeUser(cy)).toMatchObject({ UserId: cy, UserStatus: 'DISABLED' })
    })

    test('shows extensions only to those who ask', async () => {
      const { UserId } = await world.client.send(
        new CreateUserCommand({ ...newUser, Extensions: extensions }),
      )
      expect(await world.describeUser(UserId)).not.toHaveProperty('Extensions')
      expect(await world.describeUser(UserId, ['aws:identitystore:enterprise'])).toMatchObject({
        Extensions: extensions,
      })
    })

    test('does not find an id that nobody has', async () => {
      await expect(world.describeUser(nobody)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'USER not found.',
        ResourceType: 'USER',
        ResourceId: nobody,
        RequestId: expect.stringMatching(uuid) as unknown,
      })
    })

    test('does not take a group for a user', async () => {
      await expect(world.describeUser(engineers)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'USER not found.',
      })
    })

    test('sees a change only after the lag of reads', async () => {
      await world.world.control('PUT', 'settings', { readLagMs: 1000 })
      await world.updateUser(ada, { AttributePath: 'displayName', AttributeValue: 'Ada the first' })
      expect(await world.describeUser(ada)).toMatchObject({ DisplayName: 'Ada' })
      await world.world.advance(1000)
      expect(await world.describeUser(ada)).toMatchObject({ DisplayName: 'Ada the first' })
    })
  })
})

describe('DeleteUser', () => {
  describeRefusals(() => world, 'DeleteUser', {
    valid: { UserId: ada },
    serialisation: [
      ['an id that is a map', { UserId: {} }, 'OBJECT_VALUE at UserId cannot be converted to a String'],
    ],
    validation: [
      ['a missing id', { UserId: undefined }, violation('null', 'userId', 'not be null')],
      ...idRefusals('UserId', 'userId'),
    ],
  })

  describe('function', () => {
    const deleteAda = new DeleteUserCommand({ IdentityStoreId: storeId, UserId: ada })

    test('takes the memberships along and leaves the assignments behind', async () => {
      await world.client.send(deleteAda)
      const { users, memberships, assignments } = await world.state()
      expect(users.map(({ id }) => id)).toEqual([bo, cy])
      expect(memberships.map(({ userId }) => userId)).toEqual([bo])
      expect(assignments.map(({ principalId }) => principalId)).toContain(ada)
    })

    test('drops the assignments too where the setting says so', async () => {
      await world.world.control('PUT', 'settings', { staleAssignments: 'drop' })
      await world.client.send(deleteAda)
      const { assignments, provisionedSets } = await world.state()
      expect(assignments.map(({ principalId }) => principalId)).toEqual([engineers, engineers])
      expect(provisionedSets).toHaveLength(2)
    })

    test('frees the name, under which a new user has another id', async () => {
      await world.client.send(deleteAda)
      const { UserId } = await world.client.send(
        new CreateUserCommand({ ...newUser, UserName: 'ada@example.com' }),
      )
      expect(UserId).not.toBe(ada)
      await expect(world.describeUser(ada)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    })

    test('does not find who was deleted before', async () => {
      await world.client.send(deleteAda)
      await expect(world.client.send(deleteAda)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'USER not found.',
        ResourceType: 'USER',
        ResourceId: ada,
      })
    })

    test('can be allowed for one user alone', async () => {
      const reader = world.as(readerKey)
      await reader.send(new DeleteUserCommand({ IdentityStoreId: storeId, UserId: bo }))
      await expect(reader.send(deleteAda)).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining(`on resource: arn:aws:identitystore:::user/${ada}`) as unknown,
      })
    })
  })
})

describe('ListUsers', () => {
  const filter = (AttributePath: string, AttributeValue: unknown): Record<string, unknown> => ({
    Filters: [{ AttributePath, AttributeValue }],
  })
  describeRefusals(() => world, 'ListUsers', {
    valid: {},
    serialisation: [
      [
        'a count in quotes',
        { MaxResults: '5' },
        'STRING_VALUE at MaxResults cannot be converted to an Integer',
      ],
      ['a fraction', { MaxResults: 1.5 }, 'NUMBER_VALUE at MaxResults cannot be converted to an Integer'],
      ['filters that are no list', { Filters: {} }, 'OBJECT_VALUE at Filters cannot be converted to a list'],
    ],
    validation: [
      ...pageRefusals,
      [
        'two filters',
        {
          Filters: [
            { AttributePath: 'UserName', AttributeValue: 'a' },
            { AttributePath: 'UserName', AttributeValue: 'b' },
          ],
        },
        violation(
          `'[{"AttributePath":"UserName","AttributeValue":"a"},{"AttributePath":"UserName","AttributeValue":"b"}]'`,
          'filters',
          'have length less than or equal to 1',
        ),
      ],
      [
        'a filter by another attribute',
        filter('DisplayName', 'Ada'),
        'The attribute path DisplayName is not supported',
      ],
      [
        'an unknown extension',
        { Extensions: ['aws:identitystore:x'] },
        'The extension aws:identitystore:x is not supported',
      ],
    ],
  })

  describe('function', () => {
    test('lists everybody, page by page, in the order in which they were made', async () => {
      const first = await world.client.send(new ListUsersCommand({ IdentityStoreId: storeId, MaxResults: 2 }))
      expect(first.Users?.map((user) => user.UserId)).toEqual([ada, bo])
      const second = await world.client.send(
        new ListUsersCommand({ IdentityStoreId: storeId, MaxResults: 2, NextToken: first.NextToken }),
      )
      expect(second.Users?.map((user) => user.UserId)).toEqual([cy])
      expect(second.NextToken).toBeUndefined()
    })

    test('tells as much of each as DescribeUser', async () => {
      const { Users } = await world.client.send(new ListUsersCommand({ IdentityStoreId: storeId }))
      expect(Users?.[0]).toEqual(await world.describeUser(ada))
    })

    test('filters by the user name, exactly', async () => {
      const find = async (AttributeValue: string): Promise<unknown> =>
        (
          await world.client.send(
            new ListUsersCommand({
              IdentityStoreId: storeId,
              ...filteredBy('UserName', AttributeValue),
            }),
          )
        ).Users?.map((user) => user.UserId)
      expect(await find('bo@example.com')).toEqual([bo])
      expect(await find('BO@example.com')).toEqual([])
    })

    test('does not take the token of a list with another filter', async () => {
      const { NextToken } = await world.client.send(
        new ListUsersCommand({ IdentityStoreId: storeId, MaxResults: 1 }),
      )
      const other = new ListUsersCommand({
        IdentityStoreId: storeId,
        NextToken,
        ...filteredBy('UserName', 'bo@example.com'),
      })
      await expect(world.client.send(other)).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'NextToken is not valid',
      })
    })

    test('shows extensions only to those who ask', async () => {
      await world.client.send(new CreateUserCommand({ ...newUser, Extensions: extensions }))
      const asked = await world.client.send(
        new ListUsersCommand({ IdentityStoreId: storeId, Extensions: ['aws:identitystore:enterprise'] }),
      )
      const unasked = await world.client.send(new ListUsersCommand({ IdentityStoreId: storeId }))
      expect(asked.Users?.map((user) => user.Extensions)).toEqual([
        undefined,
        undefined,
        undefined,
        extensions,
      ])
      expect(unasked.Users?.map((user) => user.Extensions)).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ])
    })
  })
})

describe('GetUserId', () => {
  const unique = (AttributePath: unknown, AttributeValue?: unknown): Record<string, unknown> => ({
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  })
  describeRefusals(() => world, 'GetUserId', {
    valid: unique('userName', 'ada@example.com'),
    serialisation: [
      [
        'an identifier that is text',
        { AlternateIdentifier: 'ada' },
        'STRING_VALUE at AlternateIdentifier cannot be converted to a structure',
      ],
      [
        'an issuer that is a number',
        { AlternateIdentifier: { ExternalId: { Issuer: 1, Id: 'x' } } },
        'NUMBER_VALUE at AlternateIdentifier.ExternalId.Issuer cannot be converted to a String',
      ],
    ],
    validation: [
      [
        'a missing identifier',
        { AlternateIdentifier: undefined },
        violation('null', 'alternateIdentifier', 'not be null'),
      ],
      [
        'no identifier of either kind',
        { AlternateIdentifier: {} },
        violation("'{}'", 'alternateIdentifier', 'have exactly one member set'),
      ],
      [
        'an external id without its issuer',
        { AlternateIdentifier: { ExternalId: { Id: 'x' } } },
        violation('null', 'alternateIdentifier.externalId.issuer', 'not be null'),
      ],
      [
        'a path without a value',
        unique('userName'),
        violation('null', 'alternateIdentifier.uniqueAttribute.attributeValue', 'not be null'),
      ],
      [
        'an attribute that is not unique',
        unique('displayName', 'Ada'),
        'The attribute path displayName is not supported',
      ],
      [
        'a value that is no text',
        unique('userName', 5),
        'The value of the unique attribute userName is not a string',
      ],
    ],
  })

  describe('function', () => {
    const find = async (AlternateIdentifier: Identifier): Promise<string | undefined> =>
      (await world.client.send(new GetUserIdCommand({ IdentityStoreId: storeId, AlternateIdentifier })))
        .UserId

    test.each([
      ['userName', 'bo@example.com', bo],
      ['UserName', 'cy@example.com', cy],
      ['emails.value', 'bo.lind@example.com', bo],
    ])('finds by %s', async (AttributePath, AttributeValue, id) => {
      expect(await find({ UniqueAttribute: { AttributePath, AttributeValue } })).toBe(id)
    })

    test('finds by the external id of the issuer', async () => {
      expect(await find({ ExternalId: { Issuer: issuer, Id: 'ext-ada' } })).toBe(ada)
    })

    test.each<[string, Identifier]>([
      ['a name that nobody has', { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'x' } }],
      [
        'a name in another case',
        { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'Ada@example.com' } },
      ],
      ['an external id that nobody has', { ExternalId: { Issuer: issuer, Id: 'x' } }],
      [
        'an external id of another issuer',
        { ExternalId: { Issuer: 'https://other.example', Id: 'ext-ada' } },
      ],
      ['the external id of a group', { ExternalId: { Issuer: issuer, Id: 'ext-engineers' } }],
    ])('does not find %s', async (_name, identifier) => {
      await expect(find(identifier)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'USER not found.',
        ResourceType: 'USER',
        ResourceId: undefined,
      })
    })

    test('finds the external id under the issuer that the setting names', async () => {
      await world.world.control('PUT', 'settings', { externalIdIssuer: 'https://other.example' })
      expect(await find({ ExternalId: { Issuer: 'https://other.example', Id: 'ext-ada' } })).toBe(ada)
    })
  })
})
