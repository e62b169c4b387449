import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accessAnswer,
  accountsAnswer,
  applicationAccessAnswer,
  permissionSetsAnswer,
  roleHoldersAnswer,
} from '../../src/api/contract/access.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { demoInventory } from '../support/inventory.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const readOnly = 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-3c4d5e6f708192a3'
const production = 'ReadOnlyAccess-on-production-555555555555'
const at = (user: string) => `/v1/users/${encodeURIComponent(user)}`
const entry = (account: string, permission_set: string) => ({ account, permission_set })

let gateway: TestGateway
let admin: TestBrowser
let scoped: TestBrowser
let nobody: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({
    inventory: demoInventory(),
    resources: [
      ...testResources,
      spResource(),
      role('developer', 'v8', {
        allow: { account_assignments: [entry('666666666666', '*'), entry('777777777777', '*')] },
        deny: { account_assignments: [entry('666666666666', '*/ps-1a2b3c4d5e6f7081')] },
      }),
      role('reads-staff', 'v8', {
        allow: {
          rules: [
            {
              resources: ['user'],
              verbs: ['list', 'read'],
              where: 'contains(resource.spec.roles, "developer")',
            },
            { resources: ['role'], verbs: ['list', 'read'] },
          ],
        },
      }),
      {
        kind: 'token',
        version: 'v1',
        metadata: { name: 'ci' },
        spec: { roles: ['developer'], ttl: '24h' },
      },
    ],
  })
  admin = await signInAdmin(gateway)
  await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws', 'developer', production] })
  await createPerson(gateway, admin, { name: 'other@example.com', roles: ['aws-mfa'] })
  scoped = await signIn(
    gateway,
    await createPerson(gateway, admin, { name: 'lead@example.com', roles: ['reads-staff'] }),
  )
  nobody = await signIn(
    gateway,
    await createPerson(gateway, admin, { name: 'nobody@example.com', roles: ['aws'] }),
  )
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

