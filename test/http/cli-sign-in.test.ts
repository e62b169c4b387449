/** Signing in a command line: the consent in the browser, the code, the verifier, and what the session is good for. */
import { createHash } from 'node:crypto'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  auditEvents,
  createPerson,
  password,
  role,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const verifier = 'v'.repeat(64)
const challenge = createHash('sha256').update(verifier).digest('base64url')
const state = 's'.repeat(43)
const port = 49_152
const minute = 60_000
const hour = 60 * minute

let gateway: TestGateway
let admin: TestBrowser
const log: string[] = []

beforeAll(async () => {
  const short = role('short', 'v8', {
    allow: {},
    options: { max_session_ttl: '2h', client_idle_timeout: '30m' },
  })
  gateway = await openTestGateway({ resources: [...testResources, short], logSink: (line) => log.push(line) })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

let people = 0
/** A person with a browser session that is a moment old. */
async function someone(roles = ['aws']): Promise<{ name: string; browser: TestBrowser }> {
  const person = await createPerson(gateway, admin, { name: `person-${++people}@example.com`, roles })
  return { name: person.name, browser: await signIn(gateway, person) }
}

async function agree(browser: TestBrowser, changes: object = {}): Promise<supertest.Response> {
  return await browser.post('/v1/cli/authorizations', { challenge, port, state, host: 'laptop', ...changes })
}

async function codeFor(browser: TestBrowser): Promise<string> {
  const { redirectUrl } = (await agree(browser)).body as { redirectUrl: string }
  return new URL(redirectUrl).searchParams.get('code') ?? ''
}

async function redeem(code: string, changes: object = {}): Promise<supertest.Response> {
  return await supertest(gateway.url)
    .post('/v1/cli/tokens')
    .send({ code, verifier, port, ...changes })
}

async function tokenFor(browser: TestBrowser): Promise<string> {
  const response = await redeem(await codeFor(browser))
  expect(response.status).toBe(201)
  return (response.body as { token: string }).token
}

async function ask(
  token: string,
  path = '/v1/me',
  method: 'get' | 'delete' = 'get',
): Promise<supertest.Response> {
  return await supertest(gateway.url)[method](path).set('authorization', `Bearer ${token}`)
}

async function lastLogin(): Promise<Record<string, unknown> | undefined> {
  const [event] = await auditEvents(gateway, { type: 'cli.login', limit: '1' })
  return event
}

const refused = {
  status: 401,
  code: 'SIGN_IN_FAILED',
  detail: 'this sign-in of a command line is not valid or is over; run "gatehouse login" again',
}

describe('signing in a command line', () => {
  test('consent gives a code to this machine’s own port, and the verifier turns it into a session', async () => {
    const { name, browser } = await someone(['aws', 'auditor'])
    const agreed = await agree(browser)
    expect(agreed.status).toBe(201)
    const { redirectUrl, expiresAt } = agreed.body as { redirectUrl: string; expiresAt: string }
    expect(redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:49152\/callback\?code=[\w-]{43}&state=s{43}$/)
    expect(Date.parse(expiresAt) - gateway.clock.now()).toBe(minute)
    const code = new URL(redirectUrl).searchParams.get('code') ?? ''
    const response = await redeem(code)
    expect(response.status).toBe(201)
    const { token, user } = response.body as { token: string; user: string }
    expect({ token, user }).toEqual({ token: expect.stringMatching(/^ghc_[\w-]{43}$/), user: name })
    expect((await ask(token)).body).toMatchObject({ name })
    expect((await ask(token, '/v1/session')).body).toMatchObject({
      stage: 'full',
      actor: { kind: 'person', name },
      user: { name, roles: ['aws', 'auditor'] },
    })
    expect((await ask(token, '/v1/audit/events')).status).toBe(200)
    expect((await ask(token, '/v1/users')).status).toBe(403)
    expect(await lastLogin()).toMatchObject({
      code: 'TGH011I',
      success: true,
      user: name,
      label: 'laptop',
      user_kind: 1,
    })
    for (const secret of [code, token, verifier]) {
      expect(JSON.stringify(await auditEvents(gateway))).not.toContain(secret)
      expect(log.join()).not.toContain(secret)
    }
  })

  test('it is in the list of one’s sessions by its machine, and ends like any other', async () => {
    const { browser } = await someone()
    const token = await tokenFor(browser)
    const listed = (await browser.get('/v1/me/sessions')).body as {
      items: { id: string; client: string; label?: string; current: boolean }[]
    }
    const shown = listed.items.map(({ client, label, current }) => ({ client, label, current }))
    expect(shown.sort((a, b) => (a.client < b.client ? -1 : 1))).toEqual([
      { client: 'browser', label: undefined, current: true },
      { client: 'cli', label: 'laptop', current: false },
    ])
    const id = listed.items.find(({ client }) => client === 'cli')?.id ?? ''
    expect((await browser.delete(`/v1/me/sessions/${id}`)).status).toBe(204)
    expect((await ask(token)).body).toMatchObject({ code: 'NOT_SIGNED_IN' })
  })

  test('signing out of the browser leaves it; signing out by its own token ends it', async () => {
    const { name, browser } = await someone()
    const token = await tokenFor(browser)
    expect((await browser.delete('/v1/session')).status).toBe(204)
    expect((await ask(token)).status).toBe(200)
    expect((await ask(token, '/v1/session', 'delete')).status).toBe(204)
    expect((await ask(token)).status).toBe(401)
    const [ended] = await auditEvents(gateway, { type: 'session.end', limit: '1' })
    expect(ended).toMatchObject({ user: name, message: 'signed out' })
  })

  test('a new password ends it', async () => {
    const { browser } = await someone()
    const token = await tokenFor(browser)
    const changed = await browser.post('/v1/me/password', { current: password, new: 'another long password' })
    expect(changed.status).toBe(204)
    expect((await ask(token)).status).toBe(401)
  })

  test('a lock on the person ends it, and a consent that waits', async () => {
    const { name, browser } = await someone()
    const token = await tokenFor(browser)
    const code = await codeFor(browser)
    const lock = { kind: 'lock', version: 'v2', metadata: { name: 'stop' }, spec: { target: { user: name } } }
    expect((await admin.post('/v1/resources', lock)).status).toBe(200)
    expect((await ask(token)).status).toBe(401)
    expect((await redeem(code)).body).toMatchObject(refused)
    await admin.delete('/v1/resources/lock/stop')
    expect((await ask(token)).status).toBe(401)
  })

  test('it lives as long as the roles say, from the moment the person proved who they are', async () => {
    const { name, browser } = await someone(['short'])
    const start = gateway.clock.now()
    gateway.clock.advance(20 * minute)
    const { token, expiresAt } = (await redeem(await codeFor(browser))).body as Record<string, string>
    expect(Date.parse(expiresAt ?? '')).toBe(start + 2 * hour)
    for (const elapsed of [45, 70, 95, 119]) {
      gateway.clock.set(start + elapsed * minute)
      expect((await ask(token ?? '')).body).toMatchObject({ name })
    }
    gateway.clock.set(start + 2 * hour)
    expect((await ask(token ?? '')).status).toBe(401)
  })

  test('it ends when nobody uses it', async () => {
    const { browser } = await someone(['short'])
    const token = await tokenFor(browser)
    gateway.clock.advance(29 * minute)
    expect((await ask(token)).status).toBe(200)
    gateway.clock.advance(30 * minute)
    expect((await ask(token)).status).toBe(401)
  })
})

describe('attacks on it', () => {
  test('a code works once', async () => {
    const { browser } = await someone()
    const code = await codeFor(browser)
    expect((await redeem(code)).status).toBe(201)
    expect((await redeem(code)).body).toMatchObject(refused)
    expect(await lastLogin()).toMatchObject({
      code: 'TGH011W',
      success: false,
      message: 'the code is unknown or was redeemed before',
    })
    expect(await lastLogin()).not.toHaveProperty('user')
  })

  test('of many that redeem it at once one is served', async () => {
    const { browser } = await someone()
    const code = await codeFor(browser)
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => redeem(code)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401])
  })

  test.each<[string, object, string]>([
    ['a wrong verifier', { verifier: 'w'.repeat(64) }, 'the verifier is wrong'],
    ['the challenge as verifier (method plain)', { verifier: challenge }, 'the verifier is wrong'],
    ['another port', { port: port + 1 }, 'the code was made for another port'],
  ])('%s is refused and burns the code', async (_, changes, message) => {
    const { name, browser } = await someone()
    const code = await codeFor(browser)
    expect((await redeem(code, changes)).body).toMatchObject(refused)
    expect(await lastLogin()).toMatchObject({ user: name, success: false, message })
    expect((await redeem(code)).body).toMatchObject(refused)
  })

  test('a code is good for less than a minute', async () => {
    const { browser } = await someone()
    const early = await codeFor(browser)
    const late = await codeFor(browser)
    gateway.clock.advance(minute - 1)
    expect((await redeem(early)).status).toBe(201)
    gateway.clock.advance(1)
    expect((await redeem(late)).body).toMatchObject(refused)
    expect(await lastLogin()).toMatchObject({ message: 'the code has expired' })
  })

  test('a code of a session that has ended is worth nothing', async () => {
    const { browser } = await someone()
    const code = await codeFor(browser)
    await browser.delete('/v1/session')
    expect((await redeem(code)).body).toMatchObject(refused)
    expect(await lastLogin()).toMatchObject({ message: 'the session that agreed has ended' })
  })

  test('neither a cookie as bearer token nor a bearer token as cookie opens anything', async () => {
    const { browser } = await someone()
    const token = await tokenFor(browser)
    const [name = '', cookie = ''] = (browser.cookie ?? '').split('=')
    expect(cookie).toMatch(/^[\w-]{43}$/)
    expect((await ask(cookie)).body).toMatchObject({ code: 'NOT_SIGNED_IN', status: 401 })
    expect((await ask(`ghc_${cookie}`)).status).toBe(401)
    const asCookie = await supertest(gateway.url).get('/v1/me').set('cookie', `${name}=${token}`)
    expect(asCookie.body).toMatchObject({ code: 'NOT_SIGNED_IN', status: 401 })
    expect((await browser.get('/v1/me')).status).toBe(200)
    expect((await ask(token)).status).toBe(200)
  })

  test('a bearer token that is wrong does not fall back to the cookie beside it', async () => {
    const { browser } = await someone()
    const response = await supertest(gateway.url)
      .get('/v1/me')
      .set('cookie', browser.cookie ?? '')
      .set('authorization', `Bearer ghc_${'a'.repeat(43)}`)
    expect(response.status).toBe(401)
  })

  test('a command line cannot agree for another one', async () => {
    const { browser } = await someone()
    const token = await tokenFor(browser)
    const response = await supertest(gateway.url)
      .post('/v1/cli/authorizations')
      .set('authorization', `Bearer ${token}`)
      .send({ challenge, port, state, host: 'laptop' })
    expect(response.body).toMatchObject({
      code: 'FORBIDDEN',
      detail: 'a command line cannot agree to sign in another one; open the page in a browser',
    })
  })

  test('another site cannot agree for the person, nor redeem in their browser', async () => {
    const { browser } = await someone()
    const consent = supertest(gateway.url)
      .post('/v1/cli/authorizations')
      .set('cookie', browser.cookie ?? '')
    const body = { challenge, port, state, host: 'laptop' }
    expect((await consent.set('origin', gateway.publicUrl).send(body)).body).toMatchObject({ code: 'CSRF' })
    const foreign = await supertest(gateway.url)
      .post('/v1/cli/tokens')
      .set('origin', 'https://evil.example')
      .send({ code: 'c'.repeat(43), verifier, port })
    expect(foreign.body).toMatchObject({ code: 'CSRF', status: 403 })
  })

  test.each<[string, object]>([
    ['a host name in place of the port', { port: 'evil.example:80' }],
    ['a privileged port', { port: 80 }],
    ['a challenge that is no SHA-256', { challenge: 'short' }],
    ['a state that would change the address', { state: `${state}&code=x` }],
    ['an address of its own', { redirectUrl: 'https://evil.example' }],
  ])('%s is refused', async (_, changes) => {
    const { browser } = await someone()
    expect((await agree(browser, changes)).body).toMatchObject({ code: 'INVALID_INPUT', status: 400 })
  })

  test('guesses are limited by address, and a sign-in that works is not counted', async () => {
    const { browser } = await someone()
    gateway.clock.advance(hour)
    const fresh = await signIn(gateway, { name: `person-${people}@example.com`, seed: undefined })
    const guesses = Array.from({ length: 300 }, () => redeem('g'.repeat(43)))
    expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([401]))
    const stopped = await redeem(await codeFor(fresh))
    expect(stopped.body).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429 })
    const recorded = await auditEvents(gateway, { type: 'cli.login', success: 'false' })
    const guessed = recorded.filter(({ message }) => message === 'the code is unknown or was redeemed before')
    expect(guessed.length).toBeLessThan(40)
    gateway.clock.advance(15 * minute)
    expect((await redeem(await codeFor(fresh))).status).toBe(201)
    expect(browser.cookie).toBeDefined()
  })
})
