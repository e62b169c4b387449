import {
  CreateGroupCommand,
  DeleteGroupCommand,
  DescribeGroupCommand,
  GetGroupIdCommand,
  ListGroupsCommand,
  UpdateGroupCommand,
  type Group,
} from '@aws-sdk/client-identitystore'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTime } from '../portal.js'
import { describeRefusals, idRefusals, pageRefusals, textPattern, uuid, violation } from './refusals.js'
import {
  ada,
  auditors,
  bo,
  engineers,
  filteredBy,
  issuer,
  nobody,
  readerKey,
  storeId,
  StoreWorld,
} from './store-world.js'

const groupNamePattern = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \u00a0]+'
type Identifier = NonNullable<ConstructorParameters<typeof GetGroupIdCommand>[0]['AlternateIdentifier']>

let world: StoreWorld

beforeEach(async () => {
  world = await StoreWorld.open()
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
})

async function describeGroup(id: string | undefined): Promise<Group> {
  const { $metadata: _, ...group } = await world.client.send(
    new DescribeGroupCommand({ IdentityStoreId: storeId, GroupId: id }),
  )
  return group
}

describe('CreateGroup', () => {
  describeRefusals(() => world, 'CreateGroup', {
    valid: { DisplayName: 'Pilots' },
    serialisation: [
      [
        'a name that is a number',
        { DisplayName: 7 },
        'NUMBER_VALUE at DisplayName cannot be converted to a String',
      ],
      [
        'a description that is a list',
        { Description: [] },
        'LIST_VALUE at Description cannot be converted to a String',
      ],
    ],
    validation: [
      ['no name', { DisplayName: undefined }, 'displayName is a required attribute'],
      [
        'a name of 1025 characters',
        { DisplayName: 'g'.repeat(1025) },
        violation(undefined, 'displayName', 'have length less than or equal to 1024'),
      ],
      [
        'an ideographic space in a name',
        { DisplayName: 'a\u3000b' },
        violation(undefined, 'displayName', `satisfy regular expression pattern: ${groupNamePattern}`),
      ],
      [
        'a control character in a description',
        { Description: 'a\u0000b' },
        violation(undefined, 'description', `satisfy regular expression pattern: ${textPattern}`),
      ],
      ['a reserved name', { DisplayName: 'AWSAdministrators' }, 'AWSAdministrators is a reserved name'],
    ],
  })

  describe('function', () => {
    test('makes an empty group, stamped with the caller', async () => {
      const { GroupId, IdentityStoreId } = await world.client.send(
        new CreateGroupCommand({
          IdentityStoreId: storeId,
          DisplayName: 'Pilots of\u00a0ships',
          Description: 'a\u3000b',
        }),
      )
      expect(IdentityStoreId).toBe(storeId)
      const by = 'arn:aws:iam::111111111111:user/admin'
      expect(await describeGroup(GroupId)).toEqual({
        IdentityStoreId: storeId,
        GroupId,
        DisplayName: 'Pilots of\u00a0ships',
        Description: 'a\u3000b',
        CreatedAt: new Date(startTime),
        CreatedBy: by,
        UpdatedAt: new Date(startTime),
        UpdatedBy: by,
      })
    })

    test('refuses the name of another group', async () => {
      const command = new CreateGroupCommand({ IdentityStoreId: storeId, DisplayName: 'Engineers' })
      await expect(world.client.send(command)).rejects.toMatchObject({
        name: 'ConflictException',
        message: 'Duplicate DisplayName',
        Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
        RequestId: expect.stringMatching(uuid) as unknown,
      })
    })

    test('takes the display name of a user, and a group name in another case', async () => {
      for (const DisplayName of ['Ada', 'engineers']) {
        const { GroupId } = await world.client.send(
          new CreateGroupCommand({ IdentityStoreId: storeId, DisplayName }),
        )
        expect(await describeGroup(GroupId)).toMatchObject({ DisplayName })
      }
    })

    test('needs the action', async () => {
      const command = new CreateGroupCommand({ IdentityStoreId: storeId, DisplayName: 'Pilots' })
      await expect(world.as(readerKey).send(command)).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining(
          'is not authorized to perform: identitystore:CreateGroup',
        ) as unknown,
      })
    })
  })
})

