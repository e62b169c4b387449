import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/emulator/scim/json.js'
import { demo } from '../aws-world.js'
import { enterpriseUrn, minimalUser, patchUrn, ScimWorld, unparsable, userUrn } from './scim-world.js'

const pathless =
  'Current PATCH support allows omitting "path" attribute only for Add and Replace operations modifying a single attribute.'
const start: JsonObject = {
  ...minimalUser('one@made.example'),
  externalId: 'ext-1',
  title: 'Guide',
  emails: [{ value: 'one@made.example', type: 'work', primary: true }],
  addresses: [{ type: 'work', locality: 'Oslo' }],
  roles: [{ value: 'dev' }],
  [enterpriseUrn]: { department: 'Tours', manager: { value: 'boss' } },
}

let world: ScimWorld
let id: string
beforeAll(async () => {
  world = await ScimWorld.open()
  id = await world.makeUser('one@made.example')
})
beforeEach(async () => {
  expect((await world.send('PUT', `Users/${id}`, start)).status).toBe(201)
})
afterAll(() => world[Symbol.asyncDispose]())

const stored = async (): Promise<JsonObject> => (await world.send('GET', `Users/${id}`)).body
const invalid = (reason: string) => ({ status: 400, detail: unparsable, reason })

describe('serialisation', () => {
  const op = { op: 'replace', path: 'title', value: 'x' }
  test.each<[JsonObject, string]>([
    [{ Operations: [op] }, 'schemas is missing'],
    [{ schemas: [userUrn], Operations: [op] }, `schemas is not a list with ${patchUrn}`],
    [{ schemas: [patchUrn] }, 'Operations is not a list of operations'],
    [{ schemas: [patchUrn], Operations: [] }, 'Operations is not a list of operations'],
    [{ schemas: [patchUrn], Operations: op }, 'Operations is not a list of operations'],
    [{ schemas: [patchUrn], operations: [op] }, 'the request has the unsupported attribute operations'],
    [{ schemas: [patchUrn], Operations: ['x'] }, 'an operation is not an object'],
    [{ schemas: [patchUrn], Operations: [{ path: 'title' }] }, 'an op is not add, remove or replace'],
    [{ schemas: [patchUrn], Operations: [{ ...op, op: 'move' }] }, 'an op is not add, remove or replace'],
    [{ schemas: [patchUrn], Operations: [{ ...op, path: 5 }] }, 'a path is not a text'],
    [
      { schemas: [patchUrn], Operations: [{ ...op, from: 'x' }] },
      'an operation has the unsupported attribute from',
    ],
    [
      { schemas: [patchUrn], Operations: Array<JsonObject>(101).fill(op) },
      'there are more than 100 operations',
    ],
  ])('%j is refused', async (body, reason) => {
    expect(await world.refused('PATCH', `Users/${id}`, body)).toEqual(invalid(reason))
  })
})

