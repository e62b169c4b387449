/** Cookies that were planted, copied or kept, and links used twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import {
  codeAt,
  createPerson,
  password,
  role,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
  tokenOf,
  type TestPerson,
} from '../support/people.js'
import { awsLabels, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { raw } from './support.js'

let gateway: TestGateway
let admin: TestBrowser
let dev: TestPerson
let mfa: TestPerson

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      spResource(),
      role('short', 'v8', {
        allow: { app_labels: awsLabels },
        options: { max_session_ttl: '2h', client_idle_timeout: '20m' },
      }),
    ],
  })
  admin = await signInAdmin(gateway)
  dev = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  mfa = await createPerson(gateway, admin, { name: 'mfa@example.com', roles: ['aws'], totp: true })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const stageOf = async (cookie: string): Promise<string> => {
  const answer = await raw(gateway, '/v1/session', { headers: { cookie } })
  return (JSON.parse(answer.text) as { stage: string }).stage
}
const meStatus = async (cookie: string): Promise<number> =>
  (await raw(gateway, '/v1/me', { headers: { cookie } })).status

describe('session fixation', () => {
  test('a token that was planted before sign-in is never the token after it, and opens nothing', async () => {
    const planted = `__Host-gatehouse=${'p'.repeat(43)}`
    const browser = new TestBrowser(gateway)
    browser.cookie = planted
    const answer = await browser.post('/v1/sign-in', { user: dev.name, password })
    expect(answer.status).toBe(200)
    expect(browser.cookie).not.toBe(planted)
    expect(await stageOf(planted)).toBe('none')
    expect(await stageOf(browser.cookie ?? '')).toBe('full')
  })

  test("the attacker's own session, planted, does not become the victim's", async () => {
    const attacker = await signIn(gateway, dev)
    const planted = attacker.cookie ?? ''
    const victim = new TestBrowser(gateway)
    victim.cookie = planted
    await victim.post('/v1/sign-in', { user: mfa.name, password })
    expect(victim.cookie).not.toBe(planted)
    expect(await stageOf(planted)).toBe('none')
  })

  test('each step gives a new token and ends the one before', async () => {
    gateway.clock.advance(60_000)
    const browser = new TestBrowser(gateway)
    const cookies: (string | undefined)[] = []
    await browser.post('/v1/sign-in', { user: mfa.name, password })
    cookies.push(browser.cookie)
    expect(await stageOf(browser.cookie ?? '')).toBe('password')
    expect(await meStatus(browser.cookie ?? '')).toBe(401)
    await browser.post('/v1/sign-in/totp', { code: codeAt(mfa.seed ?? '', gateway.clock.now()) })
    cookies.push(browser.cookie)
    expect(await stageOf(browser.cookie ?? '')).toBe('full')
    expect(await stageOf(cookies[0] ?? '')).toBe('none')
    await browser.post('/v1/sign-in', { user: dev.name, password })
    cookies.push(browser.cookie)
    expect(await stageOf(cookies[1] ?? '')).toBe('none')
    expect(new Set(cookies).size).toBe(3)
  })

  test('two cookies of the same name are not believed, in either order', async () => {
    const good = (await signIn(gateway, dev)).cookie ?? ''
    const planted = `__Host-gatehouse=${'p'.repeat(43)}`
    expect(await meStatus(good)).toBe(200)
    expect(await meStatus(`${good}; ${planted}`)).toBe(401)
    expect(await meStatus(`${planted}; ${good}`)).toBe(401)
    expect(await meStatus(`${good}; ${good}`)).toBe(401)
  })

  test('the cookie is bound to host, channel and HTTP', async () => {
    const answer = await raw(gateway, '/v1/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: dev.name, password }),
    })
    const cookie = answer.headers.get('set-cookie') ?? ''
    const [pair, ...attributes] = cookie.split('; ')
    expect(pair).toMatch(/^__Host-gatehouse=[\w-]{43}$/)
    expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']))
    expect(cookie).not.toMatch(/Domain=/i)
    // The same token under the name without the prefix is nothing: a sub-domain could have set it.
    expect(await meStatus((pair ?? '').replace('__Host-', ''))).toBe(401)
  })
})

describe('a copied cookie ends', () => {
  test('with the sign-out', async () => {
    const browser = await signIn(gateway, dev)
    const copy = browser.cookie ?? ''
    const answer = await browser.delete('/v1/session')
    expect(answer.status).toBe(204)
    expect(browser.cookie).toBeUndefined()
    expect(await meStatus(copy)).toBe(401)
  })

  test('by its idle and by its absolute limit', async () => {
    const person = await createPerson(gateway, await freshAdmin(), {
      name: 'short@example.com',
      roles: ['short'],
    })
    const idle = (await signIn(gateway, person)).cookie ?? ''
    gateway.clock.advance(20 * 60_000 - 1)
    expect(await meStatus(idle)).toBe(200)
    gateway.clock.advance(20 * 60_000)
    expect(await meStatus(idle)).toBe(401)
    const busy = (await signIn(gateway, person)).cookie ?? ''
    for (let minutes = 15; minutes < 120; minutes += 15) {
      gateway.clock.advance(15 * 60_000)
      expect(await meStatus(busy)).toBe(200)
    }
    gateway.clock.advance(15 * 60_000)
    expect(await meStatus(busy)).toBe(401)
  })

  test('with a change of the password, except the one that made it', async () => {
    const person = await createPerson(gateway, await freshAdmin(), {
      name: 'change@example.com',
      roles: ['aws'],
    })
    const stolen = (await signIn(gateway, person)).cookie ?? ''
    const own = await signIn(gateway, person)
    const changed = await own.post('/v1/me/password', { current: password, new: 'another long password' })
    expect(changed.status).toBe(204)
    expect(await meStatus(stolen)).toBe(401)
    expect(await meStatus(own.cookie ?? '')).toBe(200)
  })

  test('with a reset link as soon as it is made, and again when it is used', async () => {
    const by = await freshAdmin()
    const person = await createPerson(gateway, by, { name: 'reset@example.com', roles: ['aws'] })
    const stolen = (await signIn(gateway, person)).cookie ?? ''
    const link = await by.post('/v1/users/reset@example.com/reset-link', {})
    expect(await meStatus(stolen)).toBe(401)
    const again = (await signIn(gateway, person)).cookie ?? ''
    expect(await meStatus(again)).toBe(200)
    const token = tokenOf((link.body as { url: string }).url)
    await new TestBrowser(gateway).post('/v1/links/redeem', { token, password: 'another long password' })
    expect(await meStatus(again)).toBe(401)
  })

  test('with the user; one who is made again under the name inherits nothing (T7)', async () => {
    const name = 'recycled@example.com'
    const person = await createPerson(gateway, await freshAdmin(), { name, roles: ['aws'], totp: true })
    gateway.clock.advance(60_000)
    const by = await freshAdmin()
    const stolen = (await signIn(gateway, person)).cookie ?? ''
    const link = await by.post(`/v1/users/${name}/reset-link`, {})
    const oldToken = tokenOf((link.body as { url: string }).url)
    const { store } = gateway.gateway
    const stored = await store.resources.find('user', name)
    await store.resources.delete({ kind: 'user', name, expectedRevision: stored?.revision ?? '' })
    expect(await meStatus(stolen)).toBe(401)
    const again = await by.post('/v1/users', { name, roles: ['aws'] })
    expect(again.status).toBe(201)
    expect(await meStatus(stolen)).toBe(401)
    const redeemed = await new TestBrowser(gateway).post('/v1/links/redeem', { token: oldToken, password })
    expect(redeemed.body).toMatchObject({ code: 'LINK_INVALID' })
    const signedIn = await new TestBrowser(gateway).post('/v1/sign-in', { user: name, password })
    expect(signedIn.body).toMatchObject({ code: 'SIGN_IN_FAILED' })
    expect(await store.credentials.listTotp(name)).toEqual([])
  })

  /** The administrator, signed in anew: the clock of these tests moves by hours. */
  async function freshAdmin(): Promise<TestBrowser> {
    return await signIn(gateway, { name: 'admin', seed: undefined })
  }
})

