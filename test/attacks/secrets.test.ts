/** What logs and audit events must never hold: all of it is sent through one gateway that logs everything. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
} from '../support/people.js'
import { authnRequest, readPostedForm, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { follow, handleOf, postRequest, raw } from './support.js'

let gateway: TestGateway
const lines: string[] = []
/** Everything secret that crossed the edge, by what it was. */
const secrets = new Map<string, string>()

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [...testResources, spResource()],
    logSink: (line) => lines.push(line),
  })
  const keep = (what: string, value: string): string => {
    expect(value.length).toBeGreaterThan(5)
    secrets.set(what, value)
    return value
  }
  keep('password', password)
  keep('operator token', gateway.operatorToken)
  keep('first link', tokenOf(gateway.gateway.firstAdmin?.url ?? ''))
  const admin = await signInAdmin(gateway)
  keep('admin cookie', admin.cookie ?? '')
  keep('CSRF token', ((await admin.get('/v1/session')).body as { csrfToken: string }).csrfToken)

  const invited = await admin.post('/v1/users', { name: 'dev@example.com', roles: ['aws'] })
  const token = keep('invite token', tokenOf((invited.body as { url: string }).url))
  const nobody = new TestBrowser(gateway)
  const link = await nobody.post('/v1/links/inspect', { token })
  const { totp } = link.body as { totp: { ticket: string; secret: string } }
  keep('offered seed', totp.secret)
  keep('ticket of the seed', totp.ticket)
  await nobody.post('/v1/links/redeem', { token, password })
  await nobody.post('/v1/links/redeem', {
    token,
    password: keep('password for a used link', 'never to be seen 1'),
  })

  const wrong = keep('wrong password', 'a password that is wrong')
  await nobody.post('/v1/sign-in', { user: 'dev@example.com', password: wrong })
  // Typed into the wrong field.
  await nobody.post('/v1/sign-in', { user: keep('password as a name', 'hunter2-in-the-name'), password: 'x' })
  await raw(gateway, '/v1/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"user":"dev@example.com","password":"${keep('password in broken JSON', 'broken-json-password')}"`,
  })

  const person = await createPerson(gateway, admin, {
    name: 'mfa@example.com',
    roles: ['aws-mfa'],
    totp: true,
  })
  keep('seed', person.seed ?? '')
  const browser = await signIn(gateway, person)
  keep('cookie', (browser.cookie ?? '').split('=')[1] ?? '')
  const relayState = keep('RelayState', 'relay-state-to-be-kept-quiet')
  const { last } = await follow(browser, redirectPath(authnRequest().xml, relayState))
  const handle = keep('handle', handleOf(last))
  const wrongCode = keep('wrong code', '012345')
  await browser.post('/v1/step-up', { handle, code: wrongCode })
  gateway.clock.advance(30_000)
  const code = keep('code', codeAt(person.seed ?? '', gateway.clock.now()))
  await browser.post('/v1/step-up', { handle, code })
  const { response } = await follow(browser, `/saml/idp/continue?handle=${handle}`)
  const { xml } = readPostedForm(response.text)
  keep('SAMLResponse', Buffer.from(xml).toString('base64').slice(200, 400))
  keep('signature', /<ds:SignatureValue>([^<]{60})/.exec(xml)?.[1] ?? '')
  keep('assertion id', /<saml:Assertion[^>]* ID="([^"]+)"/.exec(xml)?.[1] ?? '')

  // Things that fail, for errors like to quote their input.
  const { xml: request } = authnRequest({ issuer: 'https://unknown.example' })
  await postRequest(gateway, request, { RelayState: relayState })
  keep('SAMLRequest', Buffer.from(request).toString('base64').slice(100, 300))
  await raw(gateway, `/saml/idp/continue?handle=${handle}`)
  await raw(gateway, `/v1/pending-sign-ins/${handle}`)
  const start = await browser.post('/v1/me/factors/start', { password, code: wrongCode })
  expect(start.status).toBe(401)
  const reset = await admin.post('/v1/users/mfa@example.com/reset-link', { forgetFactors: true })
  keep('reset token', tokenOf((reset.body as { url: string }).url))
  await browser.post('/v1/me/password', {
    current: password,
    new: keep('new password', 'a brand new password'),
  })
  await browser.delete('/v1/session')
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

describe('secrets', () => {
  test('the log was written at all, and names each problem by its code', () => {
    expect(lines.length).toBeGreaterThan(5)
    const problems = lines.map((line) => (JSON.parse(line) as { problem?: string }).problem)
    expect(problems).toEqual(
      expect.arrayContaining(['SIGN_IN_FAILED', 'LINK_INVALID', 'SECOND_FACTOR_INVALID']),
    )
  })

  test('none is in a log line', () => {
    const log = lines.join('\n')
    for (const [what, secret] of secrets)
      expect({ what, found: log.includes(secret) }).toEqual({ what, found: false })
  })

  test('none is in an audit event', async () => {
    const events = await auditEvents(gateway)
    expect(events.length).toBeGreaterThan(15)
    const log = JSON.stringify(events)
    for (const [what, secret] of secrets)
      expect({ what, found: log.includes(secret) }).toEqual({ what, found: false })
  })

  test('none is stored as it is: a copy of the database signs nobody in', async () => {
    const files = ['gatehouse.db', 'gatehouse.db-wal']
    const bytes = await Promise.all(
      files.map((file) => readFile(join(gateway.dataDir, file)).catch(() => Buffer.alloc(0))),
    )
    const stored = Buffer.concat(bytes)
    expect(stored.length).toBeGreaterThan(10_000)
    expect(stored.includes('mfa@example.com')).toBe(true)
    // RelayState is kept until its request is answered: it is the application's, and it is no secret of ours.
    const kept = [...secrets].filter(([what]) => what !== 'RelayState')
    for (const [what, secret] of kept)
      expect({ what, found: stored.includes(secret) }).toEqual({ what, found: false })
  })
})
