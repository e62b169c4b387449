/** What owners of a list are told of other lists that do not exist for them, and of a list that had its name before. */
import { describe, expect, test } from 'vitest'
import { listHistory } from '../../../src/service/access-lists/list-history.js'
import { listPeople } from '../../../src/service/access-lists/list-people.js'
import { putMember } from '../../../src/service/access-lists/put-member.js'
import { desk, openWorld, refused, role, rule, user } from '../resources/world.js'

const list = (name: string, spec: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: `The ${name}`, owners: ['ann'], ...spec },
})
const hidden = 'a list you may not see'

/** In top is middle, in which is secret, which asks for a role that mia has and cat does not; ola owns top alone. */
async function openHouse() {
  const world = await openWorld()
  await world.apply([
    role('senior'),
    rule('reads', 'access_list', ['list', 'read']),
    rule('audits', 'event', ['list', 'read']),
    user('ann', { roles: ['reads'] }),
    user('ola'),
    user('aud', { roles: ['audits', 'reads'] }),
    user('cat'),
    user('mia', { roles: ['senior'] }),
    list('secret', { membership_requires: { roles: ['senior'] } }),
    list('middle'),
    list('top', { owners: ['ola'] }),
  ])
  const { deps } = world
  const at = {
    joinedAt: world.clock.now(),
    expiresAt: undefined,
    awsUserId: undefined,
    addedBy: 'ann',
    reason: '',
  }
  await world.store.members.put([
    { ...at, list: 'top', kind: 'list', name: 'middle' },
    { ...at, list: 'top', kind: 'user', name: 'cat' },
    { ...at, list: 'middle', kind: 'list', name: 'secret' },
    { ...at, list: 'secret', kind: 'user', name: 'mia' },
    { ...at, list: 'secret', kind: 'user', name: 'lea' },
  ])
  return {
    world,
    people: async (by: string, search?: string) =>
      listPeople(deps, 'top', { limit: 50, ...(search !== undefined && { search }) }, await world.person(by)),
    nest: async (to: string, name: string, by: string) =>
      putMember(
        deps,
        { list: to, kind: 'list', name, expiresAt: undefined, reason: '' },
        await world.person(by),
        desk,
      ),
    add: async (name: string) =>
      putMember(
        deps,
        { list: 'top', kind: 'user', name, expiresAt: undefined, reason: '' },
        await world.person('ola'),
        desk,
      ),
    history: async (by: string, page: { limit?: number; cursor?: string | undefined } = {}) => {
      await world.events()
      const given = { ...deps, flushAudit: () => Promise.resolve() }
      return await listHistory(given, 'top', { limit: 50, ...page }, await world.person(by))
    },
  }
}

describe('the way to people of a list', () => {
  test('names the lists that the owner sees, and those that are members of it, and no others', async () => {
    const { people } = await openHouse()
    const { items } = await people('ola')
    expect(items.find(({ name }) => name === 'mia')?.path).toEqual([
      { name: 'top', title: 'The top' },
      { name: 'middle', title: 'middle' },
      { name: null, title: hidden },
    ])
    expect(items.find(({ name }) => name === 'lea')?.ineligible).toBe(
      `does not exist, which ${hidden} asks for`,
    )
    expect(JSON.stringify(items)).not.toContain('secret')
    // Nor does a search find it.
    expect((await people('ola', 'secret')).total).toBe(0)
  })

  test('names all of them to whoever may read lists', async () => {
    const { people } = await openHouse()
    const { items } = await people('ann')
    expect(items.find(({ name }) => name === 'mia')?.path.map(({ name }) => name)).toEqual([
      'top',
      'middle',
      'secret',
    ])
    expect(items.find(({ name }) => name === 'lea')?.ineligible).toContain('which The secret asks for')
    expect((await people('ann', 'secret')).total).toBe(2)
  })
})

describe('a circle that is refused', () => {
  /** Ola owns low too, which holds top by way of secret: low, secret, top. */
  async function circle() {
    const house = await openHouse()
    await house.world.apply([list('low', { owners: ['ola'] })])
    const [row] = await house.world.store.members.list('middle')
    if (row === undefined) throw new Error('secret is in middle')
    await house.world.store.members.put([
      { ...row, list: 'low', name: 'secret' },
      { ...row, list: 'secret', name: 'top' },
    ])
    return house
  }

  test('is said to be one, without the names of lists that the owner may not see', async () => {
    const { nest } = await circle()
    const error = await refused(nest('top', 'low', 'ola'))
    expect(error.code).toBe('LIST_CYCLE')
    expect(error.message).toContain('the list would be a member or an owner of itself')
    expect(error.message).toContain(`top -> low -> ${hidden} -> top`)
    expect(error.details['path']).toEqual(['top', 'low', null, 'top'])
    expect(error.message + JSON.stringify(error.details)).not.toContain('secret')
  })

  test('shows its whole path to whoever may read lists', async () => {
    const { world, nest } = await circle()
    await world.apply([rule('all', 'access_list', ['*']), user('adm', { roles: ['all'] })])
    const error = await refused(nest('top', 'low', 'adm'))
    expect(error.details['path']).toEqual(['top', 'low', 'secret', 'top'])
  })

  test('names no list that whoever applies a document may not see', async () => {
    const { world } = await circle()
    await world.apply([
      rule('own', 'access_list', ['*'], 'equals(resource.metadata.name, "top")'),
      user('one', { roles: ['own'] }),
    ])
    const owned = list('top', { owners: [{ name: 'low', membership_kind: 'list' }] })
    const error = await refused(world.apply(owned, { by: await world.person('one') }))
    expect([error.code, error.details['path']]).toEqual(['LIST_CYCLE', ['top', 'low', null, 'top']])
  })
})

describe('the history of a list that had another before it', () => {
  /** The one before had gus as a member; `apart` in time, or within one instant. */
  async function remade(apart: number) {
    const house = await openHouse()
    await house.add('gus')
    house.world.clock.advance(apart)
    await house.world.remove('access_list', 'top')
    house.world.clock.advance(apart)
    await house.world.apply(list('top', { owners: ['ola'] }))
    await house.add('dan')
    return house
  }

  test.each([1000, 0])('begins with the list that is there now (%i ms apart)', async (apart) => {
    const { history } = await remade(apart)
    const { items, nextCursor } = await history('ola')
    expect(items.map(({ event }) => event)).toEqual(['access_list.member.create', 'access_list.create'])
    expect(nextCursor).toBeUndefined()
    expect(JSON.stringify(items)).not.toContain('gus')
  })

  test('is not looked into by a cursor that leads past the beginning', async () => {
    const { history } = await remade(1000)
    const past = await history('aud', { limit: 2 })
    expect(past.nextCursor).toBeDefined()
    expect((await history('ola', { cursor: past.nextCursor })).items).toEqual([])
  })

  test('is told in full to whoever may read the audit log', async () => {
    const { history } = await remade(1000)
    const says = (await history('aud')).items.map(({ event }) => event)
    expect(says).toContain('access_list.delete')
    expect(JSON.stringify((await history('aud')).items)).toContain('gus')
  })

  test('of a list that had none is told in full, by page', async () => {
    const { add, history } = await openHouse()
    await add('gus')
    await add('dan')
    const first = await history('ola', { limit: 2 })
    const second = await history('ola', { limit: 2, cursor: first.nextCursor })
    expect([...first.items, ...second.items].map(({ event }) => event)).toEqual([
      'access_list.member.create',
      'access_list.member.create',
      'access_list.create',
    ])
  })
})
