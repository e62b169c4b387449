/** Where another site can make a browser go, and what a request can write into our headers and links. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import supertest from 'supertest'
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
import { follow, raw, socketExchange } from './support.js'

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

const csrfOf = async (browser: TestBrowser): Promise<string> =>
  ((await browser.get('/v1/session')).body as { csrfToken: string }).csrfToken

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

  test.each([
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/%5cevil.example/%2e%2e',
    '/assets',
    '/assets//evil.example/..',
  ])('asking for %s sends nobody away', async (path) => {
    const { text } = await socketExchange(gateway, [
      `GET ${path} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`,
    ])
    const location = /^location: (.*)$/im.exec(text)?.[1]?.trim()
    if (location !== undefined) expect(new URL(location, gateway.publicUrl).origin).toBe(gateway.publicUrl)
  })

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
    const { response } = await follow(
      person,
      redirectPath(
        authnRequest({ issueInstant: new Date(gateway.clock.now()).toISOString() }).xml,
        relayState,
      ),
    )
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
    expect((invited.body as { url: string }).url).toMatch(/^http:\/\/localhost:3080\/invite#/)
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
