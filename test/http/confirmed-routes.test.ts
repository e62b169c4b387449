/**
 * @module Every route that changes something takes a fresh second factor where the cluster asks for one, or is said here
 * not to, and why. Whoever adds a route puts it into one of the tables: with a call that a stolen session makes and that
 * is refused, or with the reason for which it hands out nothing and weakens nothing.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type supertest from 'supertest'
import { mfaProofHeader } from '../../src/api/contract.js'
import { isGuarded, unguarded } from '../../src/core/mfa/admin-action.js'
import { addDevice } from '../support/device.js'
import { oidcConnector } from '../support/directory.js'
import { testKinds } from '../support/kinds.js'
import {
  auditEvents,
  codeAt,
  createPerson,
  expectStatus,
  role,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
  type TestPerson,
} from '../support/people.js'
import { testRoutes } from '../support/routes.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const list = (name: string, owners: string[], spec: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: name, owners, ...spec },
})
const mallory = 'all@example.com'
const plugin = 'aws-identity-center'
const scimBase = 'https://scim.eu-central-1.amazonaws.com/0a1b2c3d4e5f-6a7b-8c9d-0e1f-2a3b4c5d6e7f/scim/v2'

let gateway: TestGateway
let admin: TestBrowser
/** Somebody who may do everything; the session is in the hands of a thief, the phone is not. */
let stolen: TestBrowser
let person: TestPerson
let owner: TestPerson
let owning: TestBrowser
let device: string
let request: string
let toPromote: string

beforeAll(async () => {
  const everything = { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } }
  const reviewer = { allow: { review_requests: { roles: ['access'] } } }
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('everything', 'v7', everything),
      role('reviews', 'v8', reviewer),
      role('asks', 'v8', { allow: { request: { roles: ['access'] } } }),
      role('members', 'v8', {
        allow: { rules: [{ resources: ['access_list'], verbs: ['*'] }] },
        options: { require_session_mfa: true },
      }),
      spResource(),
      oidcConnector('okta'),
    ],
  })
  admin = await signInAdmin(gateway)
  const join = async (name: string, roles: string[], totp: boolean) =>
    await createPerson(gateway, admin, { name, roles, ...(totp && { totp: true as const }) })
  person = await join(mallory, ['everything', 'reviews'], true)
  owner = await join('owner@example.com', ['reviews', 'members'], true)
  const examples = testKinds().all.filter(({ name }) =>
    ['integration', 'plugin', 'webhook', 'token'].includes(name),
  )
  for (const { example } of examples)
    expectStatus(
      await admin.send('post', '/v1/resources?mode=replace', example, { 'content-type': 'application/yaml' }),
      200,
    )
  const gives = { grants: { roles: ['access'] } }
  const lists = [list('ops', [mallory, owner.name]), list('gives', [mallory, owner.name], gives)]
  expectStatus(await admin.post('/v1/resources', lists), 200)
  expectStatus(await admin.post('/v1/access-lists/ops/members', { name: 'admin' }), 200)
  device = (await addDevice(admin)).name
  const ask = async (name: string) => {
    const asking = await signIn(gateway, await join(name, ['asks'], false))
    const made = await asking.post('/v1/access-requests', { items: [{ kind: 'role', name: 'access' }] })
    expectStatus(made, 200)
    return `/v1/access-requests/${(made.body as { request: { id: string } }).request.id}`
  }
  request = await ask('asks@example.com')
  toPromote = await ask('promoted@example.com')
  gateway.clock.advance(30_000)
  stolen = await signIn(gateway, person)
  owning = await signIn(gateway, owner)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

type Method = 'post' | 'put' | 'delete'
type Call = readonly [Method, string, object?]
const ofPlugin = `/v1/identity-center/${plugin}`

/** Keeps everybody. */
async function reviewOf(name: string): Promise<Call> {
  const path = `/v1/access-lists/${name}/review`
  const { digest } = (await owning.get(path)).body as { digest: string }
  return ['post', `${path}/submit`, { keepRest: true, digest }]
}

