import {
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  DescribeGroupMembershipCommand,
  GetGroupMembershipIdCommand,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  type ListGroupMembershipsCommandOutput,
} from '@aws-sdk/client-identitystore'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTime } from '../portal.js'
import { describeRefusals, idRefusals, pageRefusals, uuid, violation, type Refusal } from './refusals.js'
import { ada, auditors, bo, cy, engineers, nobody, readerKey, storeId, StoreWorld } from './store-world.js'

let world: StoreWorld

beforeEach(async () => {
  world = await StoreWorld.open()
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
})

const memberRefusals: readonly Refusal[] = [
  ['a missing member', { MemberId: undefined }, violation('null', 'memberId', 'not be null')],
  ['a member of no kind', { MemberId: {} }, violation("'{}'", 'memberId', 'have exactly one member set')],
  [
    'a group for a member',
    { MemberId: { GroupId: engineers } },
    violation("'{}'", 'memberId', 'have exactly one member set'),
  ],
]
const memberOfNoStructure: Refusal = [
  'a member that is text',
  { MemberId: ada },
  'STRING_VALUE at MemberId cannot be converted to a structure',
]

async function find(GroupId: string, UserId: string): Promise<string | undefined> {
  const { MembershipId } = await world.client.send(
    new GetGroupMembershipIdCommand({ IdentityStoreId: storeId, GroupId, MemberId: { UserId } }),
  )
  return MembershipId
}

async function add(GroupId: string, UserId: string): Promise<string | undefined> {
  const { MembershipId } = await world.client.send(
    new CreateGroupMembershipCommand({ IdentityStoreId: storeId, GroupId, MemberId: { UserId } }),
  )
  return MembershipId
}

function notFound(type: string, id?: string): object {
  return {
    name: 'ResourceNotFoundException',
    message: `${type} not found.`,
    ResourceType: type,
    ResourceId: id,
    RequestId: expect.stringMatching(uuid) as unknown,
  }
}

describe('CreateGroupMembership', () => {
  describeRefusals(() => world, 'CreateGroupMembership', {
    valid: { GroupId: auditors, MemberId: { UserId: ada } },
    serialisation: [
      memberOfNoStructure,
      [
        'a user that is a number',
        { MemberId: { UserId: 1 } },
        'NUMBER_VALUE at MemberId.UserId cannot be converted to a String',
      ],
    ],
    validation: [
      ...idRefusals('GroupId', 'groupId'),
      ...idRefusals('MemberId', 'memberId.userId', (UserId) => ({ UserId })),
      ...memberRefusals,
    ],
  })

  describe('function', () => {
    test('puts a user into a group', async () => {
      const id = await add(auditors, cy)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
      expect(await find(auditors, cy)).toBe(id)
    })

    test('refuses a member who is there already', async () => {
      await expect(add(engineers, ada)).rejects.toMatchObject({
        name: 'ConflictException',
        message: 'Member and Group relationship already exists',
        Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
        RequestId: expect.stringMatching(uuid) as unknown,
      })
      expect((await world.state()).memberships).toHaveLength(2)
    })

    test.each([
      ['a group that there is not', nobody, ada, 'GROUP', nobody],
      ['a user who is not there', auditors, nobody, 'USER', nobody],
      ['a group in a group', auditors, engineers, 'USER', engineers],
    ])('does not find %s', async (_name, group, user, type, id) => {
      await expect(add(group, user)).rejects.toMatchObject(notFound(type, id))
    })

    test('needs the action', async () => {
      const command = new CreateGroupMembershipCommand({
        IdentityStoreId: storeId,
        GroupId: auditors,
        MemberId: { UserId: ada },
      })
      await expect(world.as(readerKey).send(command)).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining(
          'not authorized to perform: identitystore:CreateGroupMembership',
        ) as unknown,
      })
    })
  })
})

