import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/emulator/scim/json.js'
import { demo } from '../aws-world.js'
import { groupUrn, patchOf, ScimWorld, textOf, unparsable, userUrn, valuesOf } from './scim-world.js'

let world: ScimWorld
let people: readonly string[]
let id: string
beforeAll(async () => {
  world = await ScimWorld.open()
  people = await Promise.all(
    Array.from({ length: 101 }, (_, n) => world.makeUser(`p${String(n).padStart(3, '0')}@made.example`)),
  )
})
beforeEach(async () => {
  await world.aws.control('PUT', 'settings', { scim2024: false, scimMemberRepeats: 'tolerate' })
  const groups = await world.list('Groups?cursor')
  const made = groups.filter((group) => textOf(group, 'displayName').startsWith('Made'))
  await Promise.all(made.map((group) => world.send('DELETE', `Groups/${textOf(group, 'id')}`)))
  id = await world.makeGroup('Made', [person(0), person(1)])
})
afterAll(() => world[Symbol.asyncDispose]())

const person = (n: number): string => people[n] ?? ''
const invalid = (reason: string) => ({ status: 400, detail: unparsable, reason })
const absentUser = '00000000-0000-7000-8000-000000000000'
const names = ['p000@made.example', 'p001@made.example']
const noReplace = invalid('members cannot be replaced')

describe('serialisation', () => {
  test.each<[JsonObject, string]>([
    [{ displayName: 5 }, 'displayName is not a text'],
    [{ displayName: 'Made 2', members: {} }, 'members is not a list'],
    [{ displayName: 'Made 2', members: ['x'] }, 'members has something that is not an object'],
    [{ displayName: 'Made 2', members: [{}] }, 'a member has no id as its value'],
    [{ displayName: 'Made 2', members: [{ value: 5 }] }, 'a member has no id as its value'],
    [{ displayName: 'Made 2', members: [{ value: '' }] }, 'a member has no id as its value'],
  ])('POST of %j is refused', async (body, reason) => {
    expect(await world.refused('POST', 'Groups', body)).toEqual(invalid(reason))
  })
})

describe('validation', () => {
  test.each<[JsonObject, string]>([
    [{}, 'displayName is missing'],
    [{ displayName: '' }, 'displayName is not 1 to 1024 characters of those allowed'],
    [{ displayName: 'a'.repeat(1025) }, 'displayName is not 1 to 1024 characters of those allowed'],
    [{ displayName: 'AWSAdministrators' }, 'the name AWSAdministrators is reserved'],
    [{ displayName: 'Made 2', description: 'x' }, 'the group has the unsupported attribute description'],
    [{ displayName: 'Made 2', schemas: [userUrn] }, `schemas is not a list with ${groupUrn}`],
    [
      { displayName: 'Made 2', members: [{ value: demo.adaId, display: 'Ada' }] },
      'a member has the unsupported attribute display',
    ],
    [
      { displayName: 'Made 2', members: [{ value: demo.adaId, type: 'Group' }] },
      'a member is not a user; groups are not nested',
    ],
  ])('POST of %j is refused', async (body, reason) => {
    expect(await world.refused('POST', 'Groups', body)).toEqual(invalid(reason))
  })

  test('a group of 101 members is refused, and one of 100 is made', async () => {
    const body = { displayName: 'Made of many', members: valuesOf(people) }
    expect(await world.refused('POST', 'Groups', body)).toEqual(
      invalid('101 membership changes in one request; 100 are allowed'),
    )
    const made = await world.makeGroup('Made of many', people.slice(0, 100))
    expect(await world.membersOf(made)).toHaveLength(100)
  })

  test('101 changes in one PATCH are refused, spread over operations as well', async () => {
    const [first, rest] = [people.slice(0, 50), people.slice(50)]
    const operations = [first, rest].map((ids) => ({ op: 'add', path: 'members', value: valuesOf(ids) }))
    expect(await world.refusedPatch(`Groups/${id}`, ...operations)).toEqual(
      invalid('101 membership changes in one request; 100 are allowed'),
    )
    expect(await world.membersOf(id)).toEqual(names)
    const { status } = await world.patch(`Groups/${id}`, {
      op: 'add',
      path: 'members',
      value: valuesOf(people.slice(0, 100)),
    })
    expect(status).toBe(204)
    expect(await world.membersOf(id)).toHaveLength(100)
  })

  test.each<[JsonObject, string]>([
    [{ op: 'replace', path: 'members', value: [{ value: demo.adaId }] }, 'members cannot be replaced'],
    [{ op: 'replace', path: 'members', value: [] }, 'members cannot be replaced'],
    [{ op: 'replace', path: 'members' }, 'members cannot be replaced'],
    [{ op: 'replace', value: { members: [] } }, 'members cannot be replaced'],
    [{ op: 'remove', path: 'members' }, 'remove of members names no member'],
    [{ op: 'remove', path: 'members', value: [] }, 'remove of members names no member'],
    [{ op: 'add', path: 'members', value: [] }, 'add of members names no member'],
    [{ op: 'add', path: 'members', value: { value: demo.adaId } }, 'members is not a list'],
    [{ op: 'add', path: 'members', value: [{ value: '' }] }, 'a member has no id as its value'],
    [
      { op: 'remove', path: `members[value eq "${demo.adaId}"]` },
      'paths of a group have neither filters nor sub-attributes; members are named in the value',
    ],
    [{ op: 'remove', path: 'displayName' }, 'displayName cannot be removed'],
    [{ op: 'replace', path: 'displayName' }, 'displayName is missing'],
    [
      { op: 'replace', path: 'displayName', value: '' },
      'displayName is not 1 to 1024 characters of those allowed',
    ],
    [{ op: 'replace', path: 'externalId', value: 5 }, 'externalId is not a text'],
    [{ op: 'replace', path: 'description', value: 'x' }, 'description of a group cannot be changed by PATCH'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'id of a group cannot be changed by PATCH'],
  ])('PATCH with %j is refused and changes nothing', async (operation, reason) => {
    expect(await world.refusedPatch(`Groups/${id}`, operation)).toEqual(invalid(reason))
    expect(await world.membersOf(id)).toEqual(names)
    expect((await world.send('GET', `Groups/${id}`)).body['displayName']).toBe('Made')
  })

  test('several attributes without a path are refused in the words of AWS', async () => {
    const value = { id, displayName: 'Made anew' }
    expect(await world.refusedPatch(`Groups/${id}`, { op: 'replace', value })).toEqual({
      status: 400,
      detail:
        'Current PATCH support allows omitting "path" attribute only for Add and Replace operations modifying a single attribute.',
      reason: undefined,
    })
  })

  test('a group in a group is refused, by POST and PATCH', async () => {
    const members = [{ value: id }]
    const nested = invalid('a member is a group; groups are not nested')
    expect(await world.refused('POST', 'Groups', { displayName: 'Made 2', members })).toEqual(nested)
    const other = await world.makeGroup('Made 3')
    expect(
      await world.refusedPatch(`Groups/${other}`, { op: 'add', path: 'members', value: members }),
    ).toEqual(nested)
  })
})