/** What the thief does with each. */
const asked: Readonly<Record<string, () => Call | Promise<Call>>> = {
  'POST /v1/resources': () => ['post', '/v1/resources', role('new', 'v7', {}) as object],
  'POST /v1/access-lists/:name/members': () => ['post', '/v1/access-lists/ops/members', { name: mallory }],
  'DELETE /v1/access-lists/:name/members/:kind/:member': () => [
    'delete',
    '/v1/access-lists/ops/members/user/admin',
    {},
  ],
  'POST /v1/access-lists/:name/change-members': () => [
    'post',
    '/v1/access-lists/ops/change-members',
    { names: mallory },
  ],
  'POST /v1/access-lists/:name/review/submit': async () => await reviewOf('ops'),
  'PUT /v1/access-lists/:name/requirements': () => [
    'put',
    '/v1/access-lists/ops/requirements',
    { roles: ['aws'] },
  ],
  'POST /v1/access-requests/:id/reviews': () => ['post', `${request}/reviews`, { all: 'approve' }],
  'POST /v1/access-requests/:id/revoke': () => ['post', `${request}/revoke`, { reason: 'x' }],
  'POST /v1/access-requests/:id/promote': () => ['post', `${request}/promote`, { list: 'gives' }],
  'PUT /v1/on-call/:name': () => ['put', '/v1/on-call/primary', { users: [mallory] }],
  'DELETE /v1/on-call/:name': () => ['delete', '/v1/on-call/night', {}],
  'POST /v1/connectors/:name/scim-tokens': () => ['post', '/v1/connectors/okta/scim-tokens', { label: 'x' }],
  'POST /v1/connectors/:name/held': () => [
    'post',
    '/v1/connectors/okta/held',
    { decision: 'release', keys: ['x'] },
  ],
  'POST /v1/devices/:name/enroll-token': () => ['post', `/v1/devices/${device}/enroll-token`, {}],
  'POST /v1/keys/:kind/rotate': () => ['post', '/v1/keys/saml/rotate', { step: 'prepare' }],
  'POST /v1/tokens/:name/rotate': () => ['post', '/v1/tokens/deploy-pipeline/rotate', {}],
  'POST /v1/users': () => ['post', '/v1/users', { name: 'new@example.com', roles: ['everything'] }],
  'POST /v1/users/:name/reset-link': () => ['post', '/v1/users/admin/reset-link', {}],
  'PUT /v1/identity-center/:plugin/scim': () => [
    'put',
    `${ofPlugin}/scim`,
    { baseUrl: scimBase, token: 'a-token-of-a-test', slot: 1, skipTest: true },
  ],
  'POST /v1/identity-center/:plugin/uninstall': () => ['post', `${ofPlugin}/uninstall`, { confirm: plugin }],
}

const inFrontOfAws =
  'asked in front of AWS: test/http/identity-center.test.ts, test/service/identity-center/plan.test.ts'
const takesAway = 'takes something away, which must not wait'
const ownFactors = 'takes the password or a factor of the person itself'
const ownFlow = 'a step of a sign-in of their own, which proves itself'
const looks = 'tells something, and changes nothing that decides'
const own = 'keeps what is their own and decides nothing'

