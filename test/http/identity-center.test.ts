/** The routes of Identity Center: each answer has the shape that the contract says, each takes its right. */
import { ReaderCount } from '../../src/service/audit/follow-events.js'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Argon2Hasher } from '../../src/authn/password.js'
import { NodeDeviceSignatures } from '../../src/authn/device-signatures.js'
import { WebAuthnPasskeys } from '../../src/authn/passkeys.js'
import { OtpauthTotp } from '../../src/authn/totp.js'
import type { HttpDeps } from '../../src/http/deps.js'
import { describeStatus } from '../../src/cli/awsic/status-text.js'
import { createHttpServer } from '../../src/http/server.js'
import { createSamlUpstream } from '../../src/saml/sp/adapter.js'
import { createRoutes } from '../../src/http/routes/index.js'
import { createEvidenceArchiver } from '../../src/audit/evidence-archive.js'
import { createSigningKeys } from '../../src/keys/signing-keys.js'
import { systemRandom } from '../../src/lib/random.js'
import { createScimServer } from '../../src/scim/server/schemas.js'
import { putScimToken } from '../../src/service/identity-center/put-scim-token.js'
import { startImport } from '../../src/service/identity-center/import.js'
import { listIntegrations } from '../../src/service/identity-center/integrations.js'
import { hashToken } from '../../src/service/people/tokens.js'
import { desk, rule, user } from '../service/resources/world.js'
import { openIcWorld, plugin, pluginName, type IcWorld } from '../service/identity-center/world.js'

/** Any page will do: these routes have none. */
const webDir = fileURLToPath(new URL('../../src/web', import.meta.url))
const base = `/v1/identity-center/${pluginName}`

const noFetch = () => Promise.reject(new Error('nobody fetches here'))
const nobodyThere = {
  start: () => Promise.reject(new Error('nobody signs in there')),
  finish: () => Promise.reject(new Error('nobody signs in there')),
}