describe('what a person reaches', () => {
  test('is told by account with the roles that give each permission set, less what is denied', async () => {
    const response = await admin.get(`${at('dev@example.com')}/access`)
    expect(response.status).toBe(200)
    const { items, total, nextCursor, lockedBy } = accessAnswer.strict().parse(response.body)
    expect(total).toEqual({ accounts: 3, pairs: 10 })
    expect(nextCursor).toBeUndefined()
    expect(lockedBy).toBeUndefined()
    expect(items.map(({ account }) => account.name)).toEqual(['production', 'sandbox', 'staging'])
    expect(items[0]).toEqual({
      account: { id: '555555555555', name: 'production', ouPath: 'Root/Workloads/Production' },
      permissionSets: [{ arn: readOnly, name: 'ReadOnlyAccess', roles: [production] }],
    })
    expect(items[1]?.permissionSets.map(({ name }) => name)).toContain('AdministratorAccess')
    expect(items[2]?.permissionSets.map(({ name }) => name)).not.toContain('AdministratorAccess')
  })

  test('comes by page and by search', async () => {
    const first = await admin.get(`${at('dev@example.com')}/access?limit=2`)
    const { items, nextCursor = '' } = accessAnswer.parse(first.body)
    expect(items).toHaveLength(2)
    const second = await admin.get(
      `${at('dev@example.com')}/access?limit=2&cursor=${encodeURIComponent(nextCursor)}`,
    )
    expect(accessAnswer.parse(second.body).items.map(({ account }) => account.name)).toEqual(['staging'])
    const found = accessAnswer.parse(
      (await admin.get(`${at('dev@example.com')}/access?search=read%20STAG`)).body,
    )
    expect(found.items.map(({ permissionSets }) => permissionSets.map(({ name }) => name))).toEqual([
      ['ReadOnlyAccess'],
    ])
    expect(found.total).toEqual({ accounts: 1, pairs: 1 })
  })

  test('a cursor that no page gave is refused', async () => {
    const response = await admin.get(`${at('dev@example.com')}/access?cursor=x`)
    expect(response.status).toBe(400)
    expect(response.body).toMatchObject({
      code: 'INVALID_INPUT',
      detail: 'the cursor belongs to no page of this list; start from the first one',
    })
  })

  test('a machine user is asked about by its name', async () => {
    const response = await admin.get(`${at('token/ci')}/access`)
    expect(accessAnswer.parse(response.body).total).toEqual({ accounts: 2, pairs: 9 })
    const apps = await admin.get(`${at('token/ci')}/applications`)
    expect(applicationAccessAnswer.parse(apps.body).items).toEqual([
      expect.objectContaining({ effect: 'deny', says: 'Machine users do not sign in to applications.' }),
    ])
  })

  test('somebody who does not exist is not found', async () => {
    for (const name of ['missing@example.com', 'token/missing']) {
      const response = await admin.get(`${at(name)}/access`)
      expect(response.status).toBe(404)
      expect(response.body).toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  test('whoever may read some people by a condition sees those and no others', async () => {
    expect((await scoped.get(`${at('dev@example.com')}/access`)).status).toBe(200)
    expect((await scoped.get(`${at('dev@example.com')}/applications`)).status).toBe(200)
    for (const name of ['other@example.com', 'missing@example.com', 'token/ci']) {
      for (const part of ['access', 'applications']) {
        const response = await scoped.get(`${at(name)}/${part}`)
        expect(response.body).toMatchObject({ code: expect.stringMatching(/^(FORBIDDEN|NOT_FOUND)$/) })
        expect(response.text).not.toContain('aws-mfa')
      }
    }
    expect((await scoped.get(`${at('other@example.com')}/access`)).status).toBe(403)
  })

  test('a lock is told beside what the roles give', async () => {
    const lock = {
      kind: 'lock',
      version: 'v2',
      metadata: { name: 'stop' },
      spec: { target: { user: 'other@example.com' } },
    }
    expect((await admin.post('/v1/resources', lock)).status).toBeLessThan(300)
    const access = await admin.get(`${at('other@example.com')}/access`)
    expect(accessAnswer.parse(access.body).lockedBy).toEqual(['stop'])
    const apps = applicationAccessAnswer.parse(
      (await admin.get(`${at('other@example.com')}/applications`)).body,
    )
    expect(apps.items).toEqual([
      expect.objectContaining({ effect: 'deny', says: expect.stringContaining('Lock "stop"') }),
    ])
  })
})

describe('the applications of a person', () => {
  test.each([
    ['dev@example.com', 'allow', 'Role "aws" (v8) allows it'],
    ['lead@example.com', 'deny', 'None of the v8 roles has app_labels that match'],
  ])('%s: %s', async (name, effect, says) => {
    const { items } = applicationAccessAnswer.parse((await admin.get(`${at(name)}/applications`)).body)
    expect(items).toEqual([
      expect.objectContaining({ name: 'aws-identity-center', effect, says: expect.stringContaining(says) }),
    ])
  })
})

describe('what a role by itself gives', () => {
  const roleAt = (name: string) => `/v1/roles/${encodeURIComponent(name)}`

  test('accounts, less what it denies itself', async () => {
    const { total } = accessAnswer.parse((await admin.get(`${roleAt('developer')}/access`)).body)
    expect(total).toEqual({ accounts: 2, pairs: 9 })
  })

  test('an account assignment role gives its one pair', async () => {
    const { items } = accessAnswer.parse((await admin.get(`${roleAt(production)}/access`)).body)
    expect(
      items.map(({ account, permissionSets }) => [account.id, permissionSets.map(({ arn }) => arn)]),
    ).toEqual([['555555555555', [readOnly]]])
    const apps = applicationAccessAnswer.parse((await admin.get(`${roleAt(production)}/applications`)).body)
    expect(apps.items.map(({ effect }) => effect)).toEqual(['deny'])
  })

  test('applications: at once, after a second factor, or not', async () => {
    for (const [name, effect] of [
      ['aws', 'allow'],
      ['aws-mfa', 'step_up'],
      ['no-labels', 'deny'],
    ] as const) {
      const { items } = applicationAccessAnswer.parse((await admin.get(`${roleAt(name)}/applications`)).body)
      expect(items.map((one) => one.effect)).toEqual([effect])
      expect(items[0]?.says).not.toBe('')
    }
  })

  test('its holders are people and machine users, by page', async () => {
    const all = roleHoldersAnswer.parse((await admin.get(`${roleAt('developer')}/holders`)).body)
    expect(all).toEqual({
      items: [
        { kind: 'token', name: 'ci' },
        { kind: 'user', name: 'dev@example.com' },
      ],
      total: 2,
    })
    const first = roleHoldersAnswer.parse((await admin.get(`${roleAt('developer')}/holders?limit=1`)).body)
    expect(first.items).toEqual(all.items.slice(0, 1))
    const next = `${roleAt('developer')}/holders?limit=1&cursor=${encodeURIComponent(first.nextCursor ?? '')}`
    expect(roleHoldersAnswer.parse((await admin.get(next)).body)).toEqual({
      items: all.items.slice(1),
      total: 2,
    })
  })

  test('holders of an account assignment role are found by its name', async () => {
    const { items } = roleHoldersAnswer.parse((await admin.get(`${roleAt(production)}/holders`)).body)
    expect(items).toEqual([{ kind: 'user', name: 'dev@example.com' }])
  })

  test('holders whom the caller may not list are left out', async () => {
    const { items, total } = roleHoldersAnswer.parse(
      (await scoped.get(`${roleAt('developer')}/holders`)).body,
    )
    expect(items).toEqual([{ kind: 'user', name: 'dev@example.com' }])
    expect(total).toBe(1)
    const hidden = roleHoldersAnswer.parse((await scoped.get(`${roleAt('aws-mfa')}/holders`)).body)
    expect(hidden).toEqual({ items: [], total: 0 })
  })

  test('a role that does not exist is not found', async () => {
    for (const name of ['missing', 'ReadOnlyAccess-on-nothing-999999999999']) {
      for (const part of ['access', 'applications', 'holders']) {
        const response = await admin.get(`${roleAt(name)}/${part}`)
        expect(response.status).toBe(404)
        expect(response.body).toMatchObject({ code: 'NOT_FOUND' })
      }
    }
  })
})

describe('the inventory', () => {
  test('accounts are listed, searched by former name too, and paged', async () => {
    const all = accountsAnswer.parse((await admin.get('/v1/inventory/accounts')).body)
    expect(all.total).toBe(7)
    expect(all.items[0]).toEqual({
      id: '333333333333',
      name: 'audit',
      email: 'aws+audit@example.com',
      ouPath: 'Root/Security',
      tags: { stage: 'security' },
    })
    const found = accountsAnswer.parse(
      (await admin.get('/v1/inventory/accounts?search=root/WORK%20prod')).body,
    )
    expect(found.items.map(({ name }) => name)).toEqual(['production'])
    const names: string[] = []
    let query = 'limit=3'
    for (let page = 0; page < 3; page++) {
      const { items, nextCursor } = accountsAnswer.parse(
        (await admin.get(`/v1/inventory/accounts?${query}`)).body,
      )
      names.push(...items.map(({ name }) => name))
      query = `limit=3&cursor=${encodeURIComponent(nextCursor ?? '')}`
    }
    expect(names).toEqual(all.items.map(({ name }) => name))
  })

  test('permission sets are listed and searched', async () => {
    const all = permissionSetsAnswer.parse((await admin.get('/v1/inventory/permission-sets')).body)
    expect(all.items.map(({ name }) => name)).toEqual([
      'AdministratorAccess',
      'Billing',
      'PowerUserAccess',
      'ReadOnlyAccess',
      'SecurityAudit',
    ])
    const found = permissionSetsAnswer.parse(
      (await admin.get('/v1/inventory/permission-sets?search=auditors')).body,
    )
    expect(found).toMatchObject({ total: 1, items: [{ name: 'SecurityAudit' }] })
  })

  test('it takes the right to list roles', async () => {
    for (const path of ['/v1/inventory/accounts', '/v1/inventory/permission-sets', '/v1/roles/aws/access']) {
      const response = await nobody.get(path)
      expect(response.status).toBe(403)
      expect(response.body).toMatchObject({ code: 'FORBIDDEN' })
    }
  })
})
