/**
 * The description of the interface: an independent library finds it valid, it has every route and no other, and what
 * the gateway really answers is what it says, down to the last property.
 */
import { createHash } from 'node:crypto'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type supertest from 'supertest'
import { errorCodes } from '../../src/core/error.js'
import { tagOf } from '../../src/http/openapi/tags.js'
import type { Route } from '../../src/http/route.js'
import { Contract, type OpenApiDocument } from '../support/contract.js'
import { testKinds } from '../support/kinds.js'
import {
  codeAt,
  createPerson,
  password,
  role,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
  tokenOf,
} from '../support/people.js'
import { testRoutes } from '../support/routes.js'
import { authnRequest, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { buildInventory } from '../support/inventory.js'
import { existing, inFrontOfAws, queries } from './openapi-names.js'
import { auditCalls } from './openapi-audit.js'
import { connectorCalls } from './openapi-connectors.js'
import { deviceCalls } from './openapi-devices.js'
import { directoryCalls } from './openapi-directories.js'
import { factorCalls } from './openapi-factors.js'

const routes = testRoutes()
let gateway: TestGateway
let admin: TestBrowser
let document: OpenApiDocument
let contract: Contract

beforeAll(async () => {
  const everything = role('everything', 'v7', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } })
  gateway = await openTestGateway({
    inventory: buildInventory({ accounts: 2, permissionSets: 2 }),
    resources: [...testResources, everything, spResource()],
  })
  const first = await signInAdmin(gateway)
  admin = await signIn(
    gateway,
    await createPerson(gateway, first, { name: 'all@example.com', roles: ['everything', 'aws'] }),
  )
  for (const name of ['integration', 'plugin', 'access_list', 'login_rule', 'oidc', 'saml', 'github'])
    await createExample(name)
  document = (await admin.get('/v1/openapi.json')).body as OpenApiDocument
  contract = new Contract(document)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method.toUpperCase()} ${path}`
const inDocument = (path: string) => path.replace(/:(\w+)/g, '{$1}')

describe('GET /v1/openapi.json', () => {
  test('is valid OpenAPI 3.1 to an independent library', async () => {
    const validator = new Validator()
    const verdict = await validator.validate(structuredClone(document))
    expect(verdict.errors).toBeUndefined()
    expect(verdict.valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  test('the library refuses it once something is missing', async () => {
    const { info, ...without } = structuredClone(document)
    expect(info).toBeDefined()
    expect((await new Validator().validate(without)).valid).toBe(false)
  })

  test('has every route and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${inDocument(path)}`).sort())
  })

  test('names each operation once and says what it does', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { summary } of operations) expect(summary).toMatch(/^[A-Z].{5,}[^.]$/)
  })

  test('puts each operation into one chapter, and has no empty chapter', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    const tags = (document['tags'] as { name: string }[]).map(({ name }) => name)
    const used = operations.flatMap((one) => one['tags'] as string[])
    expect(used).toHaveLength(operations.length)
    expect([...new Set(used)].sort()).toEqual([...tags].sort())
    const outside = routes.filter(({ path }) => tagOf(path) === 'Operation').map(({ path }) => path)
    expect(outside).toEqual(['/healthz', '/readyz', '/v1/openapi.json', '/metrics'])
  })

  test('says which refusals follow from what a route asks', () => {
    const statusesOf = (method: string, path: string) =>
      Object.keys(document.paths[path]?.[method]?.['responses'] ?? {})
    const change = ['200', '400', '401', '403', '404', '412', '413', '415', '428', 'default']
    expect(statusesOf('put', '/v1/resources/role/{name}')).toEqual(change)
    expect(statusesOf('get', '/v1/resources/role/{name}')).toEqual([
      '200',
      '304',
      '401',
      '403',
      '404',
      'default',
    ])
    expect(statusesOf('get', '/healthz')).toEqual(['200', 'default'])
    const { responses } = document['components'] as { responses: Record<string, { description: string }> }
    const told = Object.values(responses).map(({ description }) => description)
    for (const [code, status] of Object.entries(errorCodes)) {
      expect([code, told.some((text) => text.includes(code))]).toEqual([code, status < 500])
    }
  })

  test('lists every error code, and the document of every kind', () => {
    const { schemas } = document['components'] as { schemas: Record<string, Record<string, never>> }
    expect(schemas['Problem']?.['properties']?.['code']).toMatchObject({ enum: Object.keys(errorCodes) })
    for (const { name } of testKinds().all) {
      const titles = Object.entries(schemas).filter(
        ([key, { title }]) => key.endsWith('Document') && title === name,
      )
      expect(titles).toHaveLength(1)
    }
  })

  test('asks of requests what the guard asks', () => {
    expect(document.paths['/v1/resources/role/{name}']?.['put']).toMatchObject({
      security: [{ session: [], csrf: [] }, { bearer: [] }],
      parameters: [{ name: 'name', in: 'path' }, { name: 'dryRun' }, { name: 'If-Match', required: true }],
    })
    expect(document.paths['/v1/sign-in']?.['post']).toMatchObject({ security: [{}] })
  })

  test('is answered with 304 to whoever has it, without signing in', async () => {
    const browser = new TestBrowser(gateway)
    const first = await browser.get('/v1/openapi.json')
    const etag = String(first.headers['etag'])
    expect(first.headers['cache-control']).toBe('no-cache')
    expect((await browser.get('/v1/openapi.json', { 'if-none-match': etag })).status).toBe(304)
    expect((await browser.get('/v1/openapi.json', { 'if-none-match': '"other"' })).status).toBe(200)
  })
})

