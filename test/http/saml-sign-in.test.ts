import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  auditEvents,
  codeAt,
  createPerson,
  role,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
} from '../support/people.js'
import type { TestPerson } from '../support/people.js'
import {
  acsUrls,
  authnRequest,
  awsLabels,
  readPostedForm,
  redirectPath,
  spEntityId,
  spResource,
} from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
const people = new Map<string, TestPerson>()

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      spResource({
        relay_state: 'start here',
        attribute_mapping: [
          {
            name: 'https://aws.amazon.com/SAML/Attributes/AccessControl:Team',
            name_format: 'uri',
            value: 'user.spec.traits.team',
          },
        ],
      }),
      role('v7-on', 'v7', { allow: {} }),
      role('v8-other', 'v8', { allow: { app_labels: { env: 'dev' } } }),
      role('short', 'v8', { allow: { app_labels: awsLabels }, options: { max_session_ttl: '30m' } }),
    ],
  })
  admin = await signInAdmin(gateway)
  const roles: Record<string, string[]> = {
    dev: ['aws'],
    mfa: ['aws-mfa'],
    nolabels: ['no-labels'],
    v7off: ['v7-off'],
    device: ['aws-device'],
    mixed: ['v7-on', 'v8-other'],
    old: ['v7-on'],
    short: ['aws', 'short'],
  }
  for (const [name, given] of Object.entries(roles)) {
    const options = { name: `${name}@example.com`, roles: given, traits: { team: ['payments'] } }
    people.set(
      name,
      await createPerson(gateway, admin, name === 'mfa' ? { ...options, totp: true } : options),
    )
  }
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

async function browserOf(name: string): Promise<TestBrowser> {
  const person = people.get(name)
  if (person === undefined) throw new Error(`no person ${name}`)
  return await signIn(gateway, person)
}

/** Opens a path and follows redirects within the gateway. */
async function follow(browser: TestBrowser, path: string) {
  let response = await browser.get(path)
  const visited = [path]
  while (response.status === 303) {
    const location = String(response.headers.location)
    visited.push(location)
    response = await browser.get(location)
  }
  return { response, visited }
}

