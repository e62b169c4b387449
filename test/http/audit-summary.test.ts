/** @module Counts of audit events for charts, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import supertest from 'supertest'
import type { AuditSummaryAnswer } from '../../src/api/contract.js'
import { minute } from '../../src/core/time.js'
import { createPerson, signIn, signInAdmin, TestBrowser, testResources } from '../support/people.js'
import { openTestGateway, testEpoch, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let auditor: TestBrowser
let editor: TestBrowser
beforeAll(async () => {
  gateway = await openTestGateway({ resources: testResources })
  admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'ann@example.com', roles: ['auditor'] })
  const other = await createPerson(gateway, admin, { name: 'bob@example.com', roles: ['editor'] })
  gateway.clock.advance(90 * minute)
  auditor = await signIn(gateway, person)
  editor = await signIn(gateway, other)
  await new TestBrowser(gateway).post('/v1/sign-in', {
    user: 'ann@example.com',
    password: 'not the right one',
  })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

const at = (minutes: number): string => new Date(testEpoch + minutes * minute).toISOString()
async function summary(query: Readonly<Record<string, string>>): Promise<AuditSummaryAnswer> {
  const search = new URLSearchParams({ from: at(0), to: at(120), buckets: '4', ...query })
  const response = await auditor.get(`/v1/audit/summary?${search}`)
  expect(response.status, response.text).toBe(200)
  return response.body as AuditSummaryAnswer
}

test('counts what has just happened, in bars from the start of the span', async () => {
  const { bucketMs, buckets, types, users } = await summary({ type: 'user.login' })
  expect(bucketMs).toBe(30 * minute)
  expect(buckets).toEqual([
    { from: at(0), succeeded: 1, failed: 0 },
    { from: at(30), succeeded: 0, failed: 0 },
    { from: at(60), succeeded: 0, failed: 0 },
    { from: at(90), succeeded: 2, failed: 1 },
  ])
  expect(types).toEqual([{ type: 'user.login', count: 4 }])
  expect(users).toEqual([
    { user: 'ann@example.com', count: 2 },
    { user: 'admin', count: 1 },
    { user: 'bob@example.com', count: 1 },
  ])
})

test('counts no other events than the list holds', async () => {
  const search = new URLSearchParams({ from: at(0), to: at(120), limit: '500' })
  const list = (await auditor.get(`/v1/audit/events?${search}`)).body as { items: unknown[] }
  const { buckets, types } = await summary({})
  const total = buckets.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0)
  expect(total).toBe(list.items.length)
  expect(types.reduce((sum, { count }) => sum + count, 0)).toBe(total)
})

test('follows the filters', async () => {
  expect((await summary({ success: 'false' })).types).toEqual([{ type: 'user.login', count: 1 }])
  expect((await summary({ user: 'ann@example.com', type: 'user.login' })).users).toHaveLength(1)
  expect((await summary({ user: 'nobody' })).types).toEqual([])
})

test.each([
  [{ from: at(10), to: at(10) }, /"to" must be later than "from"/],
  [{ from: at(10), to: at(9) }, /"to" must be later than "from"/],
  [{ to: new Date(testEpoch + 401 * 1440 * minute).toISOString() }, /400 days at most/],
])('refuses the span %j', async (query, detail) => {
  const search = new URLSearchParams({ from: at(0), ...query })
  const response = await auditor.get(`/v1/audit/summary?${search}`)
  expect([response.status, response.body]).toMatchObject([400, { code: 'INVALID_INPUT' }])
  expect((response.body as { detail: string }).detail).toMatch(detail)
})

test.each([{ buckets: '0' }, { buckets: '201' }, { from: 'yesterday' }, { other: 'x' }])(
  'refuses %j',
  async (query) => {
    const search = new URLSearchParams({ from: at(0), to: at(120), ...query })
    const response = await auditor.get(`/v1/audit/summary?${search}`)
    expect([response.status, response.body]).toMatchObject([400, { code: 'INVALID_INPUT' }])
  },
)

test('is for who may list events, and for the operator', async () => {
  const path = `/v1/audit/summary?${new URLSearchParams({ from: at(0), to: at(120) })}`
  expect((await editor.get(path)).status).toBe(403)
  const operator = await supertest(gateway.url)
    .get(path)
    .set('authorization', `Bearer ${gateway.operatorToken}`)
  expect(operator.status).toBe(200)
})
