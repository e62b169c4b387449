import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  type Role,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsWorld, callIam, callIamTwice, demo, expectRefusal, trustAccount } from './support.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

const create = (RoleName: string, more: object = {}) =>
  world.clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustAccount, ...more }))
const reservedName = async (): Promise<string> => {
  const { Roles = [] } = await world.clients.iam.send(
    new ListRolesCommand({ PathPrefix: '/aws-reserved/sso.amazonaws.com/' }),
  )
  return Roles[0]?.RoleName ?? ''
}

describe('serialisation', () => {
  test.each([
    ['ListRoles', 'MaxItems', 'ten'],
    ['ListRoleTags', 'MaxItems', '1.5'],
    ['CreateRole', 'MaxSessionDuration', '1h'],
    ['UpdateRole', 'MaxSessionDuration', '0x10'],
  ])('%s refuses %s that is not an integer', async (action, member, value) => {
    await expectRefusal(
      callIam(world, action, { RoleName: 'r', [member]: value }),
      400,
      'MalformedInput',
      `${member}: "${value}" is not an integer`,
    )
  })

  test.each(['GetRole', 'DeleteRole', 'UpdateAssumeRolePolicy', 'TagRole'])(
    '%s refuses a member that comes twice',
    async (action) => {
      const answer = callIamTwice(world, action, 'RoleName')
      await expectRefusal(answer, 400, 'MalformedInput', 'RoleName is there twice')
    },
  )
})

describe('validation', () => {
  const failed = (value: string, at: string, must: string): string =>
    `1 validation error detected: Value ${value} at '${at}' failed to satisfy constraint: Member must ${must}`
  const document = { RoleName: 'r', AssumeRolePolicyDocument: trustAccount }

  test.each<[string, Record<string, string>, string]>([
    ['GetRole', {}, failed('null', 'roleName', 'not be null')],
    ['DeleteRole', {}, failed('null', 'roleName', 'not be null')],
    ['ListRoleTags', {}, failed('null', 'roleName', 'not be null')],
    [
      'GetRole',
      { RoleName: 'a b' },
      failed("'a b'", 'roleName', 'satisfy regular expression pattern: [\\w+=,.@-]+'),
    ],
    [
      'GetRole',
      { RoleName: 'x'.repeat(65) },
      failed(`'${'x'.repeat(65)}'`, 'roleName', 'have length less than or equal to 64'),
    ],
    ['ListRoles', { MaxItems: '0' }, failed("'0'", 'maxItems', 'have value greater than or equal to 1')],
    [
      'ListRoles',
      { MaxItems: '1001' },
      failed("'1001'", 'maxItems', 'have value less than or equal to 1000'),
    ],
    [
      'ListRoles',
      { PathPrefix: 'x' },
      failed("'x'", 'pathPrefix', 'satisfy regular expression pattern: \\u002F[\\u0021-\\u007F]*'),
    ],
    ['CreateRole', { RoleName: 'r' }, failed('null', 'assumeRolePolicyDocument', 'not be null')],
    [
      'CreateRole',
      { ...document, Path: '/a' },
      failed(
        "'/a'",
        'path',
        'satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)',
      ),
    ],
    [
      'CreateRole',
      { ...document, MaxSessionDuration: '3599' },
      failed("'3599'", 'maxSessionDuration', 'have value greater than or equal to 3600'),
    ],
    [
      'UpdateRole',
      { RoleName: 'r', MaxSessionDuration: '43201' },
      failed("'43201'", 'maxSessionDuration', 'have value less than or equal to 43200'),
    ],
    ['UpdateAssumeRolePolicy', { RoleName: 'r' }, failed('null', 'policyDocument', 'not be null')],
    ['TagRole', { RoleName: 'r' }, failed('null', 'tags', 'not be null')],
    [
      'TagRole',
      { RoleName: 'r', 'Tags.member.1.Key': 'a' },
      failed('null', 'tags.1.member.value', 'not be null'),
    ],
  ])('%s refuses %j', async (action, form, message) => {
    await expectRefusal(callIam(world, action, form), 400, 'ValidationError', message)
  })
})

