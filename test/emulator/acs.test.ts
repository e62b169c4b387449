import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  makeTestIdp,
  signBoth,
  signElement,
  writeIdpMetadata,
  writeResponse,
  writeStatusResponse,
  type TestIdp,
} from '../support/saml-signer.js'
import { acsPath, Browser, Portal, startTime } from './portal.js'

let portal: Portal
let stranger: TestIdp
let expired: TestIdp

beforeAll(async () => {
  portal = await Portal.start()
  stranger = await makeTestIdp('https://idp.example.com/saml')
  expired = await makeTestIdp('https://idp.example.com/saml', {
    from: new Date('2020-01-01T00:00:00Z'),
    to: new Date('2021-01-01T00:00:00Z'),
  })
})
beforeEach(async () => {
  await portal.control('POST', 'reset')
  portal.clock.set(startTime)
  await portal.importIdp(writeIdpMetadata(portal.idp))
})
afterAll(() => portal.emulator.close())

const at = (seconds: number) => new Date(startTime + seconds * 1000).toISOString()
const accessControl = 'https://aws.amazon.com/SAML/Attributes/AccessControl:'
const attribute = (
  name: string,
  values: string[],
  format = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
) =>
  `<saml:Attribute Name="${name}" NameFormat="${format}">${values.map((v) => `<saml:AttributeValue>${v}</saml:AttributeValue>`).join('')}</saml:Attribute>`
const statement = (...attributes: string[]) =>
  `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`

describe('an accepted sign-in', () => {
  test('SP-initiated: the right answer opens the portal and is recorded', async () => {
    const browser = new Browser()
    const { requestId, relayState } = await portal.begin(browser)
    const xml = portal.signed({ inResponseTo: requestId })
    const answer = await portal.postResponse(browser, xml, relayState)
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/start')
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('emu_portal='))
    expect(cookie).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax/)
    const page = await (await browser.send(`${portal.url}/start`)).text()
    expect(page).toContain('Devi Raman')
    expect(await portal.lastSignIn()).toMatchObject({
      outcome: 'Success',
      userName: 'dev@example.com',
      errorMessage: null,
      initiatedBy: 'sp',
      inResponseTo: requestId,
      relayState: { sent: relayState, returned: relayState, equal: true },
      signed: ['Response', 'Assertion'],
      portalSessionExpiresAt: at(8 * 3600),
    })
  })

  test('IdP-initiated: a Response that answers nothing is accepted without cookies', async () => {
    const answer = await portal.postResponse(new Browser(), portal.signed(), 'https://anything.example/')
    expect(answer.status).toBe(302)
    expect(await portal.lastSignIn()).toMatchObject({
      outcome: 'Success',
      initiatedBy: 'idp',
      relayState: { sent: null, returned: 'https://anything.example/', equal: false },
    })
  })

  test.each(['Response', 'Assertion'] as const)('a signature on the %s alone is enough', async (name) => {
    const xml = signElement(writeResponse(portal.parts()), name, portal.idp)
    expect((await portal.postResponse(new Browser(), xml)).status).toBe(302)
    expect((await portal.lastSignIn()).signed).toEqual([name])
  })

  test.each(['/signin.aws', '/sso.signin.aws'])(
    'each ACS accepts what is addressed to it: %s',
    async (prefix) => {
      const acsUrl = `${portal.url}${prefix}${acsPath}`
      const xml = portal.signed({ destination: acsUrl, recipient: acsUrl })
      expect((await portal.postResponse(new Browser(), xml, undefined, acsUrl)).status).toBe(302)
    },
  )

  test('any imported certificate verifies', async () => {
    const second = await portal.control('POST', 'saml/certificates', stranger.certificate)
    expect(second.status).toBe(201)
    const xml = signBoth(writeResponse(portal.parts()), stranger)
    expect((await portal.postResponse(new Browser(), xml)).status).toBe(302)
  })

  test('the portal session ends at SessionNotOnOrAfter where that is sooner than eight hours', async () => {
    const browser = new Browser()
    await portal.postResponse(browser, portal.signed({ sessionNotOnOrAfter: at(3600) }))
    expect(await portal.lastSignIn()).toMatchObject({
      sessionNotOnOrAfter: at(3600),
      portalSessionExpiresAt: at(3600),
    })
    portal.clock.advance(3_599_000)
    expect((await browser.send(`${portal.url}/start`)).status).toBe(200)
    portal.clock.advance(1_000)
    expect((await browser.send(`${portal.url}/start`)).status).toBe(302)
  })

  test('attributes are recorded, AccessControl values among them', async () => {
    const name = `${accessControl}team`
    const statements = statement(attribute(name, ['blå &amp; co']), attribute('groups', ['a', 'b']))
    expect((await portal.postResponse(new Browser(), portal.signed({ statements }))).status).toBe(302)
    expect((await portal.lastSignIn()).attributes).toEqual({ [name]: ['blå & co'], groups: ['a', 'b'] })
  })

  test('a comment inside the NameID changes nothing: the signed bytes have none', async () => {
    const xml = portal.signed().replace('dev@example.com', 'dev@<!-- x -->example.com')
    expect((await portal.postResponse(new Browser(), xml)).status).toBe(302)
    expect((await portal.lastSignIn()).userName).toBe('dev@example.com')
  })
})

