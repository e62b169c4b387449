import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { issuerName, TestIssuer } from '../sts/issuer.js'
import { AwsWorld, callIam, callIamTwice, demo, expectRefusal } from './support.js'

const thumbprint = '0123456789abcdef0123456789abcdef01234567'
const arnOf = (name: string): string => `arn:aws:iam::${demo.management}:oidc-provider/${name}`
const arn = arnOf('id.example.com')

let world: AwsWorld
let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start()
  world = await AwsWorld.open({ issuers: new Map([[issuerName, issuer.url]]) })
})
beforeEach(async () => {
  issuer.instead.clear()
  issuer.asked.length = 0
  await world.control('POST', 'reset')
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await issuer[Symbol.asyncDispose]()
})

const create = (more: object = {}) =>
  world.clients.iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: issuerName,
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList: [thumbprint],
      ...more,
    }),
  )
const get = (OpenIDConnectProviderArn = arn) =>
  world.clients.iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))

describe('serialisation', () => {
  test.each([
    ['CreateOpenIDConnectProvider', 'Url'],
    ['GetOpenIDConnectProvider', 'OpenIDConnectProviderArn'],
    ['DeleteOpenIDConnectProvider', 'OpenIDConnectProviderArn'],
    ['AddClientIDToOpenIDConnectProvider', 'ClientID'],
    ['RemoveClientIDFromOpenIDConnectProvider', 'ClientID'],
    ['UpdateOpenIDConnectProviderThumbprint', 'ThumbprintList.member.1'],
  ])('%s refuses %s that comes twice', async (action, member) => {
    const answer = callIamTwice(world, action, member)
    await expectRefusal(answer, 400, 'MalformedInput', `${member} is there twice`)
  })

  test('ListOpenIDConnectProviders answers an empty list as an element', async () => {
    const { body } = await callIam(world, 'ListOpenIDConnectProviders')
    expect(body).toContain('<OpenIDConnectProviderList></OpenIDConnectProviderList>')
  })
})

describe('validation', () => {
  const failed = (value: string, at: string, must: string): string =>
    `1 validation error detected: Value ${value} at '${at}' failed to satisfy constraint: Member must ${must}`

  test.each<[string, Record<string, string>, string]>([
    ['CreateOpenIDConnectProvider', {}, failed('null', 'url', 'not be null')],
    [
      'CreateOpenIDConnectProvider',
      { Url: issuerName, 'ThumbprintList.member.1': 'ab' },
      failed("'ab'", 'thumbprintList.1.member', 'have length greater than or equal to 40'),
    ],
    [
      'CreateOpenIDConnectProvider',
      { Url: issuerName, 'ClientIDList.member.1': '' },
      failed("''", 'clientIDList.1.member', 'have length greater than or equal to 1'),
    ],
    ['GetOpenIDConnectProvider', {}, failed('null', 'openIDConnectProviderArn', 'not be null')],
    ['DeleteOpenIDConnectProvider', {}, failed('null', 'openIDConnectProviderArn', 'not be null')],
    [
      'AddClientIDToOpenIDConnectProvider',
      { OpenIDConnectProviderArn: arn },
      failed('null', 'clientID', 'not be null'),
    ],
    [
      'RemoveClientIDFromOpenIDConnectProvider',
      { OpenIDConnectProviderArn: arn },
      failed('null', 'clientID', 'not be null'),
    ],
    [
      'UpdateOpenIDConnectProviderThumbprint',
      { OpenIDConnectProviderArn: arn },
      failed('null', 'thumbprintList', 'not be null'),
    ],
  ])('%s refuses %j', async (action, form, message) => {
    await expectRefusal(callIam(world, action, form), 400, 'ValidationError', message)
  })

  test.each([
    'http://id.example.com',
    'https://id.example.com:8443',
    'https://id.example.com/?tenant=1',
    'https://id.example.com/#part',
    'https://user@id.example.com',
    'https://',
    'id.example.com',
  ])('CreateOpenIDConnectProvider refuses the URL %s', async (Url) => {
    const answer = callIam(world, 'CreateOpenIDConnectProvider', { Url })
    await expectRefusal(answer, 400, 'ValidationError', 'Invalid Open ID Connect Provider URL')
  })

  test.each(['GetOpenIDConnectProvider', 'DeleteOpenIDConnectProvider'])(
    '%s refuses the ARN of something else',
    async (action) => {
      const other = `arn:aws:iam::${demo.management}:role/deployer`
      const answer = callIam(world, action, { OpenIDConnectProviderArn: other })
      await expectRefusal(answer, 400, 'InvalidInput', `ARN ${other} is not valid.`)
    },
  )
})

