import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import { enterpriseUrn, filter, listUrn, ScimWorld, textOf, unparsable } from './scim-world.js'

let world: ScimWorld
let group: string
let boss: string
let many: readonly string[]
beforeAll(async () => {
  world = await ScimWorld.open()
  many = await Promise.all(
    Array.from({ length: 120 }, (_, n) =>
      world.makeUser(`u${String(n)}@made.example`, { externalId: `ext"${n}"` }),
    ),
  )
  boss = await world.makeUser('led@made.example', { [enterpriseUrn]: { manager: { value: 'the-boss' } } })
  group = await world.makeGroup('Listed', [demo.adaId, demo.devId])
})
beforeEach(async () => {
  await world.aws.control('PUT', 'settings', { shortPages: 0, scimUnsupportedParameters: 'refuse' })
})
afterAll(() => world[Symbol.asyncDispose]())

const invalid = (reason: string) => ({ status: 400, detail: unparsable, reason })
const absent = { status: 404, detail: 'The specified resource does not exist.' }
const nobody = '00000000-0000-7000-8000-000000000000'

async function walk(path: string): Promise<{ ids: string[]; pages: number[] }> {
  const ids: string[] = []
  const pages: number[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const { status, body } = await world.send('GET', path.replace('CURSOR', cursor))
    expect(status).toBe(200)
    const resources = body['Resources'] as readonly { readonly id: string }[]
    ids.push(...resources.map((resource) => resource.id))
    pages.push(resources.length)
    expect(body['itemsPerPage']).toBe(resources.length)
    expect(Object.keys(body)).not.toContain('totalResults')
    expect(Object.keys(body)).not.toContain('startIndex')
    cursor = body['nextCursor'] === undefined ? undefined : textOf(body, 'nextCursor')
    if (cursor !== undefined) expect(cursor).toMatch(/^[-a-zA-Z0-9+=/:_]+$/)
  }
  return { ids, pages }
}

describe('lists without a cursor', () => {
  test('end at 100 and claim that there was no more', async () => {
    const { body } = await world.send('GET', 'Users')
    expect(body).toMatchObject({ totalResults: 100, itemsPerPage: 100, startIndex: 1, schemas: [listUrn] })
    expect(body['Resources']).toHaveLength(100)
    expect(body).not.toHaveProperty('nextCursor')
  })

  test('are shorter by count', async () => {
    const { body } = await world.send('GET', 'Users?count=3')
    expect(body).toMatchObject({ totalResults: 3, itemsPerPage: 3, startIndex: 1 })
  })

  test('are empty where a filter chooses nothing', async () => {
    const { status, body } = await world.send(
      'GET',
      `Users?filter=${filter('userName eq "no@made.example"')}`,
    )
    expect(status).toBe(200)
    expect(body).toEqual({
      totalResults: 0,
      itemsPerPage: 0,
      startIndex: 1,
      schemas: [listUrn],
      Resources: [],
    })
  })

  test('are never short or empty by the setting shortPages, since nothing leads on', async () => {
    await world.aws.control('PUT', 'settings', { shortPages: 1 })
    expect(await world.list('Users')).toHaveLength(100)
  })

  test('have empty members in every group', async () => {
    const groups = await world.list('Groups')
    expect(groups.length).toBeGreaterThan(1)
    for (const one of groups) expect(one['members']).toEqual([])
  })
})