describe('validation', () => {
  test.each<[JsonObject, string]>([
    [{ op: 'remove', path: 'userName' }, 'userName cannot be removed'],
    [{ op: 'remove', path: 'active' }, 'active cannot be removed'],
    [{ op: 'remove', path: 'displayName' }, 'displayName is missing'],
    [{ op: 'remove', path: 'name' }, 'name is missing'],
    [{ op: 'remove', path: 'name.givenName' }, 'name.givenName is missing'],
    [{ op: 'remove', path: 'title', value: 'Guide' }, 'remove of a user attribute takes no value'],
    [{ op: 'replace', path: 'title' }, 'replace has no value'],
    [{ op: 'add', path: 'title' }, 'add has no value'],
    [{ op: 'replace', path: 'title', value: '' }, 'title is not 1 to 1024 characters of those allowed'],
    [{ op: 'replace', path: 'title', value: null }, 'title is not a text'],
    [{ op: 'replace', path: 'active', value: 'no' }, 'active is not true or false'],
    [{ op: 'replace', path: 'roles', value: [{ value: 'x' }] }, 'roles cannot be changed by PATCH'],
    [{ op: 'replace', path: 'password', value: 'x' }, 'password cannot be changed by PATCH'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'id cannot be changed by PATCH'],
    [{ op: 'replace', path: 'groups', value: [] }, 'groups cannot be changed by PATCH'],
    [{ op: 'replace', path: 'name.nick', value: 'x' }, 'name has the unsupported attribute nick'],
    [{ op: 'replace', path: 'title.sub', value: 'x' }, 'title has no attributes of its own'],
    [{ op: 'replace', path: 'emails.value', value: 'x' }, 'emails has no attributes of its own'],
    [
      { op: 'replace', path: 'emails[type eq "home"].value', value: 'x' },
      'the filter of the path chooses nothing of emails',
    ],
    [{ op: 'remove', path: 'emails[type eq "home"]' }, 'the filter of the path chooses nothing of emails'],
    [
      { op: 'replace', path: 'emails[type ne "home"].value', value: 'x' },
      'the filter of a path has another operator than eq',
    ],
    [
      { op: 'replace', path: 'emails[type co "wo"].value', value: 'x' },
      'the filter of a path has another operator than eq',
    ],
    [
      { op: 'replace', path: 'emails[type eq "work" and primary eq true].value', value: 'x' },
      'a path has a form that is not supported',
    ],
    [
      { op: 'replace', path: 'emails[type eq "\\x"].value', value: 'x' },
      'the filter of a path has a text that JSON does not allow',
    ],
    [{ op: 'replace', path: '', value: 'x' }, 'a path has a form that is not supported'],
    [{ op: 'replace', path: 'a.b.c', value: 'x' }, 'a path has a form that is not supported'],
    [{ op: 'replace', path: '__proto__.active', value: false }, 'a path has a form that is not supported'],
    [{ op: 'replace', path: 'constructor.prototype', value: {} }, 'constructor cannot be changed by PATCH'],
    [{ op: 'replace', path: 'a'.repeat(9000), value: 'x' }, 'a path is longer than 8192 characters'],
    [
      { op: 'replace', path: 'emails', value: [{ value: 'x@made.example', type: 'work' }] },
      'emails has no primary address',
    ],
    [
      { op: 'replace', path: 'emails[type eq "work"].primary', value: false },
      'emails has no primary address',
    ],
    [
      { op: 'replace', path: `${enterpriseUrn}:manager.displayName`, value: 'x' },
      'manager has the unsupported attribute displayName',
    ],
  ])('%j is refused and changes nothing', async (operation, reason) => {
    const before = await stored()
    expect(await world.refusedPatch(`Users/${id}`, operation)).toEqual(invalid(reason))
    expect(await stored()).toEqual(before)
  })

  test.each<[JsonObject]>([
    [{ op: 'replace', value: { title: 'x', nickName: 'y' } }],
    [{ op: 'add', value: { title: 'x', nickName: 'y' } }],
    [{ op: 'replace', value: {} }],
    [{ op: 'replace', value: 'x' }],
    [{ op: 'replace' }],
    [{ op: 'remove' }],
    [{ op: 'remove', value: { title: 'x' } }],
  ])('%j, without a path, is refused in the words of AWS', async (operation) => {
    expect(await world.refusedPatch(`Users/${id}`, operation)).toEqual({
      status: 400,
      detail: pathless,
      reason: undefined,
    })
  })

  test('adding a second value to a list is refused in the words of AWS', async () => {
    const value = [{ value: 'two@made.example', type: 'home', primary: true }]
    expect(await world.refusedPatch(`Users/${id}`, { op: 'add', path: 'emails', value })).toEqual({
      status: 400,
      detail: 'List attribute emails exceeds allowed limit of 1',
      reason: undefined,
    })
  })

  test.each([
    ['userName', 'two@made.example', 'three@made.example'],
    ['active', false, true],
  ])('two operations on %s are refused', async (path, first, second) => {
    const before = await stored()
    const refusal = await world.refusedPatch(
      `Users/${id}`,
      { op: 'replace', path, value: first },
      { op: 'replace', value: { [path]: second } },
    )
    expect(refusal).toEqual(invalid(`${path} is changed more than once`))
    expect(await stored()).toEqual(before)
  })
})