/** Why these take none. */
const notAsked: Readonly<Record<string, string>> = {
  'POST /v1/identity-center/:plugin/import': inFrontOfAws,
  'POST /v1/identity-center/:plugin/plan/apply': inFrontOfAws,
  'POST /v1/identity-center/:plugin/plan/approve': inFrontOfAws,
  'POST /v1/identity-center/:plugin/scan': looks,
  'POST /v1/identity-center/:plugin/connection-test': looks,
  'POST /v1/identity-center/:plugin/scim/test': looks,
  'POST /v1/identity-center/:plugin/resync': 'does what the plan says already, once more',
  'DELETE /v1/identity-center/:plugin/scim/tokens/:slot': takesAway,
  'POST /v1/identity-center/setup-script': looks,
  'POST /v1/saml/test-assertion': looks,
  'DELETE /v1/audit/sinks/:key': 'a place in the log that nobody reads from any more; the events stay',
  'POST /v1/connectors/:name/test': 'a sign-in that signs nobody in',
  'DELETE /v1/connectors/:name/scim-tokens/:id': takesAway,
  'DELETE /v1/users/:name/sessions/:id': takesAway,
  'POST /v1/webhooks/:name/rotate': 'a webhook tells what happened, and nothing it answers decides',
  'POST /v1/webhooks/:name/test': 'a webhook tells what happened, and nothing it answers decides',
  'POST /v1/access-lists/:name/review/decisions': 'nothing happens before the review is submitted',
  'POST /v1/access-requests': 'others decide, or a rule that took a factor to write',
  'POST /v1/access-requests/:id/extend': 'others decide, or a rule that took a factor to write',
  'PUT /v1/me/assumed-requests/:id': 'what was approved for this person already',
  'DELETE /v1/me/assumed-requests/:id': takesAway,
  'POST /v1/access-requests/:id/cancel': takesAway,
  'POST /v1/access-requests/:id/release': takesAway,
  'DELETE /v1/access-requests/:id': 'one that is over and gives nothing',
  'POST /v1/cli/authorizations': 'gives the same person what the session may do, and for no longer',
  'POST /v1/devices/enroll': 'takes a token, and to make that takes a factor',
  'POST /v1/devices/enroll/inspect': looks,
  'POST /v1/device-challenges/inspect': looks,
  'POST /v1/device-challenges/refuse': takesAway,
  'POST /v1/device-challenges/sign': 'takes the key of the device',
  'POST /v1/device-steps/ask': ownFlow,
  'POST /v1/device-steps/go-without': ownFlow,
  'POST /v1/step-up': ownFlow,
  'POST /v1/step-up/start': ownFlow,
  'POST /v1/mfa/proofs': 'takes the factor itself',
  'POST /v1/mfa/proofs/start': 'asks for the factor itself',
  'POST /v1/me/factors': ownFactors,
  'POST /v1/me/factors/start': ownFactors,
  'PUT /v1/me/factors/:id': own,
  'DELETE /v1/me/factors/:id': ownFactors,
  'POST /v1/me/passkeys': ownFactors,
  'POST /v1/me/passkeys/ask': ownFactors,
  'POST /v1/me/passkeys/start': ownFactors,
  'POST /v1/me/password': ownFactors,
  'POST /v1/me/recovery-codes': ownFactors,
  'DELETE /v1/me/sessions/:id': takesAway,
  'PUT /v1/me/shelf/:kind/:name': own,
  'DELETE /v1/me/shelf/:kind/:name': own,
}

const required = [403, 'SESSION_MFA_REQUIRED']
const codeOf = ({ status, body }: supertest.Response) => [status, (body as { code?: string }).code]
const send = async (browser: TestBrowser, [method, path, body = {}]: Call, proof?: string) =>
  await browser.send(method, path, body, proof === undefined ? {} : { [mfaProofHeader]: proof })

async function proofFor(refused: supertest.Response, browser: TestBrowser, by: TestPerson): Promise<string> {
  expect(codeOf(refused)).toEqual(required)
  const { purpose, subjects } = (refused.body as { mfa: { purpose: string; subjects: string[] } }).mfa
  gateway.clock.advance(30_000)
  const code = codeAt(by.seed ?? '', gateway.clock.now())
  const given = await browser.post('/v1/mfa/proofs', { purpose, subjects, code })
  expectStatus(given, 201)
  return (given.body as { proof: string }).proof
}

const preference = (spec: object) => ({
  kind: 'cluster_auth_preference',
  version: 'v2',
  metadata: { name: 'cluster-auth-preference' },
  spec,
})

test('each route that changes something is in one of the tables, and no other is', () => {
  const changing = testRoutes()
    .filter(({ method, right }) => method !== 'get' && right !== 'public' && right !== 'directory')
    .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    // Of each kind of resource; which of these take one is in a table of the core.
    .filter((name) => !name.includes('/v1/resources/'))
  expect([...Object.keys(asked), ...Object.keys(notAsked)].sort()).toEqual([...new Set(changing)].sort())
})

test.each(testKinds().all.map(({ name }) => name))(
  'each change of %s is said to take one, or not to',
  (kind) => {
    for (const verb of ['create', 'update', 'delete']) {
      const isFree = unguarded[kind]?.includes(verb) === true
      expect([verb, isGuarded({ resource: kind, verb }) !== isFree]).toEqual([verb, true])
    }
  },
)

