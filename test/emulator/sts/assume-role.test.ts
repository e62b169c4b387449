import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { ListAccountsCommand } from '@aws-sdk/client-organizations'
import { ListInstancesCommand, ListPermissionSetsCommand } from '@aws-sdk/client-sso-admin'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseOrganisation } from '../../../src/emulator/state/organisation.js'
import { adminKey, AwsWorld, demo, type Clients } from '../aws-world.js'
import { demoFile } from '../portal.js'
import { callSts, credentialsOf, expectRefusal, makeRole, mayList, policy } from './support.js'

/** In the management account: `limited` may do nothing but what a trust policy gives, `denied` may not even that. */
const limitedKey = { accessKeyId: 'AKIALIMITEDLIMITED00', secretAccessKey: 'limited-limited-limited' }
const deniedKey = { accessKeyId: 'AKIADENIEDDENIED0000', secretAccessKey: 'denied-denied-denied-denied' }
const foreignKey = { accessKeyId: 'AKIAFOREIGNFOREIGN00', secretAccessKey: 'foreign-foreign-foreign' }

const deny = { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }
const organisation = parseOrganisation(
  `${readFileSync(demoFile, 'utf8')}
credentials:
  - { accessKeyId: ${adminKey.accessKeyId}, secretAccessKey: ${adminKey.secretAccessKey}, userName: admin }
  - { accessKeyId: ${limitedKey.accessKeyId}, secretAccessKey: ${limitedKey.secretAccessKey}, userName: limited, policies: [] }
  - accessKeyId: ${deniedKey.accessKeyId}
    secretAccessKey: ${deniedKey.secretAccessKey}
    userName: denied
    policies: [{ Version: '2012-10-17', Statement: [${JSON.stringify(deny)}] }]
  - { accessKeyId: ${foreignKey.accessKeyId}, secretAccessKey: ${foreignKey.secretAccessKey}, userName: foreign, account: production, policies: [] }
`,
  'the test',
)

let world: AwsWorld
let limited: Clients
let denied: Clients
let foreign: Clients
beforeAll(async () => {
  world = await AwsWorld.open({ organisation })
  limited = world.clientsOf(limitedKey)
  denied = world.clientsOf(deniedKey)
  foreign = world.clientsOf(foreignKey)
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

const user = (name: string, account: string = demo.management): string =>
  `arn:aws:iam::${account}:user/${name}`
const root = (account: string): string => `arn:aws:iam::${account}:root`
const trusting = (AWS: string | readonly string[], more: object = {}): string =>
  policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more })
const assume = (clients: Clients, RoleArn: string, more: object = {}) =>
  clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'job', ...more }))
