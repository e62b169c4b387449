/** Answering twice, and sign-ins that somebody else began. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  auditEvents,
  codeAt,
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
  type TestPerson,
} from '../support/people.js'
import { acsUrls, authnRequest, readPostedForm, redirectPath, spMetadata, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { follow, handleOf, raw } from './support.js'

let gateway: TestGateway
let admin: TestBrowser
let dev: TestPerson
let mfa: TestPerson

beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
  dev = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  mfa = await createPerson(gateway, admin, { name: 'mfa@example.com', roles: ['aws-mfa'], totp: true })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const now = (): string => new Date(gateway.clock.now()).toISOString()
const fresh = (attributes = '') => authnRequest({ issueInstant: now(), attributes })
/** The first step alone: our page that goes on with the request. */
const begin = async (path: string): Promise<string> =>
  (await raw(gateway, path)).headers.get('location') ?? ''

describe('replay', () => {
  test('of ten continuations at the same moment exactly one carries a Response', async () => {
    const browser = await signIn(gateway, dev)
    const { id, xml } = fresh()
    const location = await begin(redirectPath(xml))
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.get(location)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
    expect(answers.filter(({ text }) => text.includes('SAMLResponse'))).toHaveLength(1)
    const events = await auditEvents(gateway, { type: 'saml.idp.auth' })
    const about = events.filter((event) => event.in_response_to === id)
    expect(about.filter((event) => event.success === true)).toHaveLength(1)
  })

  test('HEAD is a look and answers nothing', async () => {
    const browser = await signIn(gateway, dev)
    const location = await begin(redirectPath(fresh().xml))
    const look = await raw(gateway, location, { method: 'HEAD', headers: { cookie: browser.cookie ?? '' } })
    expect(look.status).toBe(405)
    expect(look.headers.get('allow')).toBe('GET')
    expect(readPostedForm((await browser.get(location)).text).action).toBe(acsUrls[0])
  })

  test('a request kept under ten handles is answered under one of them', async () => {
    const browser = await signIn(gateway, dev)
    const path = redirectPath(fresh().xml)
    const locations = await Promise.all(Array.from({ length: 10 }, () => begin(path)))
    expect(new Set(locations).size).toBe(10)
    const answers = await Promise.all(locations.map((location) => browser.get(location)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(9)
    for (const { text } of refused) expect(text).toContain('already answered once')
  })

  test('a passive request is answered once, too', async () => {
    const location = await begin(redirectPath(fresh('IsPassive="true"').xml))
    const answers = await Promise.all(Array.from({ length: 5 }, () => raw(gateway, location)))
    expect(answers.filter(({ text }) => text.includes('SAMLResponse'))).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 'SAML_REQUEST_ANSWERED')).toHaveLength(4)
  })

  test('an answered request stays answered for as long as it would be accepted, also after a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-replay-'))
    try {
      const resources = [...testResources, spResource()]
      const path = redirectPath(authnRequest().xml)
      let cookie: string | undefined
      let location = ''
      {
        await using first = await openTestGateway({ resources, dataDir })
        const person = await createPerson(first, await signInAdmin(first), {
          name: 'dev@example.com',
          roles: ['aws'],
        })
        const browser = await signIn(first, person)
        location = (await raw(first, path)).headers.get('location') ?? ''
        const { response } = await follow(browser, path)
        expect(response.status).toBe(200)
        cookie = browser.cookie
      }
      await using second = await openTestGateway({ resources, dataDir })
      const headers = { cookie: cookie ?? '' }
      const again = await raw(second, path, { headers })
      expect(again).toMatchObject({ status: 409, code: 'SAML_REQUEST_ANSWERED' })
      // A handle from before, never used, for the same request.
      expect(await raw(second, location, { headers })).toMatchObject({
        status: 409,
        code: 'SAML_REQUEST_ANSWERED',
      })
      // The session itself is good: another request is answered.
      const other = await raw(second, redirectPath(authnRequest().xml), { headers })
      const answered = await raw(second, other.headers.get('location') ?? '', { headers })
      expect(answered.text).toContain('SAMLResponse')
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  test('a handle is good for fifteen minutes', async () => {
    const location = await begin(redirectPath(fresh().xml))
    gateway.clock.advance(15 * 60_000)
    const browser = await signIn(gateway, dev)
    expect((await browser.get(location)).status).toBe(410)
  })

  test.each(['x'.repeat(43), '../../v1/session', '__proto__-__proto__-__proto__'])(
    'an invented handle %s opens nothing',
    async (handle) => {
      const browser = await signIn(gateway, dev)
      const path = `/saml/idp/continue?handle=${encodeURIComponent(handle)}`
      const response = await browser.get(path)
      expect([400, 410]).toContain(response.status)
      expect(response.text).not.toContain('SAMLResponse')
    },
  )
})

