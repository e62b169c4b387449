/**
 * What is refused of AssumeRoleWithWebIdentity: each case is wrong in one way, and its twin in the tests beside is taken.
 */
import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { createPublicKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { base64url, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsWorld, demo } from '../aws-world.js'
import { audience, issuerName, makeKey, sendJson, startSeconds, subject, TestIssuer } from './issuer.js'
import {
  arrangeWebRole,
  assume,
  makeRole,
  openWithIssuer,
  policy,
  providerArn,
  webRoleArn,
  webTrust,
} from './support.js'

const discoveryPath = '/.well-known/openid-configuration'
const keysPath = '/.well-known/jwks.json'

let world: AwsWorld
let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start('RS256')
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

const notTrusted = {
  name: 'AccessDenied',
  message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  $metadata: { httpStatusCode: 403 },
}
const invalid = (message: unknown) => ({
  name: 'InvalidIdentityTokenException',
  message,
  $metadata: { httpStatusCode: 400 },
})
const noKey = (detail: string) =>
  invalid(
    "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity " +
      `documentation for requirements (${detail})`,
  )
const unreachable = (message: string) => ({
  name: 'IDPCommunicationErrorException',
  message,
  $metadata: { httpStatusCode: 400 },
})
const claims = {
  iss: issuerName,
  aud: audience,
  sub: subject,
  iat: startSeconds,
  exp: startSeconds + 300,
}
const notJwt =
  'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'
const algorithmsOnly = 'The signing algorithm must be one of RS256, RS384, RS512, ES256, ES384, ES512'

describe('tokens by their form', () => {
  test.each([
    ['text', 'not-a-token'],
    ['three parts of nothing', 'a.b.c'],
    ['an opaque token of two parts', `${base64url.encode('{}')}.x`],
    ['a list for claims', `${base64url.encode('{"alg":"RS256"}')}.${base64url.encode('[]')}.x`],
  ])('%s is no token', async (_, token) => {
    await expect(assume(world, token)).rejects.toMatchObject(invalid(notJwt))
    expect(issuer.asked).toEqual([])
  })

  test('alg none is refused, and nobody is asked for keys', async () => {
    const token = new UnsecuredJWT(claims).encode()
    await expect(assume(world, token)).rejects.toMatchObject(invalid(algorithmsOnly))
    expect(issuer.asked).toEqual([])
  })

  test('HS256 with the public key as its secret is refused', async () => {
    const [key] = issuer.keys
    const pem = createPublicKey({ key: key?.jwk ?? {}, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'key-RS256' })
      .sign(new TextEncoder().encode(pem.toString()))
    await expect(assume(world, token)).rejects.toMatchObject(invalid(algorithmsOnly))
  })

  test('PS256, which AWS does not verify, is refused', async () => {
    const token = await issuer.sign({}, await makeKey('PS256', 'key-RS256'))
    await expect(assume(world, token)).rejects.toMatchObject(invalid(algorithmsOnly))
  })
})

describe('tokens by their signature', () => {
  test('another key under the same id is refused', async () => {
    const token = await issuer.sign({}, await makeKey('RS256', 'key-RS256'))
    await expect(assume(world, token)).rejects.toMatchObject(
      invalid('The signature of the token is not valid'),
    )
  })

  test('a key that the issuer does not publish is refused', async () => {
    const token = await issuer.sign({}, await makeKey('RS256', 'stranger'))
    await expect(assume(world, token)).rejects.toMatchObject(noKey('no key of the issuer fits the token'))
  })

  test('claims that were changed afterwards are refused', async () => {
    const [header, , signature] = (await issuer.sign()).split('.')
    const forged = base64url.encode(JSON.stringify({ ...claims, sub: 'repo:northwind/other' }))
    await expect(assume(world, `${header}.${forged}.${signature}`)).rejects.toMatchObject(
      invalid('The signature of the token is not valid'),
    )
  })

  test('a key that is weak, or for encryption, or broken, is no key', async () => {
    const token = await issuer.sign()
    const [key] = issuer.keys
    const wrong = [
      { ...key?.jwk, use: 'enc' },
      { ...key?.jwk, n: 'AQAB' },
      { ...key?.jwk, kty: 'oct', k: 'c2VjcmV0' },
    ]
    for (const jwk of wrong) {
      issuer.answerJson(keysPath, { keys: [jwk] })
      await expect(assume(world, token)).rejects.toMatchObject(noKey('no key of the issuer fits the token'))
    }
  })
})

describe('tokens by their claims', () => {
  const refuse = async (changed: Record<string, unknown>, refusal: object): Promise<void> => {
    await expect(assume(world, await issuer.sign(changed))).rejects.toMatchObject(refusal)
  }

  test('an expired token, from its very second', async () => {
    await expect(assume(world, await issuer.sign({ exp: startSeconds + 1 }))).resolves.toBeDefined()
    await refuse(
      { exp: startSeconds },
      {
        name: 'ExpiredTokenException',
        message: `Token expired: current date/time ${startSeconds} must be before the expiration date/time ${startSeconds}`,
        $metadata: { httpStatusCode: 400 },
      },
    )
  })

  test.each<[string, Record<string, unknown>, string]>([
    [
      'not valid yet',
      { nbf: startSeconds + 1 },
      'The claim nbf is not valid: "nbf" claim timestamp check failed',
    ],
    ['issued in the future', { iat: startSeconds + 1 }, 'Token was issued in the future'],
    ['without exp', { exp: undefined }, 'Missing a required claim: exp'],
    ['without iat', { iat: undefined }, 'Missing a required claim: iat'],
    ['without aud', { aud: undefined }, 'Missing a required claim: aud'],
    ['without sub', { sub: undefined }, 'Missing a required claim: sub'],
    ['without iss', { iss: undefined }, 'Missing a required claim: iss'],
    ['for another audience', { aud: 'other' }, 'Incorrect token audience'],
    ['for an audience in another case', { aud: 'STS.amazonaws.com' }, 'Incorrect token audience'],
    ['for no audience', { aud: [] }, 'Incorrect token audience'],
    ['about too short a subject', { sub: 'abcde' }, 'The claim sub must have 6 to 255 characters'],
    ['about too long a subject', { sub: 'x'.repeat(256) }, 'The claim sub must have 6 to 255 characters'],
    [
      'of an issuer without a provider',
      { iss: 'https://other.example.com' },
      'No OpenIDConnect provider found in your account for https://other.example.com',
    ],
    [
      'of an issuer in another scheme',
      { iss: 'id.example.com' },
      'No OpenIDConnect provider found in your account for id.example.com',
    ],
    [
      'of an issuer with a slash more',
      { iss: `${issuerName}/` },
      `No OpenIDConnect provider found in your account for ${issuerName}/`,
    ],
  ])('a token %s', async (_, changed, message) => {
    await refuse(changed, invalid(message))
  })

  test.each<[Record<string, unknown>, string]>([
    [{ exp: 'tomorrow' }, 'The claim exp is not valid: "exp" claim must be a number'],
    [{ iat: '1' }, 'The claim iat is not valid: "iat" claim must be a number'],
    [{ sub: 123_456 }, 'The claim sub must have 6 to 255 characters'],
    [{ sub: [subject] }, 'The claim sub must have 6 to 255 characters'],
    [{ sub: { length: 10 } }, 'The claim sub must have 6 to 255 characters'],
    [{ aud: 5 }, 'The claim aud is not valid'],
    [{ aud: [audience, 5] }, 'The claim aud is not valid'],
    [{ azp: [audience] }, 'The claim azp is not valid'],
    [{ azp: null }, 'The claim azp is not valid'],
    [{ amr: { mfa: true } }, 'The claim amr is not valid'],
    [{ iss: 7 }, 'Missing a required claim: iss'],
  ])('claims of other types: %j', async (changed, message) => {
    await refuse(changed, invalid(message))
  })
})

describe('issuers', () => {
  const refuse = async (refusal: object): Promise<void> => {
    await expect(assume(world, await issuer.sign())).rejects.toMatchObject(refusal)
  }
  const discovery = `${issuerName}${discoveryPath}`
  const jwks = `${issuerName}${keysPath}`

  test('one that is not mapped is not called', async () => {
    await using unmapped = await AwsWorld.open()
    await unmapped.clients.iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: issuerName,
        ClientIDList: [audience],
        ThumbprintList: ['0'.repeat(40)],
      }),
    )
    await expect(assume(unmapped, await issuer.sign())).rejects.toMatchObject(
      unreachable(`${discovery} is not mapped to a loopback address (--issuer-map)`),
    )
  })

  test('one that is mapped away from loopback is not called either', async () => {
    await using outside = await AwsWorld.open({ issuers: new Map([[issuerName, 'http://192.0.2.1:9']]) })
    await outside.clients.iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: issuerName,
        ClientIDList: [audience],
        ThumbprintList: ['0'.repeat(40)],
      }),
    )
    await expect(assume(outside, await issuer.sign())).rejects.toMatchObject(
      unreachable(`${discovery} is not mapped to a loopback address (--issuer-map)`),
    )
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['the document of another', { issuer: 'https://other.example.com' }, `${discovery} is of another issuer`],
    ['its name with a slash more', { issuer: `${issuerName}/` }, `${discovery} is of another issuer`],
    ['no address of keys', { jwks_uri: undefined }, `${discovery} does not have what AWS needs of: jwks_uri`],
    [
      'no claims that AWS needs',
      { claims_supported: ['sub', 'iss'] },
      `${discovery} does not have what AWS needs of: claims_supported`,
    ],
    [
      'no ID tokens',
      { response_types_supported: ['code'] },
      `${discovery} does not have what AWS needs of: response_types_supported`,
    ],
    [
      'pairwise subjects only',
      { subject_types_supported: ['pairwise'] },
      `${discovery} does not have what AWS needs of: subject_types_supported`,
    ],
    [
      'no algorithm that AWS verifies',
      { id_token_signing_alg_values_supported: ['EdDSA'] },
      `${discovery} does not have what AWS needs of: id_token_signing_alg_values_supported`,
    ],
  ])('one that publishes %s', async (_, changed, detail) => {
    issuer.answerJson(discoveryPath, { ...issuer.discovery(), ...changed })
    await refuse(noKey(detail))
  })

  test.each([
    'https://elsewhere.example.com/jwks.json',
    'http://id.example.com/jwks.json',
    'file:///etc/passwd',
    'jwks.json',
  ])('one whose keys are at %s, which is not mapped', async (address) => {
    issuer.answerJson(discoveryPath, { ...issuer.discovery(), jwks_uri: address })
    await refuse(unreachable(`${address} is not mapped to a loopback address (--issuer-map)`))
  })

  test('keys that are on loopback already are not called by that name', async () => {
    issuer.answerJson(discoveryPath, { ...issuer.discovery(), jwks_uri: `${issuer.url}${keysPath}` })
    await refuse(unreachable(`${issuer.url}${keysPath} is not mapped to a loopback address (--issuer-map)`))
  })

  test.each([
    ['discovery document', discoveryPath, discovery],
    ['keys', keysPath, jwks],
  ])('a redirect of the %s is not followed', async (_, path, address) => {
    await using elsewhere = await TestIssuer.start('RS256')
    issuer.instead.set(path, (_req, res) => res.writeHead(302, { location: elsewhere.url + path }).end())
    await refuse(noKey(`${address} answered 302`))
    expect(elsewhere.asked).toEqual([])
  })

  test.each([
    [404, noKey(`${discovery} answered 404`)],
    [503, unreachable(`${discovery} answered 503`)],
  ])('one that answers %d', async (status, refusal) => {
    issuer.instead.set(discoveryPath, (_req, res) => res.writeHead(status).end())
    await refuse(refusal)
  })

  test('one that answers no JSON', async () => {
    issuer.instead.set(discoveryPath, (_req, res) => res.end('<html>'))
    await refuse(noKey(`${discovery} answered no JSON`))
  })

  test('one that hangs up', async () => {
    issuer.instead.set(discoveryPath, (req) => req.socket.destroy())
    await refuse(unreachable(`${discovery} could not be reached`))
  })

  test('one that is not there', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    await using gone = await AwsWorld.open({ issuers: new Map([[issuerName, `http://127.0.0.1:${port}`]]) })
    await gone.clients.iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: issuerName,
        ClientIDList: [audience],
        ThumbprintList: ['0'.repeat(40)],
      }),
    )
    await expect(assume(gone, await issuer.sign())).rejects.toMatchObject(
      unreachable(`${discovery} could not be reached`),
    )
  })

  test.each([
    [
      'is deleted',
      () =>
        world.clients.iam.send(
          new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn }),
        ),
      `No OpenIDConnect provider found in your account for ${issuerName}`,
    ],
    [
      'loses the audience',
      () =>
        world.clients.iam.send(
          new RemoveClientIDFromOpenIDConnectProviderCommand({
            OpenIDConnectProviderArn: providerArn,
            ClientID: audience,
          }),
        ),
      'Incorrect token audience',
    ],
  ])('a provider that %s while the issuer answers counts no more', async (_, change, message) => {
    issuer.instead.set(keysPath, (_req, res) => {
      // The answer waits for the change, so that it comes in between.
      void change().then(() => sendJson(res, { keys: issuer.keys.map(({ jwk }) => jwk) }))
    })
    await refuse(invalid(message))
  })

  test('one that answers for ever is read to a bound only', async () => {
    let written = 0
    issuer.instead.set(keysPath, (_req, res) => {
      const chunk = ' '.repeat(65_536)
      const more = (): void => {
        while (!res.destroyed) {
          written += chunk.length
          if (!res.write(chunk)) {
            res.once('drain', more)
            return
          }
        }
      }
      more()
    })
    await refuse(noKey(`${jwks} answered more than 1048576 bytes`))
    expect(written).toBeLessThan(32 * 1_048_576)
  })

  test.each(['RSA', 'EC'])('one with more than 100 keys of the type %s', async (kty) => {
    const [key] = issuer.keys
    const fill = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ kty, kid: `filler-${index}` }))
    const own = kty === 'RSA' ? 99 : 100
    issuer.answerJson(keysPath, { keys: [key?.jwk, ...fill(own)] })
    await expect(assume(world, await issuer.sign())).resolves.toBeDefined()
    issuer.answerJson(keysPath, { keys: [key?.jwk, ...fill(own + 1)] })
    await refuse(noKey(`${jwks} has more than 100 keys of a type`))
  })

  test.each([[{ keys: 'many' }], [[]], [{ keys: [1] }], [null]])('one whose keys are %j', async (body) => {
    issuer.instead.set(keysPath, (_req, res) => sendJson(res, body))
    await refuse(noKey(`${jwks} is not a set of keys`))
  })
})

