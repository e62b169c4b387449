import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsWorld, callIam, callIamTwice, expectRefusal, mayList, trustAccount } from './support.js'

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess'
const power = 'arn:aws:iam::aws:policy/PowerUserAccess'
const RoleName = 'deployer'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(async () => {
  await world.control('POST', 'reset')
  await world.clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustAccount }))
})
afterAll(() => world[Symbol.asyncDispose]())

const put = (PolicyName: string, PolicyDocument = mayList) =>
  world.clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))
const attach = (PolicyArn: string) =>
  world.clients.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))

describe('serialisation', () => {
  test.each(['ListRolePolicies', 'ListAttachedRolePolicies'])(
    '%s refuses MaxItems that is not an integer',
    async (action) => {
      const answer = callIam(world, action, { RoleName, MaxItems: '1e2' })
      await expectRefusal(answer, 400, 'MalformedInput', 'MaxItems: "1e2" is not an integer')
    },
  )

  test.each([
    ['PutRolePolicy', 'PolicyDocument'],
    ['GetRolePolicy', 'PolicyName'],
    ['DeleteRolePolicy', 'PolicyName'],
    ['AttachRolePolicy', 'PolicyArn'],
    ['DetachRolePolicy', 'PolicyArn'],
  ])('%s refuses %s that comes twice', async (action, member) => {
    const answer = callIamTwice(world, action, member)
    await expectRefusal(answer, 400, 'MalformedInput', `${member} is there twice`)
  })
})

describe('validation', () => {
  const failed = (value: string, at: string, must: string): string =>
    `1 validation error detected: Value ${value} at '${at}' failed to satisfy constraint: Member must ${must}`

  test.each<[string, Record<string, string>, string]>([
    ['PutRolePolicy', { PolicyName: 'p' }, failed('null', 'policyDocument', 'not be null')],
    ['GetRolePolicy', {}, failed('null', 'policyName', 'not be null')],
    ['DeleteRolePolicy', {}, failed('null', 'policyName', 'not be null')],
    ['AttachRolePolicy', {}, failed('null', 'policyArn', 'not be null')],
    [
      'DetachRolePolicy',
      { PolicyArn: 'short' },
      failed("'short'", 'policyArn', 'have length greater than or equal to 20'),
    ],
    [
      'GetRolePolicy',
      { PolicyName: 'p/q' },
      failed("'p/q'", 'policyName', 'satisfy regular expression pattern: [\\w+=,.@-]+'),
    ],
    [
      'PutRolePolicy',
      { PolicyName: 'p', PolicyDocument: '{"x":"\u20ac"}' },
      failed(
        `'{"x":"\u20ac"}'`,
        'policyDocument',
        'satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
      ),
    ],
    [
      'ListAttachedRolePolicies',
      { PathPrefix: 'x' },
      failed("'x'", 'pathPrefix', 'satisfy regular expression pattern: ((/[A-Za-z0-9\\.,\\+@=_-]+)*)/'),
    ],
    [
      'ListRolePolicies',
      { MaxItems: '0' },
      failed("'0'", 'maxItems', 'have value greater than or equal to 1'),
    ],
  ])('%s refuses %j', async (action, form, message) => {
    await expectRefusal(callIam(world, action, { RoleName, ...form }), 400, 'ValidationError', message)
  })
})

