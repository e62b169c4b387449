import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newToken, ScimWorld } from '../../emulator/scim/scim-world.js'
import { ada, connectScim, failureOf, normal, type ScimConnected } from './scim-connection.js'

let world: ScimWorld
let us: ScimConnected

beforeAll(async () => {
  world = await ScimWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.reset()
  us = connectScim(world)
})

const gone = '53c4a8e2-20b1-70f5-8d13-00000000dead'
const fault = (operation: string, kind: string) =>
  world.aws.control('POST', 'faults', { operation: `scim:${operation}`, at: 1, fault: { kind } })

describe('users', () => {
  test('are created with what we say, and found by their exact name', async () => {
    const created = await us.scim.createUser(ada, normal)
    expect(created).toMatchObject({ ...ada.attributes, active: true, externalId: 'u-1' })
    expect(await us.scim.findUser(ada.attributes.userName, normal)).toEqual(created)
    expect(await us.scim.findUser('nobody@example.com', normal)).toBeUndefined()
    expect(us.governor.calls[0]).toEqual({ service: 'scim', operation: 'CreateUser', priority: 'normal' })
  })

  test('with a taken name, address or externalId are told apart from other refusals', async () => {
    await us.scim.createUser(ada, normal)
    const { attributes } = ada
    const same = [
      { ...ada, externalId: 'u-2', attributes: { ...attributes, email: 'other@example.com' } },
      { ...ada, externalId: 'u-2', attributes: { ...attributes, userName: 'other@example.com' } },
      { ...ada, attributes: { ...attributes, userName: 'o@example.com', email: 'o@example.com' } },
    ]
    for (const user of same) {
      expect(await failureOf(us.scim.createUser(user, normal))).toMatchObject({
        failure: 'already_exists',
        awsCode: '409',
      })
    }
    const nameless = { ...ada, attributes: { ...attributes, userName: 'with space@example.com' } }
    expect(await failureOf(us.scim.createUser(nameless, normal))).toMatchObject({
      failure: 'invalid',
      awsCode: '400',
    })
  })

  test('an empty text is left out and never sent', async () => {
    const user = { ...ada, attributes: { ...ada.attributes, givenName: '' } }
    expect(await failureOf(us.scim.createUser(user, normal))).toMatchObject({ failure: 'invalid' })
    const created = await us.scim.createUser(
      { ...ada, attributes: { ...ada.attributes, email: '' }, externalId: '' },
      normal,
    )
    expect(created).toMatchObject({ email: undefined, externalId: undefined })
    await us.scim.updateUser(created.id, { displayName: '' }, normal)
    expect(us.governor.count('PatchUser')).toBe(0)
  })

  test('keep their id when renamed, and lose their address when it is taken away', async () => {
    const { id } = await us.scim.createUser(ada, normal)
    await us.scim.updateUser(
      id,
      {
        userName: 'countess@example.com',
        displayName: 'Countess',
        givenName: 'A',
        familyName: 'L',
        email: 'c@example.com',
      },
      normal,
    )
    expect(await us.scim.findUser('countess@example.com', normal)).toMatchObject({
      id,
      displayName: 'Countess',
      givenName: 'A',
      familyName: 'L',
      email: 'c@example.com',
    })
    await us.scim.updateUser(id, { email: undefined }, normal)
    expect(await us.scim.findUser('countess@example.com', normal)).toMatchObject({ email: undefined })
  })

  test('cannot be renamed to a name that is taken', async () => {
    const { id } = await us.scim.createUser(ada, normal)
    const error = await failureOf(us.scim.updateUser(id, { userName: 'ada@example.com' }, normal))
    expect(error).toMatchObject({ failure: 'already_exists', operation: 'PatchUser' })
  })

  test('are switched off and on', async () => {
    const { id } = await us.scim.createUser(ada, normal)
    await us.scim.setActive(id, false, normal)
    expect(await us.scim.findUser(ada.attributes.userName, normal)).toMatchObject({ active: false })
    await us.scim.setActive(id, true, normal)
    expect(await us.scim.findUser(ada.attributes.userName, normal)).toMatchObject({ active: true })
    expect(await failureOf(us.scim.setActive(gone, false, normal))).toMatchObject({ failure: 'not_found' })
  })

  test('are deleted, and deleting who is gone succeeds', async () => {
    const { id } = await us.scim.createUser(ada, normal)
    await us.scim.deleteUser(id, normal)
    await us.scim.deleteUser(id, normal)
    expect(await us.scim.findUser(ada.attributes.userName, normal)).toBeUndefined()
  })

  test('a name with quotes and backslashes is looked for as it is', async () => {
    const userName = 'o"brien\\ü&#=+%@example.com'
    await us.scim.createUser({ ...ada, attributes: { ...ada.attributes, userName } }, normal)
    expect(await us.scim.findUser(userName, normal)).toMatchObject({ userName })
    expect(await us.scim.findUser('x" or userName eq "ada@example.com', normal)).toBeUndefined()
  })
})

