import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExplainAnswer } from '../../src/api/contract.js'
import { describeNoChange } from '../../src/api/no-single-change.js'
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

let gateway: TestGateway
let admin: TestBrowser

const app = 'aws-identity-center'
const account = buildAccount(1)
const permissionSet = buildPermissionSet(1)
const pair = { account: account.id, permissionSet: permissionSet.name }

beforeAll(async () => {
  const support = role('support', 'v8', {
    allow: { rules: [{ resources: ['user'], verbs: ['list', 'read'] }] },
  })
  const some = role('some', 'v8', {
    allow: {
      rules: [{ resources: ['user'], verbs: ['read'], where: 'resource.metadata.name == "in@example.com"' }],
    },
  })
  const roleReader = role('role-reader', 'v8', {
    allow: { rules: [{ resources: ['role'], verbs: ['read'], where: 'resource.metadata.name == "aws"' }] },
  })
  const reader = role('reader', 'v8', {
    allow: { account_assignments: [{ account: '*', permission_set: permissionSet.arn }] },
  })
  const named = role('named', 'v8', {
    allow: { app_labels: { '*': '*' } },
    deny: { app_labels_expression: 'user.metadata.name == "in@example.com"' },
  })
  const denies = role('denies', 'v8', { deny: { app_labels: { '*': '*' } } })
  gateway = await openTestGateway({
    inventory: buildInventory({ accounts: 2, permissionSets: 2 }),
    resources: [...testResources, spResource(), support, some, roleReader, reader, named, denies],
  })
  admin = await signInAdmin(gateway)
  await createPerson(gateway, admin, { name: 'in@example.com', roles: ['aws'] })
  await createPerson(gateway, admin, { name: 'out@example.com', roles: ['no-labels'] })
  await createPerson(gateway, admin, { name: 'careful@example.com', roles: ['aws-mfa'] })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

async function explain(user: string, query: Readonly<Record<string, string>>, browser = admin) {
  return await browser.get(`/v1/explain?${new URLSearchParams({ user, ...query })}`)
}

async function answerFor(
  user: string,
  query: Readonly<Record<string, string>> = { app },
): Promise<ExplainAnswer> {
  const response = await explain(user, query)
  expect(response.status).toBe(200)
  return response.body as ExplainAnswer
}

async function post(document: object): Promise<void> {
  expect((await admin.post('/v1/resources', document)).status).toBeLessThan(300)
}

describe('GET /v1/explain for an application', () => {
  test('an access: which role gives it, and that it hangs on that', async () => {
    const { effect, says, reasons, changes } = await answerFor('in@example.com')
    expect({ effect, says }).toEqual({ effect: 'allow', says: `in@example.com may sign in to ${app}.` })
    expect(reasons).toMatchObject([{ role: 'aws', version: 'v8', effect: 'allow' }])
    expect(changes).toMatchObject([{ kind: 'remove_role', role: 'aws' }])
  })

  test('a refusal: every role that would open it, and that opens it', async () => {
    const { effect, changes } = await answerFor('out@example.com')
    expect(effect).toBe('deny')
    const roles = changes.flatMap(({ kind, role: name }) => (kind === 'add_role' ? [name] : []))
    expect(roles).toEqual(['access', 'aws', 'aws-mfa', 'named'])
    const given = { roles: ['no-labels', 'access'] }
    const user = { kind: 'user', version: 'v2', metadata: { name: 'out@example.com' }, spec: given }
    expect((await admin.post('/v1/resources?mode=replace', user)).status).toBe(200)
    expect((await answerFor('out@example.com')).effect).toBe('allow')
    const person = await signIn(gateway, { name: 'out@example.com', seed: undefined })
    expect((await person.get(`/saml/idp/login/${app}`)).text).toContain('SAMLResponse')
  })

  test('a second factor that the person has not got', async () => {
    const { effect, says, changes } = await answerFor('careful@example.com')
    expect(effect).toBe('step_up')
    expect(says).toContain('only with a fresh second factor, and there is none yet')
    expect(changes[0]).toMatchObject({ kind: 'prove' })
  })

  test('a lock: it comes first, until its very end', async () => {
    const metadata = { name: 'audit' }
    const target = { role: 'aws' }
    await post({ kind: 'lock', version: 'v2', metadata, spec: { target, message: 'audit', ttl: '1h' } })
    const { effect, reasons, changes } = await answerFor('in@example.com')
    expect(effect).toBe('deny')
    expect(reasons[0]?.says).toMatch(/^Lock "audit" on role "aws" is in force until .*: audit\.$/)
    expect(changes).toEqual([{ kind: 'remove_lock', says: 'Remove the lock "audit".' }])
    gateway.clock.advance(3_600_000)
    expect((await answerFor('in@example.com')).effect).toBe('allow')
    admin = await signIn(gateway, { name: 'admin', seed: undefined })
  })
})

async function askRole(query: Readonly<Record<string, string>>, browser = admin) {
  return await browser.get(`/v1/explain?${new URLSearchParams(query)}`)
}

async function answerForRole(query: Readonly<Record<string, string>>): Promise<ExplainAnswer> {
  const response = await askRole(query)
  expect(response.status, response.text).toBe(200)
  return response.body as ExplainAnswer
}

describe('GET /v1/explain for a role by itself', () => {
  test('says whether whoever holds nothing else may sign in, of nobody in particular', async () => {
    const { user, ...answer } = await answerForRole({ role: 'aws', app })
    expect(user).toBeUndefined()
    expect(answer).toMatchObject({
      role: 'aws',
      subject: app,
      effect: 'allow',
      says: `somebody with role "aws" alone may sign in to ${app}.`,
      reasons: [{ role: 'aws', effect: 'allow' }],
    })
    expect((await answerForRole({ role: 'named', app })).effect).toBe('allow')
    expect((await answerForRole({ role: 'aws-mfa', app })).effect).toBe('step_up')
  })

  test('a refusal tells what would change it, for the account and permission set too', async () => {
    const closed = await answerForRole({ role: 'no-labels', app })
    expect(closed.effect).toBe('deny')
    expect(closed.changes.map(({ kind }) => kind)).toContain('add_role')
    expect(closed.changes.find(({ kind }) => kind === 'add_role')?.says).toMatch(
      /^Give somebody with role "no-labels" alone the role "/,
    )
    const given = await answerForRole({ role: 'reader', ...pair })
    expect(given).toMatchObject({ role: 'reader', effect: 'allow' })
    const other = await answerForRole({ role: 'aws', ...pair })
    expect(other.effect).toBe('deny')
    expect(other.changes.map(({ role: name }) => name)).toContain('reader')
    const own = `${permissionSet.name}-on-${account.name}-${account.id}`
    expect(await answerForRole({ role: own, ...pair })).toMatchObject({ role: own, effect: 'allow' })
  })

  test('a lock on the role comes first, here and in what the role gives', async () => {
    const spec = { target: { role: 'aws' }, ttl: '1h' }
    await post({ kind: 'lock', version: 'v2', metadata: { name: 'on-aws' }, spec })
    const { effect, changes } = await answerForRole({ role: 'aws', app })
    expect(effect).toBe('deny')
    expect(changes).toEqual([{ kind: 'remove_lock', says: 'Remove the lock "on-aws".' }])
    const listed = await admin.get('/v1/roles/aws/applications')
    expect(listed.body).toMatchObject({ items: [{ name: app, effect: 'deny' }] })
    expect((await admin.delete('/v1/resources/lock/on-aws')).status).toBe(200)
    expect((await answerForRole({ role: 'aws', app })).effect).toBe('allow')
  })

  test('takes exactly one of user and role', async () => {
    for (const query of [{ app }, { user: 'in@example.com', role: 'aws', app }]) {
      const { body } = await askRole(query)
      expect(body).toMatchObject({ code: 'INVALID_INPUT', status: 400, detail: 'give either user or role' })
    }
    const { body } = await askRole({ role: 'none', app })
    expect(body).toMatchObject({ code: 'NOT_FOUND', detail: 'there is no role named "none"' })
  })

  test('takes role:read on that very role, and reading users is not enough', async () => {
    const join = async (name: string, given: string) =>
      await signIn(gateway, await createPerson(gateway, admin, { name, roles: [given] }))
    const reader = await join('reads-aws@example.com', 'role-reader')
    expect((await askRole({ role: 'aws', app }, reader)).body).toMatchObject({ effect: 'allow' })
    const helper = await join('helper@example.com', 'support')
    for (const [browser, query] of [
      [reader, { role: 'aws-mfa', app }],
      [reader, { user: 'in@example.com', app }],
      [helper, { role: 'aws', app }],
    ] as const) {
      expect((await askRole(query, browser)).body).toMatchObject({ code: 'FORBIDDEN', status: 403 })
    }
  })
})

describe('a refusal that no single change turns', () => {
  const words = async (user: string, query: Readonly<Record<string, string>> = { app }) =>
    describeNoChange(await answerFor(user, query))

  test('has no changes, and the obstacles are named from its reasons', async () => {
    await createPerson(gateway, admin, { name: 'stuck@example.com', roles: ['denies'] })
    expect((await answerFor('stuck@example.com')).changes).toEqual([])
    expect(await words('stuck@example.com')).toBe(
      'No single change is enough: role "denies" denies it, and no role allows it.',
    )
    const spec = { target: { user: 'stuck@example.com' }, ttl: '1h' }
    await post({ kind: 'lock', version: 'v2', metadata: { name: 'stuck' }, spec })
    expect(await words('stuck@example.com')).toBe(
      'No single change is enough: a lock is in force, and role "denies" denies it, and no role allows it.',
    )
    expect(await words('stuck@example.com', pair)).toBe(
      'No single change is enough: a lock is in force, and no role allows it.',
    )
  })

  test('is not said where a change is told, or where there is access', async () => {
    await createPerson(gateway, admin, { name: 'turns@example.com', roles: ['no-labels'] })
    expect(await words('turns@example.com')).toBeUndefined()
    expect(await words('in@example.com')).toBeUndefined()
  })
})

describe('GET /v1/explain refuses', () => {
  test.each([
    [{}, 'give either app, or both account and permissionSet'],
    [{ account: '111111111111' }, 'give either app, or both account and permissionSet'],
    [
      { app, account: '111111111111', permissionSet: 'x' },
      'give either app, or both account and permissionSet',
    ],
  ])('the query %j', async (query, detail) => {
    const { body } = await explain('in@example.com', query)
    expect(body).toMatchObject({ code: 'INVALID_INPUT', status: 400, detail })
  })

  test('users and applications that do not exist', async () => {
    const nobody = await explain('nobody@example.com', { app })
    expect(nobody.body).toMatchObject({
      code: 'NOT_FOUND',
      detail: 'there is no user named "nobody@example.com"',
    })
    const nothing = await explain('in@example.com', { app: 'none' })
    expect(nothing.body).toMatchObject({ code: 'NOT_FOUND', detail: 'there is no application named "none"' })
  })

  test('a machine user at an application', async () => {
    const spec = { roles: ['aws'], ttl: '24h' }
    await post({ kind: 'token', version: 'v1', metadata: { name: 'ci' }, spec })
    const { body } = await explain('token/ci', { app })
    expect(body).toMatchObject({ code: 'INVALID_INPUT', status: 400 })
  })

  test('a person without the right, and one whose rule is about somebody else', async () => {
    const plain = await signIn(gateway, { name: 'in@example.com', seed: undefined })
    expect((await explain('in@example.com', { app }, plain)).body).toMatchObject({
      code: 'FORBIDDEN',
      status: 403,
    })
    const some = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'some@example.com', roles: ['some'] }),
    )
    expect((await explain('in@example.com', { app }, some)).status).toBe(200)
    expect((await explain('out@example.com', { app }, some)).body).toMatchObject({
      code: 'FORBIDDEN',
      status: 403,
    })
  })

  test('to tell of roles to somebody who may not read roles', async () => {
    const support = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'support@example.com', roles: ['support'] }),
    )
    await createPerson(gateway, admin, { name: 'none@example.com', roles: ['no-labels'] })
    const seen = (await explain('none@example.com', { app }, support)).body as ExplainAnswer
    expect(seen.effect).toBe('deny')
    expect(seen.changes.map(({ kind }) => kind)).not.toContain('add_role')
    expect((await answerFor('none@example.com')).changes.map(({ kind }) => kind)).toContain('add_role')
  })

  test('the operator token', async () => {
    const response = await supertest(gateway.url)
      .get('/v1/explain')
      .query({ user: 'in@example.com', app })
      .set('authorization', `Bearer ${gateway.operatorToken}`)
    expect(response.body).toMatchObject({ code: 'FORBIDDEN', status: 403 })
  })
})
