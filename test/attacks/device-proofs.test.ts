/**
 * Devices that vouch for a sign-in, over HTTP: the way that works, and each way to get past it. Every refusal has its
 * event, and no sign-in comes of any.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minute } from '../../src/core/time.js'
import {
  auditEvents,
  codeAt,
  createPerson,
  role,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
  type TestPerson,
} from '../support/people.js'
import {
  addDevice,
  clientCertHeader,
  commandLineOf,
  enrolledDevice,
  enrollToken,
  escapedCertHeader,
  serverAuth,
  TestAuthority,
  TestDevice,
} from '../support/device.js'
import { authnRequest, awsLabels, readPostedForm, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway, testEpoch, type TestGateway } from '../support/test-gateway.js'
import { handleOf } from './support.js'

let gateway: TestGateway
let admin: TestBrowser
let company: TestAuthority
const log: string[] = []
const secrets: string[] = []

const option = (mode: string, more: object = {}) => ({
  allow: { app_labels: awsLabels },
  options: { device_trust_mode: mode, ...more },
})
const header = 'client-cert'

beforeAll(async () => {
  company = await TestAuthority.create('Company Devices', testEpoch)
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      spResource(),
      role('optional', 'v8', option('optional')),
      role('humans', 'v8', option('required-for-humans')),
      role('both', 'v8', option('required', { require_session_mfa: true })),
      role('v7-device', 'v7', { allow: {}, options: { device_trust_mode: 'required' } }),
    ],
    env: { GATEHOUSE_DEVICE_CA_FILE: '/etc/devices.pem', GATEHOUSE_TRUSTED_PROXIES: '127.0.0.1' },
    deviceCaText: company.pem,
    logSink: (line) => log.push(line),
  })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

let count = 0
interface Someone {
  readonly person: TestPerson
  readonly browser: TestBrowser
}
async function someone(roles = ['aws-device'], totp?: true): Promise<Someone> {
  const name = `person-${++count}@example.com`
  const person = await createPerson(gateway, admin, { name, roles, ...(totp && { totp }) })
  return { person, browser: await signIn(gateway, person) }
}

/** Somebody with a device of their own. */
async function holder(roles?: string[], totp?: true): Promise<Someone & { readonly device: TestDevice }> {
  const one = await someone(roles, totp)
  return { ...one, device: await enrolledDevice(gateway, admin, one) }
}

/** Starts a sign-in to AWS; answers where it leads after the request was kept. */
async function begin(browser: TestBrowser, headers: Record<string, string> = {}) {
  const { xml } = authnRequest({ issueInstant: new Date(gateway.clock.now()).toISOString() })
  const kept = await browser.get(redirectPath(xml), headers)
  return await browser.get(String(kept.headers['location']), headers)
}

/** The handle of a sign-in that waits for a device. */
async function waiting(browser: TestBrowser): Promise<string> {
  const step = await begin(browser)
  expect(String(step.headers['location']), step.text.slice(0, 300)).toMatch(/^\/device\?handle=/)
  return handleOf(String(step.headers['location']))
}

async function ask(browser: TestBrowser, handle: string): Promise<string> {
  const asked = await browser.post('/v1/device-steps/ask', { handle, way: 'loopback' })
  expect(asked.status, asked.text).toBe(200)
  const url = new URL((asked.body as { redirectUrl: string }).redirectUrl)
  expect(url.origin).toBe('http://127.0.0.1:47391')
  const ticket = url.searchParams.get('ticket') ?? ''
  secrets.push(ticket)
  return ticket
}

const completionOf = ({ body }: { body: unknown }): string => {
  const { completion = '' } = body as { completion?: string }
  secrets.push(completion)
  return completion
}
const codeOf = ({ body }: { body: unknown }): string => (body as { code: string }).code
const back = (handle: string, completion: string) =>
  `/saml/idp/device?handle=${handle}&completion=${completion}`
const goOn = (handle: string) => `/saml/idp/continue?handle=${handle}`

/** A sign-in of somebody for which their device has signed, and the browser has not come back yet. */
async function signed(one: Someone & { readonly device: TestDevice }) {
  const handle = await waiting(one.browser)
  const ticket = await ask(one.browser, handle)
  const answer = await one.device.vouch({ ticket })
  expect(answer.status, answer.text).toBe(200)
  return { handle, ticket, completion: completionOf(answer) }
}

