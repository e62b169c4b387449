import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/emulator/scim/json.js'
import { scimOperations } from '../../../src/emulator/scim/mount.js'
import { seededRandom } from '../../../src/emulator/seeded-random.js'
import {
  enterpriseUrn,
  errorUrn,
  groupUrn,
  listUrn,
  minimalUser,
  patchOf,
  ScimWorld,
  textOf,
  unparsable,
  userUrn,
  valuesOf,
} from './scim-world.js'

let world: ScimWorld
beforeAll(async () => {
  world = await ScimWorld.open()
})
beforeEach(async () => {
  await world.aws.control('PUT', 'settings', { limits: false, scimRetryAfterSeconds: null })
})
afterAll(() => world[Symbol.asyncDispose]())

describe('what the endpoint says of itself', () => {
  test('ServiceProviderConfig claims 50 results, no bulk and no ETags', async () => {
    const { status, body } = await world.send('GET', 'ServiceProviderConfig')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 1, maxPayloadSize: 1048576 },
      filter: { supported: true, maxResults: 50 },
      sort: { supported: false },
      etag: { supported: false },
      changePassword: { supported: false },
    })
    expect(body['authenticationSchemes']).toMatchObject([{ type: 'oauthbearertoken' }])
  })

  test('ResourceTypes has users with the extension, and groups', async () => {
    const { body } = await world.send('GET', 'ResourceTypes')
    expect(body).toMatchObject({ totalResults: 2, schemas: [listUrn] })
    expect(body['Resources']).toMatchObject([
      { id: 'User', endpoint: '/Users', schema: userUrn, schemaExtensions: [{ schema: enterpriseUrn }] },
      { id: 'Group', endpoint: '/Groups', schema: groupUrn },
    ])
  })

  test('Schemas lists three, and each is found by its name, written plainly or escaped', async () => {
    const listed = await world.list('Schemas')
    expect(listed.map(({ id }) => id)).toEqual([userUrn, groupUrn, enterpriseUrn])
    for (const schema of listed) {
      const name = textOf(schema, 'id')
      for (const path of [name, encodeURIComponent(name)]) {
        expect((await world.send('GET', `Schemas/${path}`)).body).toEqual(schema)
      }
    }
    expect(await world.refused('GET', 'Schemas/urn:example:none')).toMatchObject({ status: 404 })
  })

  test('the schema of users names what CreateUser requires, and none of what it refuses', async () => {
    const { body } = await world.send('GET', `Schemas/${userUrn}`)
    const attributes = body['attributes'] as readonly JsonObject[]
    const required = attributes.filter((one) => one['required'] === true).map(({ name }) => name)
    expect(required).toEqual(['userName', 'name', 'displayName'])
    const names = attributes.map(({ name }) => name)
    for (const name of ['password', 'photos', 'ims', 'entitlements', 'x509Certificates', 'groups']) {
      expect(names).not.toContain(name)
    }
  })

  test('operations are those of AWS, one of each name', () => {
    expect(scimOperations.map(({ name }) => name).sort()).toEqual(
      [
        ...['CreateUser', 'GetUser', 'ListUsers', 'PatchUser', 'PutUser', 'DeleteUser'],
        ...['CreateGroup', 'GetGroup', 'ListGroups', 'PatchGroup', 'DeleteGroup'],
        ...['ServiceProviderConfig', 'ListResourceTypes', 'ListSchemas', 'GetSchema'],
      ].sort(),
    )
  })
})

describe('addresses', () => {
  test.each(['Users/', 'Groups/', 'ServiceProviderConfig/'])('%s is taken with its slash', async (path) => {
    expect((await world.send('GET', path)).status).toBe(200)
  })

  test.each([
    ['PUT', 'Groups/53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01'],
    ['GET', 'Me'],
    ['POST', 'Bulk'],
    ['POST', '.search'],
    ['POST', 'Users/.search'],
    ['DELETE', 'Users'],
    ['POST', 'Users/53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01'],
    ['GET', 'users'],
    ['GET', 'Users/x/y'],
    ['GET', '/Users'],
    ['GET', ''],
    ['OPTIONS', 'Users'],
  ])('%s %s is refused, in the form of SCIM', async (method, path) => {
    const { status, body } = await world.send(method, path)
    expect(status).toBe(404)
    expect(body).toMatchObject({ schemas: [errorUrn], status: '404' })
    expect(body['detail']).toMatch(/^[A-Z]+ \/.+ is not supported by this SCIM endpoint\.$/)
  })

  test('an address whose slash was lost is not found', async () => {
    const response = await fetch(`${world.endpoint.slice(0, -1)}Users`, {
      headers: { authorization: `Bearer ${world.token}` },
    })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ schemas: [errorUrn] })
  })

  test('what is not supported is not told to strangers', async () => {
    const response = await fetch(`${world.endpoint}Bulk`, { method: 'POST' })
    expect(response.status).toBe(401)
  })
})

