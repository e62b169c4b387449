/** Every refusal of somebody known leaves its event, whatever they tried. */
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  auditEvents,
  createPerson,
  password,
  role,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
  tokenOf,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let scoped: TestBrowser

const where = 'resource.metadata.name == "p9"'
const userDocument = (name: string, roles: string[]) => ({
  kind: 'user',
  version: 'v2',
  metadata: { name },
  spec: { roles },
})
const lock = (target: object) => ({ kind: 'lock', version: 'v2', metadata: { name: 'l' }, spec: { target } })

beforeAll(async () => {
  const rules = [{ resources: ['user'], verbs: ['create', 'update', 'delete', 'read'], where }]
  gateway = await openTestGateway({
    resources: [...testResources, role('scoped', 'v8', { allow: { rules } })],
  })
  admin = await signInAdmin(gateway)
  scoped = await signIn(gateway, await createPerson(gateway, admin, { name: 'dw', roles: ['scoped'] }))
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

const denials = async () => await auditEvents(gateway, { type: 'access.denied' })

test.each([
  ['delete', '/v1/resources/user/admin', {}, {}, ['user:delete', 'admin', '/v1/resources/user/:name']],
  [
    'put',
    '/v1/resources/user/admin',
    userDocument('admin', []),
    { 'if-match': '*' },
    ['user:update', 'admin', '/v1/resources/user/:name'],
  ],
  ['post', '/v1/resources', userDocument('dw', ['editor']), {}, ['user:create', 'dw', '/v1/resources']],
  ['get', '/v1/resources/user/admin', {}, {}, ['user:read', 'admin', '/v1/resources/user/:name']],
  ['get', '/v1/audit/events', {}, {}, ['event:list', undefined, '/v1/audit/events']],
] as const)('a refused %s %s', async (method, path, body, headers, [right, name, pattern]) => {
  const before = (await denials()).length
  const refused =
    method === 'get' ? await scoped.get(path) : await scoped.send(method, path, { ...body }, { ...headers })
  expect(refused.body).toMatchObject({ code: 'FORBIDDEN', status: 403 })
  const events = await denials()
  expect(events.length - before).toBe(1)
  expect(events[0]).toMatchObject({
    code: 'TGH012W',
    success: false,
    user: 'dw',
    right,
    method: method.toUpperCase(),
    path: pattern,
    request_id: refused.headers['x-request-id'],
  })
  expect(events[0]?.['name']).toBe(name)
})

test('a refused document among others that are wrong', async () => {
  const before = (await denials()).length
  const documents = [userDocument('p9', ['a/b']), userDocument('p8', [])]
  const refused = await scoped.send('post', '/v1/resources?dryRun=true', JSON.stringify(documents), {
    'content-type': 'application/json',
  })
  expect(refused.status).toBe(400)
  expect((await denials()).length - before).toBe(1)
  expect((await denials())[0]).toMatchObject({ right: 'user:create', name: 'p8' })
})

test('what is allowed, what nobody known asks, and what does not exist leave none', async () => {
  const before = (await denials()).length
  await admin.get('/v1/resources/user/admin')
  await new TestBrowser(gateway).get('/v1/resources/user/admin')
  await admin.get('/v1/resources/user/missing')
  expect((await denials()).length).toBe(before)
})

test('the use of a locked token and of the link of somebody who is locked', async () => {
  const token = {
    kind: 'token',
    version: 'v1',
    metadata: { name: 'ci' },
    spec: { roles: ['editor'], ttl: '1h' },
  }
  const made = await admin.post('/v1/resources', token)
  const { secret } = (made.body as { changes: [{ secret: string }] }).changes[0]
  const useToken = async () =>
    await supertest(gateway.url).get('/v1/resources/role').set('authorization', `Bearer ${secret}`)
  const before = (await denials()).length
  expect((await useToken()).status).toBe(200)
  expect((await denials()).length).toBe(before)
  await admin.post('/v1/resources', lock({ token: 'ci' }))
  expect((await useToken()).body).toMatchObject({ code: 'LOCKED', status: 403 })
  expect((await denials())[0]).toMatchObject({
    user: 'token/ci',
    user_kind: 2,
    error_code: 'LOCKED',
    locks: ['l'],
    method: 'GET',
    path: '/v1/resources/role',
  })
  await admin.delete('/v1/resources/lock/l')

  const invited = await admin.post('/v1/users', { name: 'late', roles: [] })
  const link = tokenOf((invited.body as { url: string }).url)
  await admin.post('/v1/resources', lock({ user: 'late' }))
  const redeemed = await new TestBrowser(gateway).post('/v1/links/redeem', { token: link, password })
  expect(redeemed.body).toMatchObject({ code: 'LOCKED', status: 403 })
  const [event] = await denials()
  expect(event).toMatchObject({ user: 'late', error_code: 'LOCKED', path: '/v1/links/redeem' })
  expect(JSON.stringify(event)).not.toContain(link)
})
