/** Passkeys over HTTP: what they open, and each way to answer wrongly. Every refusal has its event. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minute } from '../../src/core/time.js'
import { TestAuthenticator, type Twist } from '../support/authenticator.js'
import {
  auditEvents,
  codeAt,
  createPerson,
  password,
  signInAdmin,
  TestBrowser,
  testResources,
  tokenOf,
  type TestPerson,
} from '../support/people.js'
import { authnRequest, readPostedForm, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { handleOf } from './support.js'

let gateway: TestGateway
let admin: TestBrowser
beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

type Options = Parameters<TestAuthenticator['make']>[0] & Parameters<TestAuthenticator['use']>[0]

interface Holder extends TestPerson {
  readonly key: TestAuthenticator
}

let count = 0
async function someone(roles = ['aws'], totp?: true): Promise<TestPerson> {
  const name = `person-${++count}@example.com`
  return await createPerson(gateway, admin, { name, roles, ...(totp && { totp }) })
}

async function ask(browser: TestBrowser, path: string, body: object = {}): Promise<Options> {
  const response = await browser.post(path, body)
  expect(response.status, response.text).toBe(200)
  return response.body as Options
}

async function afterPassword({ name }: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(gateway)
  expect((await browser.post('/v1/sign-in', { user: name, password })).status).toBe(200)
  return browser
}

/** Somebody with a passkey as the only second factor. */
async function holder(roles = ['aws']): Promise<Holder> {
  const person = await someone(roles)
  const key = new TestAuthenticator(gateway.publicUrl)
  const browser = await afterPassword(person)
  const options = await ask(browser, '/v1/me/passkeys/start', { password })
  const added = await browser.post('/v1/me/passkeys', { label: 'Key', passkey: key.make(options) })
  expect(added.status, added.text).toBe(201)
  return { ...person, key }
}

async function passwordless({ key }: Holder, twist: Twist = {}, browser = new TestBrowser(gateway)) {
  const options = await ask(browser, '/v1/sign-in/passkey/start')
  return await browser.post('/v1/sign-in/passkey', { passkey: key.use(options, twist) })
}

/** A full session, by password and passkey. */
async function enter(person: Holder): Promise<TestBrowser> {
  const browser = await afterPassword(person)
  const options = await ask(browser, '/v1/sign-in/second-factor/start')
  const answered = await browser.post('/v1/sign-in/second-factor', { passkey: person.key.use(options) })
  expect(answered.body).toEqual({ status: 'signed_in', next: '/' })
  return browser
}

/** A sign-in to AWS that waits for a second factor. */
async function begin(browser: TestBrowser): Promise<string> {
  const { xml } = authnRequest({ issueInstant: new Date(gateway.clock.now()).toISOString() })
  const kept = await browser.get(redirectPath(xml))
  const step = await browser.get(String(kept.headers['location']))
  expect(String(step.headers['location'])).toContain('step-up')
  return handleOf(String(step.headers['location']))
}

const codeOf = ({ body }: { body: unknown }): string => (body as { code: string }).code

async function putPreference(spec: object): Promise<void> {
  const document = {
    kind: 'cluster_auth_preference',
    version: 'v2',
    metadata: { name: 'cluster-auth-preference' },
    spec,
  }
  const stored = await admin.post('/v1/resources?mode=replace', [document])
  expect(stored.status, stored.text).toBe(200)
}

async function lastEvents(user: string): Promise<Record<string, unknown>[]> {
  return await auditEvents(gateway, { user })
}