describe('function', () => {
  test('an inline policy is put, put again, shown, listed and deleted', async () => {
    const other = mayList.replace('ListInstances', 'List*')
    await put('list')
    await put('__proto__', other)
    await put('list', other)
    const got = await world.clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'list' }))
    expect(got).toMatchObject({ RoleName, PolicyName: 'list' })
    expect(got.PolicyDocument).toContain('%22sso%3AList%2A%22')
    expect(decodeURIComponent(got.PolicyDocument ?? '')).toBe(other)
    const listed = await world.clients.iam.send(new ListRolePoliciesCommand({ RoleName }))
    expect(listed).toMatchObject({ PolicyNames: ['list', '__proto__'], IsTruncated: false })
    await world.clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'list' }))
    const missing = {
      name: 'NoSuchEntityException',
      message: 'The role policy with name list cannot be found.',
    }
    await expect(
      world.clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'list' })),
    ).rejects.toMatchObject(missing)
    await expect(
      world.clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'list' })),
    ).rejects.toMatchObject(missing)
  })

  test('names of what all objects have are not found', async () => {
    await expect(
      world.clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'constructor' })),
    ).rejects.toThrow('The role policy with name constructor cannot be found.')
  })

  test.each([
    ['no JSON', '{', 'This policy contains invalid Json'],
    ['a principal', trustAccount, 'Has prohibited field Principal'],
    [
      'a condition that would not be judged as AWS does',
      mayList.replace('"Resource"', '"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}},"Resource"'),
      expect.stringContaining('is not emulated'),
    ],
  ])('an inline policy with %s is refused', async (_, text, message) => {
    await expect(put('p', text)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message })
    const { PolicyNames } = await world.clients.iam.send(new ListRolePoliciesCommand({ RoleName }))
    expect(PolicyNames).toEqual([])
  })

  test('inline policies share one quota', async () => {
    const large = mayList.replace('"Effect"', `"Sid":"${'x'.repeat(6000)}","Effect"`)
    await put('one', large)
    await expect(put('two', large)).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 10240 bytes exceeded for role deployer',
      $metadata: { httpStatusCode: 409 },
    })
    await expect(put('one', large.replace('x', 'y'))).resolves.toBeDefined()
  })

  test('a managed policy is attached, once, listed by its path and detached', async () => {
    await attach(administrator)
    await attach(power)
    await attach(administrator)
    const list = (more: object = {}) =>
      world.clients.iam.send(new ListAttachedRolePoliciesCommand({ RoleName, ...more }))
    const first = await list({ MaxItems: 1 })
    expect(first).toMatchObject({
      AttachedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: administrator }],
      IsTruncated: true,
    })
    const second = await list({ MaxItems: 1, Marker: first.Marker })
    expect(second).toMatchObject({ AttachedPolicies: [{ PolicyArn: power }], IsTruncated: false })
    expect((await list({ PathPrefix: '/job-function/' })).AttachedPolicies).toEqual([])
    await world.clients.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: administrator }))
    expect((await list()).AttachedPolicies).toEqual([{ PolicyName: 'PowerUserAccess', PolicyArn: power }])
    await expect(
      world.clients.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: administrator })),
    ).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${administrator} was not found.`,
    })
  })

  test("AWS's policy that is not known here is not emulated, and the answer names those that are", async () => {
    await expect(attach('arn:aws:iam::aws:policy/ReadOnlyAccess')).rejects.toMatchObject({
      name: 'NotEmulated',
      message: expect.stringMatching(
        /^arn:aws:iam::aws:policy\/ReadOnlyAccess \(known: .*AdministratorAccess,/,
      ),
      $metadata: { httpStatusCode: 501 },
    })
  })

  test("the account's own policy does not exist", async () => {
    const unknown = 'arn:aws:iam::111111111111:policy/NoSuchPolicy'
    await expect(attach(unknown)).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${unknown} does not exist or is not attachable.`,
      $metadata: { httpStatusCode: 404 },
    })
  })

  test('a role is deleted only when it holds no policies', async () => {
    await put('list')
    await attach(administrator)
    const remove = () => world.clients.iam.send(new DeleteRoleCommand({ RoleName }))
    await expect(remove()).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
      $metadata: { httpStatusCode: 409 },
    })
    await world.clients.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: administrator }))
    await expect(remove()).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must delete policies first.',
    })
    await world.clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'list' }))
    await expect(remove()).resolves.toBeDefined()
  })

  test.each([
    ['GetRolePolicy', { PolicyName: 'p' }],
    ['ListRolePolicies', {}],
    ['ListAttachedRolePolicies', {}],
    ['PutRolePolicy', { PolicyName: 'p', PolicyDocument: mayList }],
    ['AttachRolePolicy', { PolicyArn: administrator }],
  ])('%s of a role that is not there', async (action, form) => {
    const answer = callIam(world, action, { RoleName: 'nobody', ...form })
    await expectRefusal(answer, 404, 'NoSuchEntity', 'The role with name nobody cannot be found.')
  })
})