interface Offer {
  readonly ticket: string
  readonly secret: string
}

describe('one-time links', () => {
  async function invite(name: string): Promise<string> {
    const by = await signIn(gateway, { name: 'admin', seed: undefined })
    const response = await by.post('/v1/users', { name, roles: ['aws'] })
    return tokenOf((response.body as { url: string }).url)
  }
  const redeem = async (token: string) =>
    await supertest(gateway.url).post('/v1/links/redeem').send({ token, password })
  const inspect = async (token: string) =>
    await supertest(gateway.url).post('/v1/links/inspect').send({ token })

  test('of ten uses at the same moment exactly one counts', async () => {
    const token = await invite('race@example.com')
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(410)])
  })

  test('the token is in the fragment, which no server and no proxy sees', async () => {
    const by = await signIn(gateway, { name: 'admin', seed: undefined })
    const invited = await by.post('/v1/users', { name: 'fragment@example.com', roles: ['aws'] })
    const reset = await by.post('/v1/users/fragment@example.com/reset-link', {})
    for (const [{ body }, page] of [[invited, '/invite'] as const, [reset, '/reset'] as const]) {
      const { pathname, search, hash } = new URL((body as { url: string }).url)
      expect({ pathname, search }).toEqual({ pathname: page, search: '' })
      expect(hash).toMatch(/^#[\w-]{43}$/)
    }
  })

  test('each look offers another seed; the ticket of one counts for no other link', async () => {
    const token = await invite('seed@example.com')
    const looks = await Promise.all([inspect(token), inspect(token)])
    const [first, second] = looks.map(({ body }) => (body as { totp: Offer }).totp)
    expect(first?.secret).not.toBe(second?.secret)
    const otherToken = await invite('other-seed@example.com')
    const totp = { ticket: first?.ticket, code: codeAt(first?.secret ?? '', gateway.clock.now()) }
    const send = async (body: object) => await supertest(gateway.url).post('/v1/links/redeem').send(body)
    const refused = await send({ token: otherToken, password, totp })
    expect(refused.body).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' })
    expect((refused.body as { detail: string }).detail).toContain('was shown too long ago')
    expect((await send({ token, password, totp })).status).toBe(200)
  })

  test('unknown, used, replaced, expired: one answer, byte for byte, for looking and for using', async () => {
    const used = await invite('used@example.com')
    await redeem(used)
    const expired = await invite('expired@example.com')
    gateway.clock.advance(61 * 60_000)
    const replaced = await invite('replaced@example.com')
    const by = await signIn(gateway, { name: 'admin', seed: undefined })
    await by.post('/v1/users/replaced@example.com/reset-link', {})
    const tokens = { unknown: 'u'.repeat(43), used, expired, replaced }
    for (const ask of [inspect, redeem]) {
      const texts = await Promise.all(Object.values(tokens).map(async (token) => anonymous(await ask(token))))
      expect(new Set(texts).size).toBe(1)
      expect(texts[0]).toContain('urn:gatehouse:error:LINK_INVALID')
      expect(texts[0]).toContain('this link was used, has expired or was never valid')
    }
  })

  test('an invite of a name that exists takes nobody over (T7)', async () => {
    const by = await signIn(gateway, { name: 'admin', seed: undefined })
    const before = await gateway.gateway.store.credentials.findPassword(dev.name)
    const answer = await by.post('/v1/users', { name: dev.name, roles: ['editor'] })
    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({ code: 'ALREADY_EXISTS' })
    expect((await gateway.gateway.catalog.user(dev.name))?.roles).toEqual(['aws'])
    expect(await gateway.gateway.store.credentials.findPassword(dev.name)).toEqual(before)
  })

  test('a name of a connector signs in by no password and is reset by no link (T7)', async () => {
    const name = 'okta@example.com'
    await gateway.gateway.store.resources.create({
      kind: 'user',
      name,
      document: {
        kind: 'user',
        version: 'v2',
        metadata: { name },
        spec: { roles: ['aws'], created_by: { connector: { id: 'okta' } } },
      },
      now: gateway.clock.now(),
    })
    const by = await signIn(gateway, { name: 'admin', seed: undefined })
    const reset = await by.post(`/v1/users/${name}/reset-link`, {})
    expect(reset.body).toMatchObject({ code: 'FORBIDDEN' })
    const invited = await by.post('/v1/users', { name, roles: ['aws'] })
    expect(invited.body).toMatchObject({ code: 'ALREADY_EXISTS' })
    const signedIn = await new TestBrowser(gateway).post('/v1/sign-in', { user: name, password })
    expect(signedIn.body).toMatchObject({ code: 'SIGN_IN_FAILED' })
  })
})

/** Body and headers of an answer without what differs between any two: reference and date. */
function anonymous({ status, text, headers }: supertest.Response): string {
  const { date, 'x-request-id': reference, ...rest } = headers as Record<string, string>
  expect(date).toBeDefined()
  return JSON.stringify([status, text.replaceAll(reference ?? '?', 'REFERENCE'), rest])
}
