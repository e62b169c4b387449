/** @module Service providers over HTTP: two ways to write one, whose they are (T5), and who may be called AWS. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApplyAnswer, ResourceAnswer } from '../../src/api/contract.js'
import { createPerson, signIn, signInAdmin, testResources, type TestBrowser } from '../support/people.js'
import { acsUrls, readPostedForm, spEntityId, spMetadata, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

const named = (name: string, spec: object, labels: Readonly<Record<string, string>> = {}) => ({
  kind: 'saml_idp_service_provider',
  version: 'v1',
  metadata: { name, labels },
  spec,
})
const create = async (document: object) => await admin.post('/v1/resources?mode=create', document)
const read = async (name: string) =>
  (await admin.get(`/v1/resources/saml_idp_service_provider/${name}`)).body as ResourceAnswer
const detailOf = (response: { body: unknown }) => (response.body as { detail: string }).detail

describe('a service provider', () => {
  test('is made from entity ID and ACS alone', async () => {
    const spec = { entity_id: 'https://wiki.example.com', acs_url: 'https://wiki.example.com/acs' }
    const response = await create(named('wiki', spec, { env: 'prod' }))
    expect(response.status, response.text).toBe(200)
    expect((response.body as ApplyAnswer).changes).toMatchObject([{ action: 'create', name: 'wiki' }])
    expect((await read('wiki')).labels).toEqual({ env: 'prod' })
  })

  test('is made from metadata, which wins over a missing entity ID', async () => {
    const metadata = spMetadata.replaceAll(spEntityId, 'https://docs.example.com')
    expect((await create(named('docs', { entity_descriptor: metadata }))).status).toBe(200)
    expect((await read('docs')).columns).toMatchObject({
      entity_id: 'https://docs.example.com',
      acs_url: `${acsUrls[0]} +1`,
    })
  })

  test.each([
    [{ entity_id: 'https://x.example.com' }, /needs entity_descriptor.*or entity_id and acs_url/],
    [
      { entity_id: 'https://x.example.com', entity_descriptor: spMetadata },
      /is "https:\/\/x\.example\.com" but its metadata says/,
    ],
    [{ entity_descriptor: '<!DOCTYPE a><a/>' }, /DOCTYPE/],
    [{ entity_id: 'https://x.example.com', acs_url: 'http://x.example.com/acs' }, /https address/],
  ])('is refused: %j', async (spec, detail) => {
    const response = await create(named('refused', spec))
    expect(response.status, response.text).toBe(400)
    expect(detailOf(response)).toMatch(detail)
  })
})

describe('an entity ID', () => {
  test('belongs to one service provider: a second one is refused, however it is written', async () => {
    for (const spec of [
      { entity_descriptor: spMetadata },
      { entity_id: spEntityId, acs_url: 'https://thief.example.com/acs' },
    ]) {
      const response = await create(named('thief', spec))
      expect([response.status, response.body]).toMatchObject([409, { code: 'ALREADY_EXISTS' }])
      expect(detailOf(response)).toContain(spEntityId)
    }
    expect((await admin.get('/v1/resources/saml_idp_service_provider/thief')).status).toBe(404)
  })

  test('cannot be taken by a change either, nor by two documents of one file', async () => {
    const spec = { entity_id: 'https://own.example.com', acs_url: 'https://own.example.com/acs' }
    await create(named('own', spec))
    const changed = await admin.post(
      '/v1/resources?mode=replace',
      named('own', { ...spec, entity_id: spEntityId }),
    )
    expect([changed.status, changed.body]).toMatchObject([409, { code: 'ALREADY_EXISTS' }])
    expect(detailOf(changed)).toContain(spEntityId)
    const twin = { entity_id: 'https://twin.example.com', acs_url: 'https://twin.example.com/acs' }
    const both = await admin.post('/v1/resources', [named('twin-a', twin), named('twin-b', twin)])
    expect(both.body).toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(detailOf(both)).toContain('https://twin.example.com')
    expect((await admin.get('/v1/resources/saml_idp_service_provider/twin-a')).status).toBe(404)
  })
})

describe('who may be called AWS', () => {
  const awsLabel = { 'teleport.dev/origin': 'aws-identity-center' }
  const foreign = { entity_id: 'https://evil.example.com', acs_url: 'https://evil.example.com/acs' }

  test('the preset sets the label', async () => {
    const metadata = spMetadata.replaceAll(spEntityId, `${spEntityId}-2`)
    expect(
      (await create(named('aws-2', { preset: 'aws-identity-center', entity_descriptor: metadata }))).status,
    ).toBe(200)
    expect((await read('aws-2')).labels).toEqual(awsLabel)
  })

  test('the label without the preset is refused, and so nobody is sent there', async () => {
    const response = await create(named('evil', foreign, awsLabel))
    expect([response.status, response.body]).toMatchObject([400, { code: 'INVALID_RESOURCE' }])
    expect(detailOf(response)).toContain('the gateway alone sets this label')
  })

  test('the preset with an address of somebody else is refused', async () => {
    const response = await create(named('evil', { ...foreign, preset: 'aws-identity-center' }))
    expect([response.status, response.body]).toMatchObject([400, { code: 'INVALID_RESOURCE' }])
    expect(detailOf(response)).toContain('https://evil.example.com/acs is no sign-in address of AWS')
  })

  test('the same addresses under labels of their own are fine, and who may use AWS gets nothing there', async () => {
    expect((await create(named('honest', foreign, { env: 'test' }))).status).toBe(200)
    const dev = await createPerson(gateway, admin, { name: 'label@example.com', roles: ['aws'] })
    const page = await (await signIn(gateway, dev)).get('/saml/idp/login/honest')
    expect(page.text).not.toContain('SAMLResponse')
  })
})

test('T6: attributes for access control come from what the person cannot change', async () => {
  const name = 'https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter'
  const spec = { attribute_mapping: [{ name, name_format: 'uri', value: 'user.spec.traits.cost_center' }] }
  const changed = await admin.post('/v1/resources?mode=replace', spResource(spec) as object)
  expect(changed.status, changed.text).toBe(200)
  const person = { name: 'dev@example.com', roles: ['aws'], traits: { cost_center: ['cc-42'] } }
  const browser = await signIn(gateway, await createPerson(gateway, admin, person))

  const user = {
    kind: 'user',
    version: 'v2',
    metadata: { name: person.name },
    spec: { roles: ['aws'], traits: { cost_center: ['cc-1'] } },
  }
  const attempts = [
    await browser.post('/v1/resources', user),
    await browser.send('put', `/v1/resources/user/${person.name}`, user),
    await browser.post('/v1/users', { name: person.name, roles: ['aws'], traits: user.spec.traits }),
  ]
  expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403])
  expect((await browser.post('/v1/me', { traits: user.spec.traits })).status).toBe(404)

  const { xml } = readPostedForm((await browser.get('/saml/idp/login/aws-identity-center')).text)
  expect(xml).toContain(`Name="${name}"`)
  expect(xml).toContain('>cc-42<')
  expect(xml).not.toContain('cc-1<')
})