describe('errors', () => {
  test('have both schema and schemas, a status in quotes, an id and a time without zone', async () => {
    const { status, headers, body } = await world.send('POST', 'Users', {})
    const requestId = headers.get('x-amzn-requestid')
    expect(status).toBe(400)
    expect(headers.get('content-type')).toBe('application/json')
    expect(requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(body).toEqual({
      schema: [errorUrn],
      schemas: [errorUrn],
      detail: unparsable,
      status: '400',
      exceptionRequestId: requestId,
      timeStamp: expect.stringMatching(/^2026-11-22 12:00:00\.000$/) as string,
    })
  })

  test('a reason that quotes the request fits into its header', async () => {
    const name = `ü\r\nSet-Cookie: a=b${'x'.repeat(1000)}`
    const { reason } = await world.refused('POST', 'Users', { ...minimalUser('x@made.example'), [name]: 1 })
    expect(reason).toMatch(/^the user has the unsupported attribute \?\?\?Set-Cookie: a=bx+$/)
    expect(reason).toHaveLength(300)
  })
})

describe('limits', () => {
  const throttled = 'The request was denied due to request throttling.'

  test('membership changes have a bucket of their own; a throttled request changes nothing', async () => {
    const people = await Promise.all(
      Array.from({ length: 100 }, (_, n) => world.makeUser(`limit${String(n)}@made.example`)),
    )
    await world.aws.control('PUT', 'settings', { limits: true, scimMembershipRate: 10 })
    const id = await world.makeGroup('Limited', people.slice(0, 99))
    const add = { op: 'add', path: 'members', value: valuesOf(people.slice(98)) }
    expect(await world.refusedPatch(`Groups/${id}`, add)).toEqual({
      status: 429,
      detail: throttled,
      reason: undefined,
    })
    expect(
      await world.refused('POST', 'Groups', { displayName: 'Unmade', members: valuesOf(people) }),
    ).toMatchObject({
      status: 429,
    })
    const attributes = { op: 'replace', path: 'displayName', value: 'Limited, still' }
    expect((await world.patch(`Groups/${id}`, attributes)).status).toBe(204)
    await world.aws.advance(100)
    expect((await world.patch(`Groups/${id}`, add)).status).toBe(204)
    expect(await world.membersOf(id)).toHaveLength(100)
    expect(await world.list('Groups?filter=displayName%20eq%20%22Unmade%22')).toEqual([])
  })

  test.each([
    [null, null],
    [7, '7'],
  ])('by the setting scimRetryAfterSeconds %j, Retry-After is %j', async (seconds, header) => {
    await world.aws.control('PUT', 'settings', { scimRetryAfterSeconds: seconds })
    await world.aws.control('POST', 'faults', { operation: 'scim:ListUsers', fault: { kind: 'throttle' } })
    const { status, headers, body } = await world.send('GET', 'Users')
    expect(status).toBe(429)
    expect(body['detail']).toBe(throttled)
    expect(headers.get('retry-after')).toBe(header)
  })
})

describe('bodies of strangers and of friends', () => {
  test('more than a mebibyte is refused', async () => {
    const body = JSON.stringify({ displayName: 'x'.repeat(1_048_576) })
    const { status, body: error } = await world.send('POST', 'Groups', body)
    expect({ status, detail: error['detail'] }).toEqual({
      status: 413,
      detail: 'The body is larger than 1048576 bytes.',
    })
  })

  test('nesting beyond 16 levels is refused before anything is built, 16 are read', async () => {
    const nested = (depth: number) => `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect((await world.refused('POST', 'Groups', nested(17))).reason).toBe(
      'the body is nested deeper than 16 levels',
    )
    expect((await world.refused('POST', 'Groups', nested(400_000))).reason).toBe(
      'the body is nested deeper than 16 levels',
    )
    expect((await world.refused('POST', 'Groups', nested(16))).reason).toBe(
      'the group has the unsupported attribute x',
    )
  })

  test('brackets inside of texts are not counted', async () => {
    const body = { displayName: `a " ${'[{'.repeat(20)}` }
    const { status } = await world.send('POST', 'Groups', body)
    expect(status).toBe(201)
  })

  test('a stranger is answered without the body being waited for', async () => {
    const { host, hostname, port, pathname } = new URL(world.endpoint)
    const socket = connect(Number(port), hostname)
    socket.write(`POST ${pathname}Users HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\n`)
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (chunk) => {
        resolve(chunk.toString())
      })
    })
    socket.destroy()
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  })
})

test('the same calls with the same seed give the same answers', async () => {
  const run = async (): Promise<readonly string[]> => {
    await using seeded = await ScimWorld.open({ random: seededRandom(7) })
    const id = await seeded.makeUser('same@made.example')
    const replies = [
      await seeded.send('POST', 'Groups', { displayName: 'Same', members: valuesOf([id]) }),
      await seeded.send('GET', 'Users?cursor&count=3'),
      await seeded.send('PATCH', `Users/${id}`, patchOf({ op: 'replace', path: 'title', value: '' })),
    ]
    return [
      seeded.token,
      ...replies.map(({ text, headers }) => text + String(headers.get('x-amzn-requestid'))),
    ]
  }
  expect(await run()).toEqual(await run())
})
