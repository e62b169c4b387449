import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import { routes } from '../../src/http/routes/index.js'
import { createPerson, signIn, signInAdmin, TestBrowser, testResources } from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let dev: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
  dev = await signIn(gateway, await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] }))
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const pathOf = (path: string): string => path.replace(/:\w+/g, 'x'.repeat(24))

describe('declared rights', () => {
  const guarded = routes.filter(({ right }) => right !== 'public')
  test.each(guarded.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    '%s refuses someone who is not signed in',
    async (_, { method, path }) => {
      const response = await supertest(gateway.url)
        [method](pathOf(path))
        .set('content-type', 'application/json')
        .send(method === 'get' ? undefined : '{}')
      expect(response.status).toBe(401)
      expect(response.body).toMatchObject({ code: 'NOT_SIGNED_IN', status: 401 })
      expect(response.headers['content-type']).toContain('application/problem+json')
    },
  )

  const administrative = routes.filter(({ right }) => typeof right === 'object')
  test.each(administrative.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    '%s refuses a person whose roles do not allow it',
    async (_, { method, path }) => {
      const response = method === 'get' ? await dev.get(pathOf(path)) : await dev.post(pathOf(path), {})
      expect(response.status).toBe(403)
      expect(response.body).toMatchObject({ code: 'FORBIDDEN' })
    },
  )

  test('the administrator may: the same routes answer', async () => {
    for (const path of ['/v1/users', '/v1/roles', '/v1/audit/events', '/v1/audit/heads']) {
      expect((await admin.get(path)).status).toBe(200)
    }
  })

  test('the operator token reads the audit log, makes reset links, and nothing else', async () => {
    const ask = (path: string) =>
      supertest(gateway.url).get(path).set('authorization', `Bearer ${gateway.operatorToken}`)
    expect((await ask('/v1/audit/events')).status).toBe(200)
    expect((await ask('/v1/users')).status).toBe(403)
    expect((await ask('/v1/me')).status).toBe(403)
    expect((await ask('/v1/apps')).body).toMatchObject({ code: 'FORBIDDEN' })
    const post = (path: string, body: object) =>
      supertest(gateway.url).post(path).set('authorization', `Bearer ${gateway.operatorToken}`).send(body)
    await createPerson(gateway, admin, { name: 'lost@example.com', roles: ['editor'] })
    const reset = await post('/v1/users/lost@example.com/reset-link', {})
    expect(reset.status).toBe(201)
    expect(reset.body).toMatchObject({ user: 'lost@example.com' })
    const invited = await post('/v1/users', { name: 'new@example.com', roles: ['editor'] })
    expect(invited.body).toMatchObject({ code: 'FORBIDDEN', status: 403 })
    expect((await post('/v1/me/password', {})).body).toMatchObject({ code: 'FORBIDDEN', status: 403 })
    const wrong = await supertest(gateway.url)
      .get('/v1/audit/events')
      .set('authorization', `Bearer ${'a'.repeat(43)}`)
    expect(wrong.status).toBe(401)
  })

  test('a half signed-in person opens nothing', async () => {
    const person = await createPerson(gateway, admin, {
      name: 'half@example.com',
      roles: ['editor', 'auditor'],
      totp: true,
    })
    const browser = new TestBrowser(gateway)
    const first = await browser.post('/v1/sign-in', { user: person.name, password: 'a long enough password' })
    expect(first.body).toEqual({ status: 'totp_required' })
    expect((await browser.get('/v1/users')).status).toBe(401)
    expect((await browser.get('/v1/session')).body).toMatchObject({
      stage: 'password',
      rights: [],
      user: { name: person.name, roles: [] },
    })
    const launched = await browser.get('/saml/idp/login/aws-identity-center')
    expect(launched.headers.location).toMatch(/^\/sign-in\?next=/)
  })
})

describe('what the API answers', () => {
  test('wrong input is a problem that names every field', async () => {
    const response = await admin.post('/v1/users', { name: '', roles: 'editor', surprise: 1 })
    expect(response.status).toBe(400)
    const { fields } = response.body as { fields: { path: string }[] }
    expect(fields.map(({ path }) => path).sort()).toEqual(['body', 'body.name', 'body.roles'])
  })

  test('unknown paths are 404, as problem for programs and as page for people', async () => {
    const program = await supertest(gateway.url).get('/v1/nothing')
    expect(program.status).toBe(404)
    expect(program.body).toMatchObject({ code: 'NOT_FOUND' })
    const person = await supertest(gateway.url).get('/saml/idp/nothing').set('accept', 'text/html')
    expect(person.status).toBe(404)
  })

  test('tiles say whether a click would succeed, and why not', async () => {
    const open = await dev.get('/v1/apps')
    expect(open.body).toMatchObject({
      items: [{ name: 'aws-identity-center', allowed: true, requires: [], because: '' }],
    })
    const person = await createPerson(gateway, admin, { name: 'none@example.com', roles: ['no-labels'] })
    const closed = await (await signIn(gateway, person)).get('/v1/apps')
    const [tile] = (closed.body as { items: { allowed: boolean; because: string }[] }).items
    expect(tile?.allowed).toBe(false)
    expect(tile?.because).toMatch(/None of your roles allows aws-identity-center\. Ask an administrator/)
  })

  test('the audit log pages without gaps and filters by type and user', async () => {
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const query = new URLSearchParams({ limit: '7', order: 'asc', ...(cursor && { cursor }) })
      const page = await admin.get(`/v1/audit/events?${query}`)
      const { items, nextCursor } = page.body as { items: { sequence: number }[]; nextCursor?: string }
      seen.push(...items.map(({ sequence }) => sequence))
      cursor = nextCursor
    } while (cursor !== undefined)
    expect(seen).toEqual(seen.map((_, index) => index + 1))
    const filtered = await admin.get(
      '/v1/audit/events?type=user.login&type=user.create&user=dev%40example.com',
    )
    const names = (filtered.body as { items: { json: string }[] }).items.map(({ json }) => {
      const event = JSON.parse(json) as { event: string; user: string }
      return `${event.event} ${event.user}`
    })
    expect(new Set(names)).toEqual(new Set(['user.login dev@example.com']))
  })

  test('an unknown query parameter is refused rather than ignored', async () => {
    const response = await admin.get('/v1/audit/events?usr=dev')
    expect(response.status).toBe(400)
    expect(response.body).toMatchObject({ code: 'INVALID_INPUT' })
  })
})