async function lockDevice(name: string): Promise<void> {
  const spec = { target: { device: name }, message: 'It was stolen.' }
  const lock = { kind: 'lock', version: 'v2', metadata: { name: `lock-${name}` }, spec }
  const made = await admin.post('/v1/resources', lock)
  expect(made.status, made.text).toBeLessThan(300)
}

async function lastEvent(event: string, user: string): Promise<Record<string, unknown>> {
  const [last] = (await auditEvents(gateway, { type: event })).filter((one) => one['user'] === user)
  if (last === undefined) throw new Error(`no ${event} of ${user}`)
  return last
}

describe('a device vouches', () => {
  test('by the hand-over on its machine: the request survives, the Response names nothing, the event the device', async () => {
    const one = await holder()
    const { handle, completion } = await signed(one)
    const returned = await one.browser.get(back(handle, completion))
    expect(returned.headers['location']).toBe(goOn(handle))
    const response = await one.browser.get(goOn(handle))
    expect(response.status).toBe(200)
    expect(readPostedForm(response.text).xml).toContain(`>${one.person.name}</saml:NameID>`)
    expect(await lastEvent('saml.idp.auth', one.person.name)).toMatchObject({
      success: true,
      trusted_device: {
        device_id: one.device.name,
        os_type: 'linux',
        proof: 'loopback',
        assurance: 'key_file',
      },
    })
    for (const [event, code] of [
      ['device.enroll', 'TV005I'],
      ['device.token.spent', 'TV004I'],
      ['device.web_token.create', 'TV008I'],
      ['device.authenticate', 'TV006I'],
      ['device.authenticate.confirm', 'TV009I'],
    ] as const) {
      expect(await lastEvent(event, one.person.name)).toMatchObject({ code, success: true })
    }
  })

  test('for people where it is required for humans, and then a second factor is asked as well', async () => {
    const human = await holder(['humans'])
    const first = await signed(human)
    await human.browser.get(back(first.handle, first.completion))
    expect((await human.browser.get(goOn(first.handle))).status).toBe(200)

    const both = await holder(['both'], true)
    const { handle, completion } = await signed(both)
    await both.browser.get(back(handle, completion))
    const step = await both.browser.get(goOn(handle))
    expect(step.headers['location']).toBe(`/step-up?handle=${handle}`)
    gateway.clock.advance(minute)
    const code = codeAt(both.person.seed ?? '', gateway.clock.now())
    expect((await both.browser.post('/v1/step-up', { handle, code })).status).toBe(200)
    expect((await both.browser.get(goOn(handle))).status).toBe(200)
  })

  test('by a certificate that the trusted proxy passes on, in either form, also when IdP-initiated', async () => {
    const one = await someone()
    const { assetTag, name } = await addDevice(admin)
    const byName = await company.issue(`CN=${assetTag.toLowerCase()}`, { now: testEpoch })
    const byDns = await company.issue('CN=whatever', { now: testEpoch, dns: assetTag })
    for (const value of [clientCertHeader(byName), escapedCertHeader(byName), clientCertHeader(byDns)]) {
      expect((await begin(one.browser, { [header]: value })).status).toBe(200)
    }
    const launched = await one.browser.get('/saml/idp/login/aws-identity-center', {
      [header]: clientCertHeader(byName),
    })
    expect(launched.status).toBe(200)
    expect(await lastEvent('saml.idp.auth', one.person.name)).toMatchObject({
      trusted_device: { device_id: name, proof: 'certificate', assurance: 'certificate' },
    })
  })

  test('with an Ed25519 key too, and with no key of another kind', async () => {
    const { person, browser } = await someone()
    const { name } = await addDevice(admin)
    const bearer = await commandLineOf(gateway, browser)
    const device = new TestDevice(gateway, { bearer, user: person.name, name, keys: 'ed25519' })
    const token = await enrollToken(admin, name)
    const bad = { token, publicKey: 'A'.repeat(60), storage: 'key_file', signature: 'A'.repeat(60) }
    expect(codeOf(await device.post('/v1/devices/enroll', bad))).toBe('DEVICE_REFUSED')
    expect((await device.enroll(token)).status).toBe(200)
    const { handle, completion } = await signed({ person, browser, device })
    await browser.get(back(handle, completion))
    expect((await browser.get(goOn(handle))).status).toBe(200)
  })

  test('a role of version 7 asks for none', async () => {
    const { browser } = await someone(['v7-device'])
    expect((await begin(browser)).status).toBe(200)
  })
})

