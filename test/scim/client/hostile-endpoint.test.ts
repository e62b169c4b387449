import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/lib/clock.js'
import { createGuardedFetch } from '../../../src/lib/guarded-fetch.js'
import { systemTimers } from '../../../src/lib/timers.js'
import { createScimClient } from '../../../src/scim/client/create-scim-client.js'
import { retryAfterMs } from '../../../src/scim/client/errors.js'
import { testScim } from '../../../src/scim/client/test-connection.js'
import { CannedServer, json } from '../../aws/canned-server.js'
import { passThroughGovernor } from '../../support/pass-through-governor.js'
import { ada, connectScim, failureOf, normal, type ScimConnected } from './scim-connection.js'

const token = 'secret-token-of-the-tenant'
const id = '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01'
const user = { id, userName: ada.attributes.userName, active: true }

let server: CannedServer
let us: ScimConnected
beforeAll(async () => {
  server = await CannedServer.start()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  server.asked.length = 0
  us = connectScim({ endpoint: `${server.url}/tenant/scim/v2/`, token })
})

const find = () => us.scim.findUser(ada.attributes.userName, normal)

describe('the token', () => {
  test.each([301, 302, 307, 308])('follows no redirect (%d), wherever it leads', async (status) => {
    await using elsewhere = await CannedServer.start()
    const there = `${elsewhere.url}/tenant/scim/v2/Users`
    server.answer = (_asked, res) => json(res, '', status, { location: there })
    const error = await failureOf(find())
    expect(error).toMatchObject({ failure: 'unauthorized', awsCode: String(status) })
    expect(error.message).toContain('never follow')
    expect(elsewhere.asked).toEqual([])
    expect(server.asked).toHaveLength(1)
  })

  test('is not sent to a host that nobody allowed', () => {
    const make = () =>
      createScimClient({
        baseUrl: `${server.url}/tenant/scim/v2/`,
        token: () => Promise.resolve(token),
        governor: passThroughGovernor(),
        timers: { now: () => 0, sleep: () => Promise.resolve() },
        allowOtherHost: false,
      })
    expect(make).toThrow('https://')
    expect(server.asked).toEqual([])
  })

  test('is not sent to this machine or its network only because a person allowed another host (T16)', async () => {
    const { scim } = connectScim(
      { endpoint: `${server.url}/tenant/scim/v2/`, token },
      { fetch: createGuardedFetch({ allowLoopback: false }) },
    )
    const error = await failureOf(scim.findUser('x', normal))
    // It is no refusal of the token, and nothing happened that would have to be looked for.
    expect(error).toMatchObject({ failure: 'invalid', awsCode: 'NotReached' })
    expect(error.message).toContain('127.0.0.1 is not an address on the public internet')
    const { ok, steps } = await testScim(
      { client: scim, timers: systemTimers(systemClock), unique: () => 'u' },
      normal,
    )
    expect(ok).toBe(false)
    expect(steps.map(({ name }) => name)).toEqual(['reach'])
    expect(server.asked).toEqual([])
  })

  test('stands in no error, also where the endpoint repeats it', async () => {
    server.answer = ({ headers }, res) => json(res, { detail: `no: ${String(headers.authorization)}` }, 401)
    const error = await failureOf(find())
    expect(error.message).toBe('SCIM ListUsers: no: Bearer (left out)')
    expect(`${error.stack ?? ''}${JSON.stringify(error)}`).not.toContain(token)
  })
})

describe('an answer', () => {
  test('larger than any page is not read to its end', async () => {
    server.answer = (_asked, res) => {
      res.writeHead(200, { 'content-type': 'application/json' })
      res.write(`{"x":"${'a'.repeat(5 * 1024 * 1024)}`)
    }
    expect(await failureOf(find())).toMatchObject({ failure: 'invalid' })
    expect(await failureOf(us.scim.createUser(ada, normal))).toMatchObject({ failure: 'unknown_outcome' })
  })

  test('that does not come is waited for until the deadline', async () => {
    server.answer = () => undefined
    const began = systemClock.now()
    const work = us.scim.findUser('x', { ...normal, deadline: began + 200 })
    expect(await failureOf(work)).toMatchObject({ failure: 'unknown_outcome', awsCode: 'TimeOver' })
    expect(systemClock.now() - began).toBeLessThan(5000)
  })

  test('is not asked for after the deadline', async () => {
    const work = us.scim.findUser('x', { ...normal, deadline: systemClock.now() - 1 })
    expect(await failureOf(work)).toMatchObject({ failure: 'unknown_outcome', awsCode: 'Deadline' })
    expect(server.asked).toEqual([])
  })

  test.each([
    ['no list', [], 'no list'],
    ['resources that are no list', { Resources: {} }, 'a Resources that is no list'],
    ['a user without id', { Resources: [{ userName: 'x' }] }, 'no id'],
    ['an id that is a path', { Resources: [{ ...user, id: '../Groups/x' }] }, 'an id of a form'],
    ['a name that is no text', { Resources: [{ ...user, userName: 7 }] }, 'a userName that is no text'],
    ['a name without end', { Resources: [{ ...user, userName: 'x'.repeat(2000) }] }, 'more than 1024'],
    ['a cursor of another form', { Resources: [], nextCursor: 'a b' }, 'a cursor of a form'],
    [
      'two users of one name',
      { Resources: [user, { ...user, id: id.replace('5', '6') }] },
      'the same userName',
    ],
    ['the same cursor again', { Resources: [], nextCursor: 'again' }, 'came before'],
  ])('with %s fails the read', async (_name, body, says) => {
    server.answer = (_asked, res) => json(res, body)
    const error = await failureOf(find())
    expect(error).toMatchObject({ failure: 'invalid', operation: 'ListUsers' })
    expect(error.message).toContain(says)
  })

  test('to a create that has another form leaves the outcome unknown', async () => {
    server.answer = (_asked, res) => json(res, { schemas: [] }, 201)
    expect(await failureOf(us.scim.createUser(ada, normal))).toMatchObject({ failure: 'unknown_outcome' })
    server.answer = (_asked, res) => void res.writeHead(204).end()
    expect(await failureOf(us.scim.createUser(ada, normal))).toMatchObject({ failure: 'unknown_outcome' })
  })

  test.each([200, 201, 204])('of %d to a change is a success', async (status) => {
    server.answer = (_asked, res) => void res.writeHead(status).end()
    await us.scim.setActive(id, false, normal)
    await us.scim.changeMembers(id, { op: 'add', memberIds: [id] }, normal)
    await us.scim.deleteUser(id, normal)
    expect(server.asked.map(({ method }) => method)).toEqual(['PATCH', 'PATCH', 'DELETE'])
  })

  test('with the name in other letters is another user', async () => {
    server.answer = (_asked, res) =>
      json(res, { Resources: [{ ...user, userName: 'ADA.LOVELACE@example.com' }] })
    expect(await find()).toBeUndefined()
  })
})

test('an id that is no id becomes no address', async () => {
  expect(await failureOf(us.scim.deleteUser('../Groups', normal))).toMatchObject({ failure: 'invalid' })
  expect(server.asked).toEqual([])
})

test.each([
  ['7', 7000],
  ['0', 0],
  ['999999', 600_000],
  ['Mon, 05 Jan 2026 09:00:30 GMT', 30_000],
  ['Mon, 05 Jan 2026 08:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  [null, undefined],
])('Retry-After %s is a wait of %s ms', (header, ms) => {
  const now = Date.UTC(2026, 0, 5, 9, 0, 0)
  expect(retryAfterMs(header, now)).toBe(ms)
})
