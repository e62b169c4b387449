/** Machine users: their secrets, what they may, how they end; and that no secret is ever seen twice. */
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  auditEvents,
  createPerson,
  role,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const minute = 60_000

let gateway: TestGateway
let admin: TestBrowser
const log: string[] = []
const secrets: string[] = []

beforeAll(async () => {
  const resources = [
    ...testResources,
    role('reader', 'v8', { allow: { rules: [{ resources: ['role', 'token'], verbs: ['list', 'read'] }] } }),
    role('own-tokens', 'v8', {
      allow: {
        rules: [
          {
            resources: ['token'],
            verbs: ['list', 'rotate'],
            where: 'equals(resource.metadata.labels["team"], "sre")',
          },
        ],
      },
    }),
    {
      kind: 'token',
      version: 'v1',
      metadata: { name: 'from-file' },
      spec: { roles: ['reader'], ttl: '24h' },
    },
  ]
  gateway = await openTestGateway({ resources, logSink: (line) => log.push(line) })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

interface Change {
  readonly action: string
  readonly revision?: string
  readonly secret?: string
  readonly notes: string[]
}

async function apply(document: object, query = ''): Promise<supertest.Response> {
  return await admin.post(`/v1/resources${query}`, document)
}

function tokenDocument(name: string, spec: object = {}, metadata: object = {}): object {
  return {
    kind: 'token',
    version: 'v1',
    metadata: { name, ...metadata },
    spec: { roles: ['reader'], ttl: '24h', ...spec },
  }
}

async function create(name: string, spec: object = {}, metadata: object = {}): Promise<string> {
  const response = await apply(tokenDocument(name, spec, metadata))
  expect(response.body).toMatchObject({ changes: [{ action: 'create', name }] })
  const [change] = (response.body as { changes: Change[] }).changes
  const secret = change?.secret ?? ''
  expect(secret).toMatch(/^ght_[\w-]{43}$/)
  secrets.push(secret)
  return secret
}

async function ask(secret: string, path = '/v1/roles'): Promise<supertest.Response> {
  return await supertest(gateway.url).get(path).set('authorization', `Bearer ${secret}`)
}

async function listed(name: string): Promise<Record<string, unknown> | undefined> {
  const { items } = (await admin.get('/v1/tokens')).body as { items: Record<string, unknown>[] }
  return items.find((item) => item['name'] === name)
}

describe('a machine user', () => {
  test('acts with its own roles under its own name, and is no person', async () => {
    const secret = await create('acts')
    expect((await ask(secret)).status).toBe(200)
    expect((await ask(secret, '/v1/session')).body).toMatchObject({
      stage: 'full',
      csrfToken: '',
      actor: { kind: 'machine', name: 'token/acts' },
      user: { name: 'token/acts', roles: ['reader'] },
      expiresAt: expect.any(String),
    })
    expect((await ask(secret, '/v1/users')).body).toMatchObject({ code: 'FORBIDDEN' })
    for (const path of ['/v1/me', '/v1/me/sessions']) {
      expect((await ask(secret, path)).body).toMatchObject({
        code: 'FORBIDDEN',
        detail: expect.stringContaining('token/acts'),
      })
    }
    const launched = await ask(secret, '/saml/idp/login/aws-identity-center')
    expect(launched.status).not.toBe(200)
  })

  test('what it changes is recorded as its own', async () => {
    const secret = await create('writes', { roles: ['editor'] })
    const made = await supertest(gateway.url)
      .post('/v1/resources')
      .set('authorization', `Bearer ${secret}`)
      .send({ kind: 'role', version: 'v8', metadata: { name: 'made-by-token' }, spec: { allow: {} } })
    expect(made.body).toMatchObject({ changes: [{ action: 'create' }] })
    const [event] = await auditEvents(gateway, { type: 'role.created', limit: '1' })
    expect(event).toMatchObject({
      user: 'token/writes',
      user_kind: 2,
      name: 'made-by-token',
      updated_by: 'token/writes',
    })
  })

  test('its last use is told to the minute, and where from', async () => {
    const secret = await create('used')
    expect(await listed('used')).not.toHaveProperty('lastUsedAt')
    const first = gateway.clock.now()
    await ask(secret)
    gateway.clock.advance(minute - 1)
    await ask(secret)
    expect(await listed('used')).toMatchObject({
      state: 'active',
      lastUsedAt: new Date(first).toISOString(),
      lastUsedFrom: '127.0.0.1',
    })
    gateway.clock.advance(1)
    await ask(secret)
    expect(await listed('used')).toMatchObject({ lastUsedAt: new Date(first + minute).toISOString() })
  })

  test('its secret opens nothing from the instant at which it expires', async () => {
    const secret = await create('expires', { ttl: '1h' })
    gateway.clock.advance(60 * minute - 1)
    expect((await ask(secret)).status).toBe(200)
    gateway.clock.advance(1)
    expect((await ask(secret)).body).toMatchObject({ code: 'NOT_SIGNED_IN', status: 401 })
    expect(await listed('expires')).toMatchObject({ state: 'expired' })
    admin = await signIn(gateway, { name: 'admin', seed: undefined })
  })

  test('deleting it ends it at once, and a later one of its name does not revive the old secret', async () => {
    const secret = await create('deleted')
    const gone = await admin.delete('/v1/resources/token/deleted')
    expect(gone.body).toMatchObject({ action: 'delete', notes: ['Its secret is worth nothing from now on.'] })
    expect((await ask(secret)).status).toBe(401)
    const kept = await gateway.gateway.store.tokens.list()
    expect(kept.map(({ name }) => name)).not.toContain('deleted')
    const next = await create('deleted')
    expect((await ask(secret)).status).toBe(401)
    expect((await ask(next)).status).toBe(200)
  })

  test('taking its roles away takes effect at once', async () => {
    const secret = await create('demoted')
    const applied = await apply(tokenDocument('demoted', { roles: [] }), '?mode=replace')
    expect(applied.body).toMatchObject({ changes: [{ action: 'update' }] })
    expect((applied.body as { changes: Change[] }).changes[0]).not.toHaveProperty('secret')
    expect((await ask(secret)).body).toMatchObject({ code: 'FORBIDDEN' })
  })

  test.each([
    ['by name', { token: 'locked' }],
    ['by a role', { role: 'aws-mfa' }],
    ['as the user that it acts as', { user: 'token/locked' }],
  ])('a lock on it %s refuses it with the reason', async (_, target) => {
    const secret = await create('locked', { roles: ['reader', 'aws-mfa'] })
    const lock = {
      kind: 'lock',
      version: 'v2',
      metadata: { name: 'stop' },
      spec: { target, message: 'leaked in a log' },
    }
    expect((await apply(lock)).status).toBe(200)
    const response = await ask(secret)
    expect(response.status).toBe(403)
    expect(response.body).toMatchObject({
      code: 'LOCKED',
      detail: expect.stringContaining('leaked in a log'),
    })
    expect(await listed('locked')).toMatchObject({ state: 'locked' })
    await admin.delete('/v1/resources/lock/stop')
    expect((await ask(secret)).status).toBe(200)
    await admin.delete('/v1/resources/token/locked')
  })
})

describe('its secret', () => {
  test('is replaced by a rotation, the old one at once', async () => {
    const old = await create('rotated')
    const response = await admin.post('/v1/tokens/rotated/rotate', {})
    const { secret, name, expiresAt } = response.body as Record<string, string>
    expect({ status: response.status, name }).toEqual({ status: 200, name: 'rotated' })
    expect(secret).toMatch(/^ght_[\w-]{43}$/)
    secrets.push(secret ?? '')
    expect(await listed('rotated')).toMatchObject({ expiresAt })
    expect((await ask(old)).status).toBe(401)
    expect((await ask(secret ?? '')).status).toBe(200)
    const [event] = await auditEvents(gateway, { type: 'api_token.rotate', limit: '1' })
    expect(event).toMatchObject({ code: 'TGH010I', user: 'admin', name: 'rotated' })
  })

  test('of a token from a file is made by its first rotation', async () => {
    await apply(tokenDocument('from-file'), '?mode=replace')
    expect(await listed('from-file')).toMatchObject({ state: 'no_secret' })
    const response = await admin.post('/v1/tokens/from-file/rotate', {})
    expect(response.status).toBe(200)
    expect(await listed('from-file')).toMatchObject({ state: 'active' })
  })

  test('is not made by a dry run, which says so', async () => {
    const response = await apply(tokenDocument('tried'), '?dryRun=true')
    expect(response.body).toMatchObject({
      dryRun: true,
      changes: [{ action: 'create', notes: expect.arrayContaining(['Makes a secret and shows it once.']) }],
    })
    expect(JSON.stringify(response.body)).not.toContain('ght_')
    expect(await listed('tried')).toBeUndefined()
  })

  test('cannot be rotated for a token that is missing or over', async () => {
    const missing = await admin.post('/v1/tokens/nothing/rotate', {})
    expect(missing.body).toMatchObject({ code: 'NOT_FOUND', detail: 'there is no token named "nothing"' })
    await create('over', { ttl: '1m' })
    gateway.clock.advance(minute)
    const over = await admin.post('/v1/tokens/over/rotate', {})
    expect(over.body).toMatchObject({
      code: 'INVALID_INPUT',
      detail: expect.stringContaining('move spec.expires first'),
    })
  })

  test('is in no event, no answer and no log line but the one that gave it', async () => {
    await gateway.gateway.sequencer.flush()
    const seen = [
      JSON.stringify(await auditEvents(gateway, { limit: '1000' })),
      (await admin.get('/v1/tokens')).text,
      (await admin.get('/v1/resources/token')).text,
      (await admin.get('/v1/resources/token/acts')).text,
      log.join(),
    ].join()
    expect(secrets.length).toBeGreaterThan(5)
    for (const secret of secrets) expect(seen).not.toContain(secret.slice(4))
    expect(seen).not.toContain('ght_')
  })
})

describe('what is refused when it is written', () => {
  test.each<[string, object, string, string]>([
    [
      'an end in the past',
      { ttl: undefined, expires: '2020-01-01T00:00:00Z' },
      'spec.expires',
      'lies in the past',
    ],
    [
      'an end too far away',
      { ttl: undefined, expires: '2099-01-01T00:00:00Z' },
      'spec.expires',
      'is more than a year ahead',
    ],
    ['no end', { ttl: undefined }, 'spec.expires', 'a token ends'],
    ['a role that cannot be', { roles: ['a/b'] }, 'spec.roles.0', 'is not the name of a role'],
  ])('%s', async (_, spec, path, message) => {
    const response = await apply(tokenDocument('refused', spec))
    expect(response.status).toBe(400)
    expect(response.body).toMatchObject({
      code: 'INVALID_RESOURCE',
      problems: [{ path, message: expect.stringContaining(message) }],
    })
  })

  test('the last day of the year is accepted, and an end that stays is not judged again', async () => {
    await create('long', { ttl: '8784h' })
    const end = new Date(gateway.clock.now() + minute).toISOString()
    await create('short', { ttl: undefined, expires: end })
    gateway.clock.advance(minute)
    const renamed = tokenDocument('short', { ttl: undefined, expires: end }, { description: 'has ended' })
    expect((await apply(renamed, '?mode=replace')).body).toMatchObject({ changes: [{ action: 'update' }] })
  })

  test('a role that does not exist is a warning', async () => {
    const response = await apply(tokenDocument('hopes', { roles: ['reader', 'later'] }))
    expect(response.body).toMatchObject({
      changes: [{ notes: ['There is no role "later"; it gives nothing until there is one.'] }],
    })
  })
})

describe('rights', () => {
  test('a person without them neither lists nor rotates; a condition opens what it names', async () => {
    const { name } = await createPerson(gateway, admin, { name: 'sre@example.com', roles: ['own-tokens'] })
    const sre = await signIn(gateway, { name, seed: undefined })
    const other = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] }),
    )
    await create('theirs', {}, { labels: { team: 'sre' } })
    expect((await other.get('/v1/tokens')).body).toMatchObject({ code: 'FORBIDDEN' })
    expect((await other.post('/v1/tokens/theirs/rotate', {})).body).toMatchObject({ code: 'FORBIDDEN' })
    const { items } = (await sre.get('/v1/tokens')).body as { items: { name: string }[] }
    expect(items.map((item) => item.name)).toEqual(['theirs'])
    expect((await sre.post('/v1/tokens/theirs/rotate', {})).status).toBe(200)
    expect((await sre.post('/v1/tokens/acts/rotate', {})).body).toMatchObject({
      code: 'FORBIDDEN',
      detail: expect.stringContaining('do not allow "rotate" on token "acts"'),
    })
  })
})