describe('a refused sign-in answers AWS words and records the cause', () => {
  test.each([
    ['not base64', { SAMLResponse: '%%%' }, 'SAMLResponse is not base64'],
    ['base64 of no text', { SAMLResponse: '/////w==' }, 'SAMLResponse is not base64 of UTF-8 text'],
    ['no SAMLResponse', { other: 'x' }, 'the form has no single SAMLResponse field'],
    [
      'megabytes',
      { SAMLResponse: 'A'.repeat(2_000_000) },
      'the posted form cannot be read: request entity too large',
    ],
  ])('a form with %s', async (_name, fields: Record<string, string>, error) => {
    const answer = await new Browser().post(portal.acsUrl, fields)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('An unexpected error has occurred')
    expect((await portal.lastSignIn()).errorMessage).toBe(error)
  })

  test('a SAMLResponse given twice', async () => {
    const body = new URLSearchParams([
      ['SAMLResponse', 'AAAA'],
      ['SAMLResponse', Buffer.from(portal.signed()).toString('base64')],
    ])
    expect((await fetch(portal.acsUrl, { method: 'POST', body })).status).toBe(400)
    expect((await portal.lastSignIn()).errorMessage).toBe('the form has no single SAMLResponse field')
  })

  test('a status Response: the status and its message are the cause', async () => {
    const { requestId } = await portal.begin(new Browser())
    const xml = writeStatusResponse(portal.parts({ inResponseTo: requestId }), 'access denied')
    const answer = await portal.postResponse(new Browser(), xml)
    expect(await answer.text()).toContain('An unexpected error has occurred')
    expect(await portal.lastSignIn()).toMatchObject({
      failedCheck: 'status',
      inResponseTo: requestId,
      errorMessage:
        'the identity provider answered with status urn:oasis:names:tc:SAML:2.0:status:Responder / ' +
        'urn:oasis:names:tc:SAML:2.0:status:RequestDenied: access denied',
    })
  })

  test('an ACS of another tenant', async () => {
    const acsUrl = `${portal.url}/platform/saml/acs/somebody-else`
    const answer = await portal.postResponse(new Browser(), portal.signed(), undefined, acsUrl)
    expect(answer.status).toBe(400)
    expect((await portal.lastSignIn()).errorMessage).toBe(`${acsUrl} is not an ACS of this instance`)
  })

  test('the same assertion a second time', async () => {
    const xml = portal.signed()
    expect((await portal.postResponse(new Browser(), xml)).status).toBe(302)
    const again = await portal.postResponse(new Browser(), xml)
    expect(await again.text()).toContain('An unexpected error has occurred')
    expect((await portal.lastSignIn()).errorMessage).toMatch(/^the assertion _a[0-9a-f-]+ was used before$/)
  })

  test('a second answer to one request', async () => {
    const browser = new Browser()
    const { requestId, relayState } = await portal.begin(browser)
    const answer = () => portal.postResponse(browser, portal.signed({ inResponseTo: requestId }), relayState)
    expect((await answer()).status).toBe(302)
    expect((await answer()).status).toBe(400)
    expect((await portal.lastSignIn()).errorMessage).toBe(
      `Not a valid response for the provided request id: ${requestId}`,
    )
  })

  test('an answer that comes after the request has lapsed', async () => {
    const browser = new Browser()
    const { requestId, relayState } = await portal.begin(browser)
    portal.clock.advance(15 * 60_000)
    const answer = await portal.postResponse(browser, portal.signed({ inResponseTo: requestId }), relayState)
    expect(answer.status).toBe(400)
    expect((await portal.lastSignIn()).failedCheck).toBe('in-response-to')
  })

  test('an answer at another ACS than the one asked for', async () => {
    const browser = new Browser()
    const { requestId, relayState } = await portal.begin(browser)
    const acsUrl = `${portal.url}/signin.aws${acsPath}`
    const xml = portal.signed({ inResponseTo: requestId, destination: acsUrl, recipient: acsUrl })
    expect((await portal.postResponse(browser, xml, relayState, acsUrl)).status).toBe(400)
    expect((await portal.lastSignIn()).failedCheck).toBe('in-response-to')
  })

  test.each([
    ['lost', undefined],
    ['changed by one character', 'x'],
  ])('a RelayState that was %s', async (_name, suffix) => {
    const browser = new Browser()
    const { requestId, relayState } = await portal.begin(browser)
    const returned = suffix === undefined ? undefined : relayState + suffix
    const answer = await portal.postResponse(browser, portal.signed({ inResponseTo: requestId }), returned)
    expect(await answer.text()).toContain('An unexpected error has occurred')
    expect(await portal.lastSignIn()).toMatchObject({
      errorMessage: `the RelayState of request ${requestId} did not come back unchanged`,
      relayState: { sent: relayState, returned: returned ?? null, equal: false },
    })
  })

  test('an expired certificate verifies nothing', async () => {
    await portal.importIdp(writeIdpMetadata(expired))
    const xml = signBoth(writeResponse(portal.parts()), expired)
    expect(await (await portal.postResponse(new Browser(), xml)).text()).toContain("It's not you, it is us")
    expect((await portal.lastSignIn()).errorMessage).toBe(
      'every imported certificate is outside its validity period',
    )
  })

  test('metadata without the emailAddress format fails every sign-in', async () => {
    const format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
    await portal.importIdp(writeIdpMetadata(portal.idp, format))
    const start = await new Browser().send(`${portal.url}/start`)
    expect(start.status).toBe(400)
    expect(await start.text()).toContain("It's not you, it is us")
    expect((await portal.postResponse(new Browser(), portal.signed())).status).toBe(400)
    expect((await portal.lastSignIn()).errorMessage).toBe(
      'the imported metadata does not offer the NameIDFormat emailAddress',
    )
  })
})

