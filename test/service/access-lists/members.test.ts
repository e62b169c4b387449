import { describe, expect, test } from 'vitest'
import { listMembers } from '../../../src/service/access-lists/list-members.js'
import { putMember, type PutMemberInput } from '../../../src/service/access-lists/put-member.js'
import { removeMember } from '../../../src/service/access-lists/remove-member.js'
import { rolesThroughLists } from '../../../src/service/access-lists/roles-of.js'
import { adminsRef, desk, openWorld, refused, rule, start, user } from '../resources/world.js'

const list = (name: string, roles: readonly string[] = []) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: name, owners: ['ann'], grants: { roles } },
})

/** Lists a, b and c; ann may do all with lists, rex read them, con only list a; bob is a user. */
async function openHouse() {
  const world = await openWorld()
  await world.apply([
    rule('all', 'access_list', ['*']),
    rule('read', 'access_list', ['list', 'read']),
    rule('only-a', 'access_list', ['read', 'update'], 'equals(resource.metadata.name, "a")'),
    user('ann', { roles: ['all'] }),
    user('rex', { roles: ['read'] }),
    user('con', { roles: ['only-a'] }),
    user('bob'),
    list('a', ['access', adminsRef]),
    list('b', ['other']),
    list('c'),
  ])
  const who = {
    ann: await world.person('ann'),
    rex: await world.person('rex'),
    con: await world.person('con'),
    bob: await world.person('bob'),
  }
  const put = (input: Partial<PutMemberInput>, by: keyof typeof who = 'ann') =>
    putMember(
      world.deps,
      { list: 'a', kind: 'user', name: 'bob', expiresAt: undefined, reason: '', ...input },
      who[by],
      desk,
    )
  return {
    world,
    put,
    take: (name: string, by: keyof typeof who = 'ann', of = 'a') =>
      removeMember(world.deps, { list: of, kind: 'user', name }, who[by], desk),
    page: (input: object = {}, by: keyof typeof who = 'rex', of = 'a') =>
      listMembers(world.deps, of, { limit: 10, ...input }, who[by]),
  }
}

describe('members of a list', () => {
  test('one is added with its end and its reason, and the event tells who did it', async () => {
    const { world, put, page } = await openHouse()
    const result = await put({ expiresAt: '2026-04-01T00:00:00Z', reason: 'on call' })
    expect(result).toMatchObject({ action: 'create', notes: [] })
    expect((await page()).items).toEqual([
      {
        list: 'a',
        kind: 'user',
        name: 'bob',
        hasUser: true,
        awsUserId: undefined,
        joinedAt: start,
        expiresAt: Date.parse('2026-04-01T00:00:00Z'),
        addedBy: 'ann',
        reason: 'on call',
      },
    ])
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'access_list.member.create',
      code: 'TAL005I',
      name: 'a',
      member: 'bob',
      member_kind: 'user',
      expires: '2026-04-01T00:00:00.000Z',
      reason: 'on call',
      user: 'ann',
      request_id: 'r-1',
    })
  })

  test('a change keeps who added the member and its id in AWS; the same again changes nothing', async () => {
    const { world, put } = await openHouse()
    await put({})
    const [before] = await world.store.members.list('a')
    if (before === undefined) throw new Error('bob is not there')
    await world.store.members.put([{ ...before, awsUserId: 'u1', addedBy: 'import' }])
    world.clock.advance(1000)
    expect(await put({ reason: 'longer' })).toMatchObject({
      action: 'update',
      member: { awsUserId: 'u1', addedBy: 'import', joinedAt: start, reason: 'longer' },
    })
    const events = await world.events()
    expect(events.at(-1)).toMatchObject({ event: 'access_list.member.update' })
    expect(await put({ reason: 'longer' })).toMatchObject({ action: 'none' })
    expect(await world.events()).toHaveLength(events.length)
  })

  test('what is left out of a change stays, and an end that is over does not', async () => {
    const { world, put } = await openHouse()
    const ends = '2026-03-02T10:00:00Z'
    await put({ expiresAt: ends, reason: 'on call' })
    expect(await put({ expiresAt: undefined, reason: undefined })).toMatchObject({ action: 'none' })
    expect(await put({ expiresAt: undefined, reason: 'nights' })).toMatchObject({
      action: 'update',
      member: { expiresAt: Date.parse(ends), reason: 'nights' },
    })
    expect(await put({ expiresAt: null, reason: undefined })).toMatchObject({
      action: 'update',
      member: { expiresAt: undefined, reason: 'nights' },
    })
    await put({ expiresAt: ends, reason: undefined })
    world.clock.advance(Date.parse(ends) - start + 1)
    expect(await put({ expiresAt: undefined, reason: undefined })).toMatchObject({
      action: 'update',
      member: { expiresAt: undefined, reason: 'nights' },
    })
  })

  test('a name without a user is taken and told', async () => {
    const { put } = await openHouse()
    expect(await put({ name: 'new@example.com' })).toMatchObject({
      member: { hasUser: false },
      notes: ['There is no user "new@example.com" yet; whoever is given that name will be a member.'],
    })
  })

  test.each<[string, Partial<PutMemberInput>, string, string]>([
    ['a name that no user can have', { name: 'a b' }, 'INVALID_RESOURCE', 'must not contain spaces'],
    ['an end that has passed', { expiresAt: '2026-03-02T09:00:00Z' }, 'INVALID_INPUT', 'lies in the past'],
    ['an end that is none', { expiresAt: 'tomorrow' }, 'INVALID_INPUT', 'is not an instant'],
    ['a reason of two lines', { reason: 'a\nb' }, 'INVALID_INPUT', 'must be one line'],
    ['a list that is not there', { list: 'nowhere' }, 'NOT_FOUND', 'there is no access list named "nowhere"'],
    [
      'a nested list that is not there',
      { kind: 'list', name: 'x' },
      'INVALID_INPUT',
      'there is no access list named "x"',
    ],
    ['a list in itself', { kind: 'list', name: 'a' }, 'LIST_CYCLE', 'a -> a'],
  ])('%s is refused', async (_, input, code, message) => {
    const { world, put } = await openHouse()
    const error = await refused(put(input))
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)])
    expect(await world.store.members.listAll()).toEqual([])
  })

  test('a list is nested, and a circle over others is refused', async () => {
    const { put } = await openHouse()
    await put({ list: 'a', kind: 'list', name: 'b' })
    await put({ list: 'b', kind: 'list', name: 'c' })
    const error = await refused(put({ list: 'c', kind: 'list', name: 'a' }))
    expect([error.code, error.details['path']]).toEqual(['LIST_CYCLE', ['c', 'a', 'b', 'c']])
    expect(error.message).toContain('c -> a -> b -> c')
    await put({ list: 'a', kind: 'list', name: 'c' })
  })

  test('one is removed, and removing nobody is told', async () => {
    const { world, put, take, page } = await openHouse()
    await put({})
    await take('bob')
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'access_list.member.delete',
      member: 'bob',
      user: 'ann',
    })
    expect((await page()).items).toEqual([])
    expect((await refused(take('bob'))).code).toBe('NOT_FOUND')
  })

  test('rights decide list by list', async () => {
    const { put, take, page } = await openHouse()
    expect((await refused(put({}, 'rex'))).code).toBe('FORBIDDEN')
    // To whom no rule and no list gives a part in it, a list does not exist.
    expect((await refused(put({}, 'bob'))).code).toBe('NOT_FOUND')
    await put({}, 'con')
    expect((await refused(put({ list: 'b' }, 'con'))).code).toBe('NOT_FOUND')
    expect((await refused(take('bob', 'rex'))).code).toBe('FORBIDDEN')
    // He is a member now, and members see no other members.
    expect((await refused(page({}, 'bob'))).code).toBe('FORBIDDEN')
    expect((await refused(page({}, 'con', 'b'))).code).toBe('NOT_FOUND')
    expect((await page({}, 'con')).total).toBe(1)
    expect((await refused(page({}, 'bob', 'nowhere'))).code).toBe('NOT_FOUND')
    await take('bob', 'con')
  })

  test('pages go on where the last one ended, and are searched', async () => {
    const { put, page } = await openHouse()
    for (const name of ['d', 'b', 'c']) await put({ name, reason: name === 'c' ? 'on call' : '' })
    await put({ kind: 'list', name: 'b' })
    const first = await page({ limit: 2 })
    expect(first.items.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['list b', 'user b'])
    const second = await page({ limit: 2, cursor: first.next })
    expect(second.items.map(({ name }) => name)).toEqual(['c', 'd'])
    expect([first.total, second.next]).toEqual([4, undefined])
    expect((await page({ search: 'CALL' })).items.map(({ name }) => name)).toEqual(['c'])
  })
})

