import { CreateOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { ListAccountsCommand } from '@aws-sdk/client-organizations'
import { ListInstancesCommand } from '@aws-sdk/client-sso-admin'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { demo, demoRegion, type AwsWorld } from '../aws-world.js'
import { audience, issuerName, startSeconds, subject, TestIssuer } from './issuer.js'
import {
  arrangeWebRole,
  assume,
  callSts,
  credentialsOf,
  expectRefusal,
  makeRole,
  openWithIssuer,
  policy,
  providerArn,
  webRoleArn,
} from './support.js'

const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']

let world: AwsWorld
let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start(...algorithms)
  world = await openWithIssuer(issuer)
})
beforeEach(async () => {
  issuer.instead.clear()
  await world.control('POST', 'reset')
  await arrangeWebRole(world)
  issuer.asked.length = 0
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await issuer[Symbol.asyncDispose]()
})

describe('serialisation', () => {
  test('DurationSeconds that is not an integer is refused', async () => {
    const answer = callSts(world, 'AssumeRoleWithWebIdentity', { DurationSeconds: '9e2' })
    await expectRefusal(answer, 400, 'MalformedInput', 'DurationSeconds: "9e2" is not an integer')
  })
})

describe('validation', () => {
  const valid = { RoleArn: webRoleArn, RoleSessionName: 'plugin', WebIdentityToken: 'a.b.c' }
  const failed = (value: string, at: string, must: string): string =>
    `1 validation error detected: Value ${value}at '${at}' failed to satisfy constraint: Member must ${must}`

  test.each<[string, Record<string, string>, string]>([
    [
      'a short name',
      { RoleSessionName: 'x' },
      failed("'x' ", 'roleSessionName', 'have length greater than or equal to 2'),
    ],
    [
      'a short token',
      { WebIdentityToken: 'abc' },
      failed('', 'webIdentityToken', 'have length greater than or equal to 4'),
    ],
    [
      'a long token',
      { WebIdentityToken: 'x'.repeat(20_001) },
      failed('', 'webIdentityToken', 'have length less than or equal to 20000'),
    ],
    [
      'a short duration',
      { DurationSeconds: '899' },
      failed("'899' ", 'durationSeconds', 'have value greater than or equal to 900'),
    ],
  ])('%s is refused; the token is not shown', async (_, form, message) => {
    const answer = callSts(world, 'AssumeRoleWithWebIdentity', { ...valid, ...form })
    await expectRefusal(answer, 400, 'ValidationError', message)
  })

  test.each([
    [
      'a role',
      { RoleArn: 'arn:aws:iam::111111111111:user/ada' },
      'ValidationError',
      'Request ARN is invalid',
    ],
    [
      'a provider',
      { ProviderId: 'www.amazon.com' },
      'NotEmulated',
      'ProviderId of AssumeRoleWithWebIdentity is not built in this emulator',
    ],
  ])('%s of another kind is refused', async (_, more, name, message) => {
    await expect(assume(world, await issuer.sign(), more)).rejects.toMatchObject({ name, message })
  })
})