describe('function', () => {
  test('a provider is made, shown without its scheme, listed and deleted', async () => {
    const made = await create({ Tags: [{ Key: 'owner', Value: 'platform' }] })
    expect(made).toMatchObject({
      OpenIDConnectProviderArn: arn,
      Tags: [{ Key: 'owner', Value: 'platform' }],
    })
    const { $metadata: _, ...got } = await get()
    expect(got).toEqual({
      Url: 'id.example.com',
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList: [thumbprint],
      CreateDate: new Date('2026-11-22T12:00:00Z'),
      Tags: [{ Key: 'owner', Value: 'platform' }],
    })
    const list = async () =>
      (await world.clients.iam.send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList
    expect(await list()).toEqual([{ Arn: arn }])
    await world.clients.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))
    expect(await list()).toEqual([])
    const missing = {
      name: 'NoSuchEntityException',
      message: `OpenIDConnect Provider not found for arn ${arn}`,
      $metadata: { httpStatusCode: 404 },
    }
    await expect(get()).rejects.toMatchObject(missing)
    await expect(
      world.clients.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
    ).rejects.toMatchObject(missing)
  })

  test('a URL is taken once, and case counts', async () => {
    await create()
    await expect(create()).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: `Provider with url ${issuerName} already exists.`,
      $metadata: { httpStatusCode: 409 },
    })
    const other = await create({ Url: 'https://ID.example.com' })
    expect(other.OpenIDConnectProviderArn).toBe(arnOf('ID.example.com'))
  })

  test('audiences are added once and removed', async () => {
    await create({ ClientIDList: [] })
    const change = { OpenIDConnectProviderArn: arn, ClientID: 'discover.example' }
    for (let times = 0; times < 2; times++) {
      await world.clients.iam.send(new AddClientIDToOpenIDConnectProviderCommand(change))
    }
    expect((await get()).ClientIDList).toEqual(['discover.example'])
    for (let times = 0; times < 2; times++) {
      await world.clients.iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand(change))
    }
    expect((await get()).ClientIDList).toEqual([])
  })

  test('there are at most 100 audiences, new and added', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `client-${index}`)
    const refusal = {
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100',
      $metadata: { httpStatusCode: 409 },
    }
    await expect(create({ ClientIDList: [...many, 'one more'] })).rejects.toMatchObject(refusal)
    await create({ ClientIDList: many })
    await expect(
      world.clients.iam.send(
        new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn, ClientID: 'more' }),
      ),
    ).rejects.toMatchObject(refusal)
  })

  test.each([
    [
      'more than five',
      Array.from({ length: 6 }, () => thumbprint),
      'Thumbprint list must contain at most 5 entries.',
    ],
    ['no digests', ['z'.repeat(40)], 'Thumbprint must be 40 hexadecimal digits.'],
  ])(
    'thumbprints that are %s are refused, new and in place of others',
    async (_, ThumbprintList, message) => {
      const refusal = { name: 'InvalidInputException', message }
      await expect(create({ ThumbprintList })).rejects.toMatchObject(refusal)
      await create()
      const update = { OpenIDConnectProviderArn: arn, ThumbprintList }
      await expect(
        world.clients.iam.send(new UpdateOpenIDConnectProviderThumbprintCommand(update)),
      ).rejects.toMatchObject(refusal)
      expect((await get()).ThumbprintList).toEqual([thumbprint])
    },
  )

  test('thumbprints are replaced as a whole', async () => {
    await create()
    const other = thumbprint.replaceAll('0', 'f')
    await world.clients.iam.send(
      new UpdateOpenIDConnectProviderThumbprintCommand({
        OpenIDConnectProviderArn: arn,
        ThumbprintList: [other],
      }),
    )
    expect((await get()).ThumbprintList).toEqual([other])
  })

  test("another account's provider is not there for the caller", async () => {
    const foreign = arn.replace(demo.management, demo.production)
    await create()
    await expect(get(foreign)).rejects.toThrow(`OpenIDConnect Provider not found for arn ${foreign}`)
  })

  describe('without thumbprints', () => {
    test('the issuer is called', async () => {
      await create({ ThumbprintList: undefined })
      expect(issuer.asked).toEqual(['/.well-known/openid-configuration'])
      expect((await get()).ThumbprintList).toEqual([])
    })

    test('with some, it is not', async () => {
      await create()
      expect(issuer.asked).toEqual([])
    })

    test.each<[string, string, () => void, string]>([
      [
        'is not mapped',
        'https://elsewhere.example.com',
        () => undefined,
        'https://elsewhere.example.com/.well-known/openid-configuration is not mapped to a loopback address (--issuer-map)',
      ],
      [
        'is another',
        issuerName,
        () =>
          issuer.answerJson('/.well-known/openid-configuration', {
            ...issuer.discovery(),
            issuer: 'https://x',
          }),
        'https://id.example.com/.well-known/openid-configuration is of another issuer',
      ],
    ])('an issuer that %s is refused, and no provider made', async (_, Url, arrange, message) => {
      arrange()
      await expect(create({ Url, ThumbprintList: [] })).rejects.toMatchObject({
        name: 'OpenIdIdpCommunicationErrorException',
        message,
        $metadata: { httpStatusCode: 400 },
      })
      const { OpenIDConnectProviderList } = await world.clients.iam.send(
        new ListOpenIDConnectProvidersCommand({}),
      )
      expect(OpenIDConnectProviderList).toEqual([])
    })

    test('of two that are made at once, one is', async () => {
      const results = await Promise.allSettled([
        create({ ThumbprintList: [] }),
        create({ ThumbprintList: [] }),
      ])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })
  })
})