describe('SP-initiated sign-in', () => {
  test('by Redirect: a signed-in person is posted to the default ACS with the relay state as it came', async () => {
    const browser = await browserOf('dev')
    const { id, xml } = authnRequest()
    // Blanks at both ends too: nothing on the way may trim.
    const relayState = ' \t\nhttps://x.example/?a=1&b=<2>"\'\n \r äöü 🙂 \u00a0\t\n '
    const { response } = await follow(browser, redirectPath(xml, relayState))
    expect(response.status).toBe(200)
    const form = readPostedForm(response.text)
    expect(form.action).toBe(acsUrls[0])
    expect(form.relayState).toBe(relayState)
    expect(form.xml).toContain(`InResponseTo="${id}"`)
    expect(form.xml).toContain('>dev@example.com</saml:NameID>')
    expect(form.xml).toContain(`<saml:Audience>${spEntityId}</saml:Audience>`)
    expect(form.xml).toContain('AccessControl:Team')
    expect(form.xml).toContain('payments')
  })

  test('authentik #22771, pocket-id #1353: NameID is the user name, whatever the mail address is', async () => {
    const person = { name: 'named@example.com', roles: ['aws'], traits: { email: ['else@example.org'] } }
    const browser = await signIn(gateway, await createPerson(gateway, admin, person))
    const { response } = await follow(browser, redirectPath(authnRequest().xml, ''))
    const { xml } = readPostedForm(response.text)
    expect(xml).toMatch(/<saml:NameID [^>]*>named@example\.com<\/saml:NameID>/)
    expect(xml).not.toContain('else@example.org')
  })

  test('by POST: the request is kept and the browser goes on with GET', async () => {
    const browser = await browserOf('dev')
    const { xml } = authnRequest()
    const relayState = ' \t\n r + %20 \r\n \u00a0\t\n '
    const posted = await fetch(`${gateway.url}/saml/idp/sso`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: 'https://eu-central-1.signin.aws', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64'), RelayState: relayState }),
    })
    expect(posted.status).toBe(303)
    const location = posted.headers.get('location') ?? ''
    expect(location).toMatch(/^\/saml\/idp\/continue\?handle=/)
    const { response } = await follow(browser, location)
    expect(readPostedForm(response.text).relayState).toBe(relayState)
  })

  test('the ACS is chosen by index and by exact URL, out of the metadata', async () => {
    const browser = await browserOf('dev')
    const byIndex = authnRequest({ attributes: 'AssertionConsumerServiceIndex="1"' })
    const first = await follow(browser, redirectPath(byIndex.xml))
    expect(readPostedForm(first.response.text).action).toBe(acsUrls[1])
    const byUrl = authnRequest({ attributes: `AssertionConsumerServiceURL="${acsUrls[1]}"` })
    const second = await follow(browser, redirectPath(byUrl.xml))
    expect(readPostedForm(second.response.text).action).toBe(acsUrls[1])
  })

  test('without a session the person signs in first and then goes on', async () => {
    const nobody = new TestBrowser(gateway)
    const { response, visited } = await follow(nobody, redirectPath(authnRequest().xml, 'keep me'))
    expect(response.status).toBe(200)
    const signInPage = new URL(visited.at(-1) ?? '', gateway.publicUrl)
    expect(signInPage.pathname).toBe('/sign-in')
    const next = signInPage.searchParams.get('next') ?? ''
    const answer = await nobody.post('/v1/sign-in', {
      user: 'dev@example.com',
      password: 'a long enough password',
      next,
    })
    expect(answer.body).toEqual({ status: 'signed_in', next })
    const after = await follow(nobody, next)
    expect(readPostedForm(after.response.text).relayState).toBe('keep me')
  })

  test('each request is answered once, however it comes back; reloading the page before is harmless', async () => {
    const browser = await browserOf('dev')
    const path = redirectPath(authnRequest().xml)
    const nobody = new TestBrowser(gateway)
    await follow(nobody, path)
    await follow(nobody, path)
    const { response, visited } = await follow(browser, path)
    expect(response.status).toBe(200)
    const again = await browser.get(visited.at(-1) ?? '')
    expect(again.status).toBe(409)
    expect(again.text).toContain('already answered once')
    const resent = await browser.get(path)
    expect(resent.status).toBe(409)
  })

  test('ForceAuthn asks again in spite of a session and accepts the new proof', async () => {
    const browser = await browserOf('dev')
    gateway.clock.advance(1000)
    const { visited } = await follow(
      browser,
      redirectPath(authnRequest({ attributes: 'ForceAuthn="true"' }).xml),
    )
    const page = new URL(visited.at(-1) ?? '', gateway.publicUrl)
    expect(page.pathname).toBe('/sign-in')
    expect(page.searchParams.get('reauth')).toBe('1')
    const next = page.searchParams.get('next') ?? ''
    await browser.post('/v1/sign-in', { user: 'dev@example.com', password: 'a long enough password', next })
    const { response } = await follow(browser, next)
    expect(readPostedForm(response.text).action).toBe(acsUrls[0])
  })

  test('IsPassive without a session answers NoPassive to the service provider, signed, once', async () => {
    const nobody = new TestBrowser(gateway)
    const { id, xml } = authnRequest({ attributes: 'IsPassive="true"' })
    const { response } = await follow(nobody, redirectPath(xml))
    const form = readPostedForm(response.text)
    expect(form.action).toBe(acsUrls[0])
    expect(form.xml).toContain('urn:oasis:names:tc:SAML:2.0:status:NoPassive')
    expect(form.xml).toContain(`InResponseTo="${id}"`)
    expect(form.xml).toContain('<ds:SignatureValue>')
    expect(form.xml).not.toContain('Assertion')
  })

  test('a NameIDPolicy that cannot be met is a SAML status, not a page', async () => {
    const browser = await browserOf('dev')
    const { xml } = authnRequest({
      children:
        '<saml2p:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" AllowCreate="true"/>',
    })
    const { response } = await follow(browser, redirectPath(xml))
    expect(readPostedForm(response.text).xml).toContain(
      'urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy',
    )
    // Answered is answered, with a status too.
    expect((await follow(browser, redirectPath(xml))).response.status).toBe(409)
  })

  test('an unknown issuer is a page with a reference, and nothing is posted anywhere', async () => {
    const browser = await browserOf('dev')
    const { xml } = authnRequest({ issuer: 'https://unknown.example/saml' })
    const response = await browser.get(redirectPath(xml))
    expect(response.status).toBe(400)
    expect(response.text).toContain('no service provider with the entity ID')
    expect(response.text).not.toContain('SAMLResponse')
  })
})

