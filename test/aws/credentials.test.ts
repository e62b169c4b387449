import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConnectionCredentials } from '../../src/aws/credentials.js'
import type { CallGovernor } from '../../src/core/governor/call.js'
import { minute } from '../../src/core/time.js'
import { adminKey, demo, type AwsWorld } from '../emulator/aws-world.js'
import { audience, issuerName, subject, TestIssuer } from '../emulator/sts/issuer.js'
import { arrangeWebRole, makeRole, openWithIssuer, policy, webRoleArn } from '../emulator/sts/support.js'
import { passThroughGovernor } from '../support/pass-through-governor.js'
import { connect, failureOf, normal } from './aws-connection.js'

let world: AwsWorld
let issuer: TestIssuer
const everything = policy({ Effect: 'Allow', Action: '*', Resource: '*' })
const readerArn = `arn:aws:iam::${demo.management}:role/reader`

beforeAll(async () => {
  issuer = await TestIssuer.start()
  world = await openWithIssuer(issuer)
})
beforeEach(async () => {
  await world.control('POST', 'reset')
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await issuer[Symbol.asyncDispose]()
})

/** A token as our issuer makes it, at the time of the emulator. */
function token(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const iat = Math.floor(world.clock.now() / 1000)
  return issuer.sign({ iss: issuerName, aud: audience, sub: subject, iat, exp: iat + 300, ...claims })
}

function web(make: () => Promise<string> = token): ConnectionCredentials {
  return { kind: 'web_identity', roleArn: webRoleArn, sessionName: 'gatehouse', token: make }
}

describe('a role by a token of our issuer', () => {
  beforeEach(async () => {
    await arrangeWebRole(world)
  })

  test('is assumed before the first call, without a signature, and kept', async () => {
    const { identityCenter, governor } = connect(world, { credentials: web() })
    await using us = identityCenter
    // The role may list instances and nothing else: the refusal names it.
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({ failure: 'denied' })
    const error = await failureOf(us.read.listPermissionSetArns(normal))
    expect(error.message).toContain(`assumed-role/gatehouse/gatehouse`)
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(1)
    expect(us.credentialsExpireAt()).toBe(world.clock.now() + 60 * minute)
  })

  test('that was made anew is assumed anew after a refusal, since the old session has no rights any more', async () => {
    const { identityCenter, governor } = connect(world, { credentials: web() })
    await using us = identityCenter
    const call = () => failureOf(us.read.listPermissionSetArns(normal))
    await call()
    await call()
    // What is refused at once after the sign-in is refused for good.
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(1)
    await world.advance(2 * minute)
    await call()
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(1)
    await call()
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(2)
    await call()
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(2)
  })

  test('that is gone is told as such after a refusal, not by what its old session may not', async () => {
    let works = true
    const make = (): Promise<string> => (works ? token() : Promise.reject(new Error('the role is gone')))
    await using us = connect(world, { credentials: web(make) }).identityCenter
    await failureOf(us.read.listPermissionSetArns(normal))
    works = false
    await world.advance(2 * minute)
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({ failure: 'denied' })
    await expect(us.read.listPermissionSetArns(normal)).rejects.toThrow('the role is gone')
  })

  test('is assumed once by a burst of callers', async () => {
    let tokens = 0
    const { identityCenter, governor } = connect(world, {
      credentials: web(() => {
        tokens += 1
        return token()
      }),
    })
    await using us = identityCenter
    await Promise.all(Array.from({ length: 20 }, () => failureOf(us.read.listPermissionSetArns(normal))))
    expect([tokens, governor.count('AssumeRoleWithWebIdentity')]).toEqual([1, 1])
  })

  test('is renewed five minutes before its end, and not before', async () => {
    const { identityCenter, governor } = connect(world, { credentials: web() })
    await using us = identityCenter
    const call = () => failureOf(us.read.listPermissionSetArns(normal))
    await call()
    await world.advance(54 * minute)
    await call()
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(1)
    await world.advance(2 * minute)
    await call()
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(2)
    expect(us.credentialsExpireAt()).toBe(world.clock.now() + 60 * minute)
  })

  test('a call whose credentials ended while it waited for its turn is sent with new ones', async () => {
    const inner = passThroughGovernor()
    let waited = false
    const slow: CallGovernor = {
      run: async (call, options, make) => {
        if (call.operation === 'ListPermissionSets' && !waited) {
          waited = true
          await world.advance(61 * minute)
        }
        return inner.run(call, options, make)
      },
    }
    await using us = connect(world, { credentials: web(), governor: slow }).identityCenter
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({ failure: 'denied' })
    expect(inner.count('AssumeRoleWithWebIdentity')).toBe(2)
    // Nothing was sent with the credentials that had ended.
    expect(await world.control('GET', 'calls')).toMatchObject({
      calls: { 'sso-admin:ListPermissionSets': 1 },
    })
  })

  test('a renewal that fails early leaves the session in use until its end', async () => {
    let works = true
    const make = (): Promise<string> => (works ? token() : Promise.reject(new Error('the key is gone')))
    const { identityCenter } = connect(world, { credentials: web(make) })
    await using us = identityCenter
    await failureOf(us.read.listPermissionSetArns(normal))
    works = false
    await world.advance(57 * minute)
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({ failure: 'denied' })
    await world.advance(4 * minute)
    await expect(us.read.listPermissionSetArns(normal)).rejects.toThrow('the key is gone')
  })

  test.each([
    ['for another subject', { sub: 'somebody:else' }, 'denied', 'AccessDenied'],
    ['that has ended', { exp: 1_000 }, 'unauthorized', 'ExpiredTokenException'],
    ['of another audience', { aud: 'elsewhere' }, 'unauthorized', 'InvalidIdentityTokenException'],
  ])('a token %s is refused, and not shown', async (_name, claims, failure, awsCode) => {
    const bad = await token(claims)
    const { identityCenter } = connect(world, { credentials: web(() => Promise.resolve(bad)) })
    await using us = identityCenter
    const error = await failureOf(us.read.listPermissionSetArns(normal))
    expect(error).toMatchObject({ failure, awsCode, operation: 'AssumeRoleWithWebIdentity', service: 'sts' })
    expect(`${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}`).not.toContain(bad.slice(0, 30))
  })

  test('credentials that AWS calls ended are replaced once, and the call is made again', async () => {
    await makeRole(world, 'plugin', trustAnyToken, everything)
    const credentials = {
      ...web(),
      kind: 'web_identity',
      roleArn: webRoleArn.replace(/[^/]+$/, 'plugin'),
    } as const
    const { identityCenter, governor } = connect(world, {
      credentials: { ...credentials, sessionName: 'gatehouse', token },
    })
    await using us = identityCenter
    await us.read.listPermissionSetArns(normal)
    await world.control('POST', 'faults', {
      operation: 'sso-admin:ListPermissionSets',
      at: 1,
      fault: { kind: 'expired-token' },
    })
    expect(await us.read.listPermissionSetArns(normal)).toHaveLength(5)
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(2)
    await world.control('POST', 'faults', {
      operation: 'sso-admin:ListPermissionSets',
      at: 1,
      times: null,
      fault: { kind: 'expired-token' },
    })
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({ failure: 'unauthorized' })
    expect(governor.count('AssumeRoleWithWebIdentity')).toBe(3)
  })
})

