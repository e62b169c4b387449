/** Hostile XML and bodies, end to end: each is refused early, in words, and answered to nobody. */
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testResources } from '../support/people.js'
import { authnRequest, redirectPath, spEntityId, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { postRequest, raw, redirectRequest, socketExchange, type Answer } from './support.js'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const plain = authnRequest().xml
const body = plain.replace(/^<\?xml.*?\?>/, '')
const withIssuer = (issuer: string, prolog = '') =>
  prolog + authnRequest({ issuer }).xml.replace(/^<\?xml.*?\?>/, '')
const bomb = Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('')

const xml: readonly (readonly [name: string, xml: string | Uint8Array, detail: string])[] = [
  [
    'XXE: an external entity as the issuer',
    withIssuer('&x;', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    'holds a DOCTYPE or another declaration',
  ],
  [
    'an external DTD',
    `<!DOCTYPE r SYSTEM "http://127.0.0.1:1/evil.dtd">${body}`,
    'holds a DOCTYPE or another declaration',
  ],
  [
    'a parameter entity',
    `<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;]>${body}`,
    'holds a DOCTYPE or another declaration',
  ],
  ['an entity bomb', withIssuer('&e12;', `<!DOCTYPE r [<!ENTITY e0 "lol">${bomb}]>`), 'holds a DOCTYPE'],
  [
    'an entity without a DTD',
    withIssuer(`${spEntityId}&evil;`),
    'refers to an entity that is not predefined',
  ],
  ['a processing instruction', `<?xml-stylesheet href="x"?>${body}`, 'holds a processing instruction'],
  [
    'a comment that cuts the issuer',
    withIssuer(`${spEntityId}<!-- -->.evil.example`),
    'holds a comment (<!-- ... -->); send it without',
  ],
  [
    'a comment inside the true issuer',
    withIssuer(spEntityId.replace('platform', 'plat<!---->form')),
    'holds a comment (<!-- ... -->)',
  ],
  ['CDATA around the issuer', withIssuer(`<![CDATA[${spEntityId}]]>`), 'holds a CDATA section'],
  [
    'UTF-16 with a mark',
    Buffer.from(`\ufeff${plain.replace('UTF-8', 'UTF-16')}`, 'utf16le'),
    'is not valid UTF-8',
  ],
  ['UTF-16 without a mark', Buffer.from(plain, 'utf16le'), 'holds the character U+0000'],
  [
    'another declared encoding',
    plain.replace('UTF-8', 'UTF-7'),
    'declares the encoding "UTF-7"; only UTF-8 is accepted',
  ],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from(body.slice(0, -20)), Buffer.from([0xc3, 0x28])]),
    'is not valid UTF-8',
  ],
  [
    'a thousand nested elements',
    authnRequest({ children: '<a>'.repeat(1000) + '</a>'.repeat(1000) }).xml,
    'is nested deeper than',
  ],
  [
    'a subject chosen by the request',
    authnRequest({
      children:
        '<s:Subject xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"><s:NameID>admin@evil</s:NameID></s:Subject>',
    }).xml,
    '<Subject> names the person to sign in',
  ],
  [
    'an ID with markup',
    plain.replace(/ID="[^"]*"/, 'ID="&quot;&gt;&lt;script&gt;"'),
    'ID is not an XML name',
  ],
]

function expectRefused(answer: Answer, detail: string): void {
  expect(answer).toMatchObject({ status: 400, code: 'INVALID_SAML_REQUEST' })
  expect(answer.detail).toContain(detail)
  expect(answer.text).not.toContain('SAMLResponse')
  expect(answer.headers.get('location')).toBeNull()
}

describe('XML that attacks its reader', () => {
  test.each(xml)('%s is refused by Redirect', async (_, hostile, detail) => {
    expectRefused(await redirectRequest(gateway, hostile), detail)
  })
  test.each(xml)('%s is refused by POST', async (_, hostile, detail) => {
    expectRefused(await postRequest(gateway, hostile), detail)
  })
  test('the same request without the attack is taken by both bindings', async () => {
    expect((await redirectRequest(gateway, plain)).status).toBe(303)
    expect((await postRequest(gateway, authnRequest().xml)).status).toBe(303)
  })
})

describe('a few bytes', () => {
  const refusedWithin = async (ms: number, send: () => Promise<Answer>, detail: string) => {
    const times: number[] = []
    for (let run = 0; run < 3; run += 1) {
      const started = performance.now()
      expectRefused(await send(), detail)
      times.push(performance.now() - started)
    }
    expect(Math.min(...times)).toBeLessThan(ms)
  }

  test('that inflate to an issuer of blanks do not hold up the process', async () => {
    const hostile = withIssuer(`x${' '.repeat(60_000)}x`)
    expect(deflateRawSync(hostile).length).toBeLessThan(1000)
    const detail = '<Issuer> is longer than 1024 characters'
    await refusedWithin(400, () => redirectRequest(gateway, hostile), detail)
  })

  test('of broken escapes, repeated to the limit of a form, do not hold up the process', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const send = () => raw(gateway, '/saml/idp/sso', { method: 'POST', headers, body: '%&'.repeat(100_000) })
    await refusedWithin(400, send, 'more than 100 parameters')
  })
})

