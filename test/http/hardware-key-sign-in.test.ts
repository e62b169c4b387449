/** Sign-ins to an application that want a hardware key: who is asked, what counts, and who is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type supertest from 'supertest'
import { makeMaker, TestAuthenticator, type TestMaker, type Twist } from '../support/authenticator.js'
import {
  auditEvents,
  codeAt,
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { handleOf } from '../attacks/support.js'
import { authnRequest, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

type PasskeyOptions = Parameters<TestAuthenticator['make']>[0] & Parameters<TestAuthenticator['use']>[0]

let gateway: TestGateway
let admin: TestBrowser
let maker: TestMaker
beforeAll(async () => {
  const keyed = (name: string, require_session_mfa: string) =>
    role(name, 'v8', { allow: { app_labels: { '*': '*' } }, options: { require_session_mfa } })
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      spResource(),
      keyed('touch', 'hardware_key_touch'),
      keyed('pin', 'hardware_key_touch_and_pin'),
    ],
  })
  admin = await signInAdmin(gateway)
  maker = await makeMaker(gateway.clock.now())
  const preference = {
    kind: 'cluster_auth_preference',
    version: 'v2',
    metadata: { name: 'cluster-auth-preference' },
    spec: { second_factor: 'optional', webauthn: { attestation_allowed_cas: [maker.ca] } },
  }
  expect((await admin.post('/v1/resources?mode=replace', [preference])).status).toBe(200)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

let count = 0
async function join(held: string, twist?: Twist) {
  const name = `key-${++count}@example.com`
  const person = await createPerson(gateway, admin, { name, roles: [held], totp: true })
  gateway.clock.advance(30_000)
  const browser = await signIn(gateway, person)
  const code = (): string => {
    gateway.clock.advance(30_000)
    return codeAt(person.seed ?? '', gateway.clock.now())
  }
  const key = new TestAuthenticator(gateway.publicUrl)
  if (twist !== undefined) {
    const { body } = await browser.post('/v1/me/passkeys/start', { code: code() })
    const made = key.make(body as PasskeyOptions, twist)
    const added = await browser.post('/v1/me/passkeys', { label: 'Key', passkey: made })
    expect(added.status, added.text).toBe(201)
  }
  return { name, browser, key, code }
}

async function begin(browser: TestBrowser): Promise<supertest.Response> {
  const { xml } = authnRequest({ issueInstant: new Date(gateway.clock.now()).toISOString() })
  const kept = await browser.get(redirectPath(xml))
  return await browser.get(String(kept.headers['location']))
}
const codeOf = ({ status, body }: supertest.Response) => [status, (body as { code?: string }).code]

describe('a sign-in that wants a hardware key', () => {
  test('asks whoever has one, takes nothing else, and the log names it', async () => {
    const { name, browser, key, code } = await join('touch', { maker })
    const handle = handleOf(String((await begin(browser)).headers['location']))
    const about = await browser.get(`/v1/pending-sign-ins/${handle}`)
    expect(about.body).toMatchObject({ ways: ['passkey'], needs: 'hardware_key' })
    expect(codeOf(await browser.post('/v1/step-up', { handle, code: code() }))).toEqual([
      403,
      'FACTOR_NOT_ALLOWED',
    ])
    const { body } = await browser.post('/v1/step-up/start', { handle })
    expect(body).toMatchObject({ userVerification: 'preferred', allowCredentials: [{ id: key.id }] })
    const passkey = key.use(body as PasskeyOptions, { userVerified: false })
    const proved = await browser.post('/v1/step-up', { handle, passkey })
    expect(proved.status, proved.text).toBe(200)
    expect((await browser.get((proved.body as { next: string }).next)).text).toContain('SAMLResponse')
    const events = await auditEvents(gateway, { user: name })
    expect(events.find(({ event }) => event === 'saml.idp.auth')).toMatchObject({ with_mfa: 'hardware_key' })
  })

  test('with its PIN asks the key to verify its person, and a touch alone is refused', async () => {
    const { browser, key } = await join('pin', { maker })
    const handle = handleOf(String((await begin(browser)).headers['location']))
    const start = async () => (await browser.post('/v1/step-up/start', { handle })).body as PasskeyOptions
    const asked = await start()
    expect(asked).toMatchObject({ userVerification: 'required' })
    const touched = key.use(asked, { userVerified: false })
    expect(codeOf(await browser.post('/v1/step-up', { handle, passkey: touched }))).toEqual([
      401,
      'SECOND_FACTOR_INVALID',
    ])
    const passkey = key.use(await start())
    expect((await browser.post('/v1/step-up', { handle, passkey })).status).toBe(200)
  })

  test.each<[string, Twist | undefined]>([
    ['no passkey', undefined],
    ['a passkey that is copied between devices', { backupEligible: true }],
  ])('refuses whoever has %s', async (_, twist) => {
    const { browser } = await join('touch', twist && { ...twist, maker })
    const refused = await begin(browser)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('needs a hardware key, and you have none that counts')
  })

  test('does so no longer for a key whose maker nobody names any more', async () => {
    const { browser } = await join('touch', { maker })
    const preference = {
      kind: 'cluster_auth_preference',
      version: 'v2',
      metadata: { name: 'cluster-auth-preference' },
      spec: { second_factor: 'optional' },
    }
    expect((await admin.post('/v1/resources?mode=replace', [preference])).status).toBe(200)
    expect((await begin(browser)).status).toBe(403)
  })
})