describe('lists with a cursor', () => {
  test('are walked to their end, every user once', async () => {
    const { ids, pages } = await walk('Users?cursor=CURSOR')
    expect(pages).toEqual([100, ids.length - 100])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining([...many]))
  })

  test('take smaller pages by count', async () => {
    const { pages } = await walk('Groups?cursor=CURSOR&count=2')
    expect(pages.slice(0, -1).every((size) => size === 2)).toBe(true)
    expect(pages.length).toBeGreaterThan(1)
  })

  test('may have short and empty pages with more to come, by the setting shortPages', async () => {
    await world.aws.control('PUT', 'settings', { shortPages: 1 })
    const { ids, pages } = await walk('Users?cursor=CURSOR&count=10')
    expect(pages.some((size) => size < 10)).toBe(true)
    expect(new Set(ids).size).toBe(129)
  })

  test('do not repeat or skip when something is deleted between two pages', async () => {
    const [one, two] = [await world.makeGroup('Passing one'), await world.makeGroup('Passing two', [boss])]
    const three = await world.makeGroup('Passing three', [boss])
    await world.patch(`Groups/${one}`, { op: 'add', path: 'members', value: [{ value: boss }] })
    const path = `Groups?count=1&filter=${filter(`members.value eq "${boss}"`)}&cursor=`
    const first = await world.send('GET', path)
    expect(first.body['Resources']).toMatchObject([{ id: two }])
    await world.send('DELETE', `Groups/${two}`)
    const second = await world.send('GET', path + textOf(first.body, 'nextCursor'))
    expect(second.body['Resources']).toMatchObject([{ id: three }])
    const third = await world.send('GET', path + textOf(second.body, 'nextCursor'))
    expect(third.body['Resources']).toMatchObject([{ id: one }])
    expect(third.body).not.toHaveProperty('nextCursor')
  })

  test('refuse a cursor with another filter', async () => {
    const of = (name: string): string => filter(`groups.value eq "${name}"`)
    const { body } = await world.send('GET', `Users?cursor&count=1&filter=${of(group)}`)
    const cursor = textOf(body, 'nextCursor')
    const other = await world.makeGroup('Other', [demo.adaId])
    const refusal = invalid('the cursor belongs to no list with this filter')
    expect(await world.refused('GET', `Users?cursor=${cursor}&filter=${of(other)}`)).toEqual(refusal)
    expect(await world.refused('GET', `Users?cursor=${cursor}`)).toEqual(refusal)
    expect(await world.refused('GET', `Groups?cursor=${cursor}`)).toEqual(refusal)
    expect((await world.send('GET', `Users?cursor=${cursor}&filter=${of(group)}`)).status).toBe(200)
  })

  test.each([
    ['Users?cursor=a%21b', 'the cursor has a wrong form'],
    ['Users?cursor=AAAA', 'the cursor belongs to no list with this filter'],
    ['Users?cursor&cursor', 'the parameter cursor is given twice'],
    ['Users?count=0', 'count is not 1 to 100'],
    ['Users?count=101', 'count is not 1 to 100'],
    ['Users?count=-1', 'count is not 1 to 100'],
    ['Users?count=ten', 'count is not 1 to 100'],
    ['Users?count=', 'count is not 1 to 100'],
  ])('refuse %s', async (path, reason) => {
    expect(await world.refused('GET', path)).toEqual(invalid(reason))
  })
})

