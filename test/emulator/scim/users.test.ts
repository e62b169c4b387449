import { CreateUserCommand } from '@aws-sdk/client-identitystore'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/emulator/scim/json.js'
import { demo } from '../aws-world.js'
import {
  enterpriseUrn,
  minimalUser,
  refusalOf,
  ScimWorld,
  textOf,
  unparsable,
  userUrn,
} from './scim-world.js'

let world: ScimWorld
beforeAll(async () => {
  world = await ScimWorld.open()
})
beforeEach(async () => {
  const users = await world.list('Users?cursor')
  const made = users.filter((one) => textOf(one, 'userName').endsWith('@made.example'))
  await Promise.all(made.map((one) => world.send('DELETE', `Users/${textOf(one, 'id')}`)))
})
afterAll(() => world[Symbol.asyncDispose]())

const invalid = (reason: string) => ({ status: 400, detail: unparsable, reason })
const user = (more: JsonObject = {}): JsonObject => ({ ...minimalUser('new@made.example'), ...more })
const email = (value: string): JsonObject => ({ value, type: 'work', primary: true })

describe('serialisation', () => {
  test.each([
    ['', 'the body is not JSON in UTF-8'],
    ['{', 'the body is not JSON in UTF-8'],
    ['[]', 'the body is not a JSON object'],
    ['"text"', 'the body is not a JSON object'],
    ['null', 'the body is not a JSON object'],
  ])('the body %j is refused', async (body, reason) => {
    expect(await world.refused('POST', 'Users', body)).toEqual(invalid(reason))
  })

  test('a body that is not UTF-8 is refused', async () => {
    const response = await fetch(`${world.endpoint}Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.token}` },
      body: Buffer.from([0x7b, 0xff, 0x7d]),
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('x-emulator-reason')).toBe('the body is not JSON in UTF-8')
  })

  test.each<[JsonObject, string]>([
    [{ userName: 5 }, 'userName is not a text'],
    [{ userName: null }, 'userName is not a text'],
    [{ active: 'true' }, 'active is not true or false'],
    [{ active: null }, 'active is not true or false'],
    [{ name: 'Some One' }, 'name is not an object with members'],
    [{ name: {} }, 'name is not an object with members'],
    [{ emails: email('a@made.example') }, 'emails is not a list'],
    [{ emails: ['a@made.example'] }, 'emails is not a list of one object with members'],
    [{ emails: [{ ...email('a@made.example'), primary: 'true' }] }, 'primary is not true or false'],
    [{ [enterpriseUrn]: [] }, `${enterpriseUrn} is not an object with members`],
    [{ [enterpriseUrn]: { manager: 'boss' } }, 'manager is not an object with members'],
  ])('a user with %j is refused', async (members, reason) => {
    expect(await world.refused('POST', 'Users', user(members))).toEqual(invalid(reason))
  })
})

