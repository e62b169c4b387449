import {
  CreatePermissionSetCommand,
  DescribePermissionSetCommand,
  ListPermissionSetsCommand,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import {
  absent,
  badInstance,
  badPermissionSet,
  collect,
  delegateKey,
  describeInputs,
  memberKey,
  noString,
  openWorld,
  otherInstance,
  paging,
  refusal,
  sets,
  unmatched,
  type BadInput,
} from './support.js'

const { instanceArn: InstanceArn } = demo
const all = [sets.administrator, sets.powerUser, sets.readOnly, sets.audit, sets.billing]
const noMember = {
  code: 'AccessDeniedException',
  message: `Account ${demo.sandbox} is neither the management account nor the delegated administrator of this instance`,
}
const noInstance = {
  code: 'ResourceNotFoundException',
  message: `The instance ${otherInstance} was not found`,
}

describe('ListPermissionSets', () => {
  describeInputs({
    operation: 'ListPermissionSets',
    good: { InstanceArn },
    serialisation: [noString('InstanceArn'), ...paging.serialisation],
    validation: [absent('InstanceArn'), badInstance, ...paging.validation],
  })

  describe('function', () => {
    test('lists every permission set, page by page', async () => {
      await using world = await openWorld()
      const pages = await collect((NextToken) =>
        world.clients.ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn, NextToken, MaxResults: 2 })),
      )
      expect(pages.map((page) => page.PermissionSets?.length)).toEqual([2, 2, 1])
      expect(pages.flatMap((page) => page.PermissionSets)).toEqual(all)
    })

    test('short and empty pages lose nothing', async () => {
      await using world = await openWorld({ settings: { shortPages: 1 } })
      const pages = await collect((NextToken) =>
        world.clients.ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn, NextToken, MaxResults: 2 })),
      )
      expect(pages.length).toBeGreaterThan(3)
      expect(pages.flatMap((page) => page.PermissionSets)).toEqual(all)
    })

    test('another instance is not found', async () => {
      await using world = await openWorld()
      const call = world.clients.ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn: otherInstance }))
      expect(await refusal(call)).toEqual(noInstance)
    })

    test('a member account is refused, the delegated administrator is not', async () => {
      await using world = await openWorld()
      const list = new ListPermissionSetsCommand({ InstanceArn })
      expect(await refusal(world.clientsOf(memberKey).ssoAdmin.send(list))).toEqual(noMember)
      expect((await world.clientsOf(delegateKey).ssoAdmin.send(list)).PermissionSets).toEqual(all)
    })
  })
})

describe('DescribePermissionSet', () => {
  describeInputs({
    operation: 'DescribePermissionSet',
    good: { InstanceArn, PermissionSetArn: sets.readOnly },
    serialisation: [noString('InstanceArn'), noString('PermissionSetArn')],
    validation: [absent('InstanceArn'), badInstance, absent('PermissionSetArn'), badPermissionSet],
  })

  describe('function', () => {
    test('tells a permission set and leaves out what it has not', async () => {
      await using world = await openWorld()
      const { PermissionSet } = await world.clients.ssoAdmin.send(
        new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: sets.readOnly }),
      )
      expect(PermissionSet).toStrictEqual({
        Name: 'ReadOnlyAccess',
        PermissionSetArn: sets.readOnly,
        Description: 'Read access to all services',
        CreatedDate: new Date('2024-01-15T09:00:00Z'),
        SessionDuration: 'PT8H',
      })
    })

    test('an unknown permission set and another instance are not found', async () => {
      await using world = await openWorld()
      const describeSet = (instance: string, PermissionSetArn: string) =>
        refusal(
          world.clients.ssoAdmin.send(
            new DescribePermissionSetCommand({ InstanceArn: instance, PermissionSetArn }),
          ),
        )
      expect(await describeSet(InstanceArn, sets.unknown)).toEqual({
        code: 'ResourceNotFoundException',
        message: `The permission set ${sets.unknown} was not found`,
      })
      expect(await describeSet(otherInstance, sets.readOnly)).toEqual(noInstance)
    })
  })
})