describe('IdP-initiated sign-in', () => {
  test('answers with no InResponseTo and the relay state of the configuration', async () => {
    const browser = await browserOf('dev')
    const response = await browser.get('/saml/idp/login/aws-identity-center')
    const form = readPostedForm(response.text)
    expect(form.xml).not.toContain('InResponseTo')
    expect(form.relayState).toBe('start here')
    expect(form.action).toBe(acsUrls[0])
  })

  test('the answer may post to that ACS and run one script, and is not kept', async () => {
    const browser = await browserOf('dev')
    const response = await browser.get('/saml/idp/login/aws-identity-center')
    const policy = String(response.headers['content-security-policy'])
    expect(policy).toContain(`form-action ${acsUrls[0]}`)
    expect(policy).toMatch(/script-src 'sha256-[^']+'/)
    expect(policy).not.toContain('unsafe-inline')
    expect(response.headers['cache-control']).toBe('no-store')
    const page = await browser.get('/')
    expect(String(page.headers['content-security-policy'])).toContain("form-action 'self'")
  })

  test('an unknown name is a page', async () => {
    const browser = await browserOf('dev')
    const response = await browser.get('/saml/idp/login/nothing')
    expect(response.status).toBe(404)
    expect(response.text).toContain('no application named')
  })

  test('SessionNotOnOrAfter is sent, and is the shortest session limit of the roles (Okta)', async () => {
    const browser = await browserOf('short')
    const now = gateway.clock.now()
    const response = await browser.get('/saml/idp/login/aws-identity-center')
    const until = /SessionNotOnOrAfter="([^"]+)"/.exec(readPostedForm(response.text).xml)?.[1] ?? ''
    expect(Date.parse(until)).toBe(now + 30 * 60_000)
  })
})

