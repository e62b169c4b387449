import { DOMParser } from '@xmldom/xmldom'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { writeIdpMetadata } from '../support/saml-signer.js'
import { acsPath, Browser, inflate, Portal, spEntityId } from './portal.js'

let portal: Portal
beforeAll(async () => {
  portal = await Portal.start()
})
beforeEach(async () => {
  await portal.control('POST', 'reset')
  await portal.importIdp(writeIdpMetadata(portal.idp))
})
afterAll(() => portal.emulator.close())

const parse = (xml: string) => {
  const root = new DOMParser().parseFromString(xml, 'application/xml').documentElement
  if (root === null) throw new Error('no XML')
  return root
}
const text = (xml: string, name: string) => parse(xml).getElementsByTagNameNS('*', name)[0]?.textContent

describe('the start page without a session', () => {
  test('redirects to the identity provider with an AuthnRequest in AWS form', async () => {
    const response = await new Browser().send(`${portal.url}/start`)
    expect(response.status).toBe(302)
    const url = new URL(response.headers.get('location') ?? '')
    expect(url.origin + url.pathname).toBe('https://idp.example.com/saml/sso')
    expect([...url.searchParams.keys()]).toEqual(['SAMLRequest', 'RelayState'])
    const xml = inflate(url.searchParams.get('SAMLRequest') ?? '')
    const request = parse(xml)
    expect(request.namespaceURI).toBe('urn:oasis:names:tc:SAML:2.0:protocol')
    expect(request.localName).toBe('AuthnRequest')
    expect(request.getAttribute('ID')).toMatch(/^aws_[\w-]{32}$/)
    expect(request.getAttribute('Version')).toBe('2.0')
    expect(request.getAttribute('IssueInstant')).toBe('2026-11-22T12:00:00.000Z')
    expect(request.getAttribute('Destination')).toBe('https://idp.example.com/saml/sso')
    expect(request.getAttribute('AssertionConsumerServiceURL')).toBe(portal.url + acsPath)
    expect(request.getAttribute('ProtocolBinding')).toBe('urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST')
    expect(text(xml, 'Issuer')).toBe(spEntityId)
    expect(xml).toContain('NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"')
    expect(xml).not.toContain('Signature')
  })

  test('keeps a query that the sign-in address already has', async () => {
    const idp = { ...portal.idp, ssoUrl: 'https://idp.example.com/sso?tenant=a' }
    await portal.importIdp(writeIdpMetadata(idp))
    const response = await new Browser().send(`${portal.url}/start`)
    const url = new URL(response.headers.get('location') ?? '')
    expect([...url.searchParams.keys()]).toEqual(['tenant', 'SAMLRequest', 'RelayState'])
  })

  test('?binding=post answers a form for the identity provider alone', async () => {
    const response = await new Browser().send(`${portal.url}/start?binding=post`)
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(page).toContain('<form method="post" action="https://idp.example.com/saml/sso">')
    expect(page).toContain('<button type="submit">Continue to sign in</button>')
    const encoded = /name="SAMLRequest" value="([^"]+)"/.exec(page)?.[1] ?? ''
    expect(text(Buffer.from(encoded, 'base64').toString(), 'Issuer')).toBe(spEntityId)
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("form-action 'self' https://idp.example.com;")
    expect(policy).toContain("default-src 'none'")
  })

  test('without an identity provider says so', async () => {
    await portal.control('POST', 'reset')
    const response = await new Browser().send(`${portal.url}/start`)
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('No external identity provider is connected')
  })
})

describe('POST /_emulator/saml/authn-request', () => {
  const ask = async (options: unknown) => {
    const response = await portal.control('POST', 'saml/authn-request', options)
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }

  test('makes a request by redirect, with every wish in it', async () => {
    const { body } = await ask({
      binding: 'redirect',
      acsUrl: 'https://evil.example/acs',
      forceAuthn: true,
      isPassive: false,
      relayState: 'a&b "c" <d> é',
      issuer: 'https://other.example/"sp"',
      id: 'aws_fixed',
      requestedAuthnContext: 'urn:x',
    })
    const url = new URL(body['url'] ?? '')
    expect(url.searchParams.get('RelayState')).toBe('a&b "c" <d> é')
    const xml = inflate(url.searchParams.get('SAMLRequest') ?? '')
    expect(xml).toBe(body['xml'])
    const request = parse(xml)
    expect(request.getAttribute('ID')).toBe('aws_fixed')
    expect(request.getAttribute('ForceAuthn')).toBe('true')
    expect(request.getAttribute('IsPassive')).toBe('false')
    expect(request.getAttribute('AssertionConsumerServiceURL')).toBe('https://evil.example/acs')
    expect(text(xml, 'Issuer')).toBe('https://other.example/"sp"')
    expect(text(xml, 'AuthnContextClassRef')).toBe('urn:x')
  })

  test('by index: neither URL nor binding is named (SAML Core 3.4.1)', async () => {
    const request = parse((await ask({ acsIndex: 2 })).body['xml'] ?? '')
    expect(request.getAttribute('AssertionConsumerServiceIndex')).toBe('2')
    expect(request.hasAttribute('AssertionConsumerServiceURL')).toBe(false)
    expect(request.hasAttribute('ProtocolBinding')).toBe(false)
  })

  test('an answer to a request by index must come to that ACS, from any browser', async () => {
    const { body } = await ask({ acsIndex: 2, relayState: null })
    const inResponseTo = body['requestId'] ?? ''
    const acsUrl = `${portal.url}/sso.signin.aws${acsPath}`
    const wrong = await portal.postResponse(new Browser(), portal.signed({ inResponseTo }))
    expect(wrong.status).toBe(400)
    const xml = portal.signed({ inResponseTo, destination: acsUrl, recipient: acsUrl })
    expect((await portal.postResponse(new Browser(), xml, undefined, acsUrl)).status).toBe(302)
  })

  test('by POST: the fields of the form', async () => {
    const { body } = await ask({ binding: 'post', relayState: 'x' })
    expect(body).toMatchObject({ binding: 'post', action: 'https://idp.example.com/saml/sso' })
    expect(body['fields']).toEqual({
      SAMLRequest: Buffer.from(body['xml'] ?? '').toString('base64'),
      RelayState: 'x',
    })
  })

  test('unknown wishes are refused by name', async () => {
    const { status, body } = await ask({ bindings: 'post' })
    expect(status).toBe(400)
    expect(body).toEqual({
      code: 'INVALID_INPUT',
      message: 'body: nothing is called "bindings"; did you mean binding?',
    })
  })

  test('without an identity provider there is nobody to ask', async () => {
    await portal.control('POST', 'reset')
    const { status, body } = await ask({})
    expect(status).toBe(409)
    expect(body).toEqual({
      code: 'NO_IDENTITY_PROVIDER',
      message: 'import the metadata of an identity provider first',
    })
  })
})

