/** What somebody may ask for, and what they lay aside for it, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAccount, buildInventory, buildPermissionSet } from '../support/inventory.js'
import {
  auditEvents,
  createPerson,
  role,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const account = buildAccount(1)
const [first, second] = [buildPermissionSet(0), buildPermissionSet(1)]
let gateway: TestGateway
let admin: TestBrowser
let mia: TestBrowser

beforeAll(async () => {
  const allow = {
    account_assignments: [{ account: account.id, permission_set: first.arn }],
    request: { roles: [`${second.name}-on-*`, 'aws'], reason: { mode: 'required' } },
  }
  gateway = await openTestGateway({
    inventory: buildInventory({ accounts: 3, permissionSets: 3 }),
    resources: [
      ...testResources,
      role('asks', 'v8', { allow }),
      role('searches', 'v8', { allow: { request: { search_as_roles: ['asks'] } } }),
    ],
  })
  admin = await signInAdmin(gateway)
  mia = await signIn(
    gateway,
    await createPerson(gateway, admin, { name: 'mia@example.com', roles: ['asks'] }),
  )
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

describe('GET /v1/me/request-picker', () => {
  test('answers what one has and may ask for', async () => {
    const { status, body } = await mia.get('/v1/me/request-picker?search=stage=prod+identity')
    expect(status).toBe(200)
    expect(body).toEqual({
      // They have nothing in AWS, so that no portal is told.
      portals: [],
      items: [
        {
          account: { id: account.id, name: account.name, ouPath: account.ouPath, tags: { ...account.tags } },
          permissionSets: [
            {
              arn: first.arn,
              name: first.name,
              description: first.description,
              state: 'have',
              says: 'by the role asks',
            },
            {
              arn: second.arn,
              name: second.name,
              description: second.description,
              state: 'requestable',
              says: 'the role asks lets you ask for it',
            },
          ],
        },
      ],
      total: { accounts: 1, pairs: 2 },
    })
  })

  test('goes on by its cursor, and refuses another', async () => {
    const { body } = await mia.get('/v1/me/request-picker?limit=2')
    expect([body.items.length, body.total]).toEqual([2, { accounts: 3, pairs: 4 }])
    const next = await mia.get(`/v1/me/request-picker?limit=2&cursor=${encodeURIComponent(body.nextCursor)}`)
    expect([next.body.items.length, next.body.nextCursor]).toEqual([1, undefined])
    const refused = await mia.get('/v1/me/request-picker?cursor=x')
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_INPUT'])
  })

  test('tells the log who looked for what, once for each search', async () => {
    const sam = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'sam@example.com', roles: ['searches'] }),
    )
    for (const query of ['', '?search=%20', '?search=prod++Identity', '?show=have&search=x']) {
      expect((await sam.get(`/v1/me/request-picker${query}`)).status).toBe(200)
    }
    const { body } = await sam.get('/v1/me/request-picker?search=a&limit=1')
    await sam.get(`/v1/me/request-picker?search=a&limit=1&cursor=${encodeURIComponent(body.nextCursor)}`)
    const events = await auditEvents(gateway, { limit: '20' })
    const told = events.filter(({ event, user }) => {
      return event === 'access_request.search' && user === 'sam@example.com'
    })
    expect(told.map((one) => one['search_keywords'])).toEqual([['a'], ['x'], ['prod', 'Identity']])
    expect(told[0]).toMatchObject({
      code: 'T5004I',
      success: true,
      search_as_roles: ['asks'],
      resource_type: 'aws_ic_account_assignment',
    })
  })

  test('is for people who are signed in, and shows what it knows', async () => {
    expect((await new TestBrowser(gateway).get('/v1/me/request-picker')).status).toBe(401)
    expect((await mia.get('/v1/me/request-picker?show=everything')).status).toBe(400)
  })
})

test('GET /v1/me/request-caps answers the roles that one may ask for, and the terms', async () => {
  const { status, body } = await mia.get('/v1/me/request-caps')
  expect([status, body]).toEqual([
    200,
    {
      roles: [{ name: 'aws', held: false }],
      apps: [],
      assignments: true,
      maxDuration: '30h',
      reasonRequired: true,
      prompts: [],
    },
  ])
})

describe('/v1/me/shelf', () => {
  const items = [{ kind: 'assignment', account: account.id, permissionSet: second.name }]
  const path = (kind: string, name: string) => `/v1/me/shelf/${kind}/${encodeURIComponent(name)}`

  test('keeps, tells and removes', async () => {
    const put = await mia.send('put', path('template', 'the release / weekly'), { items, duration: '2h' })
    expect(put.status).toBe(204)
    const { body } = await mia.get('/v1/me/shelf')
    expect(body).toMatchObject({
      items: [
        {
          kind: 'template',
          name: 'the release / weekly',
          items,
          reason: '',
          duration: '2h',
          shown: [{ name: `${second.name} on ${account.name}` }],
        },
      ],
      recents: [],
    })
    expect((await admin.get('/v1/me/shelf')).body.items).toEqual([])
    expect((await mia.delete(path('template', 'the release / weekly'))).status).toBe(204)
    expect((await mia.delete(path('template', 'the release / weekly'))).status).toBe(404)
  })

  test('refuses other kinds, names without an end and bodies that are none', async () => {
    expect((await mia.send('put', path('list', 'a'), { items })).status).toBe(404)
    expect((await mia.send('put', path('template', 'x'.repeat(301)), { items })).status).toBe(400)
    expect((await mia.send('put', path('template', ' '), { items })).status).toBe(400)
    expect((await mia.send('put', path('template', 'a'), { items: [] })).status).toBe(400)
    expect((await mia.send('put', path('template', 'a'), { items, surprise: 1 })).status).toBe(400)
    expect((await new TestBrowser(gateway).send('put', path('template', 'a'), { items })).status).toBe(401)
  })
})