describe('live answers', () => {
  const jsonRoutes = routes.filter(({ answer }) => answer.kind === 'json')
  test.each(jsonRoutes.map((one) => [nameOf(one), one] as const))(
    '%s answers as described',
    async (name, one) => {
      const ask = calls[name] ?? (one.method === 'get' ? () => admin.get(pathOf(one.path)) : undefined)
      // A new route that is no plain GET needs a line in `calls` below.
      expect(ask, `no call of ${name} is known to this test`).toBeDefined()
      const response = await ask?.()
      if (response === undefined) return
      const { answer } = one
      expect(response.status, response.text).toBe(answer.kind === 'json' ? (answer.status ?? 200) : 0)
      expect(contract.faultsOf(one.method, one.path, response)).toEqual([])
    },
  )

  test.each(routes.filter(({ path }) => path.startsWith('/v1/')).map((one) => [nameOf(one), one] as const))(
    '%s refuses as described',
    async (_, one) => {
      const surprise = { surprise: 1 }
      const refused = [
        ...(one.right === 'public' ? [] : [await sendOnce(new TestBrowser(gateway), one, surprise)]),
        ...(one.bodyKind === 'none' ? [] : [await sendOnce(admin, one, surprise)]),
        ...(one.querySchema === undefined ? [] : [await sendOnce(admin, one, surprise, '?surprise=1')]),
      ]
      for (const response of refused) {
        expect(response.status).toBeGreaterThanOrEqual(400)
        expect(response.status).toBeLessThan(500)
        expect(contract.faultsOf(one.method, one.path, response)).toEqual([])
      }
    },
  )

  test('a property that is not described is found, and so is a missing one', async () => {
    const response = await admin.get('/v1/me')
    const body = response.body as Record<string, unknown>
    const more = Object.assign(Object.create(response) as supertest.Response, {
      body: { ...body, surprise: 1 },
    })
    expect(contract.faultsOf('get', '/v1/me', more).join()).toContain('additional properties')
    const { name, ...rest } = body
    expect(name).toBeDefined()
    const less = Object.assign(Object.create(response) as supertest.Response, { body: rest })
    expect(contract.faultsOf('get', '/v1/me', less).join()).toContain('required property')
  })
})

async function sendOnce(browser: TestBrowser, { method, path }: Route, body: object, query = '') {
  const at = `${pathOf(path).split('?')[0] ?? ''}${query}`
  if (method === 'patch') throw new Error('no route below /v1 is a PATCH')
  return method === 'get' ? await browser.get(at) : await browser.send(method, at, body)
}

/** A path that answers: parameters that exist in this gateway, and the query that the route asks for. */
function pathOf(path: string): string {
  const kind = /^\/v1\/resources\/(\w+)\//.exec(path)?.[1]
  const name = path.startsWith('/v1/access-lists/')
    ? 'platform-team'
    : kind !== undefined
      ? (existing[kind] ?? 'none')
      : path.startsWith('/v1/roles/')
        ? 'aws'
        : 'all@example.com'
  const filled = path.replace(':plugin', 'aws-identity-center').replace(':name', encodeURIComponent(name))
  return `${filled.replace(':kind', 'saml')}${queries[path] ?? ''}`
}

