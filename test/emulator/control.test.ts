import { request as httpRequest } from 'node:http'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addEmulatorCommand, startEmulator } from '../../src/emulator/main.js'
import { systemClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { certificateBody, makeTestIdp, writeIdpMetadata, type TestIdp } from '../support/saml-signer.js'
import { Browser, demoFile, Portal, startTime } from './portal.js'

let portal: Portal
let second: TestIdp
beforeAll(async () => {
  portal = await Portal.start()
  second = await makeTestIdp('https://idp.example.com/second')
})
beforeEach(async () => {
  await portal.control('POST', 'reset')
  portal.clock.set(startTime)
})
afterAll(() => portal.emulator.close())

const answer = async (response: Response) => ({
  status: response.status,
  body: (await response.json()) as Record<string, unknown>,
})
const logger = createLogger('silent')

describe('state, calls, reset and clock', () => {
  test('state tells the organisation and where to find the service provider', async () => {
    const { body } = await answer(await portal.control('GET', 'state'))
    expect(body).toMatchObject({
      now: '2026-11-22T12:00:00.000Z',
      instance: { identityStoreId: 'd-99672f1c0b' },
      serviceProvider: { metadataUrl: `${portal.url}/platform/saml/metadata/d-99672f1c0b` },
      saml: { idp: null },
    })
    expect(body['accounts']).toHaveLength(7)
    expect(body['users']).toHaveLength(8)
  })

  test('calls counts operations, and reset forgets them, the import and every session', async () => {
    await portal.importIdp(writeIdpMetadata(portal.idp))
    const browser = new Browser()
    await portal.postResponse(browser, portal.signed())
    await browser.send(`${portal.url}/start`)
    const counted = await answer(await portal.control('GET', 'calls'))
    expect(counted.body).toEqual({
      calls: { 'saml-sp:ConsumeAssertion': 1, 'saml-sp:Start': 1 },
      callers: { 'saml-sp:ConsumeAssertion': { browser: 1 }, 'saml-sp:Start': { browser: 1 } },
      limits: [],
    })
    expect((await portal.control('POST', 'reset')).status).toBe(204)
    expect((await answer(await portal.control('GET', 'calls'))).body).toEqual({
      calls: {},
      callers: {},
      limits: [],
    })
    expect(await portal.signIns()).toEqual([])
    expect((await browser.send(`${portal.url}/start`)).status).toBe(503)
  })

  test('a virtual clock is moved by a call', async () => {
    const moved = await answer(await portal.control('POST', 'clock/advance', { seconds: 90 }))
    expect(moved).toEqual({ status: 200, body: { now: '2026-11-22T12:01:30.000Z' } })
  })

  test.each([[{ seconds: -1 }], [{ seconds: '5' }], [{}]])('the clock refuses %j', async (body) => {
    const refused = await answer(await portal.control('POST', 'clock/advance', body))
    expect(refused).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
    expect(refused.body['message']).toMatch(/^seconds: /)
  })

  test('the clock goes to the last second of the year 9999 and no further', async () => {
    portal.clock.set(Date.parse('9999-12-31T23:59:58Z'))
    expect(await answer(await portal.control('POST', 'clock/advance', { seconds: 1.001 }))).toEqual({
      status: 400,
      body: {
        code: 'INVALID_INPUT',
        message: 'seconds: the clock goes to 9999-12-31T23:59:59Z and no further',
      },
    })
    expect(await answer(await portal.control('POST', 'clock/advance', { seconds: 1 }))).toEqual({
      status: 200,
      body: { now: '9999-12-31T23:59:59.000Z' },
    })
  })

  test('a real clock cannot be moved', async () => {
    await using emulator = await startEmulator({ listen: '127.0.0.1:0', clock: systemClock, logger })
    const response = await fetch(`${emulator.url}/_emulator/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"seconds":1}',
    })
    expect(await answer(response)).toEqual({
      status: 409,
      body: {
        code: 'REAL_CLOCK',
        message: 'the clock is real; start the emulator with --clock virtual to move it',
      },
    })
  })
})

describe('what is not built says so', () => {
  test('an AWS operation, by its name', async () => {
    const response = await fetch(portal.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'SWBExternalService.ListApplications',
      },
    })
    expect(await answer(response)).toEqual({
      status: 501,
      body: {
        __type: 'NotEmulated',
        Message: 'the operation SWBExternalService.ListApplications is not built in this emulator',
      },
    })
  })

  test('a path', async () => {
    expect(await answer(await fetch(`${portal.url}/scim/v2/Users`))).toMatchObject({
      status: 501,
      body: { message: 'GET /scim/v2/Users is not built in this emulator' },
    })
  })
})

describe('importing an identity provider', () => {
  const upload = async (metadata: string) =>
    answer(await portal.control('PUT', 'saml/idp-metadata', metadata))

  test('takes entity ID, addresses and certificates', async () => {
    const { status, body } = await upload(writeIdpMetadata(portal.idp))
    expect(status).toBe(200)
    expect(body['idp']).toMatchObject({
      entityId: 'https://idp.example.com/saml',
      redirectUrl: 'https://idp.example.com/saml/sso',
      postUrl: 'https://idp.example.com/saml/sso',
      certificates: [{ pem: expect.stringContaining('BEGIN CERTIFICATE') as string }],
    })
  })

  test('takes indented XML, and plain http on loopback', async () => {
    const idp = { ...portal.idp, ssoUrl: 'http://localhost:3080/saml/idp/sso' }
    const metadata = writeIdpMetadata(idp).replaceAll('><', '>\n  <')
    expect((await upload(metadata)).status).toBe(200)
  })

  test.each([
    [
      'too long',
      (xml: string) => xml + ' '.repeat(75_000),
      /^the metadata has \d+ characters; at most 75000 are allowed$/,
    ],
    ['empty', () => ' ', 'the body is empty; send the document as it is'],
    ['not XML', () => 'hello', /^the metadata cannot be read: it is not well-formed/],
    [
      'with a document type',
      (xml: string) => `<!DOCTYPE x>${xml}`,
      'the metadata cannot be read: it contains a document type declaration',
    ],
    [
      'a list of entities',
      (xml: string) =>
        `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${xml}</md:EntitiesDescriptor>`,
      'the metadata is md:EntitiesDescriptor, not a single md:EntityDescriptor',
    ],
    [
      'without entityID',
      (xml: string) => xml.replace(/entityID="[^"]*"/, ''),
      'the metadata has no entityID',
    ],
    [
      'of a service provider',
      (xml: string) => xml.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'),
      'the metadata has 0 IDPSSODescriptor elements; exactly one is required',
    ],
    [
      'without certificate',
      (xml: string) => xml.replace('use="signing"', 'use="encryption"'),
      'the metadata has no X509Certificate for signing',
    ],
    [
      'with a broken certificate',
      (xml: string) => xml.replace(/<ds:X509Certificate>.{20}/, '<ds:X509Certificate>'),
      'the certificate is not a readable X.509 certificate',
    ],
    [
      'without sign-in address',
      (xml: string) => xml.replaceAll(/<md:SingleSignOnService[^>]*>/g, ''),
      'the metadata has no SingleSignOnService for HTTP-Redirect or HTTP-POST',
    ],
    [
      'with a script for an address',
      (xml: string) => xml.replaceAll(/Location="[^"]*"/g, 'Location="javascript:alert(1)"'),
      'the SingleSignOnService Location javascript:alert(1) is not https (http only on a loopback address)',
    ],
    [
      'with plain http elsewhere',
      (xml: string) => xml.replaceAll('https://idp.example.com/saml/sso', 'http://idp.example.com/sso'),
      'the SingleSignOnService Location http://idp.example.com/sso is not https (http only on a loopback address)',
    ],
  ])('refuses metadata that is %s', async (_name, edit: (xml: string) => string, message) => {
    const { status, body } = await upload(edit(writeIdpMetadata(portal.idp)))
    expect(body).toEqual({
      code: 'INVALID_INPUT',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
    expect(status).toBe(400)
  })
})

describe('certificates', () => {
  interface Certificates {
    readonly certificates: readonly { readonly id: string }[]
  }
  const add = (pem: string) => portal.control('POST', 'saml/certificates', pem)
  const remove = (id: string) => portal.control('DELETE', `saml/certificates/${id}`)

  test('a second one is added, the first removed; the last stays', async () => {
    await portal.importIdp(writeIdpMetadata(portal.idp))
    const added = (await (await add(second.certificate)).json()) as Certificates
    const [first = '', next = ''] = added.certificates.map(({ id }) => id)
    expect((await remove(first)).status).toBe(200)
    expect(await answer(await remove(next))).toEqual({
      status: 409,
      body: { code: 'LAST_CERTIFICATE', message: 'at least one valid certificate must remain' },
    })
    expect(await answer(await remove(first))).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  test('a certificate is imported once, is one, and is at most 2500 characters', async () => {
    await portal.importIdp(writeIdpMetadata(portal.idp))
    expect(await answer(await add(portal.idp.certificate))).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_EXISTS' },
    })
    expect(await answer(await add('hello'))).toMatchObject({
      status: 400,
      body: { message: 'the certificate is not a readable X.509 certificate' },
    })
    expect(await answer(await add(second.certificate + '\n'.repeat(2500)))).toMatchObject({
      status: 400,
      body: {
        message: expect.stringMatching(
          /^the certificate has \d+ characters; at most 2500 are allowed$/,
        ) as string,
      },
    })
  })

  test('nothing can be added to no identity provider', async () => {
    expect(await answer(await add(second.certificate))).toMatchObject({
      status: 409,
      body: { code: 'NO_IDENTITY_PROVIDER' },
    })
  })

  test('metadata may list several; the same one counts once', async () => {
    const key = /<md:KeyDescriptor[^]*<\/md:KeyDescriptor>/
    const xml = writeIdpMetadata(portal.idp)
    const own = key.exec(xml)?.[0] ?? ''
    const other = own.replace(certificateBody(portal.idp), certificateBody(second))
    const { body } = await answer(
      await portal.control('PUT', 'saml/idp-metadata', xml.replace(own, own + own + other)),
    )
    expect((body['idp'] as Certificates).certificates).toHaveLength(2)
  })
})

describe('users', () => {
  test('an unknown user cannot be changed', async () => {
    expect(await answer(await portal.control('PUT', 'users/nobody@example.com', { active: true }))).toEqual({
      status: 404,
      body: { code: 'NOT_FOUND', message: 'no user has the userName "nobody@example.com"' },
    })
  })

  test('only active can be changed, and only to yes or no', async () => {
    const refused = await answer(await portal.control('PUT', 'users/dev@example.com', { active: 'no' }))
    expect(refused.status).toBe(400)
    expect(refused.body['message']).toBe('active: must be true or false')
  })
})

describe('the emulator stays on this machine', () => {
  test('a page of another origin cannot use the control calls', async () => {
    const response = await portal.control('POST', 'reset', undefined, { origin: 'https://evil.example' })
    expect(await answer(response)).toEqual({
      status: 403,
      body: { code: 'FOREIGN_ORIGIN', message: 'calls from pages of other origins are refused' },
    })
    expect((await portal.control('POST', 'reset', undefined, { origin: portal.url })).status).toBe(204)
  })

  /** A call with the headers of a browser, which `fetch` does not let us set. */
  const asBrowser = (method: string, path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      httpRequest(`${portal.url}${path}`, { method, headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })

  test.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 200],
    ['none', 200],
  ])('a read that a browser calls %s answers %i, though no Origin comes with it', async (site, status) => {
    expect(await asBrowser('GET', '/_emulator/state', { 'sec-fetch-site': site })).toBe(status)
  })

  test.each([
    ['POST', '/', 400],
    ['GET', '/tenant/scim/v2/Users', 401],
  ])('a page of another origin cannot call %s %s either', async (method, path, otherwise) => {
    expect(await asBrowser(method, path, { origin: 'https://evil.example' })).toBe(403)
    expect(await asBrowser(method, path, { 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await asBrowser(method, path, { origin: portal.url })).toBe(otherwise)
    expect(await asBrowser(method, path, {})).toBe(otherwise)
  })

  test('a name that was rebound to loopback is refused by its Host', async () => {
    const status = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(portal.url)
      const options = { hostname, port, path: '/_emulator/state', headers: { host: 'evil.example' } }
      httpRequest(options, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(421)
  })

  test.each(['0.0.0.0:4599', '192.0.2.1:4599', 'example.com:4599', '127.0.0.1', '127.0.0.1:99999'])(
    'it does not listen on %s',
    async (listen) => {
      await expect(startEmulator({ listen, clock: systemClock, logger })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: `listen: "${listen}" is not a loopback address with a port, such as 127.0.0.1:4599`,
      })
    },
  )

  test('a name that is taken for granted: publicUrl shapes metadata and links', async () => {
    await using emulator = await startEmulator({
      listen: '127.0.0.1:0',
      clock: systemClock,
      logger,
      publicUrl: 'http://portal.localhost:4599/',
    })
    expect(emulator.url).toBe('http://portal.localhost:4599')
  })
})

describe('gatehouse emulator', () => {
  test('runs with an organisation and a virtual clock until it is stopped', async () => {
    const lines: string[] = []
    let seen: unknown
    const program = new Command().exitOverride()
    addEmulatorCommand(program, {
      logger,
      print: (line) => lines.push(line),
      untilStopped: async () => {
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(lines[0] ?? '')?.[0] ?? ''
        await fetch(`${url}/_emulator/clock/advance`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"seconds":1}',
        }).then((response) => (seen = response.status))
      },
    })
    const args = ['emulator', '--listen', '127.0.0.1:0', '--org', demoFile, '--clock', 'virtual']
    await program.parseAsync(args, { from: 'user' })
    expect(lines[0]).toMatch(/^Identity Center emulator: /)
    expect(seen).toBe(200)
  })

  test('a missing organisation file is named', async () => {
    await expect(
      startEmulator({ listen: '127.0.0.1:0', orgFile: '/nonexistent.yaml', clock: systemClock, logger }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('the organisation file /nonexistent.yaml cannot be read') as string,
    })
  })
})