describe('the browser that asked is the browser that is signed in', () => {
  test('a cross-site POST without cookies is finished by the browser that asked', async () => {
    const browser = new Browser()
    const { requestId, relayState } = await portal.begin(browser)
    const xml = portal.signed({ inResponseTo: requestId })
    const held = await portal.postResponse(new Browser(), xml, relayState)
    expect(held.status).toBe(303)
    expect(held.headers.getSetCookie()).toEqual([])
    const next = new URL(held.headers.get('location') ?? '', portal.url).href
    expect((await browser.send(next)).headers.get('location')).toBe('/start')
    expect((await browser.send(`${portal.url}/start`)).status).toBe(200)
    expect((await browser.send(next)).status).toBe(410)
  })

  test('another browser cannot finish it', async () => {
    const { requestId, relayState } = await portal.begin(new Browser())
    const victim = new Browser()
    await portal.begin(victim)
    const xml = portal.signed({ inResponseTo: requestId })
    const held = await portal.postResponse(new Browser(), xml, relayState)
    const answer = await victim.send(new URL(held.headers.get('location') ?? '', portal.url).href)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('An unexpected error has occurred')
    expect(victim.cookies.has('emu_portal')).toBe(false)
    expect(await portal.lastSignIn()).toMatchObject({
      outcome: 'Failure',
      errorMessage: `Not a valid response for the provided request id: ${requestId}`,
    })
  })

  test('a POST with the cookie of another browser is refused', async () => {
    const { requestId, relayState } = await portal.begin(new Browser())
    const victim = new Browser()
    await portal.begin(victim)
    const answer = await portal.postResponse(victim, portal.signed({ inResponseTo: requestId }), relayState)
    expect(answer.status).toBe(400)
    expect((await portal.lastSignIn()).failedCheck).toBe('in-response-to')
  })

  test('a held sign-in lapses after a minute', async () => {
    const browser = new Browser()
    const { requestId, relayState } = await portal.begin(browser)
    const held = await portal.postResponse(
      new Browser(),
      portal.signed({ inResponseTo: requestId }),
      relayState,
    )
    portal.clock.advance(60_000)
    const answer = await browser.send(new URL(held.headers.get('location') ?? '', portal.url).href)
    expect(answer.status).toBe(410)
    expect(browser.cookies.has('emu_portal')).toBe(false)
  })
})