let count = 0
const join = async (given: string, totp?: true) => {
  const person = { name: `person-${++count}@example.com`, roles: [given], ...(totp && { totp }) }
  return await createPerson(gateway, admin, person)
}
const firstStep = async (name: string) => {
  const browser = new TestBrowser(gateway)
  const response = await browser.post('/v1/sign-in', { user: name, password })
  return { browser, response }
}
const invite = async () => {
  const invited = await admin.post('/v1/users', { name: `invited-${++count}@example.com`, roles: ['aws'] })
  return { invited, token: tokenOf((invited.body as { url: string }).url) }
}
/** A sign-in to AWS that waits for a fresh code. */
const stepUp = async () => {
  const person = await join('aws-mfa', true)
  const browser = await signIn(gateway, person)
  let response = await browser.get(
    redirectPath(authnRequest({ issueInstant: new Date(gateway.clock.now()).toISOString() }).xml),
  )
  for (let hops = 0; response.status === 303 && hops < 5; hops++) {
    const location = String(response.headers['location'])
    const handle =
      new URL(location, gateway.publicUrl).searchParams.get('handle') ??
      /step-up\/([\w-]+)/.exec(location)?.[1]
    if (location.includes('step-up')) return { browser, person, handle: handle ?? '' }
    response = await browser.get(location)
  }
  throw new Error('no step-up was asked for')
}
const verifier = 'v'.repeat(43)
const agree = async () =>
  await admin.post('/v1/cli/authorizations', {
    challenge: createHash('sha256').update(verifier).digest('base64url'),
    port: 40_000,
    state: 's'.repeat(22),
    host: 'a test',
  })
const createExample = async (name: string) => {
  const example = testKinds().all.find((kind) => kind.name === name)?.example ?? ''
  return await admin.send('post', '/v1/resources?mode=replace', example, {
    'content-type': 'application/yaml',
  })
}
const change = async (method: 'put' | 'delete', kind: string) => {
  await createExample(kind)
  const name = /name: (\S+)/.exec(testKinds().all.find((one) => one.name === kind)?.example ?? '')?.[1] ?? ''
  const path = `/v1/resources/${kind}/${encodeURIComponent(name)}`
  const found = await admin.get(path)
  const { document: body } = found.body as { document: object }
  const ifMatch = { 'if-match': String(found.headers['etag']) }
  return await admin.send(method, `${path}?dryRun=true`, method === 'put' ? body : {}, ifMatch)
}

const ofPlugin = '/v1/identity-center/aws-identity-center'
const requests = '/v1/access-requests'
/** Into a list that gives what was asked for, by its owner, who may review it too. */
const promoteOne = async () => {
  const { path } = await ask()
  const owner = await join('reviewer')
  const list = {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: `promoted-${count}` },
    spec: { title: 'Promoted', owners: [owner.name], grants: { roles: ['access'] } },
  }
  await admin.post('/v1/resources', list)
  return await (await signIn(gateway, owner)).post(`${path}/promote`, { list: list.metadata.name })
}
/** Somebody who asked for access, and what was answered. */
const ask = async () => {
  const requester = await signIn(gateway, await join('requester'))
  const asked = await requester.post(requests, { items: [{ kind: 'app', name: 'aws-identity-center' }] })
  const { id } = (asked.body as { request: { id: string } }).request
  return { requester, asked, path: `${requests}/${id}` }
}
/** The same, approved. */
const askApproved = async () => {
  const asked = await ask()
  const reviewer = await signIn(gateway, await join('reviewer'))
  return { ...asked, reviewer, reviewed: await reviewer.post(`${asked.path}/reviews`, { all: 'approve' }) }
}
const putScim = async () =>
  await admin.send('put', `${ofPlugin}/scim`, {
    baseUrl: 'https://scim.eu-central-1.amazonaws.com/0a1b2c3d4e5f-6a7b-8c9d-0e1f-2a3b4c5d6e7f/scim/v2',
    token: 'a-token-of-a-test',
    slot: 1,
    skipTest: true,
  })

const onCall = '/v1/on-call/primary'
const putOnCall = async () => await admin.send('put', onCall, { users: ['nobody'] })