describe('DescribeGroupMembership', () => {
  const describeMembership = async (MembershipId: string | undefined): Promise<unknown> => {
    const { $metadata: _, ...membership } = await world.client.send(
      new DescribeGroupMembershipCommand({ IdentityStoreId: storeId, MembershipId }),
    )
    return membership
  }
  describeRefusals(() => world, 'DescribeGroupMembership', {
    valid: { MembershipId: nobody },
    serialisation: [
      [
        'an id that is a list',
        { MembershipId: [] },
        'LIST_VALUE at MembershipId cannot be converted to a String',
      ],
    ],
    validation: [
      ['a missing id', { MembershipId: undefined }, violation('null', 'membershipId', 'not be null')],
      ...idRefusals('MembershipId', 'membershipId'),
    ],
  })

  describe('function', () => {
    test('tells group, member and stamps', async () => {
      const id = await add(auditors, cy)
      const by = 'arn:aws:iam::111111111111:user/admin'
      expect(await describeMembership(id)).toEqual({
        IdentityStoreId: storeId,
        MembershipId: id,
        GroupId: auditors,
        MemberId: { UserId: cy },
        CreatedAt: new Date(startTime),
        CreatedBy: by,
        UpdatedAt: new Date(startTime),
        UpdatedBy: by,
      })
    })

    test('does not find an id that no membership has', async () => {
      await expect(describeMembership(engineers)).rejects.toMatchObject(
        notFound('GROUP_MEMBERSHIP', engineers),
      )
    })
  })
})

describe('DeleteGroupMembership', () => {
  const remove = async (MembershipId: string | undefined): Promise<void> => {
    await world.client.send(new DeleteGroupMembershipCommand({ IdentityStoreId: storeId, MembershipId }))
  }
  describeRefusals(() => world, 'DeleteGroupMembership', {
    valid: { MembershipId: nobody },
    serialisation: [
      [
        'an id that is a number',
        { MembershipId: 1 },
        'NUMBER_VALUE at MembershipId cannot be converted to a String',
      ],
    ],
    validation: [
      ['a missing id', { MembershipId: undefined }, violation('null', 'membershipId', 'not be null')],
      ...idRefusals('MembershipId', 'membershipId'),
    ],
  })

  describe('function', () => {
    test('takes a user out of a group, and nobody else', async () => {
      await remove(await find(engineers, ada))
      expect((await world.state()).memberships.map(({ userId }) => userId)).toEqual([bo])
    })

    test('does not find what was deleted before', async () => {
      const id = await find(engineers, ada)
      await remove(id)
      await expect(remove(id)).rejects.toMatchObject(notFound('GROUP_MEMBERSHIP', id))
    })

    test('lets the user come again, under another id', async () => {
      const id = await find(engineers, ada)
      await remove(id)
      expect(await add(engineers, ada)).not.toBe(id)
    })
  })
})

describe('GetGroupMembershipId', () => {
  describeRefusals(() => world, 'GetGroupMembershipId', {
    valid: { GroupId: engineers, MemberId: { UserId: ada } },
    serialisation: [memberOfNoStructure],
    validation: [
      ['a missing group', { GroupId: undefined }, violation('null', 'groupId', 'not be null')],
      ...idRefusals('GroupId', 'groupId'),
      ...memberRefusals,
    ],
  })

  describe('function', () => {
    test('finds the membership of a pair', async () => {
      const id = await find(engineers, bo)
      expect(id).toMatch(uuid)
      expect(id).not.toBe(await find(engineers, ada))
    })

    test('does not find a user who is not in the group', async () => {
      await expect(find(engineers, cy)).rejects.toMatchObject(notFound('GROUP_MEMBERSHIP'))
    })
  })
})

describe('ListGroupMemberships', () => {
  const list = async (
    GroupId: string,
    page: { MaxResults?: number; NextToken?: string } = {},
  ): Promise<ListGroupMembershipsCommandOutput> =>
    await world.client.send(new ListGroupMembershipsCommand({ IdentityStoreId: storeId, GroupId, ...page }))
  describeRefusals(() => world, 'ListGroupMemberships', {
    valid: { GroupId: engineers },
    serialisation: [
      ['a group that is a list', { GroupId: [] }, 'LIST_VALUE at GroupId cannot be converted to a String'],
      [
        'a count in quotes',
        { MaxResults: '5' },
        'STRING_VALUE at MaxResults cannot be converted to an Integer',
      ],
    ],
    validation: [
      ['a missing group', { GroupId: undefined }, violation('null', 'groupId', 'not be null')],
      ...idRefusals('GroupId', 'groupId'),
      ...pageRefusals,
    ],
  })

  describe('function', () => {
    test('lists the members, page by page, without stamps of a caller where there was none', async () => {
      const first = await list(engineers, { MaxResults: 1 })
      expect(first.GroupMemberships).toEqual([
        {
          IdentityStoreId: storeId,
          MembershipId: await find(engineers, ada),
          GroupId: engineers,
          MemberId: { UserId: ada },
          CreatedAt: new Date('2024-01-15T09:00:00Z'),
          UpdatedAt: new Date('2024-01-15T09:00:00Z'),
        },
      ])
      const second = await list(engineers, { MaxResults: 1, NextToken: first.NextToken ?? '' })
      expect(second.GroupMemberships?.map((membership) => membership.MemberId)).toEqual([{ UserId: bo }])
      expect(second.NextToken).toBeUndefined()
    })

    test('answers an empty list for an empty group', async () => {
      expect((await list(auditors)).GroupMemberships).toEqual([])
    })

    test('does not find a group that there is not', async () => {
      await expect(list(nobody)).rejects.toMatchObject(notFound('GROUP', nobody))
    })

    test('does not take the token of another group', async () => {
      const { NextToken = '' } = await list(engineers, { MaxResults: 1 })
      await expect(list(auditors, { NextToken })).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'NextToken is not valid',
      })
    })
  })
})