describe('a passkey', () => {
  test('signs in alone, and the session says how', async () => {
    const person = await holder()
    const browser = new TestBrowser(gateway)
    const answered = await passwordless(person, {}, browser)
    expect(answered.body).toEqual({ status: 'signed_in', next: '/' })
    const me = await browser.get('/v1/me')
    expect(me.body).toMatchObject({
      name: person.name,
      factors: [{ kind: 'passkey', label: 'Key', usable: true }],
    })
    const [login, validate] = await lastEvents(person.name)
    expect(login).toMatchObject({
      event: 'user.login',
      success: true,
      mfa_device: { mfa_device_type: 'WebAuthn' },
    })
    expect(validate).toMatchObject({
      event: 'mfa_auth_challenge.validate',
      success: true,
      challenge_scope: 'CHALLENGE_SCOPE_PASSWORDLESS_LOGIN',
    })
  })

  test('is the second factor after the password, and another page load knows it', async () => {
    const person = await holder()
    const browser = new TestBrowser(gateway)
    const first = await browser.post('/v1/sign-in', { user: person.name, password })
    expect(first.body).toEqual({ status: 'second_factor_required', secondFactors: ['passkey'] })
    const session = await browser.get('/v1/session')
    expect(session.body).toMatchObject({ stage: 'password', secondFactors: ['passkey'], passwordless: true })
    expect((await browser.get('/v1/me')).status).toBe(401)
    await enter(person)
  })

  test('opens AWS where a role asks for a second factor at each sign-in, once', async () => {
    const person = await holder(['aws-mfa'])
    const browser = await enter(person)
    const handle = await begin(browser)
    const about = await browser.get(`/v1/pending-sign-ins/${handle}`)
    expect(about.body).toMatchObject({ ways: ['passkey'] })
    const options = await ask(browser, '/v1/step-up/start', { handle })
    const passkey = person.key.use(options)
    const proved = await browser.post('/v1/step-up', { handle, passkey })
    expect(proved.status, proved.text).toBe(200)
    const { next } = proved.body as { next: string }
    const { xml } = readPostedForm((await browser.get(next)).text)
    expect(xml).toContain(`>${person.name}</saml:NameID>`)
    const events = await lastEvents(person.name)
    expect(events.find(({ event }) => event === 'saml.idp.auth')).toMatchObject({ with_mfa: 'passkey' })
    expect(codeOf(await browser.post('/v1/step-up', { handle, passkey }))).toBe('SAML_REQUEST_ANSWERED')
  })

  test('is set up with an invitation in place of an app', async () => {
    const name = `invited-${++count}@example.com`
    const { body } = await admin.post('/v1/users', { name, roles: ['aws'] })
    const token = tokenOf((body as { url: string }).url)
    const browser = new TestBrowser(gateway)
    expect((await browser.post('/v1/links/inspect', { token })).body).toMatchObject({ passkey: true })
    const key = new TestAuthenticator(gateway.publicUrl)
    const options = await ask(browser, '/v1/links/passkey', { token })
    const passkey = key.make(options)
    expect((await browser.post('/v1/links/redeem', { token, password, passkey })).status).toBe(200)
    await enter({ name, seed: undefined, key })
    expect((await lastEvents(name)).find(({ event }) => event === 'mfa.add')).toMatchObject({
      mfa_device_type: 'WebAuthn',
    })
  })

  test('is renamed, and removed with its own proof', async () => {
    const person = await holder()
    const browser = await enter(person)
    const { body } = await browser.get('/v1/me')
    const [factor] = (body as { factors: { id: string }[] }).factors
    const path = `/v1/me/factors/${factor?.id}`
    expect((await browser.send('put', path, { label: 'Ring' })).status).toBe(204)
    expect((await browser.send('put', '/v1/me/factors/none', { label: 'Ring' })).status).toBe(404)
    expect(codeOf(await browser.delete(path, {}))).toBe('SECOND_FACTOR_REQUIRED')
    const options = await ask(browser, '/v1/me/passkeys/ask')
    expect((await browser.delete(path, { passkey: person.key.use(options) })).status).toBe(204)
    expect((await browser.get('/v1/me')).body).toMatchObject({ factors: [] })
    const events = await lastEvents(person.name)
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['mfa.update', 'mfa.delete']))
  })

  test('T10: none is added by a session alone, nor by the password beside a factor', async () => {
    const person = await someone(['aws'], true)
    const browser = await afterPassword(person)
    const early = await browser.post('/v1/me/passkeys/start', { password })
    expect(early.status).toBe(401)
    gateway.clock.advance(30_000)
    const code = codeAt(person.seed ?? '', gateway.clock.now())
    expect((await browser.post('/v1/sign-in/totp', { code })).status).toBe(200)
    expect(codeOf(await browser.post('/v1/me/passkeys/start', {}))).toBe('SECOND_FACTOR_REQUIRED')
    expect(codeOf(await browser.post('/v1/me/passkeys/start', { password }))).toBe('SECOND_FACTOR_REQUIRED')
    gateway.clock.advance(30_000)
    const next = codeAt(person.seed ?? '', gateway.clock.now())
    const options = await ask(browser, '/v1/me/passkeys/start', { code: next })
    const passkey = new TestAuthenticator(gateway.publicUrl).make(options)
    expect((await browser.post('/v1/me/passkeys', { label: 'Key', passkey })).status).toBe(201)
    // The challenge is spent with its first answer.
    expect(codeOf(await browser.post('/v1/me/passkeys', { label: 'Key', passkey }))).toBe('LINK_INVALID')
  })
})

