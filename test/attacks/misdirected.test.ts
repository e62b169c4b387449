/** Requests that would send the assertion elsewhere, or were made for somebody else or another time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPerson, signIn, signInAdmin, testResources, type TestBrowser } from '../support/people.js'
import { acsUrls, authnRequest, readPostedForm, redirectPath, spEntityId, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { follow, postRequest, redirectRequest, type Answer } from './support.js'

let gateway: TestGateway
let dev: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  const admin = await signInAdmin(gateway)
  dev = await signIn(gateway, await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] }))
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

function expectRefused(answer: Answer, detail: string): void {
  expect(answer).toMatchObject({ status: 400, code: 'INVALID_SAML_REQUEST' })
  expect(answer.detail).toContain(detail)
  expect(answer.text).not.toContain('SAMLResponse')
  expect(answer.headers.get('location')).toBeNull()
}

describe('requests that would send the assertion elsewhere', () => {
  const lookalikes = [
    'https://evil.example/acs',
    'https://eu-central-1.signin.aws.evil.example/platform/saml/acs/tenant-1',
    'https://eu-central-1.signin.aws@evil.example/platform/saml/acs/tenant-1',
    `${acsUrls[0]}/`,
    `${acsUrls[0]}?x=1`,
    `${acsUrls[0]}#x`,
    acsUrls[0].replace('tenant-1', 'tenant-2'),
    acsUrls[0].replace('tenant-1', 'TENANT-1'),
    acsUrls[0].replace('https', 'HTTPS'),
    acsUrls[0].replace('https', 'http'),
    acsUrls[0].replace('signin.aws', 'SIGNIN.aws'),
    acsUrls[0].replace('.aws/', '.aws:443/'),
    acsUrls[0].replace('/acs/', '/x/../acs/'),
    acsUrls[0].replace('/acs/', '/%61cs/'),
    ` ${acsUrls[0]}`,
    'javascript:alert(1)',
  ]
  test.each(lookalikes)('the ACS %s is not in the metadata: refused with a page', async (url) => {
    const attributes = `AssertionConsumerServiceURL="${url}"`
    const { response } = await follow(dev, redirectPath(authnRequest({ attributes }).xml))
    expect(response.status).toBe(400)
    expect(response.text).not.toContain('SAMLResponse')
    expect(response.text).toContain('no assertion consumer service')
  })

  test.each([
    ['an unknown index', 'AssertionConsumerServiceIndex="7"', 'with index 7'],
    [
      'an index beside an URL',
      `AssertionConsumerServiceIndex="0" AssertionConsumerServiceURL="${acsUrls[0]}"`,
      'excludes AssertionConsumerServiceURL',
    ],
    ['a negative index', 'AssertionConsumerServiceIndex="-1"', 'is not a number up to 65535'],
  ])('%s is refused', async (_, attributes, detail) => {
    expectRefused(await redirectRequest(gateway, authnRequest({ attributes }).xml), detail)
  })

  test.each([
    ['another identity provider', 'https://idp.example/saml/idp/sso'],
    ['our host in other letters', 'http://LOCALHOST:3080/saml/idp/sso'],
    ['our address with a query', 'http://localhost:3080/saml/idp/sso?x'],
    ['the same path on the address of the server', ''],
  ])('a request for %s is refused', async (_, destination) => {
    const xml = authnRequest({
      destination: destination === '' ? `${gateway.url}/saml/idp/sso` : destination,
    }).xml
    expectRefused(await redirectRequest(gateway, xml), 'the request was made for')
    expectRefused(await postRequest(gateway, xml), 'the request was made for')
  })

  test('a request of yesterday is a page; one from the future is a status, not an assertion', async () => {
    const old = authnRequest({ issueInstant: '2026-02-28T09:00:00Z' })
    expectRefused(await redirectRequest(gateway, old.xml), 'too old now')
    const future = authnRequest({ issueInstant: '2026-03-01T10:00:00Z' })
    const { response } = await follow(dev, redirectPath(future.xml))
    const form = readPostedForm(response.text)
    expect(form.xml).toContain('urn:oasis:names:tc:SAML:2.0:status:RequestDenied')
    expect(form.xml).not.toContain('Assertion')
  })

  test.each([
    ['unknown', 'https://unknown.example/saml'],
    ['ours in capitals', spEntityId.toUpperCase()],
    ['ours with a slash', `${spEntityId}/`],
  ])('an issuer that is %s is refused', async (_, issuer) => {
    const answer = await redirectRequest(gateway, authnRequest({ issuer }).xml)
    expect(answer).toMatchObject({ status: 400, code: 'UNKNOWN_SERVICE_PROVIDER' })
    expect(answer.detail).toContain(`no service provider with the entity ID "${issuer}"`)
  })

  test.each([
    ['a name of an object', '__proto__'],
    ['words to the reader', 'Your account is locked: call 555 0100'],
  ])('an issuer that is %s is refused and not repeated', async (_, issuer) => {
    const answer = await redirectRequest(gateway, authnRequest({ issuer }).xml)
    expect(answer).toMatchObject({ status: 400, code: 'UNKNOWN_SERVICE_PROVIDER' })
    expect(answer.detail).toContain(
      'no service provider with the entity ID (not a URI, so not repeated here)',
    )
    expect(answer.text).not.toContain(issuer)
  })

  test('markup in an unknown issuer stays text on the page', async () => {
    const issuer = 'urn:&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;'
    const page = await dev.get(redirectPath(authnRequest({ issuer }).xml))
    expect(page.status).toBe(400)
    expect(page.text).toContain('urn:\\u003c/script>\\u003cscript>alert(1)')
    expect(page.text).not.toContain('<script>alert')
  })
})