describe('the handle of another person', () => {
  test('opened by a victim it gives the victim themselves, bound to the request, to the ACS of the metadata', async () => {
    const { id, xml } = fresh()
    const location = await begin(redirectPath(xml, 'of the attacker'))
    const victim = await signIn(gateway, dev)
    const form = readPostedForm((await victim.get(location)).text)
    expect(form.action).toBe(acsUrls[0])
    expect(form.xml).toContain(`InResponseTo="${id}"`)
    expect(form.xml).toContain('>dev@example.com</saml:NameID>')
  })

  test('a step-up by one person does not serve another who goes on', async () => {
    const { xml } = fresh('ForceAuthn="false"')
    const location = await begin(redirectPath(xml))
    const stranger = await createPerson(gateway, admin, {
      name: 'other-mfa@example.com',
      roles: ['aws-mfa'],
    })
    gateway.clock.advance(30_000)
    const attacker = await signIn(gateway, mfa)
    gateway.clock.advance(30_000)
    const code = codeAt(mfa.seed ?? '', gateway.clock.now())
    expect((await attacker.post('/v1/step-up', { handle: handleOf(location), code })).status).toBe(200)
    const other = await signIn(gateway, stranger)
    const step = await other.get(location)
    expect(step.status).toBe(303)
    expect(step.headers.location).toMatch(/^\/step-up\?/)
  })

  test('nor does it make another session look as if it had given a code, where the request asks for one', async () => {
    // TimeSyncToken is asked for by the service provider, not by a role: dev needs no session MFA otherwise.
    const children =
      '<saml2p:RequestedAuthnContext><s:AuthnContextClassRef xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion">' +
      'urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken</s:AuthnContextClassRef></saml2p:RequestedAuthnContext>'
    const { xml } = authnRequest({ issueInstant: now(), children })
    const location = await begin(redirectPath(xml))
    gateway.clock.advance(60_000)
    const attacker = await signIn(gateway, mfa)
    gateway.clock.advance(30_000)
    const code = codeAt(mfa.seed ?? '', gateway.clock.now())
    expect((await attacker.post('/v1/step-up', { handle: handleOf(location), code })).status).toBe(200)
    // Knows the password of dev and has no factor of dev.
    const victim = await signIn(gateway, dev)
    const step = await victim.get(location)
    expect(step.status).toBe(303)
    expect(step.headers.location).toMatch(/^\/step-up\?/)
  })

  test('nor is it written into an assertion for a session that gave none', async () => {
    const location = await begin(redirectPath(fresh().xml))
    gateway.clock.advance(60_000)
    const attacker = await signIn(gateway, mfa)
    gateway.clock.advance(30_000)
    const code = codeAt(mfa.seed ?? '', gateway.clock.now())
    await attacker.post('/v1/step-up', { handle: handleOf(location), code })
    const { xml } = readPostedForm((await (await signIn(gateway, dev)).get(location)).text)
    expect(xml).toContain('PasswordProtectedTransport')
    expect(xml).not.toContain('TimeSyncToken')
  })

  test('T10: a proof for one sign-in does not open another, of the same or of another application', async () => {
    const entity = 'https://wiki.example/saml'
    const other = {
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name: 'wiki', labels: { tier: 'wiki' } },
      spec: { entity_id: entity, acs_url: 'https://wiki.example/acs' },
    }
    await using two = await openTestGateway({
      resources: [
        ...testResources,
        spResource(),
        other,
        role('wiki-mfa', 'v8', {
          allow: { app_labels: { tier: 'wiki' } },
          options: { require_session_mfa: true },
        }),
      ],
    })
    const person = await createPerson(two, await signInAdmin(two), {
      name: 'mfa@example.com',
      roles: ['aws-mfa', 'wiki-mfa'],
      totp: true,
    })
    const browser = await signIn(two, person)
    const open = async (path: string): Promise<string> => (await follow(browser, path)).last
    const aws = await open('/saml/idp/login/aws-identity-center')
    const awsAgain = await open('/saml/idp/login/aws-identity-center')
    const wiki = await open('/saml/idp/login/wiki')
    two.clock.advance(30_000)
    const code = codeAt(person.seed ?? '', two.clock.now())
    expect((await browser.post('/v1/step-up', { handle: handleOf(aws), code })).status).toBe(200)
    for (const waiting of [awsAgain, wiki]) {
      const step = await browser.get(`/saml/idp/continue?handle=${handleOf(waiting)}`)
      expect(step.status).toBe(303)
      // The code is spent, too.
      const again = await browser.post('/v1/step-up', { handle: handleOf(waiting), code })
      expect(again.body).toMatchObject({ code: 'SECOND_FACTOR_INVALID' })
    }
    const done = await browser.get(`/saml/idp/continue?handle=${handleOf(aws)}`)
    expect(readPostedForm(done.text).action).toBe(acsUrls[0])
  })

  test('an ACS that left the metadata while the person signed in receives nothing', async () => {
    await using changing = await openTestGateway({ resources: [...testResources, spResource()] })
    const person = await createPerson(changing, await signInAdmin(changing), {
      name: 'dev@example.com',
      roles: ['aws'],
    })
    const path = redirectPath(authnRequest({ attributes: `AssertionConsumerServiceURL="${acsUrls[1]}"` }).xml)
    const location = (await raw(changing, path)).headers.get('location') ?? ''
    const { store, catalog } = changing.gateway
    const [entry] = await catalog.listServiceProviders()
    const document = spResource({
      entity_descriptor: spMetadata.replaceAll(
        acsUrls[1],
        'https://us-east-1.signin.aws/platform/saml/acs/t',
      ),
    })
    await store.resources.update({
      kind: 'saml_idp_service_provider',
      name: 'aws-identity-center',
      expectedRevision: entry?.stored.revision ?? '',
      document,
      now: changing.clock.now(),
    })
    const response = await (await signIn(changing, person)).get(location)
    expect(response.status).toBe(410)
    expect(response.text).toContain('no longer has the address that this sign-in was to be sent to')
    expect(response.text).not.toContain('SAMLResponse')
  })
})
