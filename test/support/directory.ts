/** @module An upstream directory for tests: a connector of a gateway, a token of it, and requests as Okta and Entra send them. */
import { onTestFinished } from 'vitest'
import supertest from 'supertest'
import { expectStatus, role, signInAdmin, testResources, type TestBrowser } from './people.js'
import { openTestGateway, type TestGateway, type TestGatewayOptions } from './test-gateway.js'

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

export function oidcConnector(name: string): unknown {
  return {
    kind: 'oidc',
    version: 'v3',
    metadata: { name },
    spec: {
      issuer_url: `https://${name}.invalid`,
      client_id: 'gatehouse',
      client_secret: 'a secret of a test',
      claims_to_roles: [{ claim: 'groups', value: 'everyone', roles: ['access'] }],
    },
  }
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Asks the SCIM endpoint with a token. */
export class TestDirectory {
  readonly #url: string
  readonly #token: string
  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  async ask(
    method: Method,
    path: string,
    body?: object | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<supertest.Response> {
    const request = supertest(this.#url)
      [method](`/scim/v2${path}`)
      .set('authorization', `Bearer ${this.#token}`)
      .set(body === undefined ? {} : { 'content-type': 'application/scim+json' })
      .set(headers)
    // SCIM is JSON of another name.
    const parse = (response: NodeJS.ReadableStream, done: (error: Error | null, body: unknown) => void) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        done(null, text === '' ? {} : JSON.parse(text))
      })
    }
    void request.parse(parse as never)
    return await request
      .send(typeof body === 'object' ? JSON.stringify(body) : body)
      .buffer(true)
      .ok(() => true)
  }

  /** A user that the directory pushes; answers what it is told. */
  async pushUser(userName: string, more: object = {}): Promise<Record<string, unknown> & { id: string }> {
    const response = await this.ask('post', '/Users', { schemas: [userSchema], userName, ...more })
    if (response.status !== 201) throw new Error(JSON.stringify(response.body))
    return response.body
  }

  async pushGroup(
    displayName: string,
    members: readonly string[] = [],
  ): Promise<Record<string, unknown> & { id: string }> {
    const group = { schemas: [groupSchema], displayName, members: members.map((value) => ({ value })) }
    const response = await this.ask('post', '/Groups', group)
    if (response.status !== 201) throw new Error(JSON.stringify(response.body))
    return response.body
  }

  async patch(path: string, ...operations: readonly object[]): Promise<supertest.Response> {
    return await this.ask('patch', path, { schemas: [patchSchema], Operations: operations })
  }
}

export interface DirectoryHouse {
  readonly gateway: TestGateway
  readonly admin: TestBrowser
  readonly okta: TestDirectory
  /** A token of this connector, by the route that people use. */
  readonly connect: (connector: string) => Promise<TestDirectory>
}

/** A gateway with the connectors `okta` and `entra`, and an administrator who may do everything. */
export async function openDirectoryHouse(
  options: TestGatewayOptions = {},
  atEnd: (dispose: () => Promise<void>) => void = onTestFinished,
): Promise<DirectoryHouse> {
  const gateway = await openTestGateway({
    ...options,
    resources: [
      ...testResources,
      role('access', 'v8', { allow: {} }),
      oidcConnector('okta'),
      oidcConnector('entra'),
      ...(options.resources ?? []),
    ],
  })
  atEnd(async () => {
    await gateway[Symbol.asyncDispose]()
  })
  const admin = await signInAdmin(gateway)
  const connect = async (connector: string) => {
    const made = await admin.post(`/v1/connectors/${connector}/scim-tokens`, { label: 'a test' })
    expectStatus(made, 201)
    return new TestDirectory(gateway.url, (made.body as { secret: string }).secret)
  }
  return { gateway, admin, connect, okta: await connect('okta') }
}
