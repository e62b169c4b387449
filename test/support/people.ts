/**
 * @module People for HTTP tests: made and signed in through the same API that their browsers use, with cookies and
 * CSRF tokens kept for them.
 */
import { Secret, TOTP } from 'otpauth'
import supertest, { type Test } from 'supertest'
import { awsLabels } from './sp.js'
import type { TestGateway } from './test-gateway.js'

export const password = 'a long enough password'

/** Roles and preference that most tests need: one that signs in to AWS, one with session MFA, one without labels. */
export const testResources: readonly unknown[] = [
  {
    kind: 'cluster_auth_preference',
    version: 'v2',
    metadata: { name: 'cluster-auth-preference' },
    spec: { second_factor: 'optional' },
  },
  role('aws', 'v8', { allow: { app_labels: awsLabels } }),
  role('aws-mfa', 'v8', { allow: { app_labels: awsLabels }, options: { require_session_mfa: true } }),
  role('no-labels', 'v8', { allow: {} }),
  role('v7-off', 'v7', { allow: {}, options: { idp: { saml: { enabled: false } } } }),
  role('aws-device', 'v8', { allow: { app_labels: awsLabels }, options: { device_trust_mode: 'required' } }),
]

export function role(name: string, version: string, spec: unknown): unknown {
  return { kind: 'role', version, metadata: { name }, spec }
}

/** A browser's side of the gateway: keeps the cookie, sends the CSRF token. */
export class TestBrowser {
  readonly #gateway: TestGateway
  cookie: string | undefined
  constructor(gateway: TestGateway) {
    this.#gateway = gateway
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<supertest.Response> {
    const accept = path.startsWith('/v1/') ? 'application/json' : 'text/html'
    return await this.#keep(supertest(this.#gateway.url).get(path).set('accept', accept).set(headers))
  }

  async post(path: string, body: object): Promise<supertest.Response> {
    return await this.#send('post', path, body)
  }

  async delete(path: string, body: object = {}): Promise<supertest.Response> {
    return await this.#send('delete', path, body)
  }

  /** Any request, with what goes with it: text is sent as it is, of the type that the headers say. */
  async send(
    method: 'post' | 'put' | 'delete',
    path: string,
    body: object | string = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<supertest.Response> {
    return await this.#send(method, path, body, headers)
  }

  async #send(
    method: 'post' | 'put' | 'delete',
    path: string,
    body: object | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<supertest.Response> {
    const session = await this.get('/v1/session')
    const test = supertest(this.#gateway.url)
      [method](path)
      .set('origin', this.#gateway.publicUrl)
      .set(headers)
    const { csrfToken } = session.body as { csrfToken: string }
    if (csrfToken !== '') void test.set('x-gatehouse-csrf', csrfToken)
    return await this.#keep(test.send(body))
  }

  async #keep(test: Test): Promise<supertest.Response> {
    if (this.cookie !== undefined) void test.set('cookie', this.cookie)
    // Buffered, so that the text of every type is there.
    const response = await test
      .redirects(0)
      .buffer(true)
      .ok(() => true)
    const [line] = (response.headers['set-cookie'] as unknown as string[] | undefined) ?? []
    const pair = line?.split(';')[0]
    if (pair !== undefined) this.cookie = pair.endsWith('=') ? undefined : pair
    return response
  }
}

/** The first administrator, by the link that a new gateway gives. */
export async function signInAdmin(gateway: TestGateway): Promise<TestBrowser> {
  const link = gateway.gateway.firstAdmin
  if (link === undefined) throw new Error('this gateway has an administrator already')
  const browser = new TestBrowser(gateway)
  expectStatus(await browser.post('/v1/links/redeem', { token: tokenOf(link.url), password }), 200)
  expectStatus(await browser.post('/v1/sign-in', { user: 'admin', password }), 200)
  return browser
}

export interface TestPerson {
  readonly name: string
  /** Seed of the second factor, where one was enrolled. */
  readonly seed: string | undefined
}

/** Invites a person and redeems the link. */
export async function createPerson(
  gateway: TestGateway,
  admin: TestBrowser,
  person: { name: string; roles: string[]; traits?: Record<string, string[]>; totp?: true },
): Promise<TestPerson> {
  const { name, roles, traits } = person
  const invited = await admin.post('/v1/users', { name, roles, ...(traits && { traits }) })
  expectStatus(invited, 201)
  const token = tokenOf((invited.body as { url: string }).url)
  const browser = new TestBrowser(gateway)
  const link = await browser.post('/v1/links/inspect', { token })
  const { totp } = link.body as { totp?: { ticket: string; secret: string } }
  const offer = person.totp ? totp : undefined
  // The code of the step before: enrolling spends a step, and the sign-in after it needs the present one.
  const first = offer && {
    ticket: offer.ticket,
    code: codeAt(offer.secret, gateway.clock.now() - 30_000),
  }
  expectStatus(
    await browser.post('/v1/links/redeem', { token, password, ...(first && { totp: first }) }),
    200,
  )
  return { name, seed: offer?.secret }
}

/** Signs a person in, with the second factor where they have one. */
export async function signIn(gateway: TestGateway, person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(gateway)
  expectStatus(await browser.post('/v1/sign-in', { user: person.name, password }), 200)
  if (person.seed !== undefined) {
    const code = codeAt(person.seed, gateway.clock.now())
    expectStatus(await browser.post('/v1/sign-in/totp', { code }), 200)
  }
  return browser
}

export function codeAt(seed: string, instant: number): string {
  return new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: instant })
}

export function tokenOf(url: string): string {
  return new URL(url).hash.slice(1)
}

/** The stored events, newest first, as plain objects. */
export async function auditEvents(
  gateway: TestGateway,
  query: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>[]> {
  const response = await supertest(gateway.url)
    .get('/v1/audit/events')
    .query({ limit: '200', ...query })
    .set('authorization', `Bearer ${gateway.operatorToken}`)
  expectStatus(response, 200)
  const { items } = response.body as { items: { json: string }[] }
  return items.map(({ json }) => JSON.parse(json) as Record<string, unknown>)
}

export function expectStatus(response: supertest.Response, status: number): void {
  if (response.status !== status) {
    throw new Error(`expected ${status}, got ${response.status}: ${response.text.slice(0, 400)}`)
  }
}