describe('where a device is optional', () => {
  test('a short code is recorded, and one may go on without', async () => {
    const one = await holder(['optional'])
    const handle = await waiting(one.browser)
    const asked = await one.browser.post('/v1/device-steps/ask', { handle, way: 'code' })
    const { code } = asked.body as { code: string }
    expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/)
    const typed = `${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`
    expect((await one.device.vouch({ code: typed })).status).toBe(200)
    expect((await one.browser.get(goOn(handle))).status).toBe(200)
    expect(await lastEvent('saml.idp.auth', one.person.name)).toMatchObject({
      trusted_device: { device_id: one.device.name, proof: 'code' },
    })
    const other = await waiting(one.browser)
    expect((await one.browser.post('/v1/device-steps/go-without', { handle: other })).status).toBe(200)
    expect((await one.browser.get(goOn(other))).status).toBe(200)
  })

  test('whoever has no device is asked nothing', async () => {
    const { browser } = await someone(['optional'])
    expect((await begin(browser)).status).toBe(200)
  })
})

describe('no sign-in comes of', () => {
  test('no device at all: a refusal with what to do', async () => {
    const { browser, person } = await someone()
    const refused = await begin(browser)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('gatehouse device enroll')
    expect(await lastEvent('saml.idp.auth', person.name)).toMatchObject({
      success: false,
      error: 'access to resource requires a trusted device',
    })
  })

  test('a confirmation that another session brings back, as that of a relayed ticket does (T31)', async () => {
    const one = await holder()
    // Whoever holds the password starts a sign-in elsewhere and lures the person to their own device.
    const thief = await signIn(gateway, one.person)
    const { handle, completion } = await signed({ ...one, browser: thief })
    const brought = await one.browser.get(back(handle, completion), { accept: 'application/json' })
    expect(codeOf(brought)).toBe('DEVICE_REQUEST_GONE')
    expect((await thief.get(goOn(handle))).headers['location']).toBe(`/device?handle=${handle}`)
    const told = await lastEvent('device.authenticate.confirm', one.person.name)
    expect(told).toMatchObject({ code: 'TGH072W', success: false })
    expect(told['error']).toContain('another session')
  })

  test('a confirmation that came back once before, or to another sign-in', async () => {
    const one = await holder()
    const first = await signed(one)
    const other = await waiting(one.browser)
    const elsewhere = await one.browser.get(back(other, first.completion), { accept: 'application/json' })
    expect(codeOf(elsewhere)).toBe('DEVICE_REQUEST_GONE')
    await one.browser.get(back(first.handle, first.completion))
    const again = await one.browser.get(back(first.handle, first.completion), { accept: 'application/json' })
    expect(codeOf(again)).toBe('DEVICE_REQUEST_GONE')
    expect((await one.browser.get(goOn(other))).headers['location']).toBe(`/device?handle=${other}`)
    expect((await one.device.vouch({ ticket: first.ticket })).status).toBe(410)
  })

  test('the proof of one sign-in in the next, and one that is five minutes old', async () => {
    const one = await holder()
    const first = await signed(one)
    await one.browser.get(back(first.handle, first.completion))
    await waiting(one.browser)
    gateway.clock.advance(5 * minute)
    expect((await one.browser.get(goOn(first.handle))).headers['location']).toBe(
      `/device?handle=${first.handle}`,
    )
  })

  test('a signature for another gateway, application, person, session or sign-in', async () => {
    const one = await holder()
    for (const change of [
      { gateway: 'https://phish.example' },
      { application: 'https://other.example' },
      { user: 'somebody@example.com' },
      { session: 'another' },
      { signIn: 'another' },
      { nonce: 'another' },
      { device: 'another' },
    ]) {
      const ticket = await ask(one.browser, await waiting(one.browser))
      const refused = await one.device.vouch({ ticket }, change)
      expect(codeOf(refused), JSON.stringify(change)).toBe('DEVICE_REFUSED')
    }
    expect(await lastEvent('device.authenticate', one.person.name)).toMatchObject({ code: 'TGH071W' })
  })

  test('a ticket that somebody else takes, a device of somebody else, a browser that plays the device', async () => {
    const one = await holder()
    const other = await holder()
    const handle = await waiting(one.browser)
    const ticket = await ask(one.browser, handle)
    expect((await other.device.vouch({ ticket })).status).toBe(410)
    const seen = await one.device.post('/v1/device-challenges/inspect', { key: { ticket } })
    expect(seen.body).toMatchObject({ user: one.person.name, serviceProvider: 'aws-identity-center' })
    const body = { key: { ticket }, device: other.device.name, signature: 'A'.repeat(90) }
    expect(codeOf(await one.device.post('/v1/device-challenges/sign', body))).toBe('DEVICE_REFUSED')
    const played = await one.browser.post('/v1/device-challenges/inspect', { key: { ticket } })
    expect(codeOf(played)).toBe('FORBIDDEN')
  })

  test('a short code where a device is required, however it is got and relayed', async () => {
    const one = await holder(['optional'])
    const handle = await waiting(one.browser)
    const { code } = (await one.browser.post('/v1/device-steps/ask', { handle, way: 'code' })).body as {
      code: string
    }
    expect((await one.device.vouch({ code })).status).toBe(200)
    const required = await holder()
    const refused = await required.browser.post('/v1/device-steps/ask', {
      handle: await waiting(required.browser),
      way: 'code',
    })
    expect(codeOf(refused)).toBe('DEVICE_REFUSED')
    // The code was given while it was optional; by now the cluster requires a device.
    await preference({ mode: 'required' })
    try {
      expect((await one.browser.get(goOn(handle))).headers['location']).toBe(`/device?handle=${handle}`)
      const skipped = await one.browser.post('/v1/device-steps/go-without', { handle })
      expect(codeOf(skipped)).toBe('DEVICE_REFUSED')
    } finally {
      await preference({ mode: 'off' })
    }
  })

  test('a device that is locked before it signs, and one that is locked between proof and Response', async () => {
    const one = await holder()
    const { handle, completion } = await signed(one)
    await one.browser.get(back(handle, completion))
    await lockDevice(one.device.name)
    const refused = await one.browser.get(goOn(handle))
    expect(refused.status).toBe(403)
    expect(await lastEvent('saml.idp.auth', one.person.name)).toMatchObject({
      error: `lock targeting Device:"${one.device.name}" is in force`,
    })
    const late = await holder()
    const ticket = await ask(late.browser, await waiting(late.browser))
    await lockDevice(late.device.name)
    expect(codeOf(await late.device.vouch({ ticket }))).toBe('LOCKED')
    const { name } = await addDevice(admin, { owner: late.person.name })
    await lockDevice(name)
    const bearer = await commandLineOf(gateway, late.browser)
    const fresh = new TestDevice(gateway, { bearer, user: late.person.name, name })
    expect(codeOf(await fresh.enroll(await enrollToken(admin, name)))).toBe('LOCKED')
  })

  test('a device that was removed, given to somebody else or enrolled anew since it signed', async () => {
    const removed = await holder()
    const first = await signed(removed)
    await removed.browser.get(back(first.handle, first.completion))
    expect(
      (await admin.send('delete', `/v1/resources/device/${removed.device.name}`, {}, { 'if-match': '*' }))
        .status,
    ).toBeLessThan(300)
    expect((await removed.browser.get(goOn(first.handle))).status).toBe(403)

    const renewed = await holder()
    const second = await signed(renewed)
    await renewed.browser.get(back(second.handle, second.completion))
    const token = await enrollToken(admin, renewed.device.name)
    expect((await renewed.device.enroll(token)).status).toBe(200)
    expect((await renewed.browser.get(goOn(second.handle))).headers['location']).toContain('/device?handle=')
  })

  test('a key that is less sure than the cluster asks for (T32)', async () => {
    const one = await holder()
    await preference({ minimum_assurance: 'key_store' })
    try {
      const refused = await begin(one.browser)
      expect(refused.status).toBe(403)
      const sure = await someone()
      const device = await enrolledDevice(gateway, admin, { ...sure, storage: 'key_store' })
      const { handle, completion } = await signed({ ...sure, device })
      await sure.browser.get(back(handle, completion))
      expect((await sure.browser.get(goOn(handle))).status).toBe(200)
    } finally {
      await preference({ mode: 'off' })
    }
  })

  test('certificates that are expired, of another authority, not for clients, of an authority itself, or unreadable', async () => {
    const { person, browser } = await someone()
    const { assetTag } = await addDevice(admin)
    const subject = `CN=${assetTag}`
    const now = testEpoch
    const other = await TestAuthority.create('Company Devices', now)
    const certificates = {
      'not valid at this time': await company.issue(subject, { now, days: -1 }),
      'no authority of devices issued': await other.issue(subject, { now }),
      'not for clients': await company.issue(subject, { now, usages: [serverAuth] }),
      '(clientAuth)': await company.issue(subject, { now, usages: [] }),
      'that of an authority': await company.issue(subject, { now, ca: true }),
      'names no device': await company.issue('CN=unknown', { now }),
    }
    for (const [says, certificate] of Object.entries(certificates)) {
      const refused = await begin(browser, { [header]: clientCertHeader(certificate) })
      expect(refused.status, says).toBe(403)
      const { reasons } = await lastEvent('saml.idp.auth', person.name)
      expect(JSON.stringify(reasons)).toContain(says)
    }
    for (const value of [':AAAA:', 'x', '%E0%A4%A', ':' + 'A'.repeat(15_000) + ':']) {
      expect((await begin(browser, { [header]: value })).status, value.slice(0, 9)).toBe(403)
    }
    const foreign = await addDevice(admin, { owner: 'somebody@example.com' })
    const theirs = await company.issue(`CN=${foreign.assetTag}`, { now })
    expect((await begin(browser, { [header]: clientCertHeader(theirs) })).status).toBe(403)
  })

  test('a certificate of a locked device, even where no device is required', async () => {
    const { browser } = await someone(['aws'])
    const { assetTag, name } = await addDevice(admin)
    const certificate = clientCertHeader(await company.issue(`CN=${assetTag}`, { now: testEpoch }))
    expect((await begin(browser, { [header]: certificate })).status).toBe(200)
    await lockDevice(name)
    expect((await begin(browser, { [header]: certificate })).status).toBe(403)
  })

  test('a header that does not come from a trusted proxy (T32)', async () => {
    const direct = await openTestGateway({
      resources: [...testResources, spResource()],
      // The test stands on loopback, which this gateway does not trust.
      env: { GATEHOUSE_DEVICE_CA_FILE: '/etc/devices.pem', GATEHOUSE_TRUSTED_PROXIES: '192.0.2.1' },
      deviceCaText: company.pem,
    })
    try {
      const boss = await signInAdmin(direct)
      const person = await createPerson(direct, boss, { name: 'ann@example.com', roles: ['aws-device'] })
      const { assetTag } = await addDevice(boss)
      const value = clientCertHeader(await company.issue(`CN=${assetTag}`, { now: testEpoch }))
      const browser = await signIn(direct, person)
      const launched = await browser.get('/saml/idp/login/aws-identity-center', { [header]: value })
      expect(launched.status).toBe(403)
    } finally {
      await direct[Symbol.asyncDispose]()
    }
  })
})

test('no ticket, completion or token is in the log or in an event', async () => {
  const events = JSON.stringify(await auditEvents(gateway))
  expect(secrets.length).toBeGreaterThan(10)
  for (const secret of secrets.filter((one) => one !== '')) {
    expect(events).not.toContain(secret)
    expect(log.join('\n')).not.toContain(secret)
  }
})

async function preference(deviceTrust: object): Promise<void> {
  const path = '/v1/resources/cluster_auth_preference/cluster-auth-preference'
  const now = await admin.get(path)
  const document = {
    kind: 'cluster_auth_preference',
    version: 'v2',
    metadata: { name: 'cluster-auth-preference' },
    spec: { second_factor: 'optional', device_trust: deviceTrust },
  }
  const put = await admin.send('put', path, document, { 'if-match': String(now.headers['etag']) })
  expect(put.status, put.text).toBe(200)
}