describe('filters', () => {
  test.each([
    ['userName eq "ada@example.com"', [demo.adaId]],
    ['userName EQ "ada@example.com"', [demo.adaId]],
    ['userName eq "Ada@example.com"', []],
    [`id eq "${demo.adaId}"`, [demo.adaId]],
    ['externalId eq "no such"', []],
  ])('Users: %s', async (text, ids) => {
    expect((await world.list(`Users?filter=${filter(text)}`)).map(({ id }) => id)).toEqual(ids)
  })

  test('Users: an externalId with escaped quotes', async () => {
    const users = await world.list(`Users?filter=${filter('externalId eq "ext\\"7\\""')}`)
    expect(users.map(({ userName }) => userName)).toEqual(['u7@made.example'])
  })

  test('Users: id and manager, in either order', async () => {
    for (const [manager, ids] of [['the-boss', [boss]] as const, ['another', []] as const]) {
      const terms = [`id eq "${boss}"`, `manager eq "${manager}"`]
      for (const text of [terms.join(' and '), terms.toReversed().join(' and ')]) {
        expect((await world.list(`Users?filter=${filter(text)}`)).map(({ id }) => id)).toEqual(ids)
      }
    }
  })

  test('Users: the members of a group', async () => {
    const users = await world.list(`Users?filter=${filter(`groups.value eq "${group}"`)}`)
    expect(users.map(({ id }) => id)).toEqual([demo.adaId, demo.devId])
  })

  test('Groups: by displayName, and exactly', async () => {
    const idsOf = async (name: string) =>
      (await world.list(`Groups?filter=${filter(`displayName eq "${name}"`)}`)).map(({ id }) => id)
    expect(await idsOf('Listed')).toEqual([group])
    expect(await idsOf('listed')).toEqual([])
  })

  test('Groups: those of a user, and whether a user is in a group, in either order', async () => {
    const of = await world.list(`Groups?filter=${filter(`members.value eq "${demo.devId}"`)}`)
    expect(of.map(({ id }) => id)).toContain(group)
    for (const [member, ids] of [[demo.adaId, [group]] as const, [boss, []] as const]) {
      const terms = [`id eq "${group}"`, `members eq "${member}"`]
      for (const text of [terms.join(' and '), terms.toReversed().join(' and ')]) {
        expect((await world.list(`Groups?filter=${filter(text)}`)).map(({ id }) => id)).toEqual(ids)
      }
    }
  })

  test.each([
    ['Users', `groups.value eq "${nobody}"`, `there is no group ${nobody}`],
    ['Groups', `members.value eq "${nobody}"`, `there is no user ${nobody}`],
    ['Groups', `id eq "x" and members eq "${nobody}"`, `there is no user ${nobody}`],
  ])('%s: %s is 404', async (path, text, reason) => {
    expect(await world.refused('GET', `${path}?filter=${filter(text)}`)).toEqual({ ...absent, reason })
  })

  test.each([
    ['Users', 'userName ne "x"', 'the filter has another operator than eq'],
    ['Users', 'userName sw "x"', 'the filter has another operator than eq'],
    ['Users', 'userName pr', 'the filter has another operator than eq'],
    ['Users', 'userName eq "x" or id eq "y"', 'the filter has more after character 17'],
    ['Users', 'not (userName eq "x")', 'the filter has another operator than eq'],
    ['Users', '(userName eq "x")', 'the filter has no attribute at character 1'],
    ['Users', '', 'the filter has no attribute at character 1'],
    ['Users', 'userName eq x', 'the filter has no text in quotes at character 13'],
    ['Users', 'userName eq true', 'the filter has no text in quotes at character 13'],
    ['Users', 'userName eq "x', 'the filter has no text in quotes at character 13'],
    ['Users', 'userName eq "\\q"', 'the filter has a text that JSON does not allow'],
    ['Users', 'userName eq "x" and', 'the filter has no attribute at character 20'],
    ['Users', 'username eq "x"', 'users cannot be filtered by username'],
    ['Users', 'active eq "true"', 'users cannot be filtered by active'],
    ['Users', 'emails.value eq "x"', 'users cannot be filtered by emails.value'],
    ['Users', 'userName eq "x" and id eq "y"', 'users cannot be filtered by id and userName'],
    ['Users', 'manager eq "x"', 'users cannot be filtered by manager'],
    ['Users', 'id eq "x" and id eq "y"', 'users cannot be filtered by id and id'],
    ['Users', '__proto__ eq "x"', 'the filter has no attribute at character 1'],
    ['Users', 'constructor eq "x"', 'users cannot be filtered by constructor'],
    ['Groups', 'members eq "x"', 'groups cannot be filtered by members'],
    ['Groups', 'member eq "x"', 'groups cannot be filtered by member'],
    ['Groups', 'id eq "x" and member eq "y"', 'groups cannot be filtered by id and member'],
    ['Groups', 'userName eq "x"', 'groups cannot be filtered by userName'],
  ])('%s: %s is refused', async (path, text, reason) => {
    expect(await world.refused('GET', `${path}?filter=${filter(text)}`)).toEqual(invalid(reason))
  })
})

test.each([
  ['five terms', Array(5).fill('id eq "x"').join(' and '), 'the filter has too many terms'],
  ['8,206 characters', `userName eq "${'a'.repeat(8192)}"`, 'the filter is longer than 8192 characters'],
])('a filter of %s is refused', async (_what, text, reason) => {
  expect(await world.refused('GET', `Users?filter=${filter(text)}`)).toEqual(invalid(reason))
})

describe('parameters that AWS does not support', () => {
  test.each([
    'startIndex=1',
    'attributes=id',
    'excludedAttributes=members',
    'sortBy=id',
    'sortOrder=ascending',
  ])('%s is refused, or passed over by the setting scimUnsupportedParameters', async (parameter) => {
    const name = parameter.split('=')[0] ?? ''
    const refusal = invalid(`the parameter ${name} is not supported`)
    expect(await world.refused('GET', `Groups?${parameter}`)).toEqual(refusal)
    expect(await world.refused('GET', `Groups/${group}?${parameter}`)).toEqual(refusal)
    await world.aws.control('PUT', 'settings', { scimUnsupportedParameters: 'ignore' })
    expect((await world.send('GET', `Groups/${group}?${parameter}`)).body).toMatchObject({
      displayName: 'Listed',
      members: [],
    })
  })
})

test('reads may lag behind, writes may not', async () => {
  await world.aws.control('PUT', 'settings', { readLagMs: 1000 })
  await world.list('Users')
  const id = await world.makeUser('late@made.example')
  expect((await world.send('GET', `Users/${id}`)).status).toBe(404)
  expect((await world.patch(`Users/${id}`, { op: 'replace', path: 'title', value: 'x' })).status).toBe(200)
  await world.aws.advance(1000)
  expect((await world.send('GET', `Users/${id}`)).body).toMatchObject({ title: 'x' })
  await world.aws.control('PUT', 'settings', { readLagMs: 0 })
})
