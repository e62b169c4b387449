/** What another site can make a browser send, and where it can make one go. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import type { Route } from '../../src/http/route.js'
import { routes } from '../../src/http/routes/index.js'
import { isOwnPath } from '../../src/core/saml/paths.js'
import {
  auditEvents,
  createPerson,
  password,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
  type TestPerson,
} from '../support/people.js'
import { acsUrls, authnRequest, readPostedForm, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { follow, raw } from './support.js'

let gateway: TestGateway
let admin: TestBrowser
let dev: TestPerson

beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
  dev = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
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
    events: (await auditEvents(gateway)).length,
  }
}

describe('forged requests', () => {
  const unsafe = named(routes.filter(({ method, sameOrigin }) => method !== 'get' && sameOrigin))
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
    ['an origin that begins with ours', () => ({ origin: `${gateway.publicUrl}.evil.example`, 'x-gatehouse-csrf': token })],
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

  test('only the SAML endpoint takes posts of other sites, and gives them no cookie', async () => {
    const open = named(routes.filter(({ method, sameOrigin }) => method !== 'get' && !sameOrigin))
    expect(open.map(({ name }) => name)).toEqual(['POST /saml/idp/sso'])
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

  test.each(named(routes.filter(({ method }) => method === 'get')))(
    '$name changes nothing, whoever asks',
    async ({ route }) => {
      const before = await state()
      for (const method of ['get', 'head'] as const) {
        for (const asked of [cookie, '']) {
          await supertest(gateway.url)
            [method](`${pathOf(route.path)}?handle=${'x'.repeat(43)}`)
            .set('cookie', asked)
            .ok(() => true)
        }
      }
      expect(await state()).toEqual(before)
    },
  )

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

describe('open redirects', () => {
  const elsewhere = [
    '//evil.example',
    '//evil.example/%2f..',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/\r\n/evil.example',
    'https://evil.example',
    'https:evil.example',
    'HTTPS://evil.example/',
    'http:/evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '.evil.example',
    '@evil.example',
    '%2f%2fevil.example',
    '/a\\..\\..\\evil.example',
    '/\u0000/evil.example',
    '/\u2028/evil.example',
    '',
  ]
  let browser: TestBrowser
  beforeEach(() => {
    browser = new TestBrowser(gateway)
  })

  test.each(elsewhere)('next=%j is ignored', async (next) => {
    const answer = await browser.post('/v1/sign-in', { user: dev.name, password, next })
    expect(answer.body).toEqual({ status: 'signed_in', next: '/' })
    gateway.clock.advance(1000)
  })

  test('a path of ours is kept, whatever is written into it', async () => {
    const next = '/saml/idp/continue?handle=x&y=//evil.example'
    const answer = await browser.post('/v1/sign-in', { user: dev.name, password, next })
    expect(answer.body).toEqual({ status: 'signed_in', next })
  })

  test('whatever is accepted resolves to our own origin', () => {
    const pieces = ['/', '\\', '.', '%2e', '%5c', '//', 'evil.example', '@', ':', '?', '#', '\t', ';']
    for (const a of pieces) {
      for (const b of pieces) {
        for (const c of pieces) {
          const next = `/${a}${b}${c}evil.example`
          if (!isOwnPath(next)) continue
          expect(new URL(next, gateway.publicUrl).origin).toBe(gateway.publicUrl)
        }
      }
    }
  })

  test.each(['//evil.example/%2e%2e', '/\\evil.example', '/%5cevil.example/%2e%2e', '/assets', '/assets//evil.example/..'])(
    'asking for %s sends nobody away',
    async (path) => {
      const { text } = await (async () => {
        const { socketExchange } = await import('./support.js')
        return await socketExchange(gateway, [`GET ${path} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`])
      })()
      const location = /^location: (.*)$/im.exec(text)?.[1]?.trim()
      if (location !== undefined) expect(new URL(location, gateway.publicUrl).origin).toBe(gateway.publicUrl)
    },
  )

  test.each([
    'https://evil.example/',
    'javascript:alert(document.domain)',
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '</form><form action=https://evil.example>',
    '&quot;&#x3c;script&#62;',
    '{{constructor}}',
  ])('RelayState %s is a value in the form and nothing else', async (relayState) => {
    const person = await signIn(gateway, dev)
    const { response } = await follow(person, redirectPath(authnRequest({ issueInstant: new Date(gateway.clock.now()).toISOString() }).xml, relayState))
    const form = readPostedForm(response.text)
    expect(form.relayState).toBe(relayState)
    expect(form.action).toBe(acsUrls[0])
    expect(response.text.match(/<form|<script|<img|<a |http-equiv|location/gi)).toEqual(['<form', '<script'])
    expect(response.headers.location).toBeUndefined()
    const policy = String(response.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'sha256-[\w+/=]+'/)
    expect(policy).toContain(`form-action ${acsUrls[0]}`)
    expect(policy).not.toContain('evil.example')
    expect(policy).not.toMatch(/unsafe-inline|script-src[^;]*\*/)
  })
})

describe('headers', () => {
  test('links and redirects come from the public URL, never from the request', async () => {
    const token = await csrfOf(admin)
    const spoofed = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      forwarded: 'host=evil.example',
    }
    const invited = await supertest(gateway.url)
      .post('/v1/users')
      .set({ ...spoofed, cookie: admin.cookie ?? '', 'x-gatehouse-csrf': token })
      .send({ name: 'host@example.com', roles: ['aws'] })
    expect(invited.status).toBe(201)
    expect((invited.body as { url: string }).url).toMatch(/^http:\/\/localhost:3080\/invite\//)
    const metadata = await supertest(gateway.url).get('/saml/idp/metadata').set(spoofed).buffer(true)
    expect(metadata.text).not.toContain('evil.example')
    const launched = await supertest(gateway.url).get('/saml/idp/login/aws-identity-center').set(spoofed)
    expect(launched.status).toBe(303)
    expect(launched.headers.location).toMatch(/^\/sign-in\?next=%2F/)
  })

  test('an address is believed from nobody but a configured proxy', async () => {
    const browser = await signIn(gateway, dev)
    const attempt = await supertest(gateway.url)
      .post('/v1/sign-in')
      .set('x-forwarded-for', '203.0.113.9')
      .send({ user: dev.name, password: 'wrong password here' })
    expect(attempt.status).toBe(401)
    const [event] = await auditEvents(gateway, { type: 'user.login', limit: '1' })
    expect(event?.['addr.remote']).toMatch(/127\.0\.0\.1$/)
    expect(browser.cookie).toBeDefined()
  })

  test('line breaks in names and handles never become headers', async () => {
    const crlf = '%0d%0aset-cookie:%20a=b%0d%0a'
    const paths = [
      `/saml/idp/login/x${crlf}`,
      `/saml/idp/continue?handle=${'x'.repeat(30)}${crlf}`,
      `/v1/pending-sign-ins/${'x'.repeat(30)}${crlf}`,
      `/assets/${crlf}`,
      `/${crlf}`,
    ]
    for (const path of paths) {
      for (const accept of ['text/html', 'application/json']) {
        const answer = await raw(gateway, path, { headers: { accept, cookie: admin.cookie ?? '' } })
        expect(answer.headers.get('set-cookie')).toBeNull()
        expect(answer.headers.get('location') ?? '').not.toMatch(/[\r\n]/)
      }
    }
  })

  test('pages cannot be framed, sniffed or referred from', async () => {
    const page = await raw(gateway, '/sign-in', { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })
})