describe('DescribeGroup', () => {
  describeRefusals(() => world, 'DescribeGroup', {
    valid: { GroupId: engineers },
    serialisation: [
      ['an id that is true', { GroupId: true }, 'BOOLEAN_VALUE at GroupId cannot be converted to a String'],
    ],
    validation: [
      ['a missing id', { GroupId: undefined }, violation('null', 'groupId', 'not be null')],
      ...idRefusals('GroupId', 'groupId'),
    ],
  })

  describe('function', () => {
    test('shows who came with an identity provider with the external id, and no stamp of a caller', async () => {
      expect(await describeGroup(engineers)).toEqual({
        IdentityStoreId: storeId,
        GroupId: engineers,
        DisplayName: 'Engineers',
        Description: 'Who builds',
        ExternalIds: [{ Issuer: issuer, Id: 'ext-engineers' }],
        CreatedAt: new Date('2024-01-15T09:00:00Z'),
        UpdatedAt: new Date('2024-01-15T09:00:00Z'),
      })
    })

    test.each([
      ['an id that nobody has', nobody],
      ['the id of a user', ada],
    ])('does not find %s', async (_name, id) => {
      await expect(describeGroup(id)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'GROUP not found.',
        ResourceType: 'GROUP',
        ResourceId: id,
        RequestId: expect.stringMatching(uuid) as unknown,
      })
    })
  })
})

describe('UpdateGroup', () => {
  const operation = (AttributePath: unknown, AttributeValue?: unknown): Record<string, unknown> => ({
    Operations: [{ AttributePath, AttributeValue }],
  })
  const at = 'operations.1.member.attributeValue'
  const update = async (GroupId: string, ...Operations: UpdateGroupOperations): Promise<void> => {
    await world.client.send(new UpdateGroupCommand({ IdentityStoreId: storeId, GroupId, Operations }))
  }
  type UpdateGroupOperations = NonNullable<ConstructorParameters<typeof UpdateGroupCommand>[0]['Operations']>

  describeRefusals(() => world, 'UpdateGroup', {
    valid: { GroupId: engineers, ...operation('description', 'x') },
    serialisation: [
      [
        'operations that are text',
        { Operations: 'x' },
        'STRING_VALUE at Operations cannot be converted to a list',
      ],
      [
        'an operation that is text',
        { Operations: ['x'] },
        'STRING_VALUE at Operations.1 cannot be converted to a structure',
      ],
    ],
    validation: [
      ...idRefusals('GroupId', 'groupId'),
      [
        'an operation without a path',
        operation(undefined, 'x'),
        violation('null', 'operations.1.member.attributePath', 'not be null'),
      ],
      [
        '101 operations',
        { Operations: Array.from({ length: 101 }, () => ({})) },
        expect.stringContaining(
          "at 'operations' failed to satisfy constraint: Member must have length less than or equal to 100",
        ),
      ],
      ['an unknown path', operation('members', []), 'The attribute path members is not supported'],
      ['external ids', operation('externalIds', []), 'The attribute path externalIds is not supported'],
      [
        'a path into a text',
        operation('displayName.x', 'x'),
        'The attribute path displayName.x is not supported',
      ],
      [
        'a list for a text',
        operation('description', []),
        `LIST_VALUE at ${at} cannot be converted to a String`,
      ],
      [
        'an ideographic space in a name',
        operation('displayName', 'a\u3000b'),
        violation(undefined, at, `satisfy regular expression pattern: ${groupNamePattern}`),
      ],
      ['to take away the name', operation('displayName'), 'displayName is a required attribute'],
      ['a reserved name', operation('displayName', 'Administrator'), 'Administrator is a reserved name'],
    ],
  })

  describe('function', () => {
    test('renames a group, which keeps its id, its members and its external id', async () => {
      await world.world.advance(1000)
      await update(engineers, { AttributePath: 'displayName', AttributeValue: 'Builders' })
      expect(await describeGroup(engineers)).toMatchObject({
        DisplayName: 'Builders',
        Description: 'Who builds',
        ExternalIds: [{ Issuer: issuer, Id: 'ext-engineers' }],
        CreatedAt: new Date('2024-01-15T09:00:00Z'),
        UpdatedAt: new Date(startTime + 1000),
        UpdatedBy: 'arn:aws:iam::111111111111:user/admin',
      })
      expect((await world.state()).memberships.map(({ userId }) => userId)).toEqual([ada, bo])
    })

    test('takes away a description that comes without a value', async () => {
      await update(engineers, { AttributePath: 'description' })
      expect(await describeGroup(engineers)).not.toHaveProperty('Description')
    })

    test('refuses the name of another group, and changes nothing', async () => {
      const refused = update(
        auditors,
        { AttributePath: 'description', AttributeValue: 'x' },
        { AttributePath: 'displayName', AttributeValue: 'Engineers' },
      )
      await expect(refused).rejects.toMatchObject({
        name: 'ConflictException',
        message: 'Duplicate DisplayName',
        Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
      })
      expect(await describeGroup(auditors)).not.toHaveProperty('Description')
    })

    test('does not find an id that nobody has', async () => {
      await expect(update(nobody, { AttributePath: 'description' })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'GROUP not found.',
        ResourceId: nobody,
      })
    })
  })
})