/** How to have an answer of each route that is no plain GET. */
const calls: Readonly<Record<string, () => Promise<supertest.Response | undefined>>> = {
  ...Object.fromEntries(inFrontOfAws.map((name) => [name, () => Promise.resolve(undefined)])),
  'POST /v1/identity-center/setup-script': async () =>
    await admin.post('/v1/identity-center/setup-script', {
      format: 'shell',
      integration: 'aws',
      instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
      region: 'eu-central-1',
    }),
  ...connectorCalls(() => admin),
  'POST /v1/access-requests': async () => (await ask()).asked,
  'GET /v1/access-requests/:id': async () => {
    const { requester, path } = await ask()
    return await requester.get(path)
  },
  'GET /v1/access-requests/:id/promotions': async () => {
    const { reviewer, path } = await askApproved()
    return await reviewer.get(`${path}/promotions`)
  },
  'POST /v1/access-requests/:id/reviews': async () => (await askApproved()).reviewed,
  'POST /v1/access-requests/:id/extend': async () => {
    const { requester, path } = await askApproved()
    return await requester.post(`${path}/extend`, { duration: '1h', dryRun: true })
  },
  'POST /v1/access-requests/:id/cancel': async () => {
    const { requester, path } = await ask()
    return await requester.post(`${path}/cancel`, {})
  },
  'POST /v1/access-requests/:id/release': async () => {
    const { requester, path } = await askApproved()
    return await requester.post(`${path}/release`, {})
  },
  'POST /v1/access-requests/:id/revoke': async () => {
    const { reviewer, path } = await askApproved()
    return await reviewer.post(`${path}/revoke`, { reason: 'a test' })
  },
  'POST /v1/access-requests/:id/promote': promoteOne,
  'PUT /v1/on-call/:name': putOnCall,
  'GET /v1/on-call/:name': async () => await putOnCall().then(async () => await admin.get(onCall)),
  'DELETE /v1/on-call/:name': async () =>
    await putOnCall().then(async () => await admin.send('delete', onCall, {})),
  'POST /v1/access-lists/:name/members': async () =>
    await admin.post('/v1/access-lists/platform-team/members', { name: 'all@example.com' }),
  'POST /v1/access-lists/:name/change-members': async () =>
    await admin.post('/v1/access-lists/platform-team/change-members', { names: 'all@example.com, nobody' }),
  'POST /v1/access-lists/:name/review/decisions': async () =>
    await admin.post('/v1/access-lists/platform-team/review/decisions', { keepRest: true }),
  'POST /v1/access-lists/:name/review/submit': async () =>
    await admin.post('/v1/access-lists/platform-team/review/submit', { keepRest: true, dryRun: true }),
  'PUT /v1/access-lists/:name/requirements': async () =>
    await admin.send('put', '/v1/access-lists/platform-team/requirements', { roles: ['aws'], dryRun: true }),
  'PUT /v1/identity-center/:plugin/scim': putScim,
  'DELETE /v1/identity-center/:plugin/scim/tokens/:slot': async () => {
    await putScim()
    return await admin.send('delete', `${ofPlugin}/scim/tokens/1`, {})
  },
  'POST /v1/sign-in': async () => (await firstStep('all@example.com')).response,
  'POST /v1/sign-in/totp': async () => {
    const person = await join('aws', true)
    const { browser } = await firstStep(person.name)
    return await browser.post('/v1/sign-in/totp', { code: codeAt(person.seed ?? '', gateway.clock.now()) })
  },
  'POST /v1/links/inspect': async () =>
    await new TestBrowser(gateway).post('/v1/links/inspect', { token: (await invite()).token }),
  'POST /v1/links/redeem': async () =>
    await new TestBrowser(gateway).post('/v1/links/redeem', { token: (await invite()).token, password }),
  'POST /v1/users': async () => (await invite()).invited,
  'POST /v1/users/:name/reset-link': async () =>
    await admin.post(`/v1/users/${(await join('aws')).name}/reset-link`, {}),
  'GET /v1/me': async () => await (await signIn(gateway, await join('aws', true))).get('/v1/me'),
  ...directoryCalls(
    () => gateway,
    () => admin,
    () => createExample('oidc'),
  ),
  ...auditCalls(
    () => gateway,
    () => admin,
  ),
  ...factorCalls(() => gateway, { join, firstStep, stepUp, invite }),
  ...deviceCalls(
    () => gateway,
    () => admin,
    join,
  ),
  'GET /v1/pending-sign-ins/:handle': async () => {
    const { browser, handle } = await stepUp()
    return await browser.get(`/v1/pending-sign-ins/${handle}`)
  },
  'POST /v1/mfa/proofs': async () => {
    const person = await join('reviewer', true)
    const browser = await signIn(gateway, person)
    gateway.clock.advance(30_000)
    const code = codeAt(person.seed ?? '', gateway.clock.now())
    return await browser.post('/v1/mfa/proofs', { purpose: 'review_requests', subjects: ['any'], code })
  },
  'POST /v1/step-up': async () => {
    const { browser, person, handle } = await stepUp()
    gateway.clock.advance(30_000)
    return await browser.post('/v1/step-up', { handle, code: codeAt(person.seed ?? '', gateway.clock.now()) })
  },
  'POST /v1/resources': async () => await admin.post('/v1/resources?dryRun=true', [role('new', 'v7', {})]),
  'POST /v1/webhooks/:name/rotate': async () => {
    await createExample('webhook')
    return await admin.post('/v1/webhooks/chat/rotate', {})
  },
  'POST /v1/webhooks/:name/test': async () => {
    // To a port of this machine where nobody listens: nothing leaves it.
    await admin.post('/v1/resources', {
      kind: 'webhook',
      version: 'v1',
      metadata: { name: 'nobody' },
      spec: { url: 'http://127.0.0.1:1/' },
    })
    return await admin.post('/v1/webhooks/nobody/test', {})
  },
  'GET /v1/webhooks': async () => {
    await createExample('webhook')
    return await admin.get('/v1/webhooks')
  },
  'GET /v1/webhooks/:name': async () => {
    await createExample('webhook')
    return await admin.get('/v1/webhooks/chat')
  },
  'POST /v1/tokens/:name/rotate': async () => {
    await createExample('token')
    return await admin.post('/v1/tokens/deploy-pipeline/rotate', {})
  },
  'GET /v1/tokens': async () => {
    await createExample('token')
    return await admin.get('/v1/tokens')
  },
  'POST /v1/keys/:kind/rotate': async () => await admin.post('/v1/keys/saml/rotate', { step: 'prepare' }),
  'POST /v1/saml/test-assertion': async () =>
    await admin.post('/v1/saml/test-assertion', {
      user: 'all@example.com',
      serviceProvider: 'aws-identity-center',
    }),
  'POST /v1/cli/authorizations': agree,
  'POST /v1/cli/tokens': async () => {
    const { redirectUrl } = (await agree()).body as { redirectUrl: string }
    const code = new URL(redirectUrl).searchParams.get('code') ?? ''
    return await new TestBrowser(gateway).post('/v1/cli/tokens', { code, verifier, port: 40_000 })
  },
  ...Object.fromEntries(
    testKinds().all.flatMap(({ name }) => [
      [`PUT /v1/resources/${name}/:name`, () => change('put', name)],
      [`DELETE /v1/resources/${name}/:name`, () => change('delete', name)],
      [
        `GET /v1/resources/${name}/:name`,
        async () => {
          await createExample(name)
          return await admin.get(pathOf(`/v1/resources/${name}/:name`))
        },
      ],
    ]),
  ),
  // One who owns no list.
  'DELETE /v1/resources/user/:name': async () => {
    const { name } = await join('aws')
    const path = `/v1/resources/user/${encodeURIComponent(name)}`
    const { headers } = await admin.get(path)
    return await admin.send('delete', `${path}?dryRun=true`, {}, { 'if-match': String(headers['etag']) })
  },
  // One that no plugin uses.
  'DELETE /v1/resources/integration/:name': async () => {
    const example = testKinds().all.find((kind) => kind.name === 'integration')?.example ?? ''
    const spare = example.replace('name: aws', 'name: spare')
    await admin.send('post', '/v1/resources?mode=replace', spare, { 'content-type': 'application/yaml' })
    const path = '/v1/resources/integration/spare'
    const { headers } = await admin.get(path)
    return await admin.send('delete', `${path}?dryRun=true`, {}, { 'if-match': String(headers['etag']) })
  },
}