describe('who is refused, and how', () => {
  const refusals = [
    ['nolabels', 'access to saml_idp_service_provider denied. User does not have permissions. '],
    ['v7off', 'user has been denied access to the SAML IdP by role v7-off'],
    ['device', 'access to resource requires a trusted device'],
    ['mixed', 'access to saml_idp_service_provider denied. User does not have permissions. '],
  ] as const
  test.each(refusals)(
    '%s: the page has a reference that finds the event with its exact error',
    async (name, error) => {
      const browser = await browserOf(name)
      const response = await browser.get('/saml/idp/login/aws-identity-center')
      expect(response.status).toBe(403)
      const data = /id="page-data">([^]*?)<\/script>/.exec(response.text)?.[1] ?? '{}'
      const refusal = JSON.parse(data) as {
        kind: string
        reference: string
        reasons: string[]
        advice: string[]
      }
      expect(refusal.kind).toBe('refusal')
      expect(refusal.reasons.length).toBeGreaterThan(0)
      expect(refusal.advice.length).toBeGreaterThan(0)
      const [event] = await auditEvents(gateway, { uid: refusal.reference })
      expect(event).toMatchObject({
        cluster_name: 'localhost',
        code: 'TSI000I',
        ei: 0,
        error,
        event: 'saml.idp.auth',
        service_provider_entity_id: spEntityId,
        sid: '',
        success: false,
        uid: refusal.reference,
        user: `${name}@example.com`,
        user_kind: 1,
      })
      expect(event?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    },
  )

  test('a v7 role alone is allowed', async () => {
    const response = await (await browserOf('old')).get('/saml/idp/login/aws-identity-center')
    expect(response.status).toBe(200)
    expect(readPostedForm(response.text).action).toBe(acsUrls[0])
  })
})

describe('session MFA', () => {
  test('asks for a fresh code, which counts for this sign-in alone', async () => {
    const person = people.get('mfa')
    const browser = await browserOf('mfa')
    const first = await follow(browser, redirectPath(authnRequest().xml))
    const handle = new URL(first.visited.at(-1) ?? '', gateway.publicUrl).searchParams.get('handle') ?? ''
    expect(first.visited.at(-1)).toMatch(/^\/step-up\?handle=/)
    const about = await browser.get(`/v1/pending-sign-ins/${handle}`)
    expect(about.body).toMatchObject({ serviceProvider: 'aws-identity-center', ways: ['code'] })

    // The code that completed the sign-in is spent.
    const spent = codeAt(person?.seed ?? '', gateway.clock.now())
    const refused = await browser.post('/v1/step-up', { handle, code: spent })
    expect(refused.status).toBe(401)
    expect(refused.body).toMatchObject({ code: 'SECOND_FACTOR_INVALID' })

    gateway.clock.advance(30_000)
    const code = codeAt(person?.seed ?? '', gateway.clock.now())
    const accepted = await browser.post('/v1/step-up', { handle, code })
    expect(accepted.status).toBe(200)
    const { response } = await follow(browser, (accepted.body as { next: string }).next)
    expect(readPostedForm(response.text).action).toBe(acsUrls[0])

    // Another sign-in asks again.
    const second = await follow(browser, redirectPath(authnRequest().xml))
    expect(second.visited.at(-1)).toMatch(/^\/step-up\?handle=/)
  })

  test('the proof of one session does not serve another session of the same person', async () => {
    const person = people.get('mfa')
    gateway.clock.advance(60_000)
    const one = await browserOf('mfa')
    const { visited } = await follow(
      one,
      redirectPath(authnRequest({ issueInstant: new Date(gateway.clock.now()).toISOString() }).xml),
    )
    const handle = new URL(visited.at(-1) ?? '', gateway.publicUrl).searchParams.get('handle') ?? ''
    gateway.clock.advance(30_000)
    await one.post('/v1/step-up', { handle, code: codeAt(person?.seed ?? '', gateway.clock.now()) })
    gateway.clock.advance(30_000)
    const other = await browserOf('mfa')
    const step = await other.get(`/saml/idp/continue?handle=${handle}`)
    expect(step.status).toBe(303)
    expect(step.headers.location).toMatch(/^\/step-up/)
  })

  test('a person without a factor cannot enrol one inside the step-up', async () => {
    const name = 'nofactor@example.com'
    const person = await createPerson(gateway, admin, { name, roles: ['aws-mfa'] })
    const browser = await signIn(gateway, person)
    const { visited } = await follow(browser, '/saml/idp/login/aws-identity-center')
    const handle = new URL(visited.at(-1) ?? '', gateway.publicUrl).searchParams.get('handle') ?? ''
    const about = await browser.get(`/v1/pending-sign-ins/${handle}`)
    expect(about.body).toMatchObject({ ways: [] })
    const answer = await browser.post('/v1/step-up', { handle, code: '000000' })
    expect(answer.status).toBe(403)
    expect(answer.body).toMatchObject({ code: 'SECOND_FACTOR_MISSING' })
  })
})

test('metadata names both bindings and the certificate', async () => {
  const response = await new TestBrowser(gateway).get('/saml/idp/metadata')
  expect(response.status).toBe(200)
  const xml = response.text ?? String(response.body)
  expect(xml).toContain('bindings:HTTP-Redirect')
  expect(xml).toContain('bindings:HTTP-POST')
  expect(xml.match(/<ds:X509Certificate>/g)).toHaveLength(1)
})