describe('DeleteGroup', () => {
  describeRefusals(() => world, 'DeleteGroup', {
    valid: { GroupId: engineers },
    serialisation: [
      ['an id that is a number', { GroupId: 1 }, 'NUMBER_VALUE at GroupId cannot be converted to a String'],
    ],
    validation: [
      ['a missing id', { GroupId: undefined }, violation('null', 'groupId', 'not be null')],
      ...idRefusals('GroupId', 'groupId'),
    ],
  })

  describe('function', () => {
    const deleteEngineers = new DeleteGroupCommand({ IdentityStoreId: storeId, GroupId: engineers })

    test('takes the memberships along, leaves the members, and leaves the assignments behind', async () => {
      await world.client.send(deleteEngineers)
      const { users, memberships, assignments } = await world.state()
      expect(users).toHaveLength(3)
      expect(memberships).toEqual([])
      expect(assignments.map(({ principalId }) => principalId)).toEqual([ada, engineers, engineers])
    })

    test('drops the assignments too where the setting says so, with the roles that nobody holds any more', async () => {
      await world.world.control('PUT', 'settings', { staleAssignments: 'drop' })
      await world.client.send(deleteEngineers)
      const { assignments, provisionedSets } = await world.state()
      expect(assignments.map(({ principalId }) => principalId)).toEqual([ada])
      expect(provisionedSets.map(({ accountId }) => accountId)).toEqual(['333333333333'])
    })

    test('does not find what was deleted before', async () => {
      await world.client.send(deleteEngineers)
      await expect(world.client.send(deleteEngineers)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'GROUP not found.',
        ResourceType: 'GROUP',
        ResourceId: engineers,
      })
    })
  })
})