describe('function', () => {
  test('a role is made, shown with its document encoded, and deleted', async () => {
    const made = await create('deployer', {
      Path: '/teams/',
      Description: 'deploys',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'web' }],
    })
    const role: Role = {
      Path: '/teams/',
      RoleName: 'deployer',
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      Arn: `arn:aws:iam::${demo.management}:role/teams/deployer`,
      CreateDate: new Date('2026-11-22T12:00:00Z'),
      AssumeRolePolicyDocument: expect.stringMatching(/^%7B%22Version%22%3A%222012-10-17%22/),
      Description: 'deploys',
      MaxSessionDuration: 7200,
    }
    expect(made.Role).toEqual({ ...role, Tags: [{ Key: 'team', Value: 'web' }] })
    const got = await world.clients.iam.send(new GetRoleCommand({ RoleName: 'DEPLOYER' }))
    expect(got.Role).toEqual({ ...made.Role, RoleLastUsed: {} })
    expect(decodeURIComponent(got.Role?.AssumeRolePolicyDocument ?? '')).toBe(trustAccount)
    const listed = await world.clients.iam.send(new ListRolesCommand({ PathPrefix: '/teams/' }))
    expect(listed).toMatchObject({ Roles: [role], IsTruncated: false })
    expect(listed.Roles?.[0]).not.toHaveProperty('Tags')
    await world.clients.iam.send(new DeleteRoleCommand({ RoleName: 'deployer' }))
    await expect(world.clients.iam.send(new GetRoleCommand({ RoleName: 'deployer' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name deployer cannot be found.',
      $metadata: { httpStatusCode: 404 },
    })
  })

  test('a name is taken in any case, also that of a role of Identity Center', async () => {
    await create('reader')
    for (const name of ['READER', (await reservedName()).toLowerCase()]) {
      await expect(create(name)).rejects.toMatchObject({
        name: 'EntityAlreadyExistsException',
        message: `Role with name ${name} already exists.`,
        $metadata: { httpStatusCode: 409 },
      })
    }
  })

  test('the names of prototypes are names like others', async () => {
    await create('__proto__', { Tags: [{ Key: '__proto__', Value: 'x' }] })
    const { Role } = await world.clients.iam.send(new GetRoleCommand({ RoleName: '__proto__' }))
    expect(Role).toMatchObject({ RoleName: '__proto__', Tags: [{ Key: '__proto__', Value: 'x' }] })
  })

  test.each([
    ['no JSON', 'no', 'This policy contains invalid Json'],
    [
      'a resource',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', Resource: '*' }],
      }),
      'Has prohibited field Resource',
    ],
  ])('a trust policy with %s is refused, new and in place of another', async (_, text, message) => {
    const refusal = { name: 'MalformedPolicyDocumentException', message, $metadata: { httpStatusCode: 400 } }
    await expect(create('r', { AssumeRolePolicyDocument: text })).rejects.toMatchObject(refusal)
    await create('r')
    const update = new UpdateAssumeRolePolicyCommand({ RoleName: 'r', PolicyDocument: text })
    await expect(world.clients.iam.send(update)).rejects.toMatchObject(refusal)
  })

  test('a trust policy longer than its quota is refused; white space does not count', async () => {
    const padded = trustAccount.replace('{', `{${' '.repeat(3000)}`)
    await expect(create('spaced', { AssumeRolePolicyDocument: padded })).resolves.toBeDefined()
    const long = trustAccount.replace('"Effect"', `"Sid":"${'x'.repeat(2048)}","Effect"`)
    await expect(create('long', { AssumeRolePolicyDocument: long })).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for ACLSizePerRole: 2048',
    })
  })

  test('a trust policy, the description and the longest session can be changed', async () => {
    await create('r')
    const other = trustAccount.replace('root', 'user/ada')
    await world.clients.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'r', PolicyDocument: other }))
    await world.clients.iam.send(
      new UpdateRoleCommand({ RoleName: 'r', Description: 'd', MaxSessionDuration: 43_200 }),
    )
    const { Role } = await world.clients.iam.send(new GetRoleCommand({ RoleName: 'r' }))
    expect(Role).toMatchObject({ Description: 'd', MaxSessionDuration: 43_200 })
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(other)
  })

  test('UpdateRole answers with its result element, though nothing is in it', async () => {
    await create('r')
    const { body } = await callIam(world, 'UpdateRole', { RoleName: 'r' })
    expect(body).toMatch(/<UpdateRoleResult><\/UpdateRoleResult><ResponseMetadata>/)
  })

  test('tags are added and set again, and listed in pages', async () => {
    await create('r', { Tags: [{ Key: 'Team', Value: 'web' }] })
    await world.clients.iam.send(
      new TagRoleCommand({
        RoleName: 'r',
        Tags: [
          { Key: 'team', Value: 'data' },
          { Key: 'stage', Value: 'test' },
        ],
      }),
    )
    const first = await world.clients.iam.send(new ListRoleTagsCommand({ RoleName: 'r', MaxItems: 1 }))
    expect(first).toMatchObject({ Tags: [{ Key: 'Team', Value: 'data' }], IsTruncated: true })
    const next = await world.clients.iam.send(
      new ListRoleTagsCommand({ RoleName: 'r', MaxItems: 1, Marker: first.Marker }),
    )
    expect(next).toMatchObject({ Tags: [{ Key: 'stage', Value: 'test' }], IsTruncated: false })
  })

  test.each([
    [
      [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
      'InvalidInputException',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      [{ Key: 'AWS:x', Value: '1' }],
      'InvalidInputException',
      'Tag keys that begin with aws: are reserved for AWS.',
    ],
    [
      Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
      'LimitExceededException',
      'Cannot exceed quota for TagsPerRole: 50',
    ],
  ])('tags %j are refused', async (Tags, name, message) => {
    await create('r', { Tags: [{ Key: 'first', Value: '' }] })
    await expect(world.clients.iam.send(new TagRoleCommand({ RoleName: 'r', Tags }))).rejects.toMatchObject({
      name,
      message,
    })
  })

  test('what is not built is refused aloud, and makes no role', async () => {
    await expect(
      create('r', { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    ).rejects.toMatchObject({
      message: 'a permissions boundary is not built in this emulator',
      $metadata: { httpStatusCode: 501 },
    })
    await expect(world.clients.iam.send(new GetRoleCommand({ RoleName: 'r' }))).rejects.toThrow(
      'cannot be found',
    )
  })

  describe('roles of Identity Center', () => {
    test('are listed by their path, and shown like others', async () => {
      const { Roles = [] } = await world.clients.iam.send(
        new ListRolesCommand({ PathPrefix: '/aws-reserved/sso.amazonaws.com/' }),
      )
      // Three permission sets are assigned in the management account of the demo organisation.
      expect(Roles).toHaveLength(3)
      const [role] = Roles
      expect(role).toMatchObject({
        Path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
        RoleName: expect.stringMatching(/^AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}$/),
        RoleId: expect.stringMatching(/^AROA[0-9A-F]{17}$/),
        MaxSessionDuration: 43_200,
        Description: 'Full access to all services and resources',
      })
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).toContain('_DO_NOT_DELETE')
      const got = await world.clients.iam.send(new GetRoleCommand({ RoleName: role?.RoleName }))
      expect(got.Role).toEqual({ ...role, RoleLastUsed: {} })
    })

    test('cannot be changed by anybody', async () => {
      const name = await reservedName()
      const message = `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`
      const forms: Record<string, Record<string, string>> = {
        DeleteRole: {},
        UpdateRole: {},
        UpdateAssumeRolePolicy: { PolicyDocument: trustAccount },
        TagRole: { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' },
        PutRolePolicy: { PolicyName: 'p', PolicyDocument: '{}' },
        DeleteRolePolicy: { PolicyName: 'p' },
        AttachRolePolicy: { PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        DetachRolePolicy: { PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }
      for (const [action, form] of Object.entries(forms)) {
        const answer = callIam(world, action, { RoleName: name, ...form })
        await expectRefusal(answer, 400, 'UnmodifiableEntity', message)
      }
    })

    test.each(['/aws-reserved/sso.amazonaws.com/', '/aws-service-role/x/'])(
      'and none is made by a caller under %s',
      async (Path) => {
        await expect(create('AWSReservedSSO_Mine_0123456789abcdef', { Path })).rejects.toMatchObject({
          name: 'InvalidInputException',
          message: `Roles with the path ${Path} are made by AWS only.`,
        })
      },
    )
  })

  describe('pages of ListRoles', () => {
    const pageThrough = async (MaxItems: number, between: () => Promise<unknown> = async () => undefined) => {
      const names: string[] = []
      let Marker: string | undefined
      do {
        const page = await world.clients.iam.send(new ListRolesCommand({ MaxItems, Marker }))
        expect(page.IsTruncated).toBe(page.Marker !== undefined)
        names.push(...(page.Roles ?? []).map((role) => role.RoleName ?? ''))
        Marker = page.Marker
        await between()
      } while (Marker !== undefined)
      return names
    }

    test.each([1, 2, 3, 100])('of %d show every role once', async (size) => {
      for (const name of ['a', 'b', 'c', 'd']) await create(name)
      const names = await pageThrough(size)
      expect(names).toHaveLength(7)
      expect(new Set(names).size).toBe(7)
    })

    test('repeat and skip nothing while roles come and go', async () => {
      for (const name of ['a', 'b', 'c', 'd']) await create(name)
      let made = 0
      const names = await pageThrough(2, async () => {
        if (made++ < 2) await create(`late${made}`)
        if (made === 1) await world.clients.iam.send(new DeleteRoleCommand({ RoleName: 'a' }))
      })
      expect(new Set(names).size).toBe(names.length)
      expect(names).toEqual(expect.arrayContaining(['b', 'c', 'd', 'late1']))
    })

    test('may come short or empty, and show every role once all the same', async () => {
      await using short = await AwsWorld.open({ settings: { shortPages: 0.8 } })
      const names: string[] = []
      let Marker: string | undefined
      do {
        const page = await short.clients.iam.send(new ListRolesCommand({ Marker }))
        names.push(...(page.Roles ?? []).map((role) => role.RoleName ?? ''))
        Marker = page.Marker
      } while (Marker !== undefined)
      expect(new Set(names).size).toBe(3)
      expect(names).toHaveLength(3)
    })

    test('refuse the marker of another list', async () => {
      const page = await world.clients.iam.send(new ListRolesCommand({ MaxItems: 1 }))
      const other = { PathPrefix: '/aws-reserved/', Marker: page.Marker ?? '' }
      await expectRefusal(callIam(world, 'ListRoles', other), 400, 'ValidationError', 'Invalid Marker.')
    })
  })
})