async function open() {
  const us = await openIcWorld()
  await us.world.apply([
    rule('metrics', 'metrics', ['read']),
    rule('reader', 'plugin', ['read', 'list']),
    user('metrics@example.com', { roles: ['metrics'] }),
    user('reader@example.com', { roles: ['reader'] }),
  ])
  const { deps } = us
  const keys = (purpose: 'saml' | 'audit' | 'oidc') =>
    createSigningKeys({ ...deps, purpose, clusterName: 'gatehouse.test' })
  const httpDeps: HttpDeps = {
    ...deps,
    passwords: new Argon2Hasher(),
    totp: new OtpauthTotp(systemRandom),
    passkeys: new WebAuthnPasskeys(),
    deviceSignatures: new NodeDeviceSignatures(),
    upstreams: { oidc: nobodyThere, github: nobodyThere },
    managedKeys: { saml: keys('saml'), audit: keys('audit'), oidc: keys('oidc') },
    issuer: { jwks: () => Promise.resolve({ keys: [] }) },
    operatorTokenHash: hashToken(systemRandom.secret()),
    signAuditHead: () => Promise.resolve(),
    evidence: createEvidenceArchiver({ keys: keys('audit') }),
    flushAudit: async () => {
      await us.world.events()
    },
    auditNews: { version: 0, ended: new AbortController().signal, waitPast: () => Promise.resolve() },
    auditReaders: new ReaderCount(),
    auditSinks: [],
    auditKeys: () => Promise.resolve([]),
    samlUpstream: createSamlUpstream({
      allowHttpLoopback: true,
      fetch: { public: noFetch, private: noFetch },
    }),
    scimServer: createScimServer(),
    webhookSender: { send: () => Promise.reject(new Error('nobody sends here')) },
  }
  const server = createServer(createHttpServer({ deps: httpDeps, webDir, trustedProxies: [] }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  )
  const { port } = server.address() as AddressInfo
  const agent = supertest(`http://127.0.0.1:${port}`)
  return {
    us,
    routes: createRoutes(deps.kinds),
    /** Asks as a person at a command line. */
    as: async (name: string) => {
      const token = await signIn(us, name)
      return async (method: 'get' | 'post' | 'put' | 'delete', path: string, body?: object) =>
        await agent[method](path).set('authorization', `Bearer ${token}`).send(body)
    },
  }
}

async function signIn({ world }: IcWorld, name: string): Promise<string> {
  const token = `ghc_${systemRandom.secret()}`
  await world.openSession(name, token)
  const now = world.clock.now()
  await world.store.sessions.create({
    tokenHash: hashToken(token),
    id: systemRandom.uuid(),
    client: 'cli',
    label: 'test',
    user: name,
    stage: 'full',
    methods: ['password'],
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    expiresAt: now + 3_600_000,
    idleTimeoutMs: undefined,
    address: '127.0.0.1',
    userAgent: 'test',
    assumed: [],
  })
  return token
}

describe('the routes of Identity Center', () => {
  test('answer in the shapes of the contract', async () => {
    const { us, routes, as } = await open()
    await us.sync.scan()
    await startImport(us.deps, pluginName, 'ada@example.com', desk)
    const ask = await as('ada@example.com')
    const gets = routes.filter(
      ({ method, path }) =>
        method === 'get' && (path.startsWith('/v1/identity-center/') || path === '/v1/integrations'),
    )
    expect(gets.length).toBeGreaterThan(9)
    for (const { path, answer } of gets) {
      const response = await ask('get', path.replace(':plugin', pluginName))
      expect([path, response.status, response.text.slice(0, 300)]).toEqual([path, 200, expect.any(String)])
      if (answer.kind !== 'json') throw new Error('no JSON')
      expect(answer.schema.safeParse(response.body).error).toBeUndefined()
    }
    for (const path of ['scan', 'connection-test', 'import']) {
      const { status, body } = await ask('post', `${base}/${path}`)
      const answer = routes.find((route) => route.path.endsWith(`:plugin/${path}`))?.answer
      expect([path, status]).toEqual([path, 200])
      if (answer?.kind !== 'json') throw new Error('no JSON')
      expect(answer.schema.safeParse(body).error).toBeUndefined()
    }
  })

  test('answer in the shapes of the contract where they test, approve, apply and remove, too', async () => {
    const { us, routes, as } = await open()
    const ask = await as('ada@example.com')
    const answered = async (path: string, input: object): Promise<unknown> => {
      const { status, body, text } = await ask('post', `${base}/${path}`, input)
      expect([path, status, text.slice(0, 300)]).toEqual([path, 200, expect.any(String)])
      const answer = routes.find(
        (one) => one.path.endsWith(`:plugin/${path}`) && one.method === 'post',
      )?.answer
      if (answer?.kind !== 'json') throw new Error('no JSON')
      expect([path, answer.schema.safeParse(body).error]).toEqual([path, undefined])
      return body
    }
    await us.sync.scan()
    await startImport(us.deps, pluginName, 'ada@example.com', desk)
    const { endpoint, token } = await us.scim()
    await us.world.apply(plugin({ provisioning_spec: { base_url: endpoint, allow_other_host: true } }))
    expect((await ask('put', `${base}/scim`, { token })).body).toMatchObject({ saved: true })
    expect(await answered('scim/test', {})).toMatchObject({ ok: true })
    const { body } = await ask('get', `${base}/plan`)
    expect(await answered('plan/approve', { heldDigest: body.heldDigest })).toBeDefined()
    const { body: next } = await ask('get', `${base}/plan`)
    expect(await answered('plan/apply', { heldDigest: next.heldDigest })).toBeDefined()
    await us.world.apply(plugin({ sync: 'paused' }))
    expect(await answered('uninstall', { confirm: pluginName })).toMatchObject({
      job: { kind: 'uninstall', state: 'done' },
    })
  })

  test('tell what to do about a last sync that failed', async () => {
    const { us, as } = await open()
    await us.sync.scan()
    us.sync.lastSync = {
      at: us.world.clock.now(),
      success: false,
      says: 'It failed.',
      changed: 0,
      remedy: 'Do this.',
    }
    const { body } = await (await as('reader@example.com'))('get', `${base}/status`)
    expect(body.lastSync).toMatchObject({ says: 'It failed.', remedy: 'Do this.' })
    expect(describeStatus(body).join('\n')).toContain('It failed.\n              Do this.')
    us.sync.lastSync = { at: us.world.clock.now(), success: true, says: 'It went well.', changed: 0 }
    const { body: well } = await (await as('reader@example.com'))('get', `${base}/status`)
    expect(well.lastSync).not.toHaveProperty('remedy')
  })

  test('let who may only read not change anything', async () => {
    const { us, as } = await open()
    await us.sync.scan()
    const ask = await as('reader@example.com')
    expect((await ask('get', `${base}/status`)).status).toBe(200)
    const changes = [
      ['post', 'import', {}],
      ['post', 'scan', {}],
      ['post', 'connection-test', {}],
      ['put', 'scim', { token: 'x' }],
      ['delete', 'scim/tokens/1', undefined],
      ['post', 'scim/test', {}],
      ['post', 'plan/approve', { heldDigest: 'x' }],
      ['post', 'plan/apply', {}],
      ['post', 'resync', { kind: 'user', name: 'x' }],
      ['post', 'uninstall', { confirm: pluginName }],
    ] as const
    for (const [method, path, body] of changes) {
      expect([path, (await ask(method, `${base}/${path}`, body)).status]).toEqual([path, 403])
    }
    expect((await us.world.store.principalLinks.list(pluginName)).length).toBe(0)
  })

  test('take a second factor where the cluster asks for one, before anything begins', async () => {
    const { us, as } = await open()
    await us.sync.scan()
    const spec = { second_factor: 'optional', require_session_mfa: true }
    const metadata = { name: 'cluster-auth-preference' }
    await us.world.apply({ kind: 'cluster_auth_preference', version: 'v2', metadata, spec })
    const { endpoint, token } = await us.scim()
    const ask = await as('ada@example.com')
    const refusals = async (changes: readonly (readonly ['post' | 'put', string, object])[]) => {
      for (const [method, path, body] of changes) {
        const { status, body: answer } = await ask(method, `${base}/${path}`, body)
        expect([path, status, answer.code]).toEqual([path, 403, 'SECOND_FACTOR_MISSING'])
      }
    }
    await refusals([['post', 'import', {}]])
    await startImport(us.deps, pluginName, 'ada@example.com', desk)
    const url = { base_url: endpoint, allow_other_host: true }
    await us.world.apply(plugin({ provisioning_spec: url }))
    await refusals([['put', 'scim', { token }]])
    expect(await us.world.store.scimTokens.list(pluginName)).toEqual([])
    await putScimToken(us.deps, pluginName, { token, skipTest: true }, 'ada@example.com', desk)
    const { body: plan } = await ask('get', `${base}/plan`)
    await refusals([
      ['post', 'plan/apply', { heldDigest: plan.heldDigest }],
      ['post', 'uninstall', { confirm: pluginName }],
    ])
    expect((await ask('get', `${base}/status`)).body).toMatchObject({ sync: 'paused' })
  })

  test('say what is wrong: an unknown plugin, a slot that is none, a token that AWS refused', async () => {
    const { as } = await open()
    const ask = await as('ada@example.com')
    expect((await ask('get', '/v1/identity-center/other/status')).body).toMatchObject({ code: 'NOT_FOUND' })
    expect((await ask('delete', `${base}/scim/tokens/3`)).body).toMatchObject({ code: 'NOT_FOUND' })
    expect((await ask('post', `${base}/import`)).body).toMatchObject({ code: 'CONFLICT', status: 409 })
    expect((await ask('post', `${base}/plan/approve`, { heldDigest: 'old' })).body).toMatchObject({
      code: 'PLAN_CHANGED',
    })
    expect((await ask('put', `${base}/scim`, { token: 'x', surprise: 1 })).status).toBe(400)
  })
})

describe('/metrics', () => {
  test('tells the figures of each plugin to who may read them', async () => {
    const { us, as } = await open()
    await us.sync.scan()
    us.sync.lastSync = { at: us.world.clock.now() - 30_000, success: true, says: 'x', changed: 2 }
    const response = await (await as('metrics@example.com'))('get', '/metrics')
    expect(response.status).toBe(200)
    expect(response.headers['content-type']).toContain('text/plain')
    const line = (name: string) => `gatehouse_identity_center_${name}`
    expect(response.text).toContain(`${line('health')}{plugin="${pluginName}",health="setting_up"} 1`)
    expect(response.text).toContain(`${line('health')}{plugin="${pluginName}",health="healthy"} 0`)
    expect(response.text).toContain(`${line('last_sync_age_seconds')}{plugin="${pluginName}"} 30`)
    expect(response.text).toContain(`${line('credentials_ok')}{plugin="${pluginName}"} 1`)
    expect(response.text).toContain('gatehouse_outbox_messages{state="waiting"} 0')
    expect(response.text).toContain('gatehouse_outbox_messages{state="given_up"} 0')
    expect(response.text).toContain('gatehouse_webhook_messages{state="waiting"} 0')
    expect(response.text).not.toContain('example.com')
  })

  test('tells a plugin that cannot be read as failing, and the list of integrations why', async () => {
    const { us, as } = await open()
    const { resources } = us.world.store
    const stored = await resources.find('plugin', pluginName)
    const document = { kind: 'plugin', version: 'v1', metadata: { name: pluginName }, spec: {} }
    await resources.update({
      kind: 'plugin',
      name: pluginName,
      document,
      expectedRevision: stored?.revision ?? '',
      now: us.world.clock.now(),
    })
    const { text } = await (await as('metrics@example.com'))('get', '/metrics')
    expect(text).toContain(`gatehouse_identity_center_health{plugin="${pluginName}",health="failing"} 1`)
    expect(text).toContain(`gatehouse_identity_center_health{plugin="${pluginName}",health="healthy"} 0`)
    const [item] = (await listIntegrations(us.deps)).items
    expect(item).toMatchObject({ kind: 'plugin', name: pluginName, health: 'failing' })
    expect(item?.says).not.toBe('')
  })

  test('is closed to everybody else, on this machine too', async () => {
    const { as } = await open()
    expect((await (await as('dev@example.com'))('get', '/metrics')).status).toBe(403)
    expect((await (await as('reader@example.com'))('get', '/metrics')).status).toBe(403)
  })
})