describe('groups', () => {
  async function people(count: number): Promise<string[]> {
    const names = Array.from({ length: count }, (_, at) => `person-${at}@example.com`)
    return Promise.all(names.map((name) => world.makeUser(name)))
  }

  test('are created with members, renamed under their id, and deleted twice', async () => {
    const ids = await people(2)
    const group = await us.scim.createGroup({ displayName: 'ops', memberIds: ids, externalId: 'l-1' }, normal)
    expect(group).toMatchObject({ displayName: 'ops', externalId: 'l-1' })
    expect((await us.scim.listMembers(group.id, normal)).sort()).toEqual([...ids].sort())
    await us.scim.renameGroup(group.id, 'operations', normal)
    expect(await us.scim.findGroup('operations', normal)).toMatchObject({ id: group.id })
    expect(await us.scim.findGroup('ops', normal)).toBeUndefined()
    await us.scim.deleteGroup(group.id, normal)
    await us.scim.deleteGroup(group.id, normal)
    expect(await us.scim.findGroup('operations', normal)).toBeUndefined()
  })

  test('of a taken name are told as such', async () => {
    const group = { displayName: 'developers', memberIds: [], externalId: 'l-1' }
    expect(await failureOf(us.scim.createGroup(group, normal))).toMatchObject({ failure: 'already_exists' })
    const { id } = await us.scim.createGroup({ ...group, displayName: 'ops' }, normal)
    expect(await failureOf(us.scim.renameGroup(id, 'developers', normal))).toMatchObject({
      failure: 'already_exists',
    })
  })

  test('gain and lose members, counted for the governor', async () => {
    const ids = await people(3)
    const { id } = await us.scim.createGroup({ displayName: 'ops', memberIds: [], externalId: 'l' }, normal)
    await us.scim.changeMembers(id, { op: 'add', memberIds: ids }, normal)
    await us.scim.changeMembers(id, { op: 'remove', memberIds: ids.slice(1) }, normal)
    expect(await us.scim.listMembers(id, normal)).toEqual(ids.slice(0, 1))
    expect(us.governor.calls.filter(({ operation }) => operation === 'PatchGroup')).toEqual([
      { service: 'scim', operation: 'PatchGroup', priority: 'normal', memberships: 3 },
      { service: 'scim', operation: 'PatchGroup', priority: 'normal', memberships: 2 },
    ])
  })

  test('that are gone are not found', async () => {
    expect(await failureOf(us.scim.listMembers(gone, normal))).toMatchObject({ failure: 'not_found' })
    const change = { op: 'add', memberIds: [] } as const
    await us.scim.changeMembers(gone, change, normal)
    const [id = ''] = await people(1)
    expect(
      await failureOf(us.scim.changeMembers(gone, { ...change, memberIds: [id] }, normal)),
    ).toMatchObject({
      failure: 'not_found',
    })
  })

  test('members beyond a page are read, also where pages come short and empty', async () => {
    const ids = await people(230)
    const { id } = await us.scim.createGroup({ displayName: 'all', memberIds: [], externalId: 'l' }, normal)
    for (const from of [0, 100, 200]) {
      await us.scim.changeMembers(id, { op: 'add', memberIds: ids.slice(from, from + 100) }, normal)
    }
    expect((await us.scim.listMembers(id, normal)).sort()).toEqual([...ids].sort())
    expect(us.governor.count('ListUsers')).toBe(3)
    await world.aws.control('PUT', 'settings', { shortPages: 0.7 })
    expect((await us.scim.listMembers(id, normal)).sort()).toEqual([...ids].sort())
  })
})

