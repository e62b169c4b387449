/**
 * People who ask for access and decide on it, over HTTP: a gateway with two accounts and three permission sets, roles
 * for each part, and one browser for each person.
 */
import supertest from 'supertest'
import { expect } from 'vitest'
import {
  accessRequestAnswer,
  createAccessRequestAnswer,
  type AccessRequestShown,
  type CreateAccessRequestAnswer,
} from '../../src/api/contract.js'
import type { Inventory } from '../../src/core/inventory/inventory.js'
import { hour } from '../../src/core/time.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway, type TestGatewayOptions } from '../support/test-gateway.js'

const instance = 'arn:aws:sso:::permissionSet/ssoins-1234567890123456'
export const sets = {
  readOnly: { arn: `${instance}/ps-1111111111111111`, name: 'ReadOnly', sessionDurationMs: hour },
  powerUser: { arn: `${instance}/ps-2222222222222222`, name: 'PowerUser', sessionDurationMs: 4 * hour },
  admin: { arn: `${instance}/ps-3333333333333333`, name: 'Admin' },
} as const
export const production = { id: '555555555555', name: 'production', formerNames: ['prod'], tags: {} }
export const staging = {
  id: '666666666666',
  name: 'staging',
  formerNames: [],
  tags: {},
  ouPath: 'Root/Staging',
}
/** For requests of many items. */
export const sandboxes = Array.from({ length: 40 }, (_, number) => ({
  id: String(700_000_000_000 + number),
  name: `sandbox-${number}`,
  formerNames: [],
  tags: {},
}))
/** Two of one name. */
export const twins = ['800000000001', '800000000002'].map((id) => ({
  id,
  name: 'twin',
  formerNames: [],
  tags: {},
}))
const inventory: Inventory = {
  revision: '1',
  accounts: [production, staging, ...sandboxes, ...twins],
  permissionSets: Object.values(sets),
}

export const mail = (name: string) => `${name}@example.com`
export const requests = '/v1/access-requests'
export const pair = (account: string, permissionSet: string) =>
  ({ kind: 'assignment', account, permissionSet }) as const
export const itemOf = (account: string, arn: string) => `assignment/${account}/${arn}`
export const readProduction = itemOf(production.id, sets.readOnly.arn)
export const powerStaging = itemOf(staging.id, sets.powerUser.arn)

/** Roles of every part. `assign` is a spec of account assignments. */
export const assign = (account: string, permissionSet: string) => ({
  account_assignments: [{ account, permission_set: permissionSet }],
})

const roles: readonly unknown[] = [
  role('reader', 'v8', { allow: assign('*', sets.readOnly.arn) }),
  role('power', 'v8', { allow: assign('*', sets.powerUser.arn) }),
  role('auditor', 'v8', { allow: {} }),
  role('asks', 'v8', {
    allow: { request: { search_as_roles: ['reader', 'power'], roles: ['auditor'], max_duration: '12h' } },
  }),
  role('reviews', 'v8', {
    allow: { review_requests: { roles: ['reader', 'power', 'auditor'], preview_as_roles: ['reader'] } },
  }),
  role('manages', 'v8', {
    allow: { rules: [{ resources: ['access_request'], verbs: ['list', 'read', 'update', 'delete'] }] },
  }),
]

const people: Readonly<Record<string, string[]>> = {
  ann: ['asks', 'aws'],
  bob: ['asks', 'aws'],
  rita: ['reviews'],
  rolf: ['reviews'],
  max: ['manages'],
  olga: ['no-labels'],
}

export class RequestWorld implements AsyncDisposable {
  readonly gateway: TestGateway
  readonly admin: TestBrowser
  readonly #browsers = new Map<string, TestBrowser>()

  private constructor(gateway: TestGateway, admin: TestBrowser) {
    this.gateway = gateway
    this.admin = admin
  }

