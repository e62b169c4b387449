import { describe, expect, test } from 'vitest'
import type { Authority } from '../../../src/service/authority.js'
import { systemAuthority } from '../../../src/service/authority.js'
import type { ListInput } from '../../../src/service/resources/changes.js'
import { listResources } from '../../../src/service/resources/list.js'
import { readResource } from '../../../src/service/resources/read.js'
import {
  admins,
  adminsName,
  adminsRef,
  lock,
  openWorld,
  production,
  refused,
  role,
  rule,
  start,
  user,
  type World,
} from './world.js'

const read = ({ deps }: World, kind: string, name: string, by: Authority = systemAuthority) =>
  readResource(deps, { kind, name }, by)
const list = ({ deps }: World, kind: string, input: Partial<ListInput> = {}) =>
  listResources(deps, { kind, authority: systemAuthority, limit: 50, ...input })

/** Names on every page, page by page. */
async function pages(world: World, kind: string, input: Partial<ListInput>): Promise<string[][]> {
  const all: string[][] = []
  let cursor: string | undefined
  do {
    const answer = await list(world, kind, { ...input, ...(cursor !== undefined && { cursor }) })
    all.push(answer.items.map(({ name }) => name))
    cursor = answer.nextCursor
  } while (cursor !== undefined && all.length < 100)
  return all
}

describe('reading one', () => {
  test('shows the document with names, its revision, columns and what has no effect', async () => {
    const world = await openWorld()
    const [change] = await world.apply(user('alice', { roles: [adminsRef, 'dev'], local_auth: {} }))
    expect(await read(world, 'users', 'alice')).toEqual({
      kind: 'user',
      name: 'alice',
      revision: change?.revision,
      document: {
        kind: 'user',
        version: 'v2',
        metadata: { name: 'alice' },
        spec: { roles: [adminsName, 'dev'], local_auth: {} },
      },
      origin: 'user',
      createdAt: start,
      updatedAt: start,
      columns: { roles: `${adminsName}, dev`, traits: '', origin: 'local' },
      problem: undefined,
      ignored: ['spec.local_auth'],
    })
  })

  test('shows a broken one with its problem', async () => {
    const world = await openWorld()
    const document = { kind: 'role', version: 'v8', metadata: { name: 'x' }, spec: { allwo: {} } }
    await world.store.resources.create({ kind: 'role', name: 'x', document, now: start })
    expect(await read(world, 'role', 'x')).toMatchObject({
      document,
      columns: {},
      problem: expect.stringContaining('allwo') as string,
    })
  })

  test('shows computed roles, also under a former name of the account, and never a stored copy', async () => {
    const world = await openWorld()
    const stray = role(adminsName, { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } })
    await world.store.resources.create({ kind: 'role', name: adminsName, document: stray, now: start })
    const former = `AdministratorAccess-on-prod-${production.id}`
    for (const name of [adminsName, former]) {
      expect(await read(world, 'role', name)).toMatchObject({
        name: adminsName,
        origin: 'system',
        revision: 'inventory-1',
        document: {
          version: 'v7',
          metadata: { labels: { 'teleport.dev/origin': 'aws-identity-center' } },
          spec: { allow: { account_assignments: [{ account: production.id, permission_set: admins.arn }] } },
        },
        columns: { version: 'v7', allows: 'account_assignments', denies: '' },
      })
    }
    expect((await refused(read(world, 'role', 'Other-on-prod-555555555555'))).code).toBe('NOT_FOUND')
  })

  test('is for whoever may read this one, and tells others nothing', async () => {
    const world = await openWorld()
    await world.apply([
      rule('right', 'role', ['read'], 'resource.metadata.labels["env"] == "dev"'),
      user('bob', { roles: ['right'] }),
      user('eve'),
      role('mine', {}, { labels: { env: 'dev' } }),
      role('yours'),
    ])
    const [bob, eve] = [await world.person('bob'), await world.person('eve')]
    expect((await read(world, 'role', 'mine', bob)).name).toBe('mine')
    const hidden = await refused(read(world, 'role', 'yours', bob))
    expect([hidden.code, hidden.message]).toEqual([
      'FORBIDDEN',
      'your roles do not allow "read" on role "yours"; ask an administrator for a role whose rules do',
    ])
    expect((await refused(read(world, 'role', 'gone', bob))).code).toBe('NOT_FOUND')
    expect((await refused(read(world, 'role', 'gone', eve))).code).toBe('FORBIDDEN')
  })

  test('the operator reads locks and nothing else', async () => {
    const world = await openWorld()
    await world.apply([role('dev'), lock('l', { target: { user: 'bob' } })])
    const operator: Authority = { name: 'operator', kind: 'operator', user: undefined, roles: [] }
    expect((await read(world, 'lock', 'l', operator)).name).toBe('l')
    expect((await refused(read(world, 'role', 'dev', operator))).code).toBe('FORBIDDEN')
    expect((await world.remove('lock', 'l', { by: operator })).action).toBe('delete')
  })
})