describe('a user that is deleted', () => {
  test('leaves every list, so that a later one of the name inherits nothing (T7)', async () => {
    const { world, put } = await openHouse()
    await put({})
    await put({ list: 'b' })
    await put({ list: 'b', name: 'rex' })
    const { notes } = await world.remove('user', 'bob')
    expect(notes).toEqual(['Takes bob out of 2 access lists: a, b.'])
    expect((await world.store.members.listAll()).map(({ name }) => name)).toEqual(['rex'])
    expect((await world.events()).slice(-2)).toMatchObject([
      { event: 'access_list.member.delete', name: 'a', member: 'bob' },
      { event: 'access_list.member.delete', name: 'b', member: 'bob' },
    ])
    await world.apply(user('bob'))
    expect(await world.store.members.listOf('user', 'bob')).toEqual([])
  })
})

describe('roles through lists', () => {
  test('come from lists and from those that hold them, until a membership ends', async () => {
    const { world, put } = await openHouse()
    const ends = '2026-03-02T10:00:00Z'
    await put({ list: 'c' })
    await put({ list: 'a', kind: 'list', name: 'c', expiresAt: ends })
    await put({ list: 'b', expiresAt: ends })
    const roles = async (name: string, now = start) =>
      await rolesThroughLists(await world.deps.catalog.read(), world.store.members, name, now)
    expect(await roles('bob')).toEqual([
      { list: 'a', roles: ['access', adminsRef] },
      { list: 'b', roles: ['other'] },
      { list: 'c', roles: [] },
    ])
    expect(await roles('bob', Date.parse(ends))).toEqual([{ list: 'c', roles: [] }])
    expect(await roles('ann')).toEqual([])
  })

  test('end on any graph, a circle too', async () => {
    const { world } = await openHouse()
    const facts = { awsUserId: undefined, joinedAt: start, expiresAt: undefined, addedBy: 'x', reason: '' }
    await world.store.members.put([
      { list: 'a', kind: 'list', name: 'b', ...facts },
      { list: 'b', kind: 'list', name: 'a', ...facts },
      { list: 'a', kind: 'user', name: 'bob', ...facts },
      { list: 'gone', kind: 'user', name: 'bob', ...facts },
    ])
    const found = await rolesThroughLists(await world.deps.catalog.read(), world.store.members, 'bob', start)
    expect(found.map(({ list: name }) => name)).toEqual(['a', 'b'])
  })
})
