/**
 * Client certificates of devices in handshakes with Gatehouse itself: a real client of TLS, the listener of `start`, and
 * sign-ins to AWS under a role that requires a device.
 */
import type { X509Certificate } from '@peculiar/x509'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen, type Listener } from '../../src/start/listener.js'
import { addDevice, clientCertHeader, serverAuth, TestAuthority } from '../support/device.js'
import {
  auditEvents,
  createPerson,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { issueServerCertificate, type ServerCertificate } from '../support/server-certificate.js'
import { authnRequest, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway, testEpoch, type TestGateway } from '../support/test-gateway.js'

interface Certified {
  readonly certificate: X509Certificate
  readonly key: string
}

let gateway: TestGateway
let listener: Listener
let server: ServerCertificate
let company: TestAuthority
let admin: TestBrowser
let assetTag: string

async function open(trustedProxies?: string) {
  const opened = await openTestGateway({
    resources: [...testResources, spResource()],
    env: {
      GATEHOUSE_PUBLIC_URL: 'https://localhost',
      GATEHOUSE_TLS_CERT_FILE: '/etc/tls.crt',
      GATEHOUSE_TLS_KEY_FILE: '/etc/tls.key',
      GATEHOUSE_DEVICE_CA_FILE: '/etc/devices.pem',
      ...(trustedProxies !== undefined && { GATEHOUSE_TRUSTED_PROXIES: trustedProxies }),
    },
    deviceCaText: company.pem,
    files: { '/etc/tls.crt': server.cert, '/etc/tls.key': server.key },
  })
  const front = await listen({
    listen: { host: '127.0.0.1', port: 0 },
    connections: { most: 100, mostPerAddress: 100, isProxy: () => false },
    tls: server,
    deviceAuthorities: company.pem,
  })
  front.serve(opened.gateway.http)
  return { opened, front }
}

beforeAll(async () => {
  server = await issueServerCertificate(Date.now())
  company = await TestAuthority.create('Company Devices', testEpoch)
  const { opened, front } = await open()
  gateway = opened
  listener = front
  admin = await signInAdmin(gateway)
  assetTag = (await addDevice(admin)).assetTag
})
afterAll(async () => {
  await listener[Symbol.asyncDispose]()
  await gateway[Symbol.asyncDispose]()
})

interface Reply {
  readonly status: number
  readonly location: string
  readonly body: string
}

/** One request over TLS with the browser's cookie, on a connection of its own. */
async function get(
  path: string,
  browser: TestBrowser,
  { client, headers = {}, front = listener }: { client?: Certified; headers?: object; front?: Listener } = {},
): Promise<Reply> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: Number(new URL(front.url).port),
        path,
        servername: 'localhost',
        ca: server.cert,
        agent: false,
        headers: { host: 'localhost', accept: 'text/html', cookie: browser.cookie, ...headers },
        ...(client && { cert: client.certificate.toString('pem'), key: client.key }),
      },
      (response) => {
        const { statusCode: status = 0, headers: said } = response
        text(response).then((body) => resolve({ status, location: said.location ?? '', body }), reject)
      },
    )
    sent.once('error', reject).end()
  })
}

let count = 0
async function someone(at = gateway, by = admin): Promise<{ name: string; browser: TestBrowser }> {
  const name = `person-${++count}@example.com`
  const person = await createPerson(at, by, { name, roles: ['aws-device'] })
  return { name, browser: await signIn(at, person) }
}
const launch = '/saml/idp/login/aws-identity-center'
const now = testEpoch

test('the certificate of a registered device vouches, in a sign-in that AWS begins too', async () => {
  const { name, browser } = await someone()
  const client = await company.issueWithKey(`CN=${assetTag}`, { now })
  const { xml } = authnRequest({ destination: null })
  const kept = await get(redirectPath(xml), browser, { client })
  const signedIn = await get(kept.location, browser, { client })
  expect(signedIn.status, signedIn.body.slice(0, 300)).toBe(200)
  expect(signedIn.body).toContain('SAMLResponse')
  const [event] = (await auditEvents(gateway)).filter((one) => one['event'] === 'saml.idp.auth')
  expect(event).toMatchObject({ user: name, trusted_device: { asset_tag: assetTag, proof: 'certificate' } })
})