  /** `more` stands beside, or in place of, people of the same name. */
  static async open(
    more: {
      readonly resources?: readonly unknown[]
      readonly people?: Readonly<Record<string, string[]>>
    } = {},
    options: TestGatewayOptions = {},
  ): Promise<RequestWorld> {
    const own = new Set((more.resources ?? []).map(keyOf))
    const gateway = await openTestGateway({
      inventory,
      ...options,
      resources: [
        ...[...testResources, ...roles, spResource()].filter((one) => !own.has(keyOf(one))),
        ...(more.resources ?? []),
      ],
    })
    const world = new RequestWorld(gateway, await signInAdmin(gateway))
    for (const [name, held] of Object.entries({ ...people, ...more.people })) await world.join(name, held)
    return world
  }

  async join(name: string, held: string[], traits?: Record<string, string[]>): Promise<TestBrowser> {
    const person = await createPerson(this.gateway, this.admin, {
      name: mail(name),
      roles: held,
      ...(traits && { traits }),
    })
    const browser = await signIn(this.gateway, person)
    this.#browsers.set(name, browser)
    return browser
  }

  as(name: string): TestBrowser {
    const found = this.#browsers.get(name)
    if (found === undefined) throw new Error(`${name} is nobody`)
    return found
  }

  /** A machine user with these roles: its secret. */
  async token(name: string, held: readonly string[], by: TestBrowser = this.admin): Promise<string> {
    const document = { kind: 'token', version: 'v1', metadata: { name }, spec: { roles: held, ttl: '240h' } }
    const made = await by.post('/v1/resources', document)
    expect(made.status).toBeLessThan(300)
    return (made.body as { changes: { secret: string }[] }).changes[0]?.secret ?? ''
  }

  async machine(
    secret: string,
    method: 'get' | 'post' | 'put' | 'delete',
    path: string,
    body?: object,
  ): Promise<supertest.Response> {
    const test = supertest(this.gateway.url)[method](path).set('authorization', `Bearer ${secret}`)
    return await test.send(body).ok(() => true)
  }

  /** Asks, and expects that it is stored. */
  async ask(name: string, input: object): Promise<CreateAccessRequestAnswer & { readonly id: string }> {
    const response = await this.as(name).post(requests, input)
    expect([response.status, response.body.detail]).toEqual([200, undefined])
    const answer = createAccessRequestAnswer.parse(response.body)
    return { ...answer, id: answer.request.id ?? '' }
  }

  async see(name: string, id: string): Promise<AccessRequestShown> {
    const response = await this.as(name).get(`${requests}/${id}`)
    expect(response.status).toBe(200)
    return accessRequestAnswer.parse(response.body).request
  }

  async review(name: string, id: string, input: object): Promise<supertest.Response> {
    return await this.as(name).post(`${requests}/${id}/reviews`, input)
  }

  async approve(name: string, id: string): Promise<AccessRequestShown> {
    const response = await this.review(name, id, { all: 'approve' })
    expect([response.status, response.body.detail]).toEqual([200, undefined])
    return accessRequestAnswer.parse(response.body).request
  }

  async lock(user: string): Promise<void> {
    const lock = {
      kind: 'lock',
      version: 'v2',
      metadata: { name: `on-${user}` },
      spec: { target: { user: mail(user) } },
    }
    expect((await this.admin.post('/v1/resources', lock)).status).toBeLessThan(300)
  }

  /** Replaces documents as an administrator. */
  async put(...documents: readonly unknown[]): Promise<void> {
    const response = await this.admin.post('/v1/resources?mode=replace', [...documents])
    expect([response.status, response.body.detail]).toEqual([200, undefined])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]()
  }
}

function keyOf(document: unknown): string {
  const { kind, metadata } = document as { kind: string; metadata: { name: string } }
  return `${kind}/${metadata.name}`
}

/** Status, code and words of a refusal. */
export function refusalOf({ status, body }: supertest.Response): readonly [number, string, string] {
  const { code, detail } = body as { code?: string; detail?: string }
  return [status, code ?? '', detail ?? '']
}
