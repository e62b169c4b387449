/** Changes by administrators that take a second factor: who is asked, what a proof counts for, and what it does not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type supertest from 'supertest'
import { mfaProofHeader } from '../../src/api/contract.js'
import {
  auditEvents,
  codeAt,
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
  type TestPerson,
} from '../support/people.js'
import { oidcConnector } from '../support/directory.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let eve: TestPerson
let browser: TestBrowser

const rules = [
  'role',
  'user',
  'token',
  'lock',
  'webhook',
  'cluster_auth_preference',
  'oidc',
  'login_rule',
].map((resource) => ({ resources: [resource], verbs: ['*'] }))
beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('careful', 'v8', { allow: { rules }, options: { require_session_mfa: true } }),
    ],
  })
  admin = await signInAdmin(gateway)
  eve = await createPerson(gateway, admin, { name: 'eve@example.com', roles: ['careful'], totp: true })
  gateway.clock.advance(30_000)
  browser = await signIn(gateway, eve)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const required = [403, 'SESSION_MFA_REQUIRED']
const invalid = [403, 'MFA_PROOF_INVALID']
const codeOf = ({ status, body }: supertest.Response) => [status, (body as { code?: string }).code]
let count = 0
const aRole = (name = `made-${++count}`) => role(name, 'v8', { allow: {} }) as object
const create = async (documents: readonly object[], proof?: string, query = '') =>
  await browser.send('post', `/v1/resources?mode=create${query}`, documents, header(proof))
const header = (proof?: string) => (proof === undefined ? {} : { [mfaProofHeader]: proof })
const subjectOf = ({ body }: supertest.Response): string =>
  (body as { mfa: { subjects: [string] } }).mfa.subjects[0]

function code(): string {
  gateway.clock.advance(30_000)
  return codeAt(eve.seed ?? '', gateway.clock.now())
}

/** The proof for what was refused. */
async function prove(refused: supertest.Response, by = browser): Promise<string> {
  expect(codeOf(refused)).toEqual(required)
  const about = { purpose: 'administer', subjects: [subjectOf(refused)] }
  const given = await by.post('/v1/mfa/proofs', { ...about, code: code() })
  expect(given.status, given.text).toBe(201)
  return (given.body as { proof: string }).proof
}

describe('a change by somebody whose role asks for it', () => {
  test('is also a SCIM token, by which people are made', async () => {
    const connector = { kind: 'oidc', version: 'v3', metadata: { name: 'okta' } }
    const spec = { issuer_url: 'https://idp.example', client_id: 'x', client_secret: 'x' }
    expect((await admin.post('/v1/resources', { ...connector, spec })).status).toBe(200)
    const make = async (proof?: string) =>
      await browser.send('post', '/v1/connectors/okta/scim-tokens', { label: 'x' }, header(proof))
    const refused = await make()
    expect(codeOf(refused)).toEqual(required)
    expect((await admin.get('/v1/connectors/okta/scim-tokens')).body).toMatchObject({ items: [] })
    expect((await make(await prove(refused))).status).toBe(201)
  })

  test('is refused without, says who asks and for what, and stands with it; both are in the log', async () => {
    const documents = [aRole(), aRole()]
    const refused = await create(documents)
    const because =
      'Role "careful" (v8) requires a fresh second factor for changes that hand out access or weaken it.'
    expect(refused.body).toMatchObject({ mfa: { purpose: 'administer', because, needs: 'factor' } })
    expect((await create(documents, undefined, '&dryRun=true')).status).toBe(200)
    const done = await create(documents, await prove(refused))
    expect(done.status, done.text).toBe(200)
    const [validate] = (await auditEvents(gateway, { user: eve.name })).filter(
      ({ event }) => event === 'mfa_auth_challenge.validate',
    )
    expect(validate).toMatchObject({ success: true, challenge_purpose: 'administer' })
  })

  test('takes a proof for this request alone, once', async () => {
    const documents = [aRole()]
    const proof = await prove(await create(documents))
    expect(codeOf(await create([aRole()], proof))).toEqual(invalid)
    expect((await create(documents, proof)).status).toBe(200)
    const [{ metadata }] = documents as [{ metadata: { name: string } }]
    const read = await admin.get(`/v1/resources/role/${metadata.name}`)
    const etag = { 'if-match': String(read.headers['etag']) }
    const remove = async (given?: string) =>
      await browser.send('delete', `/v1/resources/role/${metadata.name}`, {}, { ...etag, ...header(given) })
    expect(codeOf(await remove(proof))).toEqual(invalid)
    const events = await auditEvents(gateway, { user: eve.name })
    expect(events[0]).toMatchObject({
      event: 'mfa_auth_challenge.validate',
      success: false,
      error: 'the proof is not for this, or was used for it before',
    })
    expect((await remove(await prove(await remove()))).status).toBe(200)
    expect(codeOf(await create(documents, proof))).toEqual(invalid)
  })

  test('takes no proof of another session, of a decision on a request, nor of somebody else', async () => {
    const documents = [aRole()]
    const refused = await create(documents)
    gateway.clock.advance(30_000)
    const other = await signIn(gateway, eve)
    expect(codeOf(await create(documents, await prove(refused, other)))).toEqual(invalid)
    const decision = { purpose: 'review_requests', subjects: [subjectOf(refused)], code: code() }
    const { proof } = (await browser.post('/v1/mfa/proofs', decision)).body as { proof: string }
    expect(codeOf(await create(documents, proof))).toEqual(invalid)
    expect((await admin.get(`/v1/resources/role/made-${count}`)).status).toBe(404)
  })

  test('that fails uses nothing up', async () => {
    const documents = [aRole()]
    const proof = await prove(await create(documents))
    const [{ metadata }] = documents as [{ metadata: { name: string } }]
    const stored = await admin.post('/v1/resources?mode=create', documents)
    expect(stored.status).toBe(200)
    expect(codeOf(await create(documents, proof))).toEqual([409, 'ALREADY_EXISTS'])
    const read = await admin.get(`/v1/resources/role/${metadata.name}`)
    await admin.send(
      'delete',
      `/v1/resources/role/${metadata.name}`,
      {},
      { 'if-match': String(read.headers['etag']) },
    )
    expect((await create(documents, proof)).status).toBe(200)
  })

  test('is asked for links, tokens and the end of a lock as well, and not for a lock or a webhook', async () => {
    const post = async (path: string, body: object, given?: string) =>
      await browser.send('post', path, body, header(given))
    const invited = { name: 'new@example.com', roles: ['aws'] }
    const link = await post('/v1/users', invited, await prove(await post('/v1/users', invited)))
    expect(link.status, link.text).toBe(201)
    const reset = '/v1/users/new@example.com/reset-link'
    expect((await post(reset, {}, await prove(await post(reset, {})))).status).toBe(201)
    const token = {
      kind: 'token',
      version: 'v1',
      metadata: { name: 'bot' },
      spec: { roles: ['aws'], ttl: '1h' },
    }
    expect((await create([token], await prove(await create([token])))).status).toBe(200)
    const rotate = '/v1/tokens/bot/rotate'
    expect((await post(rotate, {}, await prove(await post(rotate, {})))).status).toBe(200)
    const lock = {
      kind: 'lock',
      version: 'v2',
      metadata: { name: 'held' },
      spec: { target: { user: 'new@example.com' } },
    }
    expect((await create([lock])).status).toBe(200)
    const lift = async (given?: string) =>
      await browser.send('delete', '/v1/resources/lock/held', {}, header(given))
    expect((await lift(await prove(await lift()))).status).toBe(200)
  })
})

