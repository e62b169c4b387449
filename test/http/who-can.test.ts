import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExplainAccountAnswer, WhoCanAnswer, WhoCouldAnswer } from '../../src/api/contract.js'
import { buildAccount, buildInventory, buildPermissionSet } from '../support/inventory.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
  type TestPerson,
} from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const account = buildAccount(1)
const permissionSet = buildPermissionSet(1)
const pair = { account: account.id, permissionSet: permissionSet.name }

let gateway: TestGateway
let admin: TestBrowser
let direct: TestPerson

beforeAll(async () => {
  const reader = role('reader', 'v8', {
    allow: { account_assignments: [{ account: account.id, permission_set: permissionSet.arn }] },
  })
  const never = role('never', 'v8', {
    deny: { account_assignments: [{ account: '*', permission_set: '*' }] },
  })
  const asks = role('asks', 'v8', { allow: { request: { search_as_roles: ['reader'] } } })
  const decides = role('decides', 'v8', { allow: { review_requests: { roles: ['reader'] } } })
  const list = (name: string, spec: object) => ({
    kind: 'access_list',
    version: 'v1',
    metadata: { name },
    spec: { title: name, owners: [{ name: 'admin@example.com' }], ...spec },
  })
  gateway = await openTestGateway({
    inventory: buildInventory({ accounts: 2, permissionSets: 2 }),
    resources: [...testResources, spResource(), reader, never, asks, decides],
  })
  admin = await signInAdmin(gateway)
  direct = await createPerson(gateway, admin, { name: 'direct@example.com', roles: ['reader'] })
  await createPerson(gateway, admin, { name: 'listed@example.com', roles: ['aws-mfa'] })
  await createPerson(gateway, admin, { name: 'denied@example.com', roles: ['reader', 'never'] })
  await createPerson(gateway, admin, { name: 'asking@example.com', roles: ['asks'] })
  await createPerson(gateway, admin, { name: 'deciding@example.com', roles: ['decides'] })
  const post = async (document: object) =>
    expect((await admin.post('/v1/resources', document)).status).toBeLessThan(300)
  await post(list('outer', { grants: { roles: ['reader'] } }))
  await post(list('inner', {}))
  const put = async (to: string, member: object) =>
    expect((await admin.post(`/v1/access-lists/${to}/members`, member)).status).toBeLessThan(300)
  await put('outer', { kind: 'list', name: 'inner', reason: 'team' })
  await put('inner', {
    kind: 'user',
    name: 'listed@example.com',
    reason: 'project',
    expiresAt: '2099-01-01T00:00:00.000Z',
  })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

async function ask<T>(path: string, query: Readonly<Record<string, string>>, browser = admin): Promise<T> {
  const response = await browser.get(`${path}?${new URLSearchParams(query)}`)
  expect(response.body).not.toHaveProperty('code')
  return response.body as T
}

test('everybody who reaches a permission set, by which way, until when and with which proof', async () => {
  const { items, denied } = await ask<WhoCanAnswer>('/v1/access/who-can', pair)
  expect(denied).toBe(1)
  expect(items.map(({ user }) => user)).toEqual(['direct@example.com', 'listed@example.com'])
  expect(items[0]?.access[0]?.paths).toMatchObject([{ by: 'role', role: 'reader' }])
  const listed = items[1]
  expect(listed?.until).toBe('2099-01-01T00:00:00.000Z')
  expect(listed?.access[0]?.paths).toMatchObject([
    { by: 'list', role: 'reader', lists: [{ name: 'inner' }, { name: 'outer' }] },
  ])
})

test('the pages are one list, and a search is of names', async () => {
  const first = await ask<WhoCanAnswer>('/v1/access/who-can', { ...pair, limit: '1' })
  const next = await ask<WhoCanAnswer>('/v1/access/who-can', {
    ...pair,
    limit: '1',
    cursor: first.nextCursor ?? '',
  })
  expect([first, next].flatMap(({ items }) => items.map(({ user }) => user))).toEqual([
    'direct@example.com',
    'listed@example.com',
  ])
  expect(next.nextCursor).toBeUndefined()
  const { items } = await ask<WhoCanAnswer>('/v1/access/who-can', { account: account.id, search: 'listed' })
  expect(items.map(({ user }) => user)).toEqual(['listed@example.com'])
})

test('everybody who opens an application, with what a sign-in takes', async () => {
  const { items } = await ask<WhoCanAnswer>('/v1/access/who-can', { app: 'aws-identity-center' })
  const listed = items.find(({ user }) => user === 'listed@example.com')
  expect(listed).toMatchObject({ signIn: { opens: true, needs: ['second_factor'] } })
  expect(listed?.access[0]?.paths).toMatchObject([{ by: 'role', role: 'aws-mfa' }])
})

test('who may ask, and who approves', async () => {
  const { items } = await ask<WhoCouldAnswer>('/v1/access/who-could', pair)
  expect(items).toMatchObject([
    { user: 'asking@example.com', roles: ['reader'], reviewers: ['deciding@example.com'] },
  ])
})

test('what somebody reaches in an account, and what would give the rest', async () => {
  const query = { user: 'asking@example.com', account: account.id }
  const { access, openings, says } = await ask<ExplainAccountAnswer>('/v1/explain/account', query)
  expect(access).toEqual([])
  expect(says).toContain('has nothing in')
  expect(openings.lists).toMatchObject([{ name: 'outer', sets: [permissionSet.name] }])
  expect(openings.roles.map(({ name }) => name)).toContain('reader')
  expect(openings.requestable).toMatchObject([
    { permissionSet: { name: permissionSet.name }, reviewers: ['deciding@example.com'] },
  ])
  const denied = await ask<ExplainAccountAnswer>('/v1/explain/account', {
    user: 'denied@example.com',
    account: account.id,
  })
  expect(denied.denied).toEqual([permissionSet.name])
  expect(denied.openings.lists).toEqual([])
})

test('people ask about themselves, and about others with the right alone', async () => {
  const own = await signIn(gateway, direct)
  const about = { user: 'direct@example.com', account: account.id }
  const { access } = await ask<ExplainAccountAnswer>('/v1/explain/account', about, own)
  expect(access).toMatchObject([{ permissionSet: { name: permissionSet.name } }])
  const other = await own.get(
    `/v1/explain/account?${new URLSearchParams({ ...about, user: 'denied@example.com' })}`,
  )
  expect(other.status).toBe(403)
  expect((await own.get(`/v1/access/who-can?account=${account.id}`)).status).toBe(403)
})

test('the table has a row for each way, and a lock is marked in it', async () => {
  const lock = {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'stop' },
    spec: { target: { user: 'direct@example.com' } },
  }
  expect((await admin.post('/v1/resources', lock)).status).toBeLessThan(300)
  const response = await admin.get(`/v1/access/who-can.csv?${new URLSearchParams(pair)}`)
  const lines = response.text.trim().split('\r\n')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^direct@example\.com,.*,role,,reader,,,,locked$/)
  expect(lines[2]).toContain(',list,inner > outer,reader,,2099-01-01T00:00:00.000Z,')
})