describe('the inflation bomb', () => {
  const size = 80 * 1024 * 1024
  // What the wire carries is within the limit of a query; what comes out of it is not.
  const small = deflateRawSync(Buffer.alloc(8 * 1024 * 1024, 0x20), { level: 9 }).toString('base64')
  const large = deflateRawSync(Buffer.alloc(size, 0x20), { level: 9 }).toString('base64')

  test('8 MB out of 11 KB stop at 64 KiB: ten at once grow the process by less than one of them', async () => {
    const before = process.memoryUsage().rss
    const query = new URLSearchParams({ SAMLRequest: small })
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => raw(gateway, `/saml/idp/sso?${query}`)),
    )
    for (const answer of answers) expectRefused(answer, 'SAMLRequest inflates to more than 65536 bytes')
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })

  test('80 MB out of 104 KB are refused before anything is inflated, by either binding, at once', async () => {
    const started = performance.now()
    const posted = await raw(gateway, '/saml/idp/sso', {
      method: 'POST',
      body: new URLSearchParams({ SAMLRequest: large }),
    })
    expectRefused(posted, 'the limit is 87384')
    const query = await socketExchange(gateway, [
      `GET /saml/idp/sso?SAMLRequest=${encodeURIComponent(large)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    ])
    // A request line of this length is refused by the HTTP parser.
    expect(query.text).toMatch(/^HTTP\/1\.1 431 /)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('bodies', () => {
  const head = (path: string, headers: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`

  test.each([
    ['JSON', '/v1/sign-in', 'application/json'],
    ['form', '/saml/idp/sso', 'application/x-www-form-urlencoded'],
  ])('a 10 MB %s is refused by its announced length, and the connection ends', async (_, path, type) => {
    const headers = `content-type: ${type}\r\ncontent-length: 10485760`
    const { text, closed } = await socketExchange(gateway, [head(path, headers)])
    expect(text).toMatch(/^HTTP\/1\.1 413 /)
    expect(text).toContain('"code":"BODY_TOO_LARGE"')
    expect(text).toContain('the body of this request is larger than')
    expect(closed).toBe(true)
  })

  test.each([
    ['JSON', '/v1/sign-in', 'application/json'],
    ['form', '/saml/idp/sso', 'application/x-www-form-urlencoded'],
  ])('a chunked %s without a length is cut off at the limit', async (_, path, type) => {
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    const headers = `content-type: ${type}\r\ntransfer-encoding: chunked`
    const endless = Array.from({ length: 400 }, () => chunk)
    const { text, closed } = await socketExchange(gateway, [head(path, headers), ...endless])
    expect(text).toMatch(/^HTTP\/1\.1 413 /)
    expect(closed).toBe(true)
  })

  test('JSON nested 30,000 deep is refused in words', async () => {
    const nested = '['.repeat(30_000) + ']'.repeat(30_000)
    const answer = await raw(gateway, '/v1/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"user":"a","password":${nested}}`,
    })
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
  })

  test.each([
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['multipart', 'multipart/form-data; boundary=x'],
    ['JSON in UTF-7', 'application/json; charset=utf-7'],
    ['JSON in UTF-16', 'application/json; charset="UTF-16"'],
    ['no type at all', ''],
  ])('a sign-in sent as %s is refused: a form of another site cannot send JSON', async (_, type) => {
    const answer = await raw(gateway, '/v1/sign-in', {
      method: 'POST',
      headers: { 'content-type': type },
      body: Buffer.from('{"user":"dev@example.com","password":"a long enough password"}'),
    })
    expect(answer).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('a compressed body is not inflated', async () => {
    const answer = await raw(gateway, '/v1/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: Buffer.from('{}'),
    })
    expect(answer).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
  })

  test('a flood of headers ends the connection', async () => {
    const flood = Array.from({ length: 3000 }, (_, n) => `x-${n}: ${'y'.repeat(20)}\r\n`).join('')
    const { text, closed } = await socketExchange(gateway, [
      `GET /healthz HTTP/1.1\r\nhost: x\r\n${flood}\r\n`,
    ])
    expect(text).toMatch(/^HTTP\/1\.1 431 /)
    expect(closed).toBe(true)
  })

  test('two lengths, and a length beside chunks, are refused: nothing can be smuggled', async () => {
    const two = await socketExchange(gateway, [
      head('/v1/sign-in', 'content-type: application/json\r\ncontent-length: 2\r\ncontent-length: 3') + '{}',
    ])
    expect(two.text).toMatch(/^HTTP\/1\.1 400 /)
    const both = await socketExchange(gateway, [
      `${head('/v1/sign-in', 'content-length: 4\r\ntransfer-encoding: chunked')}0\r\n\r\n`,
    ])
    expect(both.text).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('form fields given twice are refused', async () => {
    const once = Buffer.from(authnRequest().xml).toString('base64')
    const fields = new URLSearchParams([
      ['SAMLRequest', once],
      ['SAMLRequest', once],
    ])
    const answer = await raw(gateway, '/saml/idp/sso', { method: 'POST', body: fields })
    expectRefused(answer, 'SAMLRequest is given more than once')
    const query = await raw(gateway, `${redirectPath(authnRequest().xml)}&SAMLRequest=x`)
    expectRefused(query, 'the parameter SAMLRequest is given more than once')
  })
})
