/** Where others are signed in, for those who may see and end it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  auditEvents,
  createPerson,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let alice: TestBrowser
let auditor: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({ resources: testResources })
  admin = await signInAdmin(gateway)
  alice = await signIn(
    gateway,
    await createPerson(gateway, admin, { name: 'alice@example.com', roles: ['aws'] }),
  )
  auditor = await signIn(
    gateway,
    await createPerson(gateway, admin, { name: 'auditor@example.com', roles: ['auditor'] }),
  )
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const path = '/v1/users/alice@example.com/sessions'

async function idOf(browser: TestBrowser): Promise<string> {
  const { items } = (await browser.get('/v1/me/sessions')).body as {
    items: { id: string; current: boolean }[]
  }
  return items.find(({ current }) => current)?.id ?? ''
}

describe('sessions of others', () => {
  test('are listed for who may, without what carries them', async () => {
    const response = await admin.get(path)
    expect(response.body).toMatchObject({
      items: [{ id: await idOf(alice), client: 'browser', current: false, address: '127.0.0.1' }],
    })
    expect(response.text).not.toContain((alice.cookie ?? '').split('=')[1])
    expect((await auditor.get(path)).status).toBe(200)
    expect((await alice.get('/v1/users/admin/sessions')).body).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('nobody of that name is told', async () => {
    expect((await admin.get('/v1/users/nobody@example.com/sessions')).body).toMatchObject({
      code: 'NOT_FOUND',
      detail: 'there is no user named "nobody@example.com"',
    })
  })

  test('one ends at once, and the log says who ended whose', async () => {
    const second = await signIn(gateway, { name: 'alice@example.com', seed: undefined })
    const id = await idOf(second)
    expect((await auditor.delete(`${path}/${id}`)).body).toMatchObject({ code: 'FORBIDDEN' })
    expect((await second.get('/v1/me')).status).toBe(200)
    expect((await admin.delete(`${path}/${id}`)).status).toBe(204)
    expect((await second.get('/v1/me')).status).toBe(401)
    expect((await alice.get('/v1/me')).status).toBe(200)
    const [event] = await auditEvents(gateway, { type: 'session.end', limit: '1' })
    expect(event).toMatchObject({ user: 'admin', name: 'alice@example.com', sid: id, success: true })
    expect((await admin.delete(`${path}/${id}`)).body).toMatchObject({
      code: 'NOT_FOUND',
      detail: '"alice@example.com" has no session with this id; it may have ended already',
    })
  })

  test('a session ends under the name of its own person only', async () => {
    const id = await idOf(alice)
    expect((await admin.delete(`/v1/users/admin/sessions/${id}`)).body).toMatchObject({ code: 'NOT_FOUND' })
    expect((await alice.get('/v1/me')).status).toBe(200)
  })
})