test('a SCIM token of a connector and a login rule, from which roles follow, are asked for as well', async () => {
  expect((await admin.post('/v1/resources?mode=create', [oidcConnector('entra')])).status).toBe(200)
  const path = '/v1/connectors/entra/scim-tokens'
  const add = async (proof?: string) => await browser.send('post', path, { label: 'new' }, header(proof))
  const proof = await prove(await add())
  expect((await add(proof)).status).toBe(201)
  expect(codeOf(await add(proof))).toEqual(invalid)
  const rule = {
    kind: 'login_rule',
    version: 'v1',
    metadata: { name: 'everyone' },
    spec: { priority: 1, traits_map: { groups: ['"everyone"'] } },
  }
  expect((await create([rule], await prove(await create([rule])))).status).toBe(200)
})

describe('the cluster', () => {
  const preference = (spec: object) => ({
    kind: 'cluster_auth_preference',
    version: 'v2',
    metadata: { name: 'cluster-auth-preference' },
    spec,
  })
  const put = async (spec: object) => await admin.post('/v1/resources?mode=replace', [preference(spec)])

  test('asks everyone but machine users and the operator, and to switch it off takes one, too', async () => {
    const bot = role('bots', 'v8', { allow: { rules } })
    const token = {
      kind: 'token',
      version: 'v1',
      metadata: { name: 'machine' },
      spec: { roles: ['bots'], ttl: '1h' },
    }
    const made = await admin.post('/v1/resources?mode=create', [bot, token])
    const secret = (made.body as { changes: { secret?: string }[] }).changes.find((one) => one.secret)?.secret
    expect((await put({ second_factor: 'optional', require_session_mfa: true })).status).toBe(200)
    const off = await put({ second_factor: 'optional' })
    expect(codeOf(off)).toEqual([403, 'SECOND_FACTOR_MISSING'])
    const response = await fetch(`${gateway.url}/v1/resources?mode=create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify([aRole()]),
    })
    expect(response.status).toBe(200)
    const spec = preference({ second_factor: 'optional' })
    const replace = async (proof?: string) =>
      await browser.send('post', '/v1/resources?mode=replace', [spec], header(proof))
    expect((await replace(await prove(await replace()))).status).toBe(200)
    expect((await create([aRole()])).status).toBe(403)
    expect((await admin.post('/v1/resources?mode=create', [aRole()])).status).toBe(200)
  })
})