describe('validation', () => {
  test.each([
    [['userName'], 'userName is missing'],
    [['displayName'], 'displayName is missing'],
    [['name'], 'name is missing'],
  ])('a user without %j is refused', async ([left = ''], reason) => {
    const { [left]: _left, ...members } = user()
    expect(await world.refused('POST', 'Users', members)).toEqual(invalid(reason))
  })

  test.each<[JsonObject, string]>([
    [{ name: { familyName: 'One' } }, 'name.givenName is missing'],
    [{ name: { givenName: 'Some' } }, 'name.familyName is missing'],
    [{ userName: '' }, 'userName is not 1 to 128 characters of those allowed'],
    [{ userName: 'a b' }, 'userName is not 1 to 128 characters of those allowed'],
    [{ userName: 'a'.repeat(129) }, 'userName is not 1 to 128 characters of those allowed'],
    [{ displayName: '' }, 'displayName is not 1 to 1024 characters of those allowed'],
    [{ displayName: 'a\u0000b' }, 'displayName is not 1 to 1024 characters of those allowed'],
    [{ title: '' }, 'title is not 1 to 1024 characters of those allowed'],
    [{ title: 'a'.repeat(1025) }, 'title is not 1 to 1024 characters of those allowed'],
    [{ externalId: 'a'.repeat(257) }, 'externalId is not 1 to 256 characters of those allowed'],
    [{ externalId: '' }, 'externalId is not 1 to 256 characters of those allowed'],
    [{ emails: [] }, 'emails is not a list of one object with members'],
    [{ emails: [{ type: 'work', primary: true }] }, 'emails.value is missing'],
    [{ emails: [{ value: 'a@made.example', type: 'work' }] }, 'emails has no primary address'],
    [{ emails: [{ value: 'a@made.example', primary: false }] }, 'emails has no primary address'],
    [{ userName: 'Administrator' }, 'the name Administrator is reserved'],
    [{ schemas: [] }, `schemas is not a list with ${userUrn}`],
    [{ schemas: [enterpriseUrn] }, `schemas is not a list with ${userUrn}`],
    [{ schemas: [userUrn, 'urn:example:other'] }, `schemas is not a list with ${userUrn}`],
  ])('a user with %j is refused', async (members, reason) => {
    expect(await world.refused('POST', 'Users', user(members))).toEqual(invalid(reason))
  })

  test.each<[string, JsonObject]>([
    ['password', { password: 'secret' }],
    ['ims', { ims: [{ value: 'x' }] }],
    ['photos', { photos: [{ value: 'https://photos.example/x' }] }],
    ['entitlements', { entitlements: [{ value: 'x' }] }],
    ['x509Certificates', { x509Certificates: [{ value: 'x' }] }],
    ['groups', { groups: [] }],
    ['username', { username: 'other@made.example' }],
    ['toString', { toString: 'x' }],
  ])('the attribute %s is refused', async (name, members) => {
    const reason = `the user has the unsupported attribute ${name}`
    expect(await world.refused('POST', 'Users', user(members))).toEqual(invalid(reason))
  })

  test('a member named __proto__ is refused like every unknown one', async () => {
    const body = JSON.stringify(user()).replace('{', '{"__proto__":{"active":false},')
    expect(await world.refused('POST', 'Users', body)).toEqual(
      invalid('the user has the unsupported attribute __proto__'),
    )
  })

  test.each(['emails', 'phoneNumbers', 'addresses', 'roles'])('%s takes no display', async (name) => {
    const item = name === 'addresses' ? { formatted: 'x' } : email('new@made.example')
    const members = { [name]: [{ ...item, display: 'x' }] }
    const reason = `${name} has the unsupported attribute display`
    expect(await world.refused('POST', 'Users', user(members))).toEqual(invalid(reason))
  })

  test('a manager takes no displayName', async () => {
    const members = { [enterpriseUrn]: { manager: { value: 'x', displayName: 'Boss' } } }
    const reason = 'manager has the unsupported attribute displayName'
    expect(await world.refused('POST', 'Users', user(members))).toEqual(invalid(reason))
  })

  test.each(['emails', 'phoneNumbers', 'addresses', 'roles'])('%s takes one value only', async (name) => {
    const item = name === 'addresses' ? { formatted: 'x' } : { value: 'x' }
    expect(await world.refused('POST', 'Users', user({ [name]: [item, item] }))).toEqual({
      status: 400,
      detail: `List attribute ${name} exceeds allowed limit of 1`,
      reason: undefined,
    })
  })

  test('PUT holds to the same rules', async () => {
    const id = await world.makeUser('put@made.example')
    expect(await world.refused('PUT', `Users/${id}`, user({ displayName: '' }))).toEqual(
      invalid('displayName is not 1 to 1024 characters of those allowed'),
    )
    expect((await world.send('GET', `Users/${id}`)).body).toMatchObject({ userName: 'put@made.example' })
  })
})