describe('no sign-in comes of', () => {
  const cases: readonly (readonly [string, string, () => Promise<Certified | undefined>])[] = [
    ['none', 'device', () => Promise.resolve(undefined)],
    [
      'one of another authority of the same name',
      'no authority of devices issued',
      async () =>
        (await TestAuthority.create('Company Devices', now)).issueWithKey(`CN=${assetTag}`, { now }),
    ],
    [
      'an expired one',
      'not valid at this time',
      () => company.issueWithKey(`CN=${assetTag}`, { now, days: -1 }),
    ],
    [
      'one for servers',
      'not for clients',
      () => company.issueWithKey(`CN=${assetTag}`, { now, usages: [serverAuth] }),
    ],
    [
      'that of an authority',
      'of an authority',
      () => company.issueWithKey(`CN=${assetTag}`, { now, ca: true }),
    ],
    ['one of no device', 'names no device', () => company.issueWithKey('CN=unknown', { now })],
    [
      'the certificate of the gateway itself',
      'no authority of devices issued',
      async () => {
        const { X509Certificate } = await import('@peculiar/x509')
        return { certificate: new X509Certificate(server.cert), key: server.key }
      },
    ],
  ]
  test.each(cases)('%s', async (_, says, issue) => {
    const { browser } = await someone()
    const client = await issue()
    const refused = await get(launch, browser, client && { client })
    expect(refused.status).toBe(403)
    const [event] = (await auditEvents(gateway)).filter((one) => one['event'] === 'saml.idp.auth')
    expect(JSON.stringify(event)).toContain(says)
  })

  test('a header, beside no certificate or beside that of no device', async () => {
    const { browser } = await someone()
    const { certificate } = await company.issueWithKey(`CN=${assetTag}`, { now })
    const headers = { 'client-cert': clientCertHeader(certificate), 'x-forwarded-for': '127.0.0.1' }
    expect((await get(launch, browser, { headers })).status).toBe(403)
    const client = await company.issueWithKey('CN=unknown', { now })
    expect((await get(launch, browser, { headers, client })).status).toBe(403)
  })

  test('a certificate without its key: the handshake fails', async () => {
    const { browser } = await someone()
    const { certificate } = await company.issueWithKey(`CN=${assetTag}`, { now })
    const { key } = await company.issueWithKey(`CN=${assetTag}`, { now })
    await expect(get(launch, browser, { client: { certificate, key } })).rejects.toThrow(/mismatch/)
  })

  test('that of a proxy, which speaks for whoever comes through it', async () => {
    const { opened, front } = await open('127.0.0.1')
    try {
      const boss = await signInAdmin(opened)
      const device = await addDevice(boss)
      const { browser } = await someone(opened, boss)
      const client = await company.issueWithKey(`CN=${device.assetTag}`, { now })
      expect((await get(launch, browser, { client, front })).status).toBe(403)
      const headers = { 'client-cert': clientCertHeader(client.certificate) }
      expect((await get(launch, browser, { client, front, headers })).status).toBe(403)
    } finally {
      await front[Symbol.asyncDispose]()
      await opened[Symbol.asyncDispose]()
    }
  })
})

test('a certificate that expires while its connection is open vouches no more', async () => {
  const { browser } = await someone()
  const client = await company.issueWithKey(`CN=${assetTag}`, { now, days: 1 / 24 })
  expect((await get(launch, browser, { client })).status).toBe(200)
  gateway.clock.advance(61 * 60_000)
  expect((await get(launch, browser, { client })).status).toBe(403)
})