describe('function', () => {
  test('whoever has a token takes on the role, without credentials', async () => {
    const anonymous = new STSClient({ endpoint: world.url, region: demoRegion, maxAttempts: 1 })
    const { $metadata: _, ...answer } = await anonymous.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: webRoleArn,
        RoleSessionName: 'plugin',
        WebIdentityToken: await issuer.sign(),
      }),
    )
    anonymous.destroy()
    expect(answer).toEqual({
      SubjectFromWebIdentityToken: subject,
      Audience: audience,
      Provider: providerArn,
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${demo.management}:assumed-role/gatehouse/plugin`,
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:plugin$/),
      },
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9/+]{40}$/),
        SessionToken: expect.stringMatching(/^.{100,}$/),
        Expiration: new Date('2026-11-22T13:00:00Z'),
      },
    })
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/.well-known/jwks.json'])
  })

  test('the session may what the role may, and nothing else', async () => {
    const session = world.clientsOf(credentialsOf((await assume(world, await issuer.sign())).Credentials))
    await expect(session.ssoAdmin.send(new ListInstancesCommand({}))).resolves.toBeDefined()
    await expect(session.organizations.send(new ListAccountsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'because no identity-based policy allows the organizations:ListAccounts action',
      ),
    })
  })

  test('the session ends', async () => {
    const answer = await assume(world, await issuer.sign(), { DurationSeconds: 900 })
    const session = world.clientsOf(credentialsOf(answer.Credentials))
    await world.advance(900_000)
    await expect(session.sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
    })
    world.clock.set(startSeconds * 1000)
  })

  test('a session policy only takes away', async () => {
    const Policy = policy({ Effect: 'Allow', Action: 'organizations:*', Resource: '*' })
    const answer = await assume(world, await issuer.sign(), { Policy })
    expect(answer).toMatchObject({ PackedPolicySize: Math.ceil((Policy.length / 2048) * 100) })
    const session = world.clientsOf(credentialsOf(answer.Credentials))
    await expect(session.ssoAdmin.send(new ListInstancesCommand({}))).rejects.toThrow('no session policy')
    await expect(session.organizations.send(new ListAccountsCommand({}))).rejects.toThrow(
      'no identity-based policy',
    )
  })

  test('a session policy that cannot be read is refused', async () => {
    await expect(assume(world, await issuer.sign(), { Policy: '[]' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      $metadata: { httpStatusCode: 400 },
    })
  })

  test("the duration is at most the role's", async () => {
    await expect(assume(world, await issuer.sign(), { DurationSeconds: 3601 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    })
  })

  test.each(algorithms)('tokens signed with %s are taken', async (alg) => {
    const key = issuer.keys.find((one) => one.alg === alg)
    await expect(assume(world, await issuer.sign({}, key))).resolves.toBeDefined()
  })

  test('one of several audiences is enough, and azp stands for all of them', async () => {
    const several = await assume(world, await issuer.sign({ aud: ['other', audience] }))
    expect(several.Audience).toBe(audience)
    const azp = await assume(world, await issuer.sign({ aud: 'other', azp: audience }))
    expect(azp.Audience).toBe(audience)
    await expect(assume(world, await issuer.sign({ aud: audience, azp: 'other' }))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      message: 'Incorrect token audience',
    })
  })

  test('a key that the issuer changed is seen at once', async () => {
    await using other = await TestIssuer.start('RS256')
    issuer.answerJson('/.well-known/jwks.json', { keys: other.keys.map(({ jwk }) => jwk) })
    await expect(assume(world, await issuer.sign({}, other.keys[0]))).resolves.toBeDefined()
  })

  test('amr can be asked for by the trust policy', async () => {
    const RoleArn = await makeRole(
      world,
      'strong',
      policy({
        Effect: 'Allow',
        Principal: { Federated: providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { 'ForAnyValue:StringEquals': { 'id.example.com:amr': 'mfa' } },
      }),
    )
    await expect(
      assume(world, await issuer.sign({ amr: ['pwd', 'mfa'] }), { RoleArn }),
    ).resolves.toBeDefined()
    for (const amr of [undefined, ['pwd']]) {
      await expect(assume(world, await issuer.sign({ amr }), { RoleArn })).rejects.toMatchObject({
        name: 'AccessDenied',
      })
    }
  })

  test('a document that lacks what only the documentation asks for is taken where the setting says so', async () => {
    const { claims_supported: _, ...lacking } = issuer.discovery()
    issuer.answerJson('/.well-known/openid-configuration', lacking)
    await world.control('PUT', 'settings', { oidcDiscovery: 'observed' })
    await expect(assume(world, await issuer.sign())).resolves.toBeDefined()
  })

  test('an issuer with a path is found below it', async () => {
    await using tenant = await openWithIssuer(issuer)
    const iss = `${issuerName}/tenant`
    issuer.answerJson('/tenant/.well-known/openid-configuration', { ...issuer.discovery(), issuer: iss })
    const { OpenIDConnectProviderArn: arn } = await tenant.clients.iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: iss, ClientIDList: [audience] }),
    )
    const RoleArn = await makeRole(
      tenant,
      'tenant',
      policy({
        Effect: 'Allow',
        Principal: { Federated: arn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'id.example.com/tenant:sub': subject } },
      }),
    )
    await expect(assume(tenant, await issuer.sign({ iss }), { RoleArn })).resolves.toMatchObject({
      Provider: arn,
    })
  })
})
