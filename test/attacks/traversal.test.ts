/** Names that are no names: paths, NULs, malformed escapes, keys of objects. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPerson, signIn, signInAdmin, testResources, type TestBrowser } from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { raw, socketExchange } from './support.js'

let gateway: TestGateway
let admin: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const longName = 'a'.repeat(8000)
const names = [
  '..%2f..%2fv1',
  '..%5c..%5cv1',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '%00',
  'aws-identity-center%00',
  'aws-identity-center%2f',
  'AWS-identity-center',
  '__proto__',
  'constructor',
  'toString',
  longName,
  '%E0%A4%A',
  '%',
  '%c0%ae%c0%ae%2f',
]

const labelled = names.map((name) => ({ name, label: name === longName ? 'a name of 8000 letters' : name }))

describe('path traversal', () => {
  test.each(labelled)('/saml/idp/login/$label is a refusal in words', async ({ name }) => {
    const path = `/saml/idp/login/${name}`
    for (const accept of ['application/json', 'text/html']) {
      const answer = await raw(gateway, path, { headers: { accept, cookie: admin.cookie ?? '' } })
      expect([400, 404]).toContain(answer.status)
      expect(answer.text).not.toMatch(/root:|SAMLResponse|node_modules|\n\s+at /)
      if (accept === 'application/json')
        expect(answer.code).toMatch(/^(UNKNOWN_SERVICE_PROVIDER|NOT_FOUND|INVALID_INPUT)$/)
    }
  })

  test.each(labelled)('/v1/users/$label/reset-link resets nobody', async ({ name }) => {
    const response = await admin.post(`/v1/users/${name}/reset-link`, {})
    expect([400, 404]).toContain(response.status)
    expect(response.body).toMatchObject({ code: response.status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT' })
  })

  // As octets: clients would resolve the dots before they send them.
  test.each([
    '/assets/..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/%252e%252e/package.json',
    '/assets/..%2findex.html',
    '/assets/%00/../index.html',
    '/assets/.env',
    '/assets//etc/passwd',
    '/..%2fpackage.json',
    '/../package.json',
    '/assets/%E0%A4%A',
    '//package.json',
    '/saml/../package.json',
  ])('%s is no file', async (path) => {
    const { text } = await socketExchange(gateway, [
      `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    ])
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(text).not.toMatch(/"version"|root:|\n\s+at /)
  })

  test('an asset that exists is served: the refusals above are not of everything', async () => {
    const page = await raw(gateway, '/', { headers: { accept: 'text/html' } })
    const script = /src="(\/assets\/[^"]+)"/.exec(page.text)?.[1] ?? ''
    expect((await raw(gateway, script)).status).toBe(200)
  })

  test('what express itself refuses is a problem document without a stack trace', async () => {
    const answer = await raw(gateway, '/saml/idp/login/%E0%A4%A')
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
    expect(answer.detail).toBe('the path of this request has a malformed escape (%)')
    expect(answer.text).not.toContain('URIError')
  })
})

describe('keys of objects', () => {
  const send = async (body: string) => {
    const { csrfToken } = (await admin.get('/v1/session')).body as { csrfToken: string }
    return await raw(gateway, '/v1/users', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: admin.cookie ?? '',
        'x-gatehouse-csrf': csrfToken,
      },
      body,
    })
  }

  test('__proto__ in a body is an unknown key, and no object changes', async () => {
    const answer = await send(
      '{"name":"p1@example.com","roles":[],"__proto__":{"roles":["editor"],"polluted":1}}',
    )
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(await gateway.gateway.catalog.user('p1@example.com')).toBeUndefined()
  })

  test('__proto__ and constructor as traits give nothing that was not written', async () => {
    const answer = await send(
      '{"name":"p2@example.com","roles":[],"traits":{"__proto__":["x"],"constructor":["y"]}}',
    )
    expect([201, 400]).toContain(answer.status)
    const user = await gateway.gateway.catalog.user('p2@example.com')
    expect(({} as Record<string, unknown>)[0]).toBeUndefined()
    if (user !== undefined) expect(Object.getPrototypeOf(user.traits)).toBe(Object.prototype)
  })

  test('a trait that nobody has is empty, whatever objects inherit (T6)', async () => {
    const mapping = ['constructor', '__proto__', 'toString', 'hasOwnProperty'].map((trait) => ({
      name: `https://aws.amazon.com/SAML/Attributes/AccessControl:${trait}`,
      name_format: 'uri',
      value: `user.spec.traits["${trait}"]`,
    }))
    await using other = await openTestGateway({
      resources: [...testResources, spResource({ attribute_mapping: mapping })],
    })
    const person = await createPerson(other, await signInAdmin(other), {
      name: 'dev@example.com',
      roles: ['aws'],
    })
    const response = await (await signIn(other, person)).get('/saml/idp/login/aws-identity-center')
    const xml = Buffer.from(
      /name="SAMLResponse" value="([^"]*)"/.exec(response.text)?.[1] ?? '',
      'base64',
    ).toString()
    expect(xml).toContain('>dev@example.com</saml:NameID>')
    expect(xml).not.toMatch(/native code|function|\[object/)
  })

  test.each([
    ['a line break', 'a\r\nb@example.com'],
    ['a NUL', 'a\u0000@example.com'],
    ['an escape sequence', '\u001b[2J@example.com'],
    ['a space in the middle', 'a b@example.com'],
    ['a zero-width space', 'a\u200b@example.com'],
    ['reversed text', 'a\u202eb@example.com'],
    ['decomposed letters', 'a\u0308@example.com'],
    ['a path', '../../etc/passwd'],
  ])('a user name with %s is refused', async (_, name) => {
    const response = await admin.post('/v1/users', { name, roles: ['aws'] })
    expect({ name, status: response.status }).toEqual({ name, status: 400 })
    expect(await gateway.gateway.catalog.user(name)).toBeUndefined()
  })

  test('a user name in other scripts, which AWS takes, is accepted', async () => {
    expect((await admin.post('/v1/users', { name: 'jürgen.日本@example.com', roles: ['aws'] })).status).toBe(
      201,
    )
  })
})
