/**
 * @module The rights of every route, from the table of routes: whoever adds a route has it tested here without a line,
 * and a route whose guard does not do what it declares fails.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import type { Route } from '../../src/http/route.js'
import { testKinds } from '../support/kinds.js'
import { testRoutes } from '../support/routes.js'
import { createPerson, role, signIn, signInAdmin, TestBrowser, testResources } from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const routes = testRoutes()
const everything = { resources: ['*'], verbs: ['*'] }

let gateway: TestGateway
let admin: TestBrowser
let dev: TestBrowser
let nobody: TestBrowser
let conditional: TestBrowser
let all: TestBrowser
let machine: string
let strongMachine: string

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      // Even what everyone may do is denied to it.
      role('nothing', 'v7', { deny: { rules: [everything] } }),
      role('everything', 'v7', { allow: { rules: [everything] } }),
      // Whether it may, only the resource tells; and none is called so.
      role('some', 'v7', {
        allow: { rules: [{ ...everything, where: 'equals(resource.metadata.name, "of no such name")' }] },
      }),
      spResource(),
      // The list of which the example of a member tells.
      {
        kind: 'access_list',
        version: 'v1',
        metadata: { name: 'platform-team' },
        spec: { title: 'Platform team', owners: ['admin'] },
      },
      ...testKinds().all.map(({ name }) =>
        role(`all-but-${name}`, 'v7', {
          allow: { rules: [everything] },
          deny: { rules: [{ resources: [name], verbs: ['create', 'update'] }] },
        }),
      ),
    ],
  })
  admin = await signInAdmin(gateway)
  const join = async (name: string, given: string) =>
    await signIn(gateway, await createPerson(gateway, admin, { name: `${name}@example.com`, roles: [given] }))
  dev = await join('dev', 'aws')
  nobody = await join('nobody', 'nothing')
  conditional = await join('some', 'some')
  all = await join('all', 'everything')
  machine = await createMachine('weak', 'nothing')
  strongMachine = await createMachine('strong', 'everything')
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

async function createMachine(name: string, given: string): Promise<string> {
  const document = { kind: 'token', version: 'v1', metadata: { name }, spec: { roles: [given], ttl: '24h' } }
  const response = await admin.post('/v1/resources', document)
  const { changes } = response.body as { changes: { secret: string }[] }
  return changes[0]?.secret ?? ''
}

const pathOf = (path: string): string => path.replace(/:\w+/g, 'x'.repeat(24))
const named = (list: readonly Route[]) =>
  list.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const)

async function ask(
  { method, path }: Route,
  headers: Readonly<Record<string, string>>,
): Promise<supertest.Response> {
  const request = supertest(gateway.url)
    [method](pathOf(path))
    .set('content-type', 'application/json')
    .set(headers)
  return await request.send(method === 'get' ? undefined : '{}').ok(() => true)
}

async function askAs(browser: TestBrowser, { method, path }: Route): Promise<supertest.Response> {
  const accept = { accept: 'application/json' }
  if (method === 'patch') throw new Error('no route of people is a PATCH')
  return method === 'get'
    ? await browser.get(pathOf(path), accept)
    : await browser.send(method, pathOf(path), {})
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
// Those of directories answer in another form: test/http/scim.
const guarded = routes.filter(({ right }) => right !== 'public' && right !== 'directory')
const administrative = guarded.filter(({ right }) => typeof right === 'object')

describe('someone who is not signed in', () => {
  test.each(named(guarded))('%s answers 401', async (_, route) => {
    const response = await ask(route, {})
    expect(response.status).toBe(401)
    expect(response.body).toMatchObject({ code: 'NOT_SIGNED_IN', status: 401 })
    expect(response.headers['content-type']).toContain('application/problem+json')
  })

  test.each(named(guarded))(
    '%s answers 401 to a token that is none, whatever cookie comes with it',
    async (_, route) => {
      const response = await ask(route, { ...bearer('a'.repeat(43)), cookie: all.cookie ?? '' })
      expect(response.status).toBe(401)
    },
  )
})

describe('a person whose roles do not allow it', () => {
  test.each(named(administrative))('%s answers 403', async (_, route) => {
    const response = await askAs(nobody, route)
    expect(response.status).toBe(403)
    expect(response.body).toMatchObject({ code: 'FORBIDDEN' })
    const { right } = route
    if (typeof right === 'object') expect(response.text).toContain(right.verb)
  })

  // Whoever may see an application to sign in to it: core/role/right.ts.
  const forEveryone = new Set(['list', 'read'].map((verb) => `saml_idp_service_provider:${verb}`))
  const rightOf = ({ right }: Route) =>
    typeof right === 'object' ? `${right.resource}:${right.verb}` : right
  const particular = administrative.filter((route) => !forEveryone.has(rightOf(route)))
  test.each(named(particular))('%s answers 403 to a developer', async (_, route) => {
    expect((await askAs(dev, route)).status).toBe(403)
  })

  test.each(named(administrative.filter(({ scoped }) => !scoped)))(
    '%s, which judges no single resource, answers 403 to someone whose rules hang on the resource',
    async (_, route) => {
      expect((await askAs(conditional, route)).status).toBe(403)
    },
  )

  test.each(named(particular.filter(({ scoped }) => scoped)))(
    '%s, which judges each resource, tells such a person of none',
    async (_, route) => {
      const response = await askAs(conditional, route)
      if (route.method === 'get' && response.status === 200)
        expect(response.body).toMatchObject({ items: [] })
      else expect(response.status).toBeGreaterThanOrEqual(400)
    },
  )

  test.each(testKinds().all.map((kind) => [kind.name, kind] as const))(
    'POST /v1/resources refuses a %s where its right is missing, and takes it where the roles allow it',
    async (name, { example }) => {
      const send = async (browser: TestBrowser) =>
        await browser.send('post', '/v1/resources?dryRun=true&mode=replace', example, {
          'content-type': 'application/yaml',
        })
      const person = { name: `all-but-${name}@example.com`, roles: [`all-but-${name}`] }
      const other = await signIn(gateway, await createPerson(gateway, admin, person))
      for (const browser of [nobody, conditional, other]) {
        const refused = await send(browser)
        expect(refused.status).toBe(403)
        expect(refused.body).toMatchObject({ code: 'FORBIDDEN' })
      }
      expect((await send(other)).text).toContain(`on ${name}`)
      const taken = await send(all)
      expect(taken.status, taken.text).toBe(200)
    },
  )
})

describe('whom the roles allow everything', () => {
  test.each(named(guarded))('%s lets a person through', async (_, route) => {
    // What changes a person's own session must not end the one that asks.
    const response = await askAs(all, route)
    expect(response.body).not.toMatchObject({ code: 'NOT_SIGNED_IN' })
    expect(response.body).not.toMatchObject({ code: 'FORBIDDEN' })
    expect(response.body).not.toMatchObject({ code: 'CSRF' })
  })

  const forMachines = guarded.filter(({ right, machine: open }) => right !== 'session' || open)
  test.each(named(forMachines))('%s lets a machine user through, without a CSRF token', async (_, route) => {
    const response = await ask(route, { ...bearer(strongMachine), origin: 'https://elsewhere.example' })
    expect(response.body).not.toMatchObject({ code: 'NOT_SIGNED_IN' })
    expect(response.body).not.toMatchObject({ code: 'FORBIDDEN' })
    expect(response.body).not.toMatchObject({ code: 'CSRF' })
  })
})

describe('a machine user', () => {
  test.each(named(administrative))('%s answers 403 where its roles do not allow it', async (_, route) => {
    const response = await ask(route, bearer(machine))
    expect(response.status).toBe(403)
    expect(response.body).toMatchObject({ code: 'FORBIDDEN' })
  })

  const personal = guarded.filter(({ right, machine: open }) => right === 'session' && !open)
  test.each(named(personal))('%s belongs to persons and says so', async (_, route) => {
    const response = await ask(route, bearer(strongMachine))
    expect(response.status).toBe(403)
    expect(response.body).toMatchObject({ code: 'FORBIDDEN' })
    expect(response.text).toContain('this belongs to a person; token/strong is a machine user')
  })
})

describe('the operator token', () => {
  test.each(named(guarded.filter(({ operator }) => !operator)))('%s answers 403', async (_, route) => {
    const response = await ask(route, bearer(gateway.operatorToken))
    expect(response.status).toBe(403)
    expect(response.body).toMatchObject({ code: 'FORBIDDEN' })
    expect(response.text).toContain('the operator token')
  })

  test.each(named(guarded.filter(({ operator }) => operator)))('%s lets it through', async (_, route) => {
    const response = await ask(route, bearer(gateway.operatorToken))
    expect([200, 400, 404]).toContain(response.status)
  })

  test('opens what leads back in, and nothing else', () => {
    const open = named(guarded.filter(({ operator }) => operator)).map(([name]) => name)
    expect(open.sort()).toEqual([
      'DELETE /v1/audit/sinks/:key',
      'DELETE /v1/resources/cluster_auth_preference/:name',
      'DELETE /v1/resources/lock/:name',
      'GET /v1/audit/events',
      'GET /v1/audit/evidence',
      'GET /v1/audit/export',
      'GET /v1/audit/heads',
      'GET /v1/audit/search',
      'GET /v1/audit/sinks',
      'GET /v1/audit/summary',
      'GET /v1/kinds',
      'GET /v1/resources/cluster_auth_preference',
      'GET /v1/resources/cluster_auth_preference/:name',
      'GET /v1/resources/lock',
      'GET /v1/resources/lock/:name',
      'POST /v1/users/:name/reset-link',
    ])
  })

  test('makes a reset link for somebody who lost everything', async () => {
    await createPerson(gateway, admin, { name: 'lost@example.com', roles: ['editor'] })
    const reset = await supertest(gateway.url)
      .post('/v1/users/lost@example.com/reset-link')
      .set(bearer(gateway.operatorToken))
      .send({})
    expect(reset.status).toBe(201)
    expect(reset.body).toMatchObject({ user: 'lost@example.com' })
  })

  test('says in GET /v1/session what it may', async () => {
    const response = await supertest(gateway.url).get('/v1/session').set(bearer(gateway.operatorToken))
    expect(response.body).toMatchObject({
      actor: { kind: 'operator', name: 'operator' },
      csrfToken: '',
      rights: [
        ...['delete', 'list', 'read'].map((verb) => `cluster_auth_preference:${verb}`),
        'event:delete',
        'event:list',
        'lock:delete',
        'lock:list',
        'lock:read',
        'user:update',
      ],
    })
  })
})

describe('credentials', () => {
  test('a request with a cookie and a bearer token is judged by the token alone', async () => {
    const weak = await supertest(gateway.url)
      .get('/v1/users')
      .set({ ...bearer(machine), cookie: all.cookie ?? '' })
    expect(weak.status).toBe(403)
    const strong = await supertest(gateway.url)
      .get('/v1/users')
      .set({ ...bearer(strongMachine), cookie: nobody.cookie ?? '' })
    expect(strong.status).toBe(200)
  })

  test('a malformed bearer token does not fall back to the cookie', async () => {
    for (const authorization of ['Bearer', 'Bearer x', 'bearer  %%%', `Bearer ${'x'.repeat(300)}`]) {
      const response = await supertest(gateway.url)
        .get('/v1/users')
        .set({ authorization, cookie: all.cookie ?? '' })
      expect(response.status).toBe(401)
    }
  })

  test('the cookie of a browser is no bearer token', async () => {
    const [, value = ''] = /=([^;]+)/.exec(all.cookie ?? '') ?? []
    expect(value).not.toBe('')
    const response = await supertest(gateway.url).get('/v1/users').set(bearer(value))
    expect(response.status).toBe(401)
  })

  test('an API token is no cookie', async () => {
    const [name = ''] = (all.cookie ?? '').split('=')
    const response = await supertest(gateway.url).get('/v1/users').set('cookie', `${name}=${strongMachine}`)
    expect(response.status).toBe(401)
  })

  test('a half signed-in person opens nothing', async () => {
    const person = await createPerson(gateway, admin, {
      name: 'half@example.com',
      roles: ['editor', 'auditor'],
      totp: true,
    })
    const browser = new TestBrowser(gateway)
    const first = await browser.post('/v1/sign-in', { user: person.name, password: 'a long enough password' })
    expect(first.body).toEqual({ status: 'second_factor_required', secondFactors: ['code'] })
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