describe('function', () => {
  test('the name and the externalId are changed, added and removed; members stay', async () => {
    const { status, text } = await world.patch(
      `Groups/${id}`,
      { op: 'replace', path: 'displayName', value: 'Made anew' },
      { op: 'add', value: { externalId: 'g-9' } },
    )
    expect({ status, text }).toEqual({ status: 204, text: '' })
    expect((await world.send('GET', `Groups/${id}`)).body).toMatchObject({
      displayName: 'Made anew',
      externalId: 'g-9',
      members: [],
    })
    await world.patch(`Groups/${id}`, { op: 'remove', path: 'externalId' })
    expect((await world.send('GET', `Groups/${id}`)).body).not.toHaveProperty('externalId')
    expect(await world.membersOf(id)).toEqual(names)
  })

  test('members are added and removed by value, also in one request', async () => {
    const { status } = await world.patch(
      `Groups/${id}`,
      { op: 'add', path: 'members', value: valuesOf([person(2)]) },
      { op: 'remove', path: 'members', value: valuesOf([person(0)]) },
    )
    expect(status).toBe(204)
    expect(await world.membersOf(id)).toEqual(['p001@made.example', 'p002@made.example'])
  })

  test('what the Identity Store API says of a group outlives PATCH', async () => {
    const { groups } = (await world.aws.control('GET', 'state')) as { groups: readonly JsonObject[] }
    const known = groups.find(({ description }) => description !== undefined)
    if (known === undefined) throw new Error('the demo organisation has no group with a description')
    const path = `Groups/${textOf(known, 'id')}`
    await world.patch(path, { op: 'replace', path: 'displayName', value: 'Described' })
    const after = (await world.aws.control('GET', 'state')) as { groups: readonly JsonObject[] }
    expect(after.groups.find((group) => group['id'] === known['id'])).toMatchObject({
      description: known['description'],
      displayName: 'Described',
    })
  })

  test('the name of another group is a conflict, and nothing of the request takes effect', async () => {
    await world.makeGroup('Made 2')
    const duplicate = {
      status: 409,
      detail: 'Refused to create a new, duplicate resource.',
      reason: 'another resource has this displayName',
    }
    expect(await world.refused('POST', 'Groups', { displayName: 'Made' })).toEqual(duplicate)
    const refusal = await world.refusedPatch(
      `Groups/${id}`,
      { op: 'add', path: 'members', value: valuesOf([person(2)]) },
      { op: 'replace', path: 'displayName', value: 'Made 2' },
    )
    expect(refusal).toEqual(duplicate)
    expect(await world.membersOf(id)).toEqual(names)
  })

  test('a member who does not exist is 404, and nobody else is added', async () => {
    const value = valuesOf([person(2), absentUser])
    const absent = {
      status: 404,
      detail: 'The specified resource does not exist.',
      reason: `there is no user ${absentUser}`,
    }
    expect(await world.refusedPatch(`Groups/${id}`, { op: 'add', path: 'members', value })).toEqual(absent)
    expect(await world.membersOf(id)).toEqual(names)
    expect(await world.refused('POST', 'Groups', { displayName: 'Made 2', members: value })).toEqual(absent)
    expect(await world.list('Groups?filter=displayName%20eq%20%22Made%202%22')).toEqual([])
  })

  test.each(['GET', 'DELETE', 'PATCH'])('%s of an absent group is 404', async (method) => {
    const body = method === 'PATCH' ? patchOf({ op: 'replace', path: 'displayName', value: 'x' }) : undefined
    expect(await world.refused(method, 'Groups/nobody', body)).toEqual({
      status: 404,
      detail: 'The specified resource does not exist.',
      reason: expect.stringContaining('nobody') as string,
    })
  })

  test('adding a member who is there, or removing one who is not, changes nothing', async () => {
    const { status } = await world.patch(
      `Groups/${id}`,
      { op: 'add', path: 'members', value: valuesOf([person(0), person(0)]) },
      { op: 'remove', path: 'members', value: valuesOf([person(5), absentUser]) },
    )
    expect(status).toBe(204)
    expect(await world.membersOf(id)).toEqual(names)
  })

  test('by the setting scimMemberRepeats both are refused', async () => {
    await world.aws.control('PUT', 'settings', { scimMemberRepeats: 'refuse' })
    const add = { op: 'add', path: 'members', value: valuesOf([person(2), person(0)]) }
    expect(await world.refusedPatch(`Groups/${id}`, add)).toEqual({
      status: 409,
      detail: 'Refused to create a new, duplicate resource.',
      reason: `${person(0)} is a member already`,
    })
    const remove = { op: 'remove', path: 'members', value: valuesOf([person(0), person(5)]) }
    expect(await world.refusedPatch(`Groups/${id}`, remove)).toEqual({
      status: 404,
      detail: 'The specified resource does not exist.',
      reason: `${person(5)} is no member`,
    })
    expect(await world.membersOf(id)).toEqual(names)
    const twice = { op: 'add', path: 'members', value: valuesOf([person(2), person(2)]) }
    expect((await world.refusedPatch(`Groups/${id}`, twice)).status).toBe(409)
  })
})