describe('function', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['a text', { op: 'replace', path: 'title', value: 'Head' }, { title: 'Head' }],
    ['a text without a path', { op: 'add', value: { title: 'Head' } }, { title: 'Head' }],
    ['an op in capitals', { op: 'Replace', path: 'title', value: 'Head' }, { title: 'Head' }],
    ['a path behind the schema', { op: 'add', path: `${userUrn}:title`, value: 'Head' }, { title: 'Head' }],
    [
      'the user name',
      { op: 'replace', path: 'userName', value: 'x@made.example' },
      { userName: 'x@made.example' },
    ],
    ['active', { op: 'replace', path: 'active', value: false }, { active: false }],
    ['active as a text', { op: 'replace', path: 'active', value: 'false' }, { active: false }],
    ['active without a path', { op: 'replace', value: { active: 'False' } }, { active: false }],
    [
      'a part of the name',
      { op: 'add', path: 'name.middleName', value: 'M' },
      { name: { givenName: 'Some', familyName: 'One', middleName: 'M' } },
    ],
    [
      'the name, whose other parts stay',
      { op: 'replace', path: 'name', value: { givenName: 'New' } },
      { name: { givenName: 'New', familyName: 'One' } },
    ],
    [
      'a list',
      { op: 'replace', path: 'emails', value: [{ value: 'x@made.example', primary: true }] },
      { emails: [{ value: 'x@made.example', primary: true }] },
    ],
    [
      'the same value added again',
      { op: 'add', path: 'emails', value: [{ primary: true, type: 'work', value: 'one@made.example' }] },
      { emails: [{ value: 'one@made.example', type: 'work', primary: true }] },
    ],
    [
      'a chosen value',
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@made.example' },
      { emails: [{ value: 'x@made.example', type: 'work', primary: true }] },
    ],
    [
      'the primary value',
      { op: 'replace', path: 'emails[primary eq true].type', value: 'home' },
      { emails: [{ value: 'one@made.example', type: 'home', primary: true }] },
    ],
    [
      'a whole chosen value',
      { op: 'replace', path: 'addresses[type eq "work"]', value: { locality: 'Rome' } },
      { addresses: [{ type: 'work', locality: 'Rome' }] },
    ],
    [
      'the extension',
      { op: 'add', path: enterpriseUrn, value: { costCenter: '5' } },
      { [enterpriseUrn]: { department: 'Tours', costCenter: '5', manager: { value: 'boss' } } },
    ],
    [
      'a part of the extension',
      { op: 'replace', path: `${enterpriseUrn}:department`, value: 'Cars' },
      { [enterpriseUrn]: { department: 'Cars', manager: { value: 'boss' } } },
    ],
    [
      'the manager',
      { op: 'replace', path: `${enterpriseUrn}:manager.value`, value: 'chief' },
      { [enterpriseUrn]: { department: 'Tours', manager: { value: 'chief' } } },
    ],
  ])('PATCH changes %s and answers 200 with the whole user', async (_what, operation, expected) => {
    const { status, body } = await world.patch(`Users/${id}`, operation)
    expect(status).toBe(200)
    expect(body).toEqual({ ...(await stored()) })
    expect(body).toMatchObject(expected)
    for (const [name, value] of Object.entries(expected)) expect(body[name]).toEqual(value)
  })

  test.each(['title', 'externalId', 'emails', 'addresses', 'addresses[type eq "work"]', enterpriseUrn])(
    'PATCH removes %s',
    async (path) => {
      const { status, body } = await world.patch(`Users/${id}`, { op: 'remove', path })
      expect(status).toBe(200)
      expect(body).not.toHaveProperty([path.replace(/\[.*/, '')])
    },
  )

  test('the extension goes with its last attribute, and so does its schema', async () => {
    const { body } = await world.patch(
      `Users/${id}`,
      { op: 'remove', path: `${enterpriseUrn}:department` },
      { op: 'remove', path: `${enterpriseUrn}:manager.value` },
    )
    expect(body['schemas']).toEqual([userUrn])
    expect(body).not.toHaveProperty([enterpriseUrn])
  })

  test('removing what is not there is no error', async () => {
    expect((await world.patch(`Users/${id}`, { op: 'remove', path: 'nickName' })).status).toBe(200)
  })

  test('operations take effect in order, and all or none of them', async () => {
    const done = await world.patch(
      `Users/${id}`,
      { op: 'replace', path: 'title', value: 'First' },
      { op: 'replace', path: 'title', value: 'Second' },
    )
    expect(done.body['title']).toBe('Second')
    const refusal = await world.refusedPatch(
      `Users/${id}`,
      { op: 'replace', path: 'title', value: 'Third' },
      { op: 'replace', path: 'displayName', value: '' },
    )
    expect(refusal.status).toBe(400)
    expect((await stored())['title']).toBe('Second')
  })

  test('nor does a conflict leave a part behind', async () => {
    const refusal = await world.refusedPatch(
      `Users/${id}`,
      { op: 'replace', path: 'title', value: 'Third' },
      { op: 'replace', path: 'userName', value: 'ada@example.com' },
    )
    expect(refusal).toMatchObject({ status: 409, detail: 'Refused to create a new, duplicate resource.' })
    expect((await stored())['title']).toBe('Guide')
  })

  test('one operation on userName and one on active may go together', async () => {
    const { status, body } = await world.patch(
      `Users/${id}`,
      { op: 'replace', path: 'userName', value: 'both@made.example' },
      { op: 'replace', path: 'active', value: false },
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({ userName: 'both@made.example', active: false })
  })

  test('a user whose roles AWS keeps can still be changed', async () => {
    const { body } = await world.patch(`Users/${id}`, { op: 'replace', path: 'title', value: 'x' })
    expect(body['roles']).toEqual([{ value: 'dev' }])
  })

  test('deactivation keeps memberships', async () => {
    const group = await world.makeGroup('Deactivated people', [demo.adaId])
    await world.patch(`Users/${demo.adaId}`, { op: 'replace', path: 'active', value: 'false' })
    expect(await world.membersOf(group)).toEqual(['ada@example.com'])
  })
})