describe('refused at sign-in with a passkey alone, in the same words', () => {
  test.each<[string, Twist, string]>([
    ['of another origin', { origin: 'https://gatehouse.evil.example' }, 'origin'],
    ['of another relying party', { rpId: 'evil.example' }, 'RP ID'],
    ['without verification of the person', { userVerified: false }, 'verification required'],
    ['without anybody there', { userPresent: false, userVerified: false }, 'not present'],
    ['signed by another key', { forged: true }, 'the signature does not verify'],
    ['for another kind of act', { type: 'webauthn.create' }, 'response type'],
    ['with a challenge of its own', { challenge: 'made-up' }, 'answered before, or was never made'],
    ['that names another person', { userHandle: 'c29tZWJvZHk' }, 'names another person'],
    ['that became a copied one', { backupEligible: true }, 'something else of its backup'],
  ])('an answer %s', async (_, twist, why) => {
    const person = await holder()
    const answered = await passwordless(person, twist)
    expect([answered.status, codeOf(answered)]).toEqual([401, 'SIGN_IN_FAILED'])
    expect((answered.body as { detail: string }).detail).toBe(
      'this passkey does not sign in here; use another one, or your name and password',
    )
    const [login, validate] = await lastEvents(person.name)
    expect(login).toMatchObject({ event: 'user.login', success: false })
    expect(validate).toMatchObject({ event: 'mfa_auth_challenge.validate', success: false })
    expect(String(validate?.['error'])).toContain(why)
  })

  test('one that nobody has, or whose user is gone', async () => {
    const stranger = new TestAuthenticator(gateway.publicUrl)
    const unknown = await passwordless({ name: '', seed: undefined, key: stranger })
    const person = await holder()
    const deleted = await admin.send('delete', `/v1/resources/user/${person.name}`, {}, await match(person))
    expect(deleted.status, deleted.text).toBeLessThan(300)
    const gone = await passwordless(person)
    expect(gone.body).toMatchObject({
      code: 'SIGN_IN_FAILED',
      detail: (unknown.body as { detail: string }).detail,
    })
    expect(await gateway.gateway.store.passkeys.list(person.name)).toEqual([])
  })

  async function match({ name }: TestPerson): Promise<Record<string, string>> {
    const found = await admin.get(`/v1/resources/user/${name}`)
    return { 'if-match': String(found.headers['etag']) }
  }

  test('a sign count that went back, as that of a copy does', async () => {
    const person = await holder()
    expect((await passwordless(person, { signCount: 7 })).status).toBe(200)
    for (const signCount of [7, 6, 0]) {
      expect(codeOf(await passwordless(person, { signCount }))).toBe('SIGN_IN_FAILED')
      const [, validate] = await lastEvents(person.name)
      expect(validate?.['error']).toBe(
        `the sign count went back from 7 to ${signCount}: the passkey may have been copied`,
      )
    }
    expect((await passwordless(person, { signCount: 8 })).status).toBe(200)
  })

  test('a challenge that was answered, or is too old', async () => {
    const person = await holder()
    const browser = new TestBrowser(gateway)
    const options = await ask(browser, '/v1/sign-in/passkey/start')
    const passkey = person.key.use(options)
    expect((await browser.post('/v1/sign-in/passkey', { passkey })).status).toBe(200)
    expect(codeOf(await new TestBrowser(gateway).post('/v1/sign-in/passkey', { passkey }))).toBe(
      'SIGN_IN_FAILED',
    )
    const late = await ask(browser, '/v1/sign-in/passkey/start')
    gateway.clock.advance(5 * minute)
    expect(codeOf(await browser.post('/v1/sign-in/passkey', { passkey: person.key.use(late) }))).toBe(
      'SIGN_IN_FAILED',
    )
    expect((await lastEvents(person.name))[1]).toMatchObject({ error: 'the answer came too late' })
  })

  test('a locked person, who is told so only after the proof', async () => {
    const person = await holder()
    const lock = {
      kind: 'lock',
      version: 'v2',
      metadata: { name: `lock-${count}` },
      spec: { target: { user: person.name } },
    }
    await gateway.gateway.store.resources.create({
      kind: 'lock',
      name: lock.metadata.name,
      document: lock,
      now: gateway.clock.now(),
    })
    expect(codeOf(await passwordless(person, { forged: true }))).toBe('SIGN_IN_FAILED')
    expect(codeOf(await passwordless(person))).toBe('LOCKED')
    expect((await lastEvents(person.name))[0]).toMatchObject({ event: 'user.login', success: false })
  })

  test('more than ten wrong answers from one place', async () => {
    const person = await holder()
    for (let at = 0; at < 10; at++) {
      expect(codeOf(await passwordless(person, { forged: true }))).toBe('SIGN_IN_FAILED')
    }
    const eleventh = await passwordless(person)
    expect([eleventh.status, codeOf(eleventh)]).toEqual([429, 'TOO_MANY_ATTEMPTS'])
  })
})