describe('roles', () => {
  const web = (more: object, federated: string = providerArn): string =>
    policy({
      Effect: 'Allow',
      Principal: { Federated: federated },
      Action: 'sts:AssumeRoleWithWebIdentity',
      ...more,
    })

  test.each<[string, string]>([
    ['wants another subject', webTrust.replace(subject, 'repo:northwind/other')],
    ['wants another audience', webTrust.replace(audience, 'other')],
    ['trusts the provider of another account', webTrust.replace(demo.management, demo.production)],
    ['trusts another provider', web({}, `${providerArn}/tenant`)],
    ['trusts the provider for SAML only', webTrust.replace('WebIdentity"', 'SAML"')],
    [
      'trusts people of the account only',
      policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
        Action: 'sts:AssumeRoleWithWebIdentity',
      }),
    ],
    [
      'wants a claim that the token lacks',
      web({ Condition: { StringEquals: { 'id.example.com:amr': 'mfa' } } }),
    ],
    [
      'wants a claim of another issuer',
      web({ Condition: { StringEquals: { 'other.example.com:sub': subject } } }),
    ],
  ])('one that %s', async (_, trust) => {
    const RoleArn = await makeRole(world, 'other', trust)
    await expect(assume(world, await issuer.sign(), { RoleArn })).rejects.toMatchObject(notTrusted)
  })

  test('one that denies the subject, whatever it allows', async () => {
    const all = { Effect: 'Allow', Principal: { Federated: providerArn }, Action: 'sts:*' }
    const but = {
      ...all,
      Effect: 'Deny',
      Condition: { StringLike: { 'id.example.com:sub': 'repo:northwind/*' } },
    }
    const RoleArn = await makeRole(world, 'other', policy(all, but))
    await expect(assume(world, await issuer.sign(), { RoleArn })).rejects.toMatchObject(notTrusted)
    await expect(
      assume(world, await issuer.sign({ sub: 'repo:southwind/web' }), { RoleArn }),
    ).resolves.toBeDefined()
  })

  test('one that is not there is refused in the same words, after the token was verified', async () => {
    const RoleArn = webRoleArn.replace('gatehouse', 'missing')
    await expect(assume(world, await issuer.sign(), { RoleArn })).rejects.toMatchObject(notTrusted)
    const forged = await issuer.sign({}, await makeKey('RS256', 'key-RS256'))
    await expect(assume(world, forged, { RoleArn })).rejects.toMatchObject(
      invalid('The signature of the token is not valid'),
    )
  })

  test('one of an account that does not know the issuer', async () => {
    const RoleArn = webRoleArn.replace(demo.management, demo.production)
    await expect(assume(world, await issuer.sign(), { RoleArn })).rejects.toMatchObject(
      invalid(`No OpenIDConnect provider found in your account for ${issuerName}`),
    )
  })

  test('one whose provider was deleted', async () => {
    await expect(assume(world, await issuer.sign())).resolves.toBeDefined()
    await world.clients.iam.send(
      new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn }),
    )
    await expect(assume(world, await issuer.sign())).rejects.toMatchObject(
      invalid(`No OpenIDConnect provider found in your account for ${issuerName}`),
    )
  })
})