describe('where a role asks', () => {
  const add = (name: string): Call => ['post', '/v1/access-lists/ops/members', { name }]

  test('its holder adds a member by a proof for this alone, once; owners without it are not asked', async () => {
    const refused = await send(owning, add('eve@example.com'))
    expect(refused.body).toMatchObject({ mfa: { because: expect.stringContaining('"members"') } })
    const { items } = (await admin.get('/v1/access-lists/ops/members')).body as { items: { name: string }[] }
    expect(items.map(({ name }) => name)).toEqual(['admin'])
    const proof = await proofFor(refused, owning, owner)
    expect(codeOf(await send(owning, add('carol@example.com'), proof))).toEqual([403, 'MFA_PROOF_INVALID'])
    const events = await auditEvents(gateway, { user: owner.name })
    expect(events.filter(({ success }) => success === false).map(({ event }) => event)).toEqual([
      'access_list.member.create',
      'mfa_auth_challenge.validate',
    ])
    expect((await send(owning, add('eve@example.com'), proof)).status).toBe(200)
    // Said again, it changes nothing and takes nothing.
    expect((await send(owning, add('eve@example.com'))).status).toBe(200)
    const remove: Call = ['delete', '/v1/access-lists/ops/members/user/eve@example.com', {}]
    expect(codeOf(await send(owning, remove, proof))).toEqual([403, 'MFA_PROOF_INVALID'])
    // Mallory owns the list, and no role of theirs asks.
    expect((await send(stolen, remove)).status).toBe(204)
  })

  test('a look at what would happen takes none, and many members at once take one', async () => {
    const many = { names: 'eve@example.com, carol@example.com', addUnknown: true }
    const path = '/v1/access-lists/gives/change-members'
    expect((await send(owning, ['post', path, { ...many, dryRun: true }])).status).toBe(200)
    const call: Call = ['post', path, many]
    const done = await send(owning, call, await proofFor(await send(owning, call), owning, owner))
    expect((done.body as { added: unknown[] }).added).toHaveLength(2)
  })

  test('whoever makes the requester a member of a list is asked by the role that lets them change it', async () => {
    const call: Call = ['post', `${toPromote}/promote`, { list: 'gives' }]
    const found = async () =>
      ((await admin.get('/v1/access-lists/gives/members?search=promoted')).body as { items: unknown[] }).items
    const refused = await send(owning, call)
    expect(refused.body).toMatchObject({ mfa: { purpose: 'administer' } })
    expect(await found()).toEqual([])
    expect((await send(owning, call, await proofFor(refused, owning, owner))).status).toBe(200)
    expect(await found()).toHaveLength(1)
  })
})

describe('where the cluster asks', () => {
  const member = {
    kind: 'access_list_member',
    version: 'v1',
    metadata: { name: mallory },
    spec: { access_list: 'ops', name: mallory },
  }
  beforeAll(async () => {
    await send(admin, ['put', '/v1/on-call/night', { users: [] }])
    const spec = { second_factor: 'optional', require_session_mfa: true }
    expectStatus(await admin.post('/v1/resources?mode=replace', [preference(spec)]), 200)
  })

  test.each(Object.entries(asked))('%s takes a fresh second factor', async (_, call) => {
    expect(codeOf(await send(stolen, await call()))).toEqual(required)
  })

  test.each(['access_list', 'access_list_member', 'access_review_rule', 'device'])(
    'so does a document of %s, and to remove one',
    async (kind) => {
      const example = testKinds().all.find(({ name }) => name === kind)?.example ?? ''
      const text = kind === 'access_list_member' ? JSON.stringify(member) : example
      const yaml = { 'content-type': 'application/yaml' }
      expect(codeOf(await stolen.send('post', '/v1/resources?mode=create', text, yaml))).toEqual(required)
      const stored = (await admin.get(`/v1/resources/${kind}`)).body as { items: { name: string }[] }
      const [first] = stored.items
      if (first === undefined) return
      const path = `/v1/resources/${kind}/${encodeURIComponent(first.name)}`
      expect(codeOf(await send(stolen, ['delete', path, {}]))).toEqual(required)
    },
  )

  test('an owner without any right is asked, too, and a review takes one for all that it decides', async () => {
    const call = await reviewOf('gives')
    const submitted = await send(owning, call, await proofFor(await send(owning, call), owning, owner))
    expect([submitted.status, (submitted.body as { kept: number }).kept]).toEqual([200, 3])
    expect(codeOf(await send(owning, await reviewOf('gives')))).toEqual(required)
  })
})
