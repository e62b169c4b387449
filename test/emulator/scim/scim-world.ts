/**
 * The demo organisation with a SCIM token, and a client that sends what it is given: plain fetch, no SCIM library.
 */
import type { Json, JsonObject } from '../../../src/emulator/scim/json.js'
import { AwsWorld, type WorldOptions } from '../aws-world.js'

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const unparsable = 'Request is unparsable, syntactically incorrect, or violates schema.'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: JsonObject
}

/** The members of an error that tests look at. */
export interface Refusal {
  readonly status: number
  readonly detail: string
  readonly reason: string | undefined
}

export interface TokenLine {
  readonly id: string
  readonly token: string
  readonly endpoint: string
  readonly expiresAt: string
}

export class ScimWorld implements AsyncDisposable {
  readonly aws: AwsWorld
  /** With a slash at the end. */
  readonly endpoint: string
  token: string

  private constructor(aws: AwsWorld, { endpoint, token }: TokenLine) {
    this.aws = aws
    this.endpoint = endpoint
    this.token = token
  }

  static async open(options: WorldOptions = {}): Promise<ScimWorld> {
    const aws = await AwsWorld.open(options)
    return new ScimWorld(aws, await newToken(aws))
  }

  /** Back to the organisation file, with a new token. */
  async reset(): Promise<void> {
    await this.aws.control('POST', 'reset')
    this.token = (await newToken(this.aws)).token
  }

  /** `path` is below the endpoint; a body that is no text is sent as JSON. */
  async send(
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await fetch(this.endpoint + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed = text === '' ? {} : (JSON.parse(text) as JsonObject)
    return { status: response.status, headers: response.headers, text, body: parsed }
  }

  /** The answer to a request that is refused. */
  async refused(method: string, path: string, body?: Json): Promise<Refusal> {
    return refusalOf(await this.send(method, path, body))
  }

  /** Makes a user and answers the id. */
  async makeUser(userName: string, more: JsonObject = {}): Promise<string> {
    return idOf(await this.send('POST', 'Users', { ...minimalUser(userName), ...more }), 201)
  }

  /** Makes a group and answers the id. */
  async makeGroup(displayName: string, members: readonly string[] = []): Promise<string> {
    const body = { displayName, ...(members.length > 0 && { members: valuesOf(members) }) }
    return idOf(await this.send('POST', 'Groups', body), 201)
  }

  async patch(path: string, ...operations: readonly JsonObject[]): Promise<Reply> {
    return this.send('PATCH', path, patchOf(...operations))
  }

  async refusedPatch(path: string, ...operations: readonly JsonObject[]): Promise<Refusal> {
    return this.refused('PATCH', path, patchOf(...operations))
  }

  /** User names of a group's members, by the filter that reads them. */
  async membersOf(groupId: string): Promise<readonly Json[]> {
    return (await this.list(`Users?cursor&filter=${filter(`groups.value eq "${groupId}"`)}`)).map(
      (user) => user['userName'] ?? null,
    )
  }

  /** The resources of one page. */
  async list(path: string): Promise<readonly JsonObject[]> {
    const { status, body, text } = await this.send('GET', path)
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`)
    return body['Resources'] as readonly JsonObject[]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.aws[Symbol.asyncDispose]()
  }
}

export async function newToken(aws: AwsWorld, body: JsonObject = {}): Promise<TokenLine> {
  return (await aws.control('POST', 'scim/tokens', body)) as TokenLine
}

export function refusalOf({ status, body, headers }: Reply): Refusal {
  const reason = headers.get('x-emulator-reason') ?? undefined
  return { status, detail: textOf(body, 'detail'), reason }
}

export function idOf({ status, body, text }: Reply, expected: number): string {
  if (status !== expected) throw new Error(`answered ${status}: ${text}`)
  return textOf(body, 'id')
}

/** A member that has to be a text. */
export function textOf(object: JsonObject, name: string): string {
  const value = object[name]
  if (typeof value !== 'string') throw new Error(`${name} is ${JSON.stringify(value)}`)
  return value
}

export function minimalUser(userName: string): JsonObject {
  return { userName, displayName: 'Some One', name: { givenName: 'Some', familyName: 'One' } }
}

export function patchOf(...operations: readonly JsonObject[]): JsonObject {
  return { schemas: [patchUrn], Operations: operations }
}

export function valuesOf(ids: readonly string[]): readonly JsonObject[] {
  return ids.map((value) => ({ value }))
}

export function filter(text: string): string {
  return encodeURIComponent(text)
}