describe('function', () => {
  test('a user needs no more than the four required attributes, and is active', async () => {
    const { status, body } = await world.send('POST', 'Users', user())
    expect(status).toBe(201)
    expect(body).toEqual({
      ...user(),
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
      meta: expect.objectContaining({ resourceType: 'User' }) as JsonObject,
      schemas: [userUrn],
      active: true,
    })
  })

  test('values at their bounds are taken', async () => {
    const longest = { userName: `${'a'.repeat(115)}@made.example`, externalId: 'é'.repeat(256) }
    const { status, body } = await world.send(
      'POST',
      'Users',
      user({ ...longest, title: 'a\tb\u00a0c'.repeat(200) }),
    )
    expect(status).toBe(201)
    expect(body).toMatchObject(longest)
  })

  test('id and meta of a request are passed over', async () => {
    const { status, body } = await world.send('POST', 'Users', user({ id: 'mine', meta: { created: 'x' } }))
    expect(status).toBe(201)
    expect(body['id']).not.toBe('mine')
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['userName', {}, { userName: 'first@made.example' }],
    ['email', { emails: [email('x@made.example')] }, { emails: [email('x@made.example')] }],
    ['externalId', { externalId: 'ext-1' }, { externalId: 'ext-1' }],
  ])('the %s of another user is a conflict, in POST, PUT and PATCH', async (attribute, first, second) => {
    await world.makeUser('first@made.example', first)
    const other = await world.makeUser('second@made.example')
    const conflict = {
      status: 409,
      detail: 'Refused to create a new, duplicate resource.',
      reason: `another resource has this ${attribute}`,
    }
    expect(await world.refused('POST', 'Users', user({ ...second }))).toEqual(conflict)
    expect(await world.refused('PUT', `Users/${other}`, user({ ...second }))).toEqual(conflict)
    const [[path, value] = ['', '']] = Object.entries(second)
    expect(await world.refusedPatch(`Users/${other}`, { op: 'replace', path, value })).toEqual(conflict)
    expect((await world.send('GET', `Users/${other}`)).body).toMatchObject({
      userName: 'second@made.example',
    })
  })

  test('a user deleted and made again has another id', async () => {
    const first = await world.makeUser('again@made.example')
    expect((await world.send('DELETE', `Users/${first}`)).status).toBe(204)
    expect(await world.makeUser('again@made.example')).not.toBe(first)
  })

  test('PUT overwrites the whole user: what it leaves out is gone, and active is true', async () => {
    const id = await world.makeUser('put@made.example', {
      title: 'Guide',
      externalId: 'ext-2',
      active: false,
    })
    const { status, body } = await world.send('PUT', `Users/${id}`, minimalUser('renamed@made.example'))
    expect(status).toBe(201)
    expect(body).toMatchObject({ id, userName: 'renamed@made.example', active: true })
    expect(body).not.toHaveProperty('title')
    expect(body).not.toHaveProperty('externalId')
  })

  test('what only the Identity Store API knows outlives PUT and PATCH', async () => {
    const { identitystore } = world.aws.clients
    const { UserId = '' } = await identitystore.send(
      new CreateUserCommand({
        IdentityStoreId: demo.identityStoreId,
        UserName: 'store@made.example',
        DisplayName: 'Store',
        Name: { GivenName: 'S', FamilyName: 'T' },
        PhoneNumbers: [{ Value: '5', Primary: true }],
        Website: 'https://web.made.example',
      }),
    )
    await world.patch(`Users/${UserId}`, { op: 'replace', path: 'title', value: 'Guide' })
    const { users } = (await world.aws.control('GET', 'state')) as { users: readonly JsonObject[] }
    expect(users.find(({ id }) => id === UserId)).toMatchObject({
      title: 'Guide',
      website: 'https://web.made.example',
      phoneNumbers: [{ value: '5', primary: true }],
      createdBy: expect.stringContaining('arn:aws:') as string,
      updatedBy: 'SCIM',
    })
  })

  test.each(['GET', 'DELETE'])('%s of an absent user is 404', async (method) => {
    const refusal = refusalOf(await world.send(method, `Users/${demo.adaId.replace('53', '54')}`))
    expect(refusal).toMatchObject({ status: 404, detail: 'The specified resource does not exist.' })
  })

  test.each<[string, JsonObject]>([
    ['PUT', minimalUser('absent@made.example')],
    [
      'PATCH',
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'title', value: 'x' }],
      },
    ],
  ])('%s of an absent user is 404', async (method, body) => {
    expect(await world.refused(method, 'Users/nobody', body)).toEqual({
      status: 404,
      detail: 'The specified resource does not exist.',
      reason: 'there is no user nobody',
    })
  })
})