describe('a list', () => {
  const names = ['Zoe', 'a', 'b', 'c', 'é']

  test('goes by name, page by page, computed ones after stored ones', async () => {
    const world = await openWorld()
    await world.apply(names.map((name) => role(name)))
    for (const limit of [1, 2, 4, 5, 6, 50]) {
      const all = await pages(world, 'role', { limit })
      expect(all.flat()).toEqual([...names, adminsName])
      expect(all.every((page) => page.length > 0 && page.length <= limit)).toBe(true)
    }
    expect((await list(world, 'role', { limit: 2 })).total).toBe(6)
    expect((await pages(world, 'role', { origin: 'user', limit: 3 })).flat()).toEqual(names)
    expect(await pages(world, 'role', { origin: 'system' })).toEqual([[adminsName]])
    expect(await pages(world, 'lock', {})).toEqual([[]])
  })

  test('goes on where it was while others come and go', async () => {
    const world = await openWorld()
    await world.apply(['a', 'b', 'c', 'd'].map((name) => user(name)))
    const first = await list(world, 'user', { limit: 2 })
    await world.remove('user', 'b')
    await world.apply([user('aa'), user('bb')])
    const next = await list(world, 'user', { limit: 10, cursor: first.nextCursor ?? '' })
    expect(next.items.map(({ name }) => name)).toEqual(['bb', 'c', 'd'])
  })

  test('finds all words in name, description and columns, in any case', async () => {
    const world = await openWorld()
    await world.apply([
      user('alice', { roles: ['dev'] }, { description: 'From Platform' }),
      user('bob', { roles: ['dev', adminsName] }),
    ])
    const found = async (kind: string, search: string) => {
      const { items, total } = await list(world, kind, { search })
      expect(total).toBe(items.length)
      return items.map(({ name }) => name)
    }
    expect(await found('user', 'DEV')).toEqual(['alice', 'bob'])
    expect(await found('user', '  platform ALI')).toEqual(['alice'])
    expect(await found('user', 'administratoraccess dev')).toEqual(['bob'])
    expect(await found('user', 'carol')).toEqual([])
    expect(await found('role', 'production admin')).toEqual([adminsName])
    expect(await found('role', 'staging')).toEqual([])
  })

  test('leaves out what a condition hides, on full pages', async () => {
    const world = await openWorld()
    await world.apply([
      rule('right', 'user', ['list'], 'resource.spec.traits["team"].contains("x")'),
      ...['a', 'b', 'c', 'd', 'e'].map((name, at) =>
        user(name, { traits: { team: [at % 2 === 0 ? 'x' : 'y'] } }),
      ),
      user('viewer', { roles: ['right'] }),
    ])
    const authority = await world.person('viewer')
    expect(await pages(world, 'user', { authority, limit: 2 })).toEqual([['a', 'c'], ['e']])
    expect((await list(world, 'user', { authority })).total).toBeUndefined()
    expect((await list(world, 'user', {})).total).toBe(6)
    const error = await refused(list(world, 'role', { authority }))
    expect([error.code, error.message]).toEqual([
      'FORBIDDEN',
      'your roles do not allow "list" on role; ask an administrator for a role whose rules do',
    ])
  })

  test('holds broken ones too, and no stored copies of computed ones', async () => {
    const world = await openWorld()
    await world.store.resources.create({ kind: 'role', name: 'odd', document: 1, now: start })
    await world.store.resources.create({
      kind: 'role',
      name: adminsName,
      document: role(adminsName),
      now: start,
    })
    const { items, total } = await list(world, 'role')
    expect(items.map(({ name, origin, problem }) => [name, origin, problem !== undefined])).toEqual([
      ['odd', 'user', true],
      [adminsName, 'system', false],
    ])
    expect(total).toBe(2)
  })

  test.each(['', '%', 'W10', 'WyJ4IiwiYSJd', 'WyJzdG9yZWQiLDFd'])('%j is no cursor', async (cursor) => {
    const world = await openWorld()
    const error = await refused(list(world, 'user', { cursor }))
    expect([error.code, error.message]).toEqual([
      'INVALID_INPUT',
      'cursor: is none that this list gave; begin without one',
    ])
  })
})