const optionalMembers: {
  readonly serialisation: readonly BadInput[]
  readonly validation: readonly BadInput[]
} = {
  serialisation: [noString('Description'), noString('SessionDuration'), noString('RelayState')],
  validation: [
    unmatched('Description', 'Łódź', '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*'),
    unmatched(
      'SessionDuration',
      'eight hours',
      '(-?)P(?=\\d|T\\d)(?:(\\d+)Y)?(?:(\\d+)M)?(?:(\\d+)([DW]))?' +
        '(?:T(?:(\\d+)H)?(?:(\\d+)M)?(?:(\\d+(?:\\.\\d+)?)S)?)?',
    ),
    [
      { Description: 'd'.repeat(701) },
      `Value '${'d'.repeat(256)}...' at 'description' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 700',
    ],
    [
      { RelayState: `https://${'r'.repeat(240)}` },
      `Value 'https://${'r'.repeat(240)}' at 'relayState' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 240',
    ],
  ],
}

describe('CreatePermissionSet', () => {
  describeInputs({
    operation: 'CreatePermissionSet',
    good: {
      InstanceArn,
      Name: 'Operators',
      Description: 'd'.repeat(700),
      SessionDuration: 'PT2H',
      RelayState: "https://eu-central-1.console.aws.amazon.com/x?a=[1] (b)'{c}\\",
      Tags: [{ Key: 'owner', Value: '' }],
    },
    serialisation: [
      noString('InstanceArn'),
      noString('Name'),
      ...optionalMembers.serialisation,
      [{ Tags: {} }, 'OBJECT_VALUE at Tags cannot be converted to a list'],
      [{ Tags: ['x'] }, 'STRING_VALUE at Tags.1 cannot be converted to a structure'],
      [{ Tags: [{ Key: 'a', Value: 1 }] }, 'NUMBER_VALUE at Tags.1.Value cannot be converted to a String'],
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      absent('Name'),
      unmatched('Name', 'two words', '[\\w+=,.@-]+'),
      [
        { Name: 'n'.repeat(33) },
        `Value '${'n'.repeat(33)}' at 'name' failed to satisfy constraint: ` +
          'Member must have length less than or equal to 32',
      ],
      ...optionalMembers.validation,
      [
        { Tags: [{ Key: 'owner' }] },
        "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
      ],
      [
        { Tags: [{ Key: 'a;b', Value: 'c' }] },
        "Value 'a;b' at 'tags.1.member.key' failed to satisfy constraint: " +
          'Member must satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)',
      ],
    ],
  })

  describe('function', () => {
    const create = (members: Partial<ConstructorParameters<typeof CreatePermissionSetCommand>[0]>) =>
      new CreatePermissionSetCommand({ InstanceArn, Name: 'Operators', ...members })

    test('makes a permission set that lists and describes like any other', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const { PermissionSet } = await ssoAdmin.send(
        create({
          Description: 'Runs it',
          RelayState: 'https://a.example/',
          Tags: [{ Key: 'k', Value: 'v' }],
        }),
      )
      expect(PermissionSet).toStrictEqual({
        Name: 'Operators',
        PermissionSetArn: expect.stringMatching(
          /^arn:aws:sso:::permissionSet\/ssoins-6987b2c41e0fa35d\/ps-[0-9a-f]{16}$/,
        ) as string,
        Description: 'Runs it',
        CreatedDate: new Date(world.clock.now()),
        SessionDuration: 'PT1H',
        RelayState: 'https://a.example/',
      })
      const arn = PermissionSet?.PermissionSetArn
      const described = await ssoAdmin.send(
        new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: arn }),
      )
      expect(described.PermissionSet).toEqual(PermissionSet)
      const listed = await ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn }))
      expect(listed.PermissionSets).toEqual([...all, arn])
      expect(await world.control('GET', 'state')).toHaveProperty('permissionSets.5.tags', { k: 'v' })
    })

    test('a name is given once', async () => {
      await using world = await openWorld()
      await world.clients.ssoAdmin.send(create({}))
      expect(await refusal(world.clients.ssoAdmin.send(create({})))).toEqual({
        code: 'ConflictException',
        message: 'A permission set with the name Operators exists already',
      })
    })

    test.each(['PT1H', 'PT60M', 'PT12H', 'PT3600S', 'PT11H59M60S'])(
      'a session of %s is taken',
      async (duration) => {
        await using world = await openWorld()
        const { PermissionSet } = await world.clients.ssoAdmin.send(create({ SessionDuration: duration }))
        expect(PermissionSet?.SessionDuration).toBe(duration)
      },
    )

    test.each(['PT59M', 'PT12H1S', 'P1D', 'P1W', 'P1M', 'P1Y', '-PT2H', `PT${'9'.repeat(90)}H`])(
      'a session of %s is refused',
      async (duration) => {
        await using world = await openWorld()
        expect(await refusal(world.clients.ssoAdmin.send(create({ SessionDuration: duration })))).toEqual({
          code: 'ValidationException',
          message: 'SessionDuration must be between one and twelve hours',
        })
      },
    )

    test('a tag key given twice is refused', async () => {
      await using world = await openWorld()
      const Tags = [
        { Key: 'k', Value: '1' },
        { Key: 'k', Value: '2' },
      ]
      expect(await refusal(world.clients.ssoAdmin.send(create({ Tags })))).toEqual({
        code: 'ValidationException',
        message: 'A tag key is given twice',
      })
    })

    test('a member account is refused', async () => {
      await using world = await openWorld()
      expect(await refusal(world.clientsOf(memberKey).ssoAdmin.send(create({})))).toEqual(noMember)
    })
  })
})