describe('service provider metadata', () => {
  test('has the form of AWS: three ACS, no key, assertions wanted signed', async () => {
    const response = await fetch(`${portal.url}/platform/saml/metadata/d-99672f1c0b`)
    expect(response.headers.get('content-type')).toContain('application/samlmetadata+xml')
    const root = parse(await response.text())
    expect(root.getAttribute('entityID')).toBe(spEntityId)
    const descriptor = root.getElementsByTagNameNS('*', 'SPSSODescriptor')[0]
    expect(descriptor?.getAttribute('AuthnRequestsSigned')).toBe('false')
    expect(descriptor?.getAttribute('WantAssertionsSigned')).toBe('true')
    expect(root.getElementsByTagNameNS('*', 'KeyDescriptor')).toHaveLength(0)
    const services = Array.from(root.getElementsByTagNameNS('*', 'AssertionConsumerService'))
    expect(
      services.map((s) => [s.getAttribute('index'), s.getAttribute('isDefault'), s.getAttribute('Location')]),
    ).toEqual([
      ['0', 'true', portal.url + acsPath],
      ['1', 'false', `${portal.url}/signin.aws${acsPath}`],
      ['2', 'false', `${portal.url}/sso.signin.aws${acsPath}`],
    ])
  })

  test('of an unknown instance is not there', async () => {
    const response = await fetch(`${portal.url}/platform/saml/metadata/d-0000000000`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      code: 'NOT_FOUND',
      message: 'there is no instance with this identity store id',
    })
  })
})

describe('the portal', () => {
  const signIn = async (nameId: string) => {
    const browser = new Browser()
    await portal.postResponse(browser, portal.signed({ nameId }))
    return browser
  }
  const page = async (browser: Browser) => (await browser.send(`${portal.url}/start`)).text()

  test('lists accounts and permission sets held directly and through groups, sorted', async () => {
    const html = await page(await signIn('dev@example.com'))
    const accounts = [...html.matchAll(/<h2>([^<]+)<\/h2>\s*<p class="soft">(\d{12}) \| ([^<]+)</g)]
    expect(accounts.map(([, ...rest]) => rest)).toEqual([
      ['production', '555555555555', 'aws+production@example.com'],
      ['sandbox', '777777777777', 'aws+sandbox@example.com'],
      ['shared-services', '444444444444', 'aws+shared-services@example.com'],
      ['staging', '666666666666', 'aws+staging@example.com'],
    ])
    const links = [...html.matchAll(/href="([^"]+)" aria-label="([^"]+)"/g)].map(([, ...rest]) => rest)
    expect(links).toContainEqual([
      '/start/#/console?account_id=777777777777&amp;role_name=PowerUserAccess',
      'PowerUserAccess in sandbox',
    ])
    expect(links).toHaveLength(6)
    expect(html).not.toContain('AdministratorAccess')
  })

  test('tells a person without assignments what to do', async () => {
    const html = await page(await signIn('newcomer@example.com'))
    expect(html).toContain('You do not have access to any AWS accounts yet')
    expect(html).not.toContain('<h2>')
  })

  test('closes at once for a user who is disabled', async () => {
    const browser = await signIn('dev@example.com')
    const change = await portal.control('PUT', 'users/dev@example.com', { active: false })
    expect(await change.json()).toMatchObject({ userName: 'dev@example.com', active: false })
    expect((await browser.send(`${portal.url}/start`)).status).toBe(302)
  })

  test('sign-out ends the session, also for a copy of the cookie', async () => {
    const browser = await signIn('dev@example.com')
    const copy = new Browser()
    copy.cookies.set('emu_portal', browser.cookies.get('emu_portal') ?? '')
    const answer = await browser.post(`${portal.url}/start/sign-out`, {})
    expect(await answer.text()).toContain('You are signed out')
    expect(browser.cookies.has('emu_portal')).toBe(false)
    expect((await copy.send(`${portal.url}/start`)).status).toBe(302)
  })

  test('an invented cookie opens nothing', async () => {
    const browser = new Browser()
    browser.cookies.set('emu_portal', 'A'.repeat(43))
    expect((await browser.send(`${portal.url}/start`)).status).toBe(302)
  })
})
