/** What access lists give counts at the next request and at each sign-in to an application, and ends as they do. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExplainAnswer } from '../../src/api/contract.js'
import { pairKey, principalKey } from '../../src/core/identity-center/observation.js'
import { openStore } from '../../src/store/sql/open.js'
import { buildAccount, buildInventory, buildPermissionSet } from '../support/inventory.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const app = 'aws-identity-center'
const account = buildAccount(1)
const permissionSet = buildPermissionSet(1)
const pair = { account: account.id, permissionSet: permissionSet.name }

let gateway: TestGateway
let admin: TestBrowser
let mia: TestBrowser

function list(name: string, spec: object): object {
  return {
    kind: 'access_list',
    version: 'v1',
    metadata: { name },
    spec: { title: name, owners: ['admin'], ...spec },
  }
}

beforeAll(async () => {
  const reader = role('reader', 'v8', {
    allow: {
      rules: [{ resources: ['role'], verbs: ['list', 'read'] }],
      account_assignments: [{ account: '*', permission_set: permissionSet.arn }],
    },
  })
  const denies = role('denies', 'v8', { deny: { app_labels: { '*': '*' } } })
  gateway = await openTestGateway({
    inventory: buildInventory({ accounts: 2, permissionSets: 2 }),
    resources: [
      ...testResources,
      spResource(),
      reader,
      denies,
      role('brief', 'v8', {}),
      list('team', { grants: { roles: ['reader', 'aws'], traits: { team: ['platform'] } } }),
      list('sub', {}),
      list('forbidding', { grants: { roles: ['denies'] } }),
      list('damaged', { grants: { roles: ['brief'] } }),
      list('asking', { grants: { roles: ['aws'] }, membership_requires: { roles: ['brief'], traits: {} } }),
      list('owned', { owners: ['olga@example.com'], owner_grants: { roles: ['reader'] } }),
    ],
  })
  admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'mia@example.com', roles: ['no-labels'] })
  mia = await signIn(gateway, person)
  await add('team', 'sub', 'list')
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

async function add(listName: string, name: string, kind: 'user' | 'list' = 'user'): Promise<void> {
  const answer = await admin.post(`/v1/access-lists/${listName}/members`, { kind, name })
  expect([answer.status, answer.body.code]).toEqual([200, undefined])
}

async function remove(listName: string, name: string): Promise<void> {
  const path = `/v1/access-lists/${listName}/members/user/${encodeURIComponent(name)}`
  expect((await admin.delete(path)).status).toBe(204)
}

async function explain(user: string, query: Readonly<Record<string, string>>): Promise<ExplainAnswer> {
  const answer = await admin.get(`/v1/explain?${new URLSearchParams({ user, ...query })}`)
  expect(answer.status).toBe(200)
  return answer.body as ExplainAnswer
}

async function holders(): Promise<string[]> {
  const { body } = await admin.get('/v1/roles/reader/holders')
  return (body.items as { name: string }[]).map(({ name }) => name)
}

function saysOf({ reasons }: ExplainAnswer): string[] {
  return reasons.map(({ says }) => says)
}

describe('a member of a nested list', () => {
  test('has its roles, traits, rights and applications from the next request on, and loses them so', async () => {
    expect((await mia.get('/v1/roles')).status).toBe(403)
    expect((await explain('mia@example.com', { app })).effect).toBe('deny')
    await add('sub', 'mia@example.com')
    expect((await mia.get('/v1/roles')).status).toBe(200)
    const me = (await mia.get('/v1/me')).body
    expect(me).toMatchObject({ roles: ['no-labels', 'reader', 'aws'], traits: { team: ['platform'] } })
    const byTeam = { isOwn: false, lists: [{ name: 'team', side: 'member' }], byRequest: false }
    expect(me.roleSources).toMatchObject([
      { role: 'no-labels', isOwn: true, lists: [], byRequest: false },
      { role: 'reader', ...byTeam },
      { role: 'aws', ...byTeam },
    ])
    expect((await mia.get('/v1/session')).body).toMatchObject({
      user: { roles: ['no-labels', 'reader', 'aws'] },
    })
    const allowed = await explain('mia@example.com', { app })
    expect([allowed.effect, saysOf(allowed)]).toEqual([
      'allow',
      expect.arrayContaining(['Role "aws" comes through access list team -> sub.']),
    ])
    expect((await mia.get(`/saml/idp/login/${app}`)).text).toContain('SAMLResponse')
    await remove('sub', 'mia@example.com')
    expect((await mia.get('/v1/roles')).status).toBe(403)
    expect((await mia.get('/v1/me')).body).toMatchObject({ roles: ['no-labels'], traits: {} })
    expect((await mia.get(`/saml/idp/login/${app}`)).text).not.toContain('SAMLResponse')
  })

  test('is denied by what a list denies, too', async () => {
    await add('team', 'mia@example.com')
    expect((await explain('mia@example.com', { app })).effect).toBe('allow')
    await add('forbidding', 'mia@example.com')
    const { effect, reasons } = await explain('mia@example.com', { app })
    expect([effect, reasons[0]?.role]).toEqual(['deny', 'denies'])
    await remove('forbidding', 'mia@example.com')
    await remove('team', 'mia@example.com')
  })
})

test('who lacks what a list asks for gets nothing of it, and is told what', async () => {
  await createPerson(gateway, admin, { name: 'lack@example.com', roles: ['no-labels'] })
  const body = { kind: 'user', name: 'lack@example.com' }
  await gateway.gateway.store.members.put([
    {
      ...body,
      kind: 'user',
      list: 'asking',
      awsUserId: undefined,
      joinedAt: 0,
      expiresAt: undefined,
      addedBy: 'admin',
      reason: '',
    },
  ])
  const refused = await explain('lack@example.com', { app })
  expect([refused.effect, saysOf(refused)]).toEqual([
    'deny',
    expect.arrayContaining([
      'lack@example.com does not count in access list asking: lacks the role brief; add it to the user.',
    ]),
  ])
})

test('owners hold what a list gives its owners, and members of it do not', async () => {
  const olga = await createPerson(gateway, admin, { name: 'olga@example.com', roles: ['no-labels'] })
  const browser = await signIn(gateway, olga)
  expect((await browser.get('/v1/roles')).status).toBe(200)
  await add('owned', 'mia@example.com')
  expect((await mia.get('/v1/roles')).status).toBe(403)
})

describe('explain for an account', () => {
  test('names the list and the path by which somebody has it', async () => {
    expect((await explain('mia@example.com', pair)).effect).toBe('deny')
    await add('sub', 'mia@example.com')
    const given = await explain('mia@example.com', pair)
    expect([given.effect, saysOf(given)]).toEqual([
      'allow',
      expect.arrayContaining(['Role "reader" comes through access list team -> sub.']),
    ])
    const access = (await admin.get('/v1/users/mia%40example.com/access')).body
    expect(access.total).toEqual({ accounts: 2, pairs: 2 })
    expect(await holders()).toEqual(['mia@example.com', 'olga@example.com'])
    await remove('sub', 'mia@example.com')
    expect(await holders()).toEqual(['olga@example.com'])
  })

  test('says what the ledger keeps: found at import, or given by a request that has not ended', async () => {
    const plugin = {
      kind: 'plugin',
      version: 'v1',
      metadata: { name: 'aws-identity-center' },
      spec: {},
    }
    const now = gateway.clock.now()
    await gateway.gateway.store.resources.create({
      kind: 'plugin',
      name: 'aws-identity-center',
      document: plugin,
      now,
    })
    const link = {
      kind: 'user',
      name: 'lack@example.com',
      awsId: 'u-1',
      origin: 'adopted',
      linkedAt: now,
    } as const
    await gateway.gateway.store.principalLinks.put('aws-identity-center', {
      ...link,
      unwantedSince: undefined,
    })
    const entry = {
      kind: 'assignment',
      principal: principalKey('user', 'u-1'),
      target: pairKey(account.id, permissionSet.arn),
      since: now,
    } as const
    const put = async (reason: { kind: 'found' } | { kind: 'request'; request: string; until: number }) => {
      await gateway.gateway.store.ledger.put('aws-identity-center', [{ ...entry, reasons: [reason] }])
    }
    expect((await explain('lack@example.com', pair)).effect).toBe('deny')
    await put({ kind: 'found' })
    const found = await explain('lack@example.com', pair)
    expect([found.effect, saysOf(found).join(' ')]).toEqual([
      'allow',
      expect.stringContaining('found at import'),
    ])
    const other = { account: buildAccount(0).id, permissionSet: permissionSet.name }
    expect((await explain('lack@example.com', other)).effect).toBe('deny')
    await put({ kind: 'request', request: '17', until: now + 1000 })
    expect(saysOf(await explain('lack@example.com', pair)).join(' ')).toContain('request 17')
    await put({ kind: 'request', request: '17', until: now })
    expect((await explain('lack@example.com', pair)).effect).toBe('deny')
  })
})

test('a list that names a missing role is skipped at sign-in with a warning, and others go on', async () => {
  const person = await createPerson(gateway, admin, { name: 'dan@example.com', roles: ['no-labels'] })
  await add('damaged', 'dan@example.com')
  await add('team', 'dan@example.com')
  const stored = await gateway.gateway.store.resources.find('role', 'brief')
  await gateway.gateway.store.resources.delete({
    kind: 'role',
    name: 'brief',
    expectedRevision: stored?.revision ?? '',
  })
  const dan = await signIn(gateway, person)
  expect((await dan.get('/v1/me')).body.roles).toEqual(['no-labels', 'reader', 'aws'])
  await gateway.gateway.sequencer.flush()
  const events = await gateway.gateway.store.audit.list({
    limit: 10,
    order: 'desc',
    types: ['user_login.invalid_access_list'],
  })
  expect(events.map(({ json }): unknown => JSON.parse(json))).toMatchObject([
    {
      code: 'TAL009W',
      user: 'dan@example.com',
      name: 'damaged',
      access_list_title: 'damaged',
      missing_roles: ['brief'],
    },
  ])
})

test('a membership that ends by the clock ends at its instant', async () => {
  const expiresAt = new Date(gateway.clock.now() + 60_000).toISOString()
  const path = '/v1/access-lists/team/members'
  expect((await admin.post(path, { name: 'mia@example.com', expiresAt })).status).toBe(200)
  expect((await mia.get('/v1/roles')).status).toBe(200)
  gateway.clock.advance(59_999)
  expect((await mia.get('/v1/roles')).status).toBe(200)
  gateway.clock.advance(1)
  expect((await mia.get('/v1/roles')).status).toBe(403)
  expect((await explain('mia@example.com', pair)).effect).toBe('deny')
})

test('a removal that another process commits counts at the next request', async () => {
  await add('team', 'mia@example.com')
  expect((await mia.get('/v1/roles')).status).toBe(200)
  const other = await openStore({ url: `sqlite:${gateway.dataDir}/gatehouse.db` })
  expect(await other.members.delete('team', 'user', 'mia@example.com', Date.now())).toBe(true)
  await other[Symbol.asyncDispose]()
  expect((await mia.get('/v1/roles')).status).toBe(403)
})