describe('the behaviour of 2024, by the setting scim2024', () => {
  beforeEach(async () => {
    await world.aws.control('PUT', 'settings', { scim2024: true })
  })

  test.each<[JsonObject]>([
    [{ op: 'replace', path: 'members', value: [] }],
    [{ op: 'replace', path: 'members' }],
    [{ op: 'replace', value: { members: [] } }],
  ])('%j is answered 204 and changes nothing', async (operation) => {
    const { status, text } = await world.patch(`Groups/${id}`, operation)
    expect({ status, text }).toEqual({ status: 204, text: '' })
    expect(await world.membersOf(id)).toEqual(names)
  })

  test('replacing members by an empty value is refused, and the group is emptied all the same', async () => {
    const operation = { op: 'replace', path: 'members', value: [{ value: '' }] }
    expect(await world.refusedPatch(`Groups/${id}`, operation)).toEqual(
      invalid('a member has an empty value; the group was emptied all the same (scim2024)'),
    )
    expect(await world.membersOf(id)).toEqual([])
  })

  test('without the setting the same is refused and nobody leaves', async () => {
    await world.aws.control('PUT', 'settings', { scim2024: false })
    const operation = { op: 'replace', path: 'members', value: [{ value: '' }] }
    expect(await world.refusedPatch(`Groups/${id}`, operation)).toEqual(noReplace)
    expect(await world.membersOf(id)).toEqual(names)
  })

  test('replacing members by users stays refused', async () => {
    const operation = { op: 'replace', path: 'members', value: valuesOf([person(3)]) }
    expect(await world.refusedPatch(`Groups/${id}`, operation)).toEqual(noReplace)
    expect(await world.membersOf(id)).toEqual(names)
  })
})
