/** Members of access lists over HTTP: added, listed, removed, and by whom not. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { membersAnswer, putMemberAnswer } from '../../src/api/contract.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const members = '/v1/access-lists/platform/members'

let gateway: TestGateway
let admin: TestBrowser
let reader: TestBrowser

beforeAll(async () => {
  const list = {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'platform' },
    spec: { title: 'Platform', owners: ['admin'] },
  }
  const reads = role('reads', 'v8', { allow: { rules: [{ resources: ['access_list'], verbs: ['read'] }] } })
  gateway = await openTestGateway({ resources: [...testResources, reads, list] })
  admin = await signInAdmin(gateway)
  const rex = await createPerson(gateway, admin, { name: 'rex@example.com', roles: ['reads'] })
  reader = await signIn(gateway, rex)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

test('a member is added, found, changed and removed', async () => {
  const added = await admin.post(members, { name: 'rex@example.com', reason: 'on call' })
  expect(added.status).toBe(200)
  expect(putMemberAnswer.parse(added.body)).toMatchObject({
    action: 'create',
    member: { kind: 'user', name: 'rex@example.com', hasUser: true, reason: 'on call' },
  })
  const found = membersAnswer.parse((await reader.get(`${members}?search=CALL`)).body)
  expect([found.total, found.items[0]?.name]).toEqual([1, 'rex@example.com'])
  const changed = await admin.post(members, { name: 'rex@example.com', expiresAt: '2999-01-01T00:00:00Z' })
  expect(changed.body).toMatchObject({ action: 'update', member: { expiresAt: '2999-01-01T00:00:00.000Z' } })
  expect((await admin.delete(`${members}/user/rex%40example.com`)).status).toBe(204)
  expect((await admin.delete(`${members}/user/rex%40example.com`)).status).toBe(404)
  expect((await admin.delete(`${members}/group/x`)).status).toBe(404)
})

test('who may only read changes nothing', async () => {
  expect((await reader.get(members)).status).toBe(200)
  for (const answer of [
    await reader.post(members, { name: 'rex@example.com' }),
    await reader.delete(`${members}/user/rex%40example.com`),
  ]) {
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN'])
  }
})

test('what is no member and no list is refused with its field', async () => {
  const past = await admin.post(members, { name: 'x', expiresAt: '2001-01-01T00:00:00Z' })
  expect([past.status, past.body.code, past.body.fields]).toEqual([
    400,
    'INVALID_INPUT',
    [{ path: 'body.expiresAt', message: 'lies in the past; remove the member instead' }],
  ])
  expect((await admin.post(members, { name: 'x', role: 'y' })).status).toBe(400)
  expect((await admin.get('/v1/access-lists/nowhere/members')).status).toBe(404)
  expect((await admin.post(members, { name: 'rex@example.com' })).status).toBe(200)
  expect((await admin.get(`${members}?cursor=%00`)).status).toBe(400)
})
