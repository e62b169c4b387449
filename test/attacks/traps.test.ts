/** Traps that careful builders fall into, as the gateway meets them at start and at the edge. */
import { describe, expect, test } from 'vitest'
import { testRoutes } from '../support/routes.js'
import { createPerson, signIn, signInAdmin, testResources, type TestBrowser } from '../support/people.js'
import {
  acsUrls,
  authnRequest,
  readPostedForm,
  redirectPath,
  spEntityId,
  spMetadata,
  spResource,
} from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { follow, raw } from './support.js'

const failure = async (opening: Promise<TestGateway>): Promise<Error> => {
  try {
    const gateway = await opening
    await gateway[Symbol.asyncDispose]()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('the gateway started')
}
const renamed = (name: string, spec: Readonly<Record<string, unknown>> = {}): unknown => ({
  ...(spResource(spec) as object),
  metadata: { name, labels: { 'teleport.dev/origin': 'aws-identity-center' } },
})

async function oneDeveloper(
  gateway: TestGateway,
  traits: Record<string, string[]> = {},
): Promise<TestBrowser> {
  const admin = await signInAdmin(gateway)
  const person = { name: 'dev@example.com', roles: ['aws'], traits }
  return await signIn(gateway, await createPerson(gateway, admin, person))
}

describe('T1: metadata of a service provider is hostile', () => {
  const acs = (location: string) =>
    spMetadata.replace(/<md:AssertionConsumerService[^>]*index="0"[^>]*\/>/, (found) =>
      found.replace(/Location="[^"]*"/, `Location="${location}"`),
    )
  test.each([
    ['a DOCTYPE', `<!DOCTYPE x>${spMetadata}`, 'holds a DOCTYPE'],
    ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "b">]>${spMetadata}`, 'holds a DOCTYPE'],
    ['a javascript: ACS', acs('javascript:alert(1)'), 'uses javascript: where only https is accepted'],
    ['an ACS without TLS elsewhere', acs('http://sp.example/acs'), 'uses http: where only https is accepted'],
    [
      'an ACS with a password in it',
      acs('https://user:pw@sp.example/acs'),
      'carries a user name or password',
    ],
    ['an entity in the entity ID', spMetadata.replace(spEntityId, 'a&x;b'), 'refers to an entity'],
  ])('%s keeps the gateway from starting, with the reason', async (_, descriptor, reason) => {
    const error = await failure(
      openTestGateway({ resources: [spResource({ entity_descriptor: descriptor })] }),
    )
    expect(error).toMatchObject({ name: 'GatewayError' })
    expect(error.message).toMatch(/^bootstrap file:8: spec\.entity_descriptor: /)
    expect(error.message).toContain(reason)
  })

  test('of several ACS without a default the first is taken, and a default wherever it stands', async () => {
    const second = spMetadata
      .replace(' isDefault="true"', '')
      .replace('index="1"', 'index="1" isDefault="true"')
    const none = spMetadata.replace(' isDefault="true"', '')
    for (const [descriptor, expected] of [
      [second, acsUrls[1]],
      [none, acsUrls[0]],
    ] as const) {
      await using gateway = await openTestGateway({
        resources: [...testResources, spResource({ entity_descriptor: descriptor })],
      })
      const browser = await oneDeveloper(gateway)
      const { response } = await follow(browser, redirectPath(authnRequest().xml))
      expect(readPostedForm(response.text).action).toBe(expected)
    }
  })
})

test('T2, T3: a POST without the cookie goes on with GET; reloading before the answer is harmless', async () => {
  await using gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  const browser = await oneDeveloper(gateway)
  const posted = await raw(gateway, '/saml/idp/sso', {
    method: 'POST',
    body: new URLSearchParams({ SAMLRequest: Buffer.from(authnRequest().xml).toString('base64') }),
  })
  expect(posted.status).toBe(303)
  const location = posted.headers.get('location') ?? ''
  for (let reload = 0; reload < 3; reload++) {
    const waiting = await raw(gateway, location)
    expect(waiting.headers.get('location')).toMatch(/^\/sign-in\?next=/)
  }
  expect((await browser.get(location)).text).toContain('SAMLResponse')
})

test('T4: only the answer that posts to the ACS may post anywhere else', async () => {
  await using gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  const browser = await oneDeveloper(gateway)
  const policyOf = async (path: string): Promise<string> =>
    String((await browser.get(path)).headers['content-security-policy'])
  expect(await policyOf('/saml/idp/login/aws-identity-center')).toContain(`form-action ${acsUrls[0]}`)
  for (const path of [
    '/',
    '/sign-in',
    '/saml/idp/login/nothing',
    '/saml/idp/continue?handle=x',
    '/nothing',
  ]) {
    expect(await policyOf(path)).toMatch(/form-action 'self';/)
  }
})

describe('T5: an entity ID belongs to one service provider', () => {
  test('a second one with the same entity ID is refused at start, naming both', async () => {
    const error = await failure(
      openTestGateway({ resources: [...testResources, spResource(), renamed('second-aws')] }),
    )
    expect(error).toMatchObject({ name: 'GatewayError', code: 'ALREADY_EXISTS' })
    expect(error.message).toContain(spEntityId)
    expect(error.message).toContain('second-aws')
    expect(error.message).toContain('aws-identity-center')
  })

  test('two of different entity IDs start', async () => {
    const other = spMetadata.replaceAll('d-1234567890', 'd-0987654321')
    await using gateway = await openTestGateway({
      resources: [...testResources, spResource(), renamed('second-aws', { entity_descriptor: other })],
    })
    expect(await gateway.gateway.catalog.listServiceProviders()).toHaveLength(2)
  })
})

describe('T6: attributes that decide in AWS are not the person’s to write', () => {
  const mapping = {
    attribute_mapping: [
      {
        name: 'https://aws.amazon.com/SAML/Attributes/AccessControl:Team',
        name_format: 'uri',
        value: 'user.spec.traits.team',
      },
    ],
  }

  test('no route for one’s own settings takes traits or roles', async () => {
    await using gateway = await openTestGateway({ resources: [...testResources, spResource(mapping)] })
    const browser = await oneDeveloper(gateway, { team: ['payments'] })
    const before = await gateway.gateway.catalog.user('dev@example.com')
    const own = testRoutes().filter(
      ({ method, right }) => method !== 'get' && (right === 'session' || right === 'public'),
    )
    expect(own.length).toBeGreaterThan(5)
    for (const { method, path, bodyKind } of own) {
      if (bodyKind === 'form' || path === '/v1/session') continue
      const at = path.replace(/:\w+/g, 'x'.repeat(24))
      const body = { traits: { team: ['admins'] }, roles: ['editor'], spec: { traits: { team: ['admins'] } } }
      const response = method === 'delete' ? await browser.delete(at, body) : await browser.post(at, body)
      // Of a route without a body nothing that is sent is read.
      if (bodyKind !== 'none') expect(response.status).toBeGreaterThanOrEqual(400)
    }
    expect(await gateway.gateway.catalog.user('dev@example.com')).toEqual(before)
    const launched = await browser.get(
      '/saml/idp/login/aws-identity-center?team=admins&AccessControl:Team=admins',
    )
    const { xml } = readPostedForm(launched.text)
    expect(xml).toContain('AccessControl:Team')
    expect(xml).toContain('>payments<')
    expect(xml).not.toContain('admins')
  })

  test('nor may they invite somebody with traits, or themselves again', async () => {
    await using gateway = await openTestGateway({ resources: [...testResources, spResource(mapping)] })
    const browser = await oneDeveloper(gateway)
    const response = await browser.post('/v1/users', {
      name: 'friend@example.com',
      roles: ['editor'],
      traits: { team: ['admins'] },
    })
    expect(response.status).toBe(403)
    expect(response.body).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('markup in a trait is text in the assertion', async () => {
    const plain = {
      attribute_mapping: [{ name: 'team', name_format: 'basic', value: 'user.spec.traits.team' }],
    }
    await using gateway = await openTestGateway({ resources: [...testResources, spResource(plain)] })
    const team = ']]></saml:AttributeValue><saml:AttributeValue>admins<!--'
    const browser = await oneDeveloper(gateway, { team: [team] })
    const { xml } = readPostedForm((await browser.get('/saml/idp/login/aws-identity-center')).text)
    expect(xml.match(/AttributeValue>admins/g)).toBeNull()
    expect(xml).toContain('&lt;saml:AttributeValue')
  })
})