describe('an answer counts for what it was asked for, for whom and where', () => {
  test('one for sign-in alone is no second factor, no step-up and no proof to change factors', async () => {
    const person = await holder(['aws-mfa'])
    const browser = await enter(person)
    const handle = await begin(browser)
    const answer = async () =>
      person.key.use(await ask(new TestBrowser(gateway), '/v1/sign-in/passkey/start'))
    expect(codeOf(await browser.post('/v1/step-up', { handle, passkey: await answer() }))).toBe(
      'SECOND_FACTOR_INVALID',
    )
    expect(codeOf(await browser.post('/v1/me/passkeys/start', { passkey: await answer() }))).toBe(
      'SECOND_FACTOR_INVALID',
    )
    const half = await afterPassword(person)
    expect(codeOf(await half.post('/v1/sign-in/second-factor', { passkey: await answer() }))).toBe(
      'SECOND_FACTOR_INVALID',
    )
    const refusals = (await lastEvents(person.name)).filter(
      ({ event }) => event === 'mfa_auth_challenge.validate',
    )
    expect(refusals[0]).toMatchObject({ success: false, error: 'the challenge was made for something else' })
  })

  test('one for a step-up signs nobody in, and serves no other session, sign-in or person', async () => {
    const person = await holder(['aws-mfa'])
    const browser = await enter(person)
    const handle = await begin(browser)
    const answer = async (of = handle, by = browser) =>
      person.key.use(await ask(by, '/v1/step-up/start', { handle: of }))
    const alone = await new TestBrowser(gateway).post('/v1/sign-in/passkey', { passkey: await answer() })
    expect(codeOf(alone)).toBe('SIGN_IN_FAILED')
    expect(
      await auditEvents(gateway, { user: person.name, type: 'mfa_auth_challenge.create' }),
    ).toContainEqual(
      expect.objectContaining({
        code: 'T1015I',
        challenge_scope: 'CHALLENGE_SCOPE_USER_SESSION',
        challenge_allow_reuse: false,
        'addr.remote': expect.any(String),
      }),
    )

    const other = await enter(person)
    const elsewhere = await other.post('/v1/step-up', { handle, passkey: await answer() })
    expect(codeOf(elsewhere)).toBe('SECOND_FACTOR_INVALID')
    expect((await lastEvents(person.name))[0]).toMatchObject({
      error: 'the challenge was made for another session',
    })

    const second = await begin(browser)
    expect(codeOf(await browser.post('/v1/step-up', { handle: second, passkey: await answer() }))).toBe(
      'SECOND_FACTOR_INVALID',
    )
    expect((await lastEvents(person.name))[0]).toMatchObject({
      error: 'the challenge was made for something else',
    })

    const thief = await holder(['aws-mfa'])
    const theirs = await enter(thief)
    const stolen = await theirs.post('/v1/step-up', { handle, passkey: await answer() })
    expect(codeOf(stolen)).toBe('SECOND_FACTOR_INVALID')
    const foreign = person.key.use(await ask(theirs, '/v1/step-up/start', { handle }))
    expect(codeOf(await theirs.post('/v1/step-up', { handle, passkey: foreign }))).toBe(
      'SECOND_FACTOR_INVALID',
    )
    expect((await lastEvents(thief.name))[0]).toMatchObject({ error: 'the passkey is somebody else’s' })
  })

  test('a new passkey is refused with a key of an algorithm that was not offered, or of another origin', async () => {
    for (const twist of [{ algorithm: -35 }, { origin: 'https://evil.example' }, { rpId: 'evil.example' }]) {
      const person = await someone()
      const browser = await afterPassword(person)
      const options = await ask(browser, '/v1/me/passkeys/start', { password })
      const passkey = new TestAuthenticator(gateway.publicUrl).make(options, twist)
      expect(codeOf(await browser.post('/v1/me/passkeys', { label: 'Key', passkey }))).toBe('PASSKEY_REFUSED')
      expect((await lastEvents(person.name))[0]).toMatchObject({
        event: 'mfa_auth_challenge.validate',
        success: false,
      })
      expect((await browser.get('/v1/me')).body).toMatchObject({ factors: [] })
    }
  })

  test('a passkey of one person is not enrolled for another', async () => {
    const owner = await holder()
    const thief = await someone()
    const browser = await afterPassword(thief)
    const options = await ask(browser, '/v1/me/passkeys/start', { password })
    const again = await browser.post('/v1/me/passkeys', { label: 'Key', passkey: owner.key.make(options) })
    expect(codeOf(again)).toBe('ALREADY_EXISTS')
  })
})