describe('ListGroupMembershipsForMember', () => {
  const list = async (
    UserId: string,
    page: { MaxResults?: number; NextToken?: string } = {},
  ): Promise<ListGroupMembershipsCommandOutput> =>
    await world.client.send(
      new ListGroupMembershipsForMemberCommand({ IdentityStoreId: storeId, MemberId: { UserId }, ...page }),
    )
  describeRefusals(() => world, 'ListGroupMembershipsForMember', {
    valid: { MemberId: { UserId: ada } },
    serialisation: [memberOfNoStructure],
    validation: [
      ...memberRefusals,
      ...idRefusals('MemberId', 'memberId.userId', (UserId) => ({ UserId })),
      ...pageRefusals,
    ],
  })

  describe('function', () => {
    test('lists the groups of a user, page by page', async () => {
      await add(auditors, ada)
      const first = await list(ada, { MaxResults: 1 })
      expect(first.GroupMemberships?.map(({ GroupId, MemberId }) => [GroupId, MemberId?.UserId])).toEqual([
        [engineers, ada],
      ])
      const second = await list(ada, { MaxResults: 1, NextToken: first.NextToken ?? '' })
      expect(second.GroupMemberships?.map(({ GroupId }) => GroupId)).toEqual([auditors])
      expect(second.NextToken).toBeUndefined()
    })

    test('answers an empty list for a user in no group', async () => {
      expect((await list(cy)).GroupMemberships).toEqual([])
    })

    test('does not find a user who was deleted', async () => {
      await world.client.send(new DeleteUserCommand({ IdentityStoreId: storeId, UserId: ada }))
      await expect(list(ada)).rejects.toMatchObject(notFound('USER', ada))
    })
  })
})

describe('IsMemberInGroups', () => {
  const ask = async (UserId: string, ...GroupIds: string[]): Promise<unknown> =>
    (
      await world.client.send(
        new IsMemberInGroupsCommand({ IdentityStoreId: storeId, MemberId: { UserId }, GroupIds }),
      )
    ).Results
  describeRefusals(() => world, 'IsMemberInGroups', {
    valid: { MemberId: { UserId: ada }, GroupIds: [engineers] },
    serialisation: [
      memberOfNoStructure,
      [
        'a group that is no list',
        { GroupIds: engineers },
        'STRING_VALUE at GroupIds cannot be converted to a list',
      ],
      [
        'a group that is a number',
        { GroupIds: [1] },
        'NUMBER_VALUE at GroupIds.1 cannot be converted to a String',
      ],
    ],
    validation: [
      ...memberRefusals,
      ['missing groups', { GroupIds: undefined }, violation('null', 'groupIds', 'not be null')],
      ['no group', { GroupIds: [] }, violation("'[]'", 'groupIds', 'have length greater than or equal to 1')],
      [
        '101 groups',
        { GroupIds: Array.from({ length: 101 }, () => engineers) },
        expect.stringContaining(
          "at 'groupIds' failed to satisfy constraint: Member must have length less than or equal to 100",
        ),
      ],
    ],
  })

  describe('function', () => {
    test('answers for each group in the order of the question', async () => {
      expect(await ask(ada, auditors, engineers)).toEqual([
        { GroupId: auditors, MemberId: { UserId: ada }, MembershipExists: false },
        { GroupId: engineers, MemberId: { UserId: ada }, MembershipExists: true },
      ])
    })

    test.each([
      ['a user who is not there', nobody, [engineers], 'USER', nobody],
      ['a group that there is not', ada, [engineers, nobody], 'GROUP', nobody],
    ])('does not find %s', async (_name, user, groups, type, id) => {
      await expect(ask(user, ...groups)).rejects.toMatchObject(notFound(type, id))
    })
  })
})