describe('ListGroups', () => {
  describeRefusals(() => world, 'ListGroups', {
    valid: {},
    serialisation: [
      [
        'a count in quotes',
        { MaxResults: '5' },
        'STRING_VALUE at MaxResults cannot be converted to an Integer',
      ],
      [
        'a token that is a number',
        { NextToken: 5 },
        'NUMBER_VALUE at NextToken cannot be converted to a String',
      ],
    ],
    validation: [
      ...pageRefusals,
      [
        'a filter by another attribute',
        { Filters: [{ AttributePath: 'Description', AttributeValue: 'x' }] },
        'The attribute path Description is not supported',
      ],
      [
        'a filter without a value',
        { Filters: [{ AttributePath: 'DisplayName' }] },
        violation('null', 'filters.1.member.attributeValue', 'not be null'),
      ],
    ],
  })

  describe('function', () => {
    test('lists all groups, page by page, as DescribeGroup tells them', async () => {
      const first = await world.client.send(
        new ListGroupsCommand({ IdentityStoreId: storeId, MaxResults: 1 }),
      )
      expect(first.Groups).toEqual([await describeGroup(engineers)])
      const second = await world.client.send(
        new ListGroupsCommand({ IdentityStoreId: storeId, MaxResults: 1, NextToken: first.NextToken }),
      )
      expect(second.Groups).toEqual([await describeGroup(auditors)])
      expect(second.NextToken).toBeUndefined()
    })

    test('neither skips nor repeats when groups go between two pages', async () => {
      const first = await world.client.send(
        new ListGroupsCommand({ IdentityStoreId: storeId, MaxResults: 1 }),
      )
      await world.client.send(new DeleteGroupCommand({ IdentityStoreId: storeId, GroupId: engineers }))
      const second = await world.client.send(
        new ListGroupsCommand({ IdentityStoreId: storeId, MaxResults: 1, NextToken: first.NextToken }),
      )
      expect(second.Groups?.map((group) => group.GroupId)).toEqual([auditors])
    })

    test.each([
      ['Auditors', [auditors]],
      ['auditors', []],
    ])('filters by the name %s, exactly', async (AttributeValue, ids) => {
      const { Groups } = await world.client.send(
        new ListGroupsCommand({
          IdentityStoreId: storeId,
          ...filteredBy('DisplayName', AttributeValue),
        }),
      )
      expect(Groups?.map((group) => group.GroupId)).toEqual(ids)
    })
  })
})

describe('GetGroupId', () => {
  describeRefusals(() => world, 'GetGroupId', {
    valid: { AlternateIdentifier: { ExternalId: { Issuer: issuer, Id: 'ext-engineers' } } },
    serialisation: [
      [
        'a unique attribute that is a list',
        { AlternateIdentifier: { UniqueAttribute: [] } },
        'LIST_VALUE at AlternateIdentifier.UniqueAttribute cannot be converted to a structure',
      ],
    ],
    validation: [
      [
        'identifiers of both kinds',
        {
          AlternateIdentifier: {
            ExternalId: { Issuer: issuer, Id: 'x' },
            UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'x' },
          },
        },
        expect.stringContaining(
          "at 'alternateIdentifier' failed to satisfy constraint: Member must have exactly one member set",
        ),
      ],
      [
        'the name of an attribute of users',
        { AlternateIdentifier: { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'x' } } },
        'The attribute path userName is not supported',
      ],
    ],
  })

  describe('function', () => {
    const find = async (AlternateIdentifier: Identifier): Promise<string | undefined> =>
      (await world.client.send(new GetGroupIdCommand({ IdentityStoreId: storeId, AlternateIdentifier })))
        .GroupId

    test.each(['displayName', 'DisplayName'])('finds by %s', async (AttributePath) => {
      expect(await find({ UniqueAttribute: { AttributePath, AttributeValue: 'Auditors' } })).toBe(auditors)
    })

    test('finds by the external id of the issuer', async () => {
      expect(await find({ ExternalId: { Issuer: issuer, Id: 'ext-engineers' } })).toBe(engineers)
    })

    test.each<[string, Identifier]>([
      [
        'a name that no group has',
        { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'x' } },
      ],
      ['the external id of a user', { ExternalId: { Issuer: issuer, Id: 'ext-ada' } }],
      [
        'an external id of another issuer',
        { ExternalId: { Issuer: 'https://other.example', Id: 'ext-engineers' } },
      ],
    ])('does not find %s', async (_name, identifier) => {
      await expect(find(identifier)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'GROUP not found.',
        ResourceType: 'GROUP',
        ResourceId: undefined,
      })
    })
  })
})