const refusalOf = (arn: string, roleArn: string) => ({
  name: 'AccessDenied',
  message: `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  $metadata: { httpStatusCode: 403 },
})

describe('serialisation', () => {
  test('DurationSeconds that is not an integer is refused', async () => {
    const answer = callSts(world, 'AssumeRole', { DurationSeconds: '1h' })
    await expectRefusal(answer, 400, 'MalformedInput', 'DurationSeconds: "1h" is not an integer')
  })
})

describe('validation', () => {
  const valid = { RoleArn: `arn:aws:iam::${demo.management}:role/deployer`, RoleSessionName: 'job' }

  test.each<[Record<string, string>, string]>([
    [
      { RoleArn: 'arn' },
      "Value 'arn' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    ],
    [
      { RoleSessionName: 'x' },
      "Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      { RoleSessionName: 'a b' },
      "Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      { DurationSeconds: '899' },
      "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      { DurationSeconds: '43201' },
      "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
    [
      { ExternalId: 'x' },
      "Value 'x' at 'externalId' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
  ])('%j is refused', async (form, message) => {
    const answer = callSts(world, 'AssumeRole', { ...valid, ...form })
    await expectRefusal(answer, 400, 'ValidationError', `1 validation error detected: ${message}`)
  })

  test('the ARN of something else is refused', async () => {
    await expect(assume(world.clients, user('ada'))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Request ARN is invalid',
    })
  })

  test.each<[string, object]>([
    ['Tags', { Tags: [{ Key: 'a', Value: 'b' }] }],
    ['SourceIdentity', { SourceIdentity: 'ada' }],
    ['PolicyArns', { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] }],
    ['SerialNumber', { SerialNumber: 'arn:aws:iam::111111111111:mfa/ada' }],
  ])('%s is not built, and refused aloud', async (name, more) => {
    await expect(assume(world.clients, valid.RoleArn, more)).rejects.toMatchObject({
      name: 'NotEmulated',
      message: `${name} of AssumeRole is not built in this emulator`,
      $metadata: { httpStatusCode: 501 },
    })
  })
})

describe('function', () => {
  test('a session works on every service with what the role may, and no more', async () => {
    const arn = await makeRole(world, 'deployer', trusting(user('limited')), mayList)
    const answer = await assume(limited, arn)
    expect(answer).toMatchObject({
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${demo.management}:assumed-role/deployer/job`,
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:job$/),
      },
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        Expiration: new Date('2026-11-22T13:00:00Z'),
      },
    })
    expect(answer).not.toHaveProperty('PackedPolicySize')
    const session = world.clientsOf(credentialsOf(answer.Credentials))
    const identity = await session.sts.send(new GetCallerIdentityCommand({}))
    expect(identity).toMatchObject({
      Arn: answer.AssumedRoleUser?.Arn,
      UserId: answer.AssumedRoleUser?.AssumedRoleId,
      Account: demo.management,
    })
    await expect(session.ssoAdmin.send(new ListInstancesCommand({}))).resolves.toBeDefined()
    await expect(session.organizations.send(new ListAccountsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `User: arn:aws:sts::${demo.management}:assumed-role/deployer/job is not authorized to perform: organizations:ListAccounts`,
      ),
    })
  })

  test('what the role may is looked up at each call', async () => {
    const arn = await makeRole(world, 'deployer', trusting(user('limited')))
    const session = world.clientsOf(credentialsOf((await assume(limited, arn)).Credentials))
    const change = { RoleName: 'deployer', PolicyName: 'may' }
    const other = mayList.replace('sso:ListInstances', 'organizations:ListAccounts')
    await world.clients.iam.send(new PutRolePolicyCommand({ ...change, PolicyDocument: other }))
    await expect(session.ssoAdmin.send(new ListInstancesCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    await expect(session.organizations.send(new ListAccountsCommand({}))).resolves.toBeDefined()
  })

  test('a session may nothing after its role was deleted, though one of the name is made again', async () => {
    const arn = await makeRole(world, 'deployer', trusting(user('limited')))
    const session = world.clientsOf(credentialsOf((await assume(limited, arn)).Credentials))
    await world.clients.iam.send(new DeleteRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'may' }))
    await world.clients.iam.send(new DeleteRoleCommand({ RoleName: 'deployer' }))
    await makeRole(world, 'deployer', trusting(user('limited')))
    await expect(session.ssoAdmin.send(new ListInstancesCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })

  test('a session ends at its expiry, and is refused as expired', async () => {
    const arn = await makeRole(world, 'deployer', trusting(user('limited')))
    const answer = await assume(limited, arn, { DurationSeconds: 900 })
    const session = world.clientsOf(credentialsOf(answer.Credentials))
    await world.advance(899_000)
    await expect(session.sts.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined()
    await world.advance(1_000)
    await expect(session.sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    })
    world.clock.set(Date.parse('2026-11-22T12:00:00Z'))
  })

  test('the token of the session belongs to it', async () => {
    const arn = await makeRole(world, 'deployer', trusting(user('limited')))
    const one = credentialsOf((await assume(limited, arn)).Credentials)
    const two = credentialsOf((await assume(limited, arn)).Credentials)
    expect(one.accessKeyId).not.toBe(two.accessKeyId)
    const mixed = world.clientsOf({ ...one, sessionToken: two.sessionToken ?? '' })
    await expect(mixed.sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    })
  })

  describe('trust', () => {
    test('of the whole account leaves it to the policies of the caller', async () => {
      const arn = await makeRole(world, 'shared', trusting(root(demo.management)))
      await expect(assume(limited, arn)).rejects.toMatchObject(refusalOf(user('limited'), arn))
      await expect(assume(world.clients, arn)).resolves.toBeDefined()
    })

    test('of the caller is enough within an account, except against an explicit deny', async () => {
      const arn = await makeRole(world, 'named', trusting([user('limited'), user('denied')]))
      await expect(assume(limited, arn)).resolves.toBeDefined()
      await expect(assume(denied, arn)).rejects.toMatchObject(refusalOf(user('denied'), arn))
    })

    test('of the caller is not enough across accounts', async () => {
      const arn = await makeRole(world, 'across', trusting(user('foreign', demo.production)))
      await expect(assume(foreign, arn)).rejects.toMatchObject(
        refusalOf(user('foreign', demo.production), arn),
      )
    })

    test('of nobody refuses even an administrator, in the words for a role that is not there', async () => {
      const arn = await makeRole(world, 'closed', trusting(user('somebody')))
      await expect(assume(world.clients, arn)).rejects.toMatchObject(refusalOf(user('admin'), arn))
      const missing = arn.replace('closed', 'missing')
      await expect(assume(world.clients, missing)).rejects.toMatchObject(refusalOf(user('admin'), missing))
    })

    test('is about the exact ARN', async () => {
      const arn = await makeRole(world, 'named', trusting(user('limited')), mayList, { Path: '/teams/' })
      expect(arn).toContain(':role/teams/named')
      for (const wrong of [arn.replace('/teams', ''), arn.replace('named', 'NAMED')]) {
        await expect(assume(limited, wrong)).rejects.toMatchObject(refusalOf(user('limited'), wrong))
      }
    })

    test('may ask for an external id', async () => {
      const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'northwind' } } }
      const arn = await makeRole(world, 'guarded', trusting(user('limited'), condition))
      for (const more of [{}, { ExternalId: 'southwind' }]) {
        await expect(assume(limited, arn, more)).rejects.toMatchObject(refusalOf(user('limited'), arn))
      }
      await expect(assume(limited, arn, { ExternalId: 'northwind' })).resolves.toBeDefined()
    })

    test('of nobody for a role of Identity Center, which people reach through the portal', async () => {
      const state = await world.clients.iam.send(
        new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument: trusting('*') }),
      )
      const arn = (state.Role?.Arn ?? '').replace(
        'role/x',
        'role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Billing_0000000000000000',
      )
      await expect(assume(world.clients, arn)).rejects.toMatchObject(refusalOf(user('admin'), arn))
    })
  })

  describe('duration', () => {
    const refusal = (message: string) => ({
      name: 'ValidationError',
      message,
      $metadata: { httpStatusCode: 400 },
    })

    test("is at most the role's", async () => {
      const arn = await makeRole(world, 'long', trusting(user('limited')), mayList, {
        MaxSessionDuration: 7200,
      })
      const answer = await assume(limited, arn, { DurationSeconds: 7200 })
      expect(answer.Credentials?.Expiration).toEqual(new Date('2026-11-22T14:00:00Z'))
      await expect(assume(limited, arn, { DurationSeconds: 7201 })).rejects.toMatchObject(
        refusal('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
      )
    })

    test('is at most one hour where the caller has a session itself', async () => {
      const first = await makeRole(
        world,
        'first',
        trusting(user('limited')),
        policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }),
      )
      const second = await makeRole(world, 'second', trusting(first), mayList, { MaxSessionDuration: 7200 })
      const session = world.clientsOf(credentialsOf((await assume(limited, first)).Credentials))
      await expect(assume(session, second, { DurationSeconds: 3601 })).rejects.toMatchObject(
        refusal(
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        ),
      )
      const answer = await assume(session, second, { DurationSeconds: 3600 })
      expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${demo.management}:assumed-role/second/job`)
    })
  })

  describe('a session policy', () => {
    const both = policy({
      Effect: 'Allow',
      Action: ['sso:ListInstances', 'organizations:*', 'sts:AssumeRole'],
      Resource: '*',
    })

    test('takes away from what the role may, and gives nothing', async () => {
      const arn = await makeRole(world, 'broad', trusting(user('limited')), both)
      const Policy = policy({ Effect: 'Allow', Action: 'sso:*', Resource: '*' })
      const answer = await assume(limited, arn, { Policy })
      expect(answer).toMatchObject({ PackedPolicySize: Math.ceil((Policy.length / 2048) * 100) })
      const session = world.clientsOf(credentialsOf(answer.Credentials))
      await expect(session.ssoAdmin.send(new ListInstancesCommand({}))).resolves.toBeDefined()
      await expect(session.organizations.send(new ListAccountsCommand({}))).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('no session policy allows'),
      })
      await expect(
        session.ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn: demo.instanceArn })),
      ).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('no identity-based policy allows'),
      })
    })

    test('holds for the next role, too', async () => {
      const arn = await makeRole(world, 'broad', trusting(user('limited')), both)
      const next = await makeRole(world, 'next', trusting(arn))
      const free = world.clientsOf(credentialsOf((await assume(limited, arn)).Credentials))
      await expect(assume(free, next)).resolves.toBeDefined()
      const bound = world.clientsOf(
        credentialsOf((await assume(limited, arn, { Policy: mayList })).Credentials),
      )
      await expect(assume(bound, next)).rejects.toMatchObject({ name: 'AccessDenied' })
    })

    test('that cannot be read, or is too long, is refused', async () => {
      const arn = await makeRole(world, 'broad', trusting(user('limited')))
      await expect(assume(limited, arn, { Policy: '{' })).rejects.toMatchObject({
        name: 'MalformedPolicyDocumentException',
        message: 'This policy contains invalid Json',
      })
      const long = mayList.padEnd(2049, ' ')
      await expect(assume(limited, arn, { Policy: long })).rejects.toMatchObject({
        name: 'PackedPolicyTooLargeException',
        message: 'Packed policy consumes 101% of allotted space, please use smaller policy.',
        $metadata: { httpStatusCode: 400 },
      })
    })
  })

  test('nobody takes on a role without a signature', async () => {
    const response = await fetch(world.url, {
      method: 'POST',
      body: new URLSearchParams({
        Action: 'AssumeRole',
        Version: '2011-06-15',
        RoleArn: `arn:aws:iam::${demo.management}:role/deployer`,
        RoleSessionName: 'job',
      }),
    })
    await expectRefusal(
      Promise.resolve({ status: response.status, body: await response.text() }),
      403,
      'MissingAuthenticationToken',
      'Missing Authentication Token',
    )
  })
})