const trustAnyToken = policy({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${demo.management}:oidc-provider/id.example.com` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'id.example.com:aud': audience, 'id.example.com:sub': subject } },
})

describe('credentials of the environment', () => {
  test('are found by the SDK itself, at the address of its own variable', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', adminKey.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', adminKey.secretAccessKey)
    vi.stubEnv('AWS_ENDPOINT_URL', world.url)
    const { identityCenter } = connect(world, { credentials: { kind: 'ambient' }, endpoints: undefined })
    await using us = identityCenter
    expect(await us.read.listPermissionSetArns(normal)).toHaveLength(5)
    expect(us.credentialsExpireAt()).toBeUndefined()
  })

  test('that are not there are told as such', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
    const { identityCenter, governor } = connect(world, { credentials: { kind: 'ambient' } })
    await using us = identityCenter
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({
      failure: 'unauthorized',
      awsCode: 'CredentialsProviderError',
    })
    expect(governor.calls).toEqual([])
  })

  test('that AWS does not know are unauthorized', async () => {
    const keys = { accessKeyId: 'AKIANOBODYNOBODY0000', secretAccessKey: 'nobody-nobody-nobody' }
    const { identityCenter } = connect(world, { keys })
    await using us = identityCenter
    const error = await failureOf(us.read.listPermissionSetArns(normal))
    expect(error).toMatchObject({ failure: 'unauthorized', awsCode: 'UnrecognizedClientException' })
    expect(error.message).not.toContain(keys.secretAccessKey)
  })

  test('are asked for at each call, since the chain renews by itself', async () => {
    const keys = [adminKey, { accessKeyId: 'AKIANOBODYNOBODY0000', secretAccessKey: 'nobody-nobody-nobody' }]
    let asked = 0
    const chain = () => Promise.resolve({ ...(keys[asked++] ?? adminKey) })
    await using us = connect(world, { credentials: { kind: 'ambient', chain } }).identityCenter
    expect(await us.read.listPermissionSetArns(normal)).toHaveLength(5)
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({ failure: 'unauthorized' })
  })

  test('assume a role where one is named, through the governor', async () => {
    const trust = policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
      Action: 'sts:AssumeRole',
    })
    await makeRole(world, 'reader', trust, everything)
    const { identityCenter, governor } = connect(world, {
      credentials: { kind: 'ambient', assumeRoleArn: readerArn, chain: () => Promise.resolve(adminKey) },
    })
    await using us = identityCenter
    const facts = await us.read.describeInstance(normal)
    expect(facts.callerArn).toContain(':assumed-role/reader/gatehouse')
    expect(governor.calls[0]).toMatchObject({ service: 'sts', operation: 'AssumeRole' })
    expect(governor.count('AssumeRole')).toBe(1)
  })

  test('that may not assume the role are refused', async () => {
    const { identityCenter } = connect(world, {
      credentials: { kind: 'ambient', assumeRoleArn: readerArn, chain: () => Promise.resolve(adminKey) },
    })
    await using us = identityCenter
    expect(await failureOf(us.read.describeInstance(normal))).toMatchObject({
      failure: 'denied',
      operation: 'AssumeRole',
    })
  })
})
