/** Recovery codes over HTTP: what one opens, once, and every other use of it that is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minute } from '../../src/core/time.js'
import { TestAuthenticator } from '../support/authenticator.js'
import {
  auditEvents,
  codeAt,
  createPerson,
  password,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
  tokenOf,
  type TestPerson,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

type PasskeyOptions = Parameters<TestAuthenticator['make']>[0]

let gateway: TestGateway
let admin: TestBrowser
beforeAll(async () => {
  gateway = await openTestGateway({ resources: testResources })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

interface Holder {
  readonly person: TestPerson
  readonly browser: TestBrowser
  readonly codes: readonly string[]
}

let count = 0
async function holder(): Promise<Holder> {
  const name = `lost-${++count}@example.com`
  const person = await createPerson(gateway, admin, { name, roles: ['aws'], totp: true })
  gateway.clock.advance(30_000)
  const browser = await signIn(gateway, person)
  return { person, browser, codes: await make(person, browser) }
}

function totp({ seed = '' }: TestPerson): string {
  gateway.clock.advance(30_000)
  return codeAt(seed, gateway.clock.now())
}

async function make(person: TestPerson, browser: TestBrowser): Promise<string[]> {
  const made = await browser.post('/v1/me/recovery-codes', { code: totp(person) })
  expect(made.status, made.text).toBe(201)
  return (made.body as { codes: string[] }).codes
}

/** After the password. */
async function half({ name }: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(gateway)
  expect((await browser.post('/v1/sign-in', { user: name, password })).status).toBe(200)
  return browser
}

const codeOf = ({ body }: { body: unknown }): string => (body as { code: string }).code
const use = async (browser: TestBrowser, code = '') =>
  await browser.post('/v1/sign-in/recovery', { code, next: '/settings' })

describe('a recovery code', () => {
  test('signs in once after the password, is counted and told, and its text is nowhere', async () => {
    const { person, codes } = await holder()
    expect(codes).toHaveLength(10)
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)
    const browser = await half(person)
    const typed = ` ${(codes[0] ?? '').toUpperCase().replaceAll('-', ' ')} `
    expect((await use(browser, typed)).body).toEqual({ status: 'signed_in', next: '/settings' })
    expect((await browser.get('/v1/me')).body).toMatchObject({ recovering: true, recoveryCodes: { left: 9 } })
    const again = await use(await half(person), codes[0])
    expect([again.status, codeOf(again)]).toEqual([401, 'SECOND_FACTOR_INVALID'])
    const events = await auditEvents(gateway, { user: person.name })
    const of = (event: string) => events.filter((one) => one['event'] === event)
    expect(of('recovery_code.generated')).toMatchObject([{ code: 'T1008I', count: 10 }])
    expect(of('recovery_code.used')).toMatchObject([
      { code: 'T1009W', error: 'the code is wrong or was used before' },
      { code: 'T1009I', left: 9 },
    ])
    for (const code of codes) expect(JSON.stringify(events)).not.toContain(code.slice(0, 9))
  })

  test('of two at the same instant signs one in', async () => {
    const { person, codes } = await holder()
    const browsers = [await half(person), await half(person)]
    const answers = await Promise.all(browsers.map(async (browser) => (await use(browser, codes[1])).status))
    expect(answers.sort()).toEqual([200, 401])
  })

  test('is nothing without the password, for somebody else, nor after new ones were made', async () => {
    const { person, browser, codes } = await holder()
    expect(codeOf(await use(new TestBrowser(gateway), codes[0]))).toBe('NOT_SIGNED_IN')
    const other = await holder()
    expect(codeOf(await use(await half(other.person), codes[0]))).toBe('SECOND_FACTOR_INVALID')
    const fresh = await make(person, browser)
    expect(codeOf(await use(await half(person), codes[0]))).toBe('SECOND_FACTOR_INVALID')
    expect((await use(await half(person), fresh[0])).status).toBe(200)
  })

  test('is no code of an app, no proof and no way to change factors', async () => {
    const { browser, codes } = await holder()
    const proof = { purpose: 'review_requests', subjects: ['any'], code: codes[0] }
    expect(codeOf(await browser.post('/v1/mfa/proofs', proof))).toBe('INVALID_INPUT')
    expect(codeOf(await browser.post('/v1/me/factors/start', { code: codes[0] }))).toBe('INVALID_INPUT')
    expect(codeOf(await browser.post('/v1/me/recovery-codes', { code: codes[0] }))).toBe('INVALID_INPUT')
    expect(codeOf(await browser.post('/v1/me/recovery-codes', {}))).toBe('SECOND_FACTOR_REQUIRED')
  })

  test('guessed is counted with the codes of apps, also where the guess is none', async () => {
    const { person, codes } = await holder()
    for (let at = 0; at < 10; at++) {
      const guess = at % 2 === 0 ? 'aaaa-bbbb-cccc-dddd' : 'no code'
      expect(codeOf(await use(await half(person), guess))).toBe('SECOND_FACTOR_INVALID')
    }
    expect(codeOf(await use(await half(person), codes[0]))).toBe('TOO_MANY_ATTEMPTS')
    const app = await (await half(person)).post('/v1/sign-in/totp', { code: totp(person) })
    expect(codeOf(app)).toBe('TOO_MANY_ATTEMPTS')
  })

  test('ends with the last factor, and with a reset that forgets factors', async () => {
    const { person, browser, codes } = await holder()
    const [factor] = ((await browser.get('/v1/me')).body as { factors: { id: string }[] }).factors
    expect((await browser.delete(`/v1/me/factors/${factor?.id}`, { code: totp(person) })).status).toBe(204)
    expect((await browser.get('/v1/me')).body).not.toHaveProperty('recoveryCodes')
    expect(codes).toHaveLength(10)
    const other = await holder()
    const reset = `/v1/users/${other.person.name}/reset-link`
    const { body } = await admin.post(reset, { forgetFactors: true })
    expect(await gateway.gateway.store.recoveryCodes.count(other.person.name)).toBeUndefined()
    expect(tokenOf((body as { url: string }).url)).not.toBe('')
  })
})

describe('a session that began with one', () => {
  test('adds a new factor with the password, for a quarter of an hour; other sessions do not', async () => {
    const { person, browser: old, codes } = await holder()
    expect(codeOf(await old.post('/v1/me/passkeys/start', { password }))).toBe('SECOND_FACTOR_REQUIRED')
    const browser = await half(person)
    await use(browser, codes[0])
    expect(codeOf(await browser.post('/v1/me/passkeys/start', {}))).toBe('SECOND_FACTOR_REQUIRED')
    const wrong = await browser.post('/v1/me/passkeys/start', { password: 'not the password' })
    expect(codeOf(wrong)).toBe('SIGN_IN_FAILED')
    const started = await browser.post('/v1/me/passkeys/start', { password })
    expect(started.status, started.text).toBe(200)
    const passkey = new TestAuthenticator(gateway.publicUrl).make(started.body as PasskeyOptions)
    expect((await browser.post('/v1/me/passkeys', { label: 'New', passkey })).status).toBe(201)
    const [lost] = ((await browser.get('/v1/me')).body as { factors: { id: string }[] }).factors
    expect(codeOf(await browser.delete(`/v1/me/factors/${lost?.id}`, {}))).toBe('SECOND_FACTOR_REQUIRED')
    gateway.clock.advance(15 * minute)
    expect(codeOf(await browser.post('/v1/me/passkeys/start', { password }))).toBe('SECOND_FACTOR_REQUIRED')
    expect((await browser.get('/v1/me')).body).not.toHaveProperty('recovering')
  })
})
