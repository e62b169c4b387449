/** What another site can make a browser send (CSRF). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import type { Route } from '../../src/http/route.js'
import { testRoutes } from '../support/routes.js'
import {
  auditEvents,
  createPerson,
  password,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
  type TestPerson,
} from '../support/people.js'
import { authnRequest, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { raw } from './support.js'

let gateway: TestGateway
let admin: TestBrowser
let dev: TestPerson

beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
  dev = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  // The first head makes the key that signs it, which is an event of its own.
  await gateway.gateway.sequencer.signHead()
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const named = (list: readonly Route[]) =>
  list.map((route) => ({ name: `${route.method.toUpperCase()} ${route.path}`, route }))
const pathOf = (path: string): string => path.replace(/:\w+/g, 'x'.repeat(24))
const csrfOf = async (browser: TestBrowser): Promise<string> =>
  ((await browser.get('/v1/session')).body as { csrfToken: string }).csrfToken

/** All that a forged request could have changed, apart from what reading it writes. */
async function state(): Promise<unknown> {
  const { store, catalog } = gateway.gateway
  const users = (await catalog.listUsers()).map(({ value }) => value)
  return {
    users,
    credentials: [...(await store.credentials.summarise())],
    sessions: await Promise.all(
      users.map(async ({ name }) => (await store.sessions.listByUser(name)).map(({ id }) => id)),
    ),
    // That somebody was refused is told in the log, and is no change for anyone.
    events: (await auditEvents(gateway, { limit: '1000' }))
      .map(({ event }) => event)
      .filter((event) => event !== 'access.denied'),
  }
}

describe('forged requests', () => {
  const unsafe = named(testRoutes().filter(({ method, sameOrigin }) => method !== 'get' && sameOrigin))
  let token: string
  let cookie: string
  let othersToken: string

  beforeAll(async () => {
    token = await csrfOf(admin)
    cookie = admin.cookie ?? ''
    othersToken = await csrfOf(await signIn(gateway, dev))
  })

  const forgeries: readonly (readonly [string, () => Record<string, string>])[] = [
    ['no CSRF token', () => ({ origin: gateway.publicUrl })],
    ['the token of another session', () => ({ origin: gateway.publicUrl, 'x-gatehouse-csrf': othersToken })],
    ['a token cut short', () => ({ origin: gateway.publicUrl, 'x-gatehouse-csrf': token.slice(0, -1) })],
    ['a foreign origin', () => ({ origin: 'https://evil.example', 'x-gatehouse-csrf': token })],
    ['the origin of a sandbox', () => ({ origin: 'null', 'x-gatehouse-csrf': token })],
    [
      'an origin that begins with ours',
      () => ({ origin: `${gateway.publicUrl}.evil.example`, 'x-gatehouse-csrf': token }),
    ],
    ['our origin on another port', () => ({ origin: 'http://localhost:3081', 'x-gatehouse-csrf': token })],
    ['Sec-Fetch-Site cross-site', () => ({ 'sec-fetch-site': 'cross-site', 'x-gatehouse-csrf': token })],
    ['Sec-Fetch-Site same-site', () => ({ 'sec-fetch-site': 'same-site', 'x-gatehouse-csrf': token })],
  ]

  test('there are such routes', () => {
    expect(unsafe.length).toBeGreaterThan(10)
  })

  test.each(unsafe)('$name refuses each forgery and changes nothing', async ({ route }) => {
    const before = await state()
    for (const [forgery, headers] of forgeries) {
      const response = await supertest(gateway.url)
        [route.method](pathOf(route.path))
        .set({ cookie, 'content-type': 'application/json', ...headers() })
        .send('{}')
      expect({ forgery, status: response.status }).toEqual({ forgery, status: 403 })
      expect(response.body).toMatchObject({ code: 'CSRF' })
      expect(response.headers['set-cookie']).toBeUndefined()
    }
    expect(await state()).toEqual(before)
  })

  test.each(unsafe)('$name gets past this check with the right token and origin', async ({ route }) => {
    // Its own session, for some of these end it.
    const browser = await signIn(gateway, dev)
    const response = await supertest(gateway.url)
      [route.method](pathOf(route.path))
      .set({ cookie: browser.cookie ?? '', 'content-type': 'application/json', origin: gateway.publicUrl })
      .set('x-gatehouse-csrf', await csrfOf(browser))
      .send('{}')
    expect(response.body).not.toMatchObject({ code: 'CSRF' })
  })

  test('only the SAML endpoints take posts of other sites, and give them no cookie', async () => {
    const open = named(testRoutes().filter(({ method, sameOrigin }) => method !== 'get' && !sameOrigin))
    // Directories have a token in a header, which no site can make a browser send.
    const ofBrowsers = open.filter(({ route }) => !route.path.startsWith('/scim/v2/'))
    expect(ofBrowsers.map(({ name }) => name)).toEqual([
      'POST /v1/connectors/callback/saml/:name',
      'POST /saml/idp/sso',
    ])
    const before = await state()
    const answer = await raw(gateway, '/saml/idp/sso', {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', cookie },
      body: new URLSearchParams({ SAMLRequest: Buffer.from(authnRequest().xml).toString('base64') }),
    })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await state()).toEqual(before)
  })

  test('login CSRF: another site cannot sign a browser in as the attacker', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await raw(gateway, '/v1/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ user: dev.name, password }),
      })
      expect(answer).toMatchObject({ status: 403, code: 'CSRF' })
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
  })

  test.each(named(testRoutes().filter(({ method }) => method === 'get')))(
    '$name changes nothing, whoever asks',
    async ({ route }) => {
      // A refused SAML sign-in, and a directory without a token, are told in the audit log, which is no change for anyone.
      const audited = /^\/(saml|scim)\//.test(route.path)
      const relevant = async () => {
        const now = await state()
        return audited ? Object.entries(now as object).filter(([name]) => name !== 'events') : now
      }
      const before = await relevant()
      for (const method of ['get', 'head'] as const) {
        for (const asked of [cookie, '']) {
          await supertest(gateway.url)
            [method](`${pathOf(route.path)}?handle=${'x'.repeat(43)}`)
            .set('cookie', asked)
            .ok(() => true)
        }
      }
      expect(await relevant()).toEqual(before)
    },
  )

  test.each(
    named(
      testRoutes().filter(
        ({ method, getOnly, right }) => method === 'get' && getOnly && typeof right === 'object',
      ),
    ),
  )('$name is refused as a link of another site, and is not told as done', async ({ route }) => {
    const before = await state()
    const query = 'format=csv&from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z'
    for (const site of ['cross-site', 'same-site']) {
      const answer = await raw(gateway, `${route.path}?${query}`, {
        headers: { 'sec-fetch-site': site, cookie },
      })
      expect(answer).toMatchObject({ status: 403, code: 'CSRF' })
    }
    expect(await state()).toEqual(before)
  })

  test('no answer may be read by another site', async () => {
    const answer = await raw(gateway, '/v1/session', { headers: { origin: 'https://evil.example', cookie } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await raw(gateway, '/v1/users', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
    expect(preflight.headers.get('access-control-allow-headers')).toBeNull()
  })
})