describe('what the cluster preference allows', () => {
  test('without webauthn a passkey is neither enrolled nor used; it still proves who changes their factors', async () => {
    const person = await holder()
    const browser = await enter(person)
    await putPreference({ second_factors: ['otp'] })
    try {
      expect(codeOf(await new TestBrowser(gateway).post('/v1/sign-in/passkey/start', {}))).toBe(
        'FACTOR_NOT_ALLOWED',
      )
      const half = await new TestBrowser(gateway).post('/v1/sign-in', { user: person.name, password })
      expect(codeOf(half)).toBe('SECOND_FACTOR_MISSING')
      expect(codeOf(await browser.post('/v1/me/passkeys/start', { password }))).toBe('FACTOR_NOT_ALLOWED')
      expect((await browser.get('/v1/me')).body).toMatchObject({
        factors: [{ usable: false }],
        factorKinds: ['totp'],
      })
      const passkey = person.key.use(await ask(browser, '/v1/me/passkeys/ask'))
      expect((await browser.post('/v1/me/factors/start', { passkey })).status).toBe(200)
    } finally {
      await putPreference({ second_factor: 'optional' })
    }
  })

  test('without otp a code neither signs in nor steps up, and none is enrolled', async () => {
    const person = await someone(['aws-mfa'], true)
    gateway.clock.advance(30_000)
    const half = await afterPassword(person)
    await putPreference({ second_factors: ['webauthn'] })
    try {
      const code = codeAt(person.seed ?? '', gateway.clock.now())
      expect(codeOf(await half.post('/v1/sign-in/totp', { code }))).toBe('FACTOR_NOT_ALLOWED')
    } finally {
      await putPreference({ second_factor: 'optional' })
    }
  })

  test('without allow_passwordless a passkey is the second factor alone', async () => {
    const person = await holder()
    await putPreference({ second_factor: 'optional', allow_passwordless: false })
    try {
      expect(codeOf(await new TestBrowser(gateway).post('/v1/sign-in/passkey/start', {}))).toBe(
        'FACTOR_NOT_ALLOWED',
      )
      expect((await new TestBrowser(gateway).get('/v1/session')).body).toMatchObject({ passwordless: false })
      await enter(person)
    } finally {
      await putPreference({ second_factor: 'optional' })
    }
  })

  test('a change that shuts people out says whom, and a dry run too', async () => {
    const person = await holder()
    const document = {
      kind: 'cluster_auth_preference',
      version: 'v2',
      metadata: { name: 'cluster-auth-preference' },
      spec: { second_factors: ['otp'] },
    }
    const keyed = await holder()
    const tried = await admin.post('/v1/resources?mode=replace&dryRun=true', [document])
    const [{ notes }] = (tried.body as { changes: [{ notes: string[] }] }).changes
    const note = notes.find((one) => one.includes('Shuts out'))
    expect(note).toMatch(/^Shuts out \d+ people, .* Each needs a reset link\.$/)
    for (const { name } of [person, keyed]) {
      const shown = note?.includes(name) === true || / and \d+ more\. /.test(note ?? '')
      expect(shown).toBe(true)
    }
    const same = { ...document, spec: { second_factors: ['webauthn', 'otp'] } }
    const kept = await admin.post('/v1/resources?mode=replace&dryRun=true', [same])
    expect(JSON.stringify(kept.body)).not.toContain(keyed.name)
  })

  test('the last factor stays where everyone must have one', async () => {
    const person = await holder()
    const browser = await enter(person)
    await putPreference({ second_factors: ['webauthn', 'otp'] })
    try {
      const { body } = await browser.get('/v1/me')
      const [factor] = (body as { factors: { id: string }[] }).factors
      const passkey = person.key.use(await ask(browser, '/v1/me/passkeys/ask'))
      expect(codeOf(await browser.delete(`/v1/me/factors/${factor?.id}`, { passkey }))).toBe(
        'LAST_SECOND_FACTOR',
      )
    } finally {
      await putPreference({ second_factor: 'optional' })
    }
  })
})