describe('faults', () => {
  test.each([
    ['throttle', 'throttled'],
    ['error', 'unknown_outcome'],
    ['expired-token', 'unauthorized'],
    ['reset-before', 'unknown_outcome'],
    ['reset-after', 'unknown_outcome'],
    ['truncate', 'unknown_outcome'],
  ])('%s of a write is %s, and the write is not made again', async (kind, failure) => {
    await fault('CreateUser', kind)
    expect(await failureOf(us.scim.createUser(ada, normal))).toMatchObject({ failure, service: 'scim' })
    expect(us.governor.count('CreateUser')).toBe(1)
    const found = await us.scim.findUser(ada.attributes.userName, normal)
    expect(found !== undefined).toBe(['reset-after', 'truncate'].includes(kind))
  })

  test('a list that breaks off is no list', async () => {
    await fault('ListUsers', 'truncate')
    expect(await failureOf(us.scim.findUser('ada@example.com', normal))).toMatchObject({
      failure: 'unknown_outcome',
    })
  })

  test('the wait that a throttled answer names is kept', async () => {
    await world.aws.control('PUT', 'settings', { scimRetryAfterSeconds: 3 })
    await fault('ListUsers', 'throttle')
    const error = await failureOf(us.scim.findUser('ada@example.com', normal))
    expect(error).toMatchObject({ failure: 'throttled', awsCode: '429', retryAfterMs: 3000 })
  })

  test.each([401, 403])(
    'a token that has ended is unauthorized, also when AWS answers %d',
    async (status) => {
      await world.aws.control('PUT', 'settings', { scimExpiredStatus: status })
      await fault('ListUsers', 'expired-token')
      expect(await failureOf(us.scim.findUser('ada@example.com', normal))).toMatchObject({
        failure: 'unauthorized',
        awsCode: String(status),
      })
    },
  )
})

describe('tokens', () => {
  test('that AWS does not know, or another tenant, are unauthorized', async () => {
    const wrong = connectScim({ endpoint: world.endpoint, token: 'not-this-one' })
    expect(await failureOf(wrong.scim.findUser('x', normal))).toMatchObject({ failure: 'unauthorized' })
    const elsewhere = connectScim({
      endpoint: world.endpoint.replace(/[^/]+\/scim/, 'other/scim'),
      token: world.token,
    })
    expect(await failureOf(elsewhere.scim.findUser('x', normal))).toMatchObject({ failure: 'unauthorized' })
  })

  test('are asked for at each request, so that a new one is used at once', async () => {
    const tokens = [world.token, (await newToken(world.aws)).token]
    const used: string[] = []
    const fetch: typeof globalThis.fetch = (url, init) => {
      used.push(new Headers(init?.headers).get('authorization') ?? '')
      return globalThis.fetch(url, init)
    }
    const { scim } = connectScim(world, { token: () => Promise.resolve(tokens[used.length] ?? ''), fetch })
    await scim.findUser('x', normal)
    await scim.findUser('x', normal)
    expect(used).toEqual(tokens.map((token) => `Bearer ${token}`))
  })

  test.each(['', 'line\nbreak', 'nön-ascii', 'a'.repeat(9000)])(
    'of a wrong form are never sent',
    async (token) => {
      const { scim } = connectScim({ endpoint: world.endpoint, token })
      const error = await failureOf(scim.findUser('x', normal))
      expect(error).toMatchObject({ failure: 'unauthorized', awsCode: 'Token' })
      if (token !== '') expect(`${error.message}${error.stack ?? ''}`).not.toContain(token)
    },
  )
})
