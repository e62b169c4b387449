/** @module What a refusal tells the operator's log, whose address it names, and the headers that it carries. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findAddress } from '../../src/http/client-address.js'
import { auditEvents, createPerson, signIn, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
const lines: string[] = []

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: testResources,
    env: { GATEHOUSE_TRUSTED_PROXIES: 'loopback' },
    logSink: (line) => lines.push(line),
  })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})
beforeEach(() => void (lines.length = 0))

async function failToSignIn(forwarded: string): Promise<unknown> {
  const response = await fetch(`${gateway.url}/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
    body: JSON.stringify({ user: 'nobody@example.com', password: 'not a password' }),
  })
  expect(response.status).toBe(401)
  const [event] = await auditEvents(gateway, { type: 'user.login', limit: '1' })
  return event?.['addr.remote']
}

/** The log line of the one request that was refused. */
function refusalLine(): Record<string, unknown> {
  const refusals = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ problem, msg }) => problem !== undefined || msg === 'request failed')
  expect(refusals).toHaveLength(1)
  return refusals[0] ?? {}
}

describe('the address of a request', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:40001', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['fe80::7%eth0', 'fe80::7'],
    [`fe80::7%${'x'.repeat(20_000)}`, 'fe80::7'],
    ['203.0.113.7:', undefined],
    ['203.0.113.7:123456', undefined],
    ['203.0.113.256', undefined],
    ['203.0.113.7 ', undefined],
    ['2001:db8::7]:443', undefined],
    ['unknown', undefined],
    ['_hidden', undefined],
    ['x'.repeat(20_000), undefined],
    ['', undefined],
  ])('%.40s is %s', (forwarded, address) => {
    expect(findAddress(forwarded)).toBe(address)
  })

  test('is recorded without its port, so that another port is no other address', async () => {
    expect(await failToSignIn('203.0.113.7:40001')).toBe('203.0.113.7')
    expect(await failToSignIn('[2001:db8::7]:443')).toBe('2001:db8::7')
  })

  test.each(['unknown', 'x'.repeat(8000), '<script>', '203.0.113.7:40001:1'])(
    'is that of the proxy where it forwards no address: %.20s',
    async (forwarded) => {
      expect(await failToSignIn(forwarded)).toMatch(/^(::ffff:)?127\.0\.0\.1$/)
    },
  )
})

describe('the log line of a refusal', () => {
  test('names method, route, address and reason, and nothing that was typed', async () => {
    await failToSignIn('203.0.113.7')
    expect(refusalLine()).toMatchObject({
      level: 30,
      method: 'POST',
      path: '/v1/sign-in',
      address: '203.0.113.7',
      problem: 'SIGN_IN_FAILED',
    })
    expect(lines.join('')).not.toMatch(/nobody@|not a password/)
  })

  test('names the person, and the pattern of the route in place of what fills it', async () => {
    const admin = await signInAdmin(gateway)
    const person = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
    const browser = await signIn(gateway, person)
    lines.length = 0
    expect((await browser.get('/v1/users?after=some-text')).status).toBe(403)
    expect(refusalLine()).toMatchObject({
      method: 'GET',
      path: '/v1/users',
      user: 'dev@example.com',
      problem: 'FORBIDDEN',
    })
    expect(lines.join('')).not.toContain('some-text')
  })

  test('outside of the routes, has no query, and no token that somebody put into the path', async () => {
    const token = 'T'.repeat(43)
    const headers = { accept: 'application/json' }
    expect((await fetch(`${gateway.url}/no/${token}/x?q=secret`, { headers })).status).toBe(404)
    expect(refusalLine()).toMatchObject({ method: 'GET', path: '/no/[long]/x', problem: 'NOT_FOUND' })
    expect(lines.join('')).not.toMatch(/TTT|q=secret/)
  })

  test('is cut where a path has no end', async () => {
    const headers = { accept: 'application/json' }
    expect((await fetch(`${gateway.url}/${'a/'.repeat(2000)}`, { headers })).status).toBe(404)
    expect(String(refusalLine().path)).toHaveLength(200)
  })
})

describe('the headers of a refusal', () => {
  test.each(['application/json', 'text/html'])('forbid frames and foreign content for %s', async (accept) => {
    const response = await fetch(`${gateway.url}/saml/idp/login/none`, { headers: { accept } })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('allow a problem document nothing at all', async () => {
    const response = await fetch(`${gateway.url}/v1/users`)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  })
})
