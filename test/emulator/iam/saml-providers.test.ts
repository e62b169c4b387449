import { X509Certificate } from 'node:crypto'
import { GetSAMLProviderCommand, ListSAMLProvidersCommand } from '@aws-sdk/client-iam'
import { DOMParser } from '@xmldom/xmldom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AwsWorld, callIam, callIamTwice, demo, expectRefusal } from './support.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())

const missing = `arn:aws:iam::${demo.management}:saml-provider/AWSSSO_0000000000000000_DO_NOT_DELETE`

describe('serialisation', () => {
  test('GetSAMLProvider refuses an ARN that comes twice', async () => {
    const answer = callIamTwice(world, 'GetSAMLProvider', 'SAMLProviderArn')
    await expectRefusal(answer, 400, 'MalformedInput', 'SAMLProviderArn is there twice')
  })

  test('ListSAMLProviders takes no members, and ignores what it does not know', async () => {
    expect((await callIam(world, 'ListSAMLProviders', { MaxItems: 'x' })).status).toBe(200)
  })
})

describe('validation', () => {
  test.each([
    [undefined, 'null', 'not be null'],
    ['arn:aws', "'arn:aws'", 'have length greater than or equal to 20'],
  ])('GetSAMLProvider refuses %j', async (arn, value, must) => {
    const form: Record<string, string> = arn === undefined ? {} : { SAMLProviderArn: arn }
    await expectRefusal(
      callIam(world, 'GetSAMLProvider', form),
      400,
      'ValidationError',
      `1 validation error detected: Value ${value} at 'sAMLProviderArn' failed to satisfy constraint: Member must ${must}`,
    )
  })
})

describe('function', () => {
  test('the provider of Identity Center is listed and has well-formed metadata', async () => {
    const { SAMLProviderList = [] } = await world.clients.iam.send(new ListSAMLProvidersCommand({}))
    expect(SAMLProviderList).toEqual([
      {
        Arn: expect.stringMatching(
          new RegExp(`^arn:aws:iam::${demo.management}:saml-provider/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$`),
        ),
        CreateDate: expect.any(Date),
        ValidUntil: expect.any(Date),
      },
    ])
    const got = await world.clients.iam.send(
      new GetSAMLProviderCommand({ SAMLProviderArn: SAMLProviderList[0]?.Arn }),
    )
    expect(got).toMatchObject({
      SAMLProviderUUID: expect.stringMatching(/^[A-Z0-9]{22,64}$/),
      CreateDate: SAMLProviderList[0]?.CreateDate,
      ValidUntil: SAMLProviderList[0]?.ValidUntil,
    })
    const metadata = got.SAMLMetadataDocument ?? ''
    expect(metadata.length).toBeGreaterThanOrEqual(1000)
    const root = new DOMParser().parseFromString(metadata, 'text/xml').documentElement
    expect(root?.localName).toBe('EntityDescriptor')
    const [certificate] = root?.getElementsByTagNameNS('*', 'X509Certificate') ?? []
    const parsed = new X509Certificate(Buffer.from(certificate?.textContent ?? '', 'base64'))
    expect(parsed.subject).toBe('CN=emulated Identity Center')
  })

  test.each([
    ['that is not there', missing, 404, 'NoSuchEntity', `Manifest not found for arn ${missing}`],
    [
      'of another kind',
      `arn:aws:iam::${demo.management}:role/admin`,
      400,
      'InvalidInput',
      `ARN arn:aws:iam::${demo.management}:role/admin is not valid.`,
    ],
  ])('a provider %s is refused', async (_, SAMLProviderArn, status, code, message) => {
    await expectRefusal(callIam(world, 'GetSAMLProvider', { SAMLProviderArn }), status, code, message)
  })

  test("another account's provider is not there for the caller", async () => {
    const state = await world.clients.iam.send(new ListSAMLProvidersCommand({}))
    const foreign = (state.SAMLProviderList?.[0]?.Arn ?? '').replace(demo.management, demo.production)
    await expect(
      world.clients.iam.send(new GetSAMLProviderCommand({ SAMLProviderArn: foreign })),
    ).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `Manifest not found for arn ${foreign}`,
    })
  })
})
