/** What a freeze keeps everybody from, owners too, until somebody reviews the list. */
import { describe, expect, test } from 'vitest'
import { day } from '../../../../src/core/time.js'
import { effectiveUser } from '../../../../src/service/access/effective.js'
import { listCards } from '../../../../src/service/access-lists/list-cards.js'
import { listPeople } from '../../../../src/service/access-lists/list-people.js'
import { putMember } from '../../../../src/service/access-lists/put-member.js'
import { putRequirements } from '../../../../src/service/access-lists/put-requirements.js'
import { desk, refused, role, start, user } from '../../resources/world.js'
import { list, openHouse, overdue } from './house.js'

type House = Awaited<ReturnType<typeof openHouse>>
const frozen = { audit: overdue('freeze') }

async function empty(house: House): Promise<void> {
  house.world.clock.advance(1000)
  await house.take('bob')
  await house.take('cat')
  await house.takeList('nested')
  expect(await house.members()).toEqual([])
}

async function isFrozen(house: House): Promise<boolean> {
  try {
    await house.add('eve')
    return false
  } catch {
    expect((await refused(house.add('eve'))).code).toBe('REVIEW_OVERDUE')
    return true
  }
}

describe('a frozen list that is emptied', () => {
  test('takes nobody in, one by one or many at once, until it is reviewed', async () => {
    const house = await openHouse(frozen)
    await empty(house)
    expect(await isFrozen(house)).toBe(true)
    expect((await refused(house.bulk('bob, cat'))).code).toBe('REVIEW_OVERDUE')
    const document = { kind: 'access_list_member', version: 'v1', metadata: { name: 'a/bob' }, spec: {} }
    expect((await refused(house.world.apply(document))).code).toBe('REVIEW_OVERDUE')
    expect(await house.show()).toMatchObject({
      review: { state: 'overdue', inForce: 'frozen', toDecide: 0 },
      may: { review: true, membersSay: expect.stringContaining('nobody can be added') },
    })
    expect((await house.review()).review.state).toBe('overdue')
    const query = { filter: 'due', sort: 'title', limit: 50 } as const
    const due = await listCards(house.world.deps, query, await house.world.person('ann'))
    expect(due.items.map(({ name }) => name)).toContain('a')

    expect((await house.submit()).answer).toMatchObject({
      kept: 0,
      removed: [],
      nextDueAt: '2026-09-01T00:00:00.000Z',
      changes: ['Members can be added again.'],
    })
    expect((await house.show()).review).toMatchObject({ state: 'none', inForce: 'nothing' })
    expect(await isFrozen(house)).toBe(false)
  })

  test('by documents that go, or users who are deleted, takes nobody in either', async () => {
    const house = await openHouse({ ...frozen, type: 'static' })
    house.world.clock.advance(1000)
    for (const name of ['a/bob', 'a/list/nested']) await house.world.remove('access_list_member', name)
    await house.world.remove('user', 'cat')
    expect(await house.members()).toEqual([])
    const document = { kind: 'access_list_member', version: 'v1', metadata: { name: 'a/bob' }, spec: {} }
    expect((await refused(house.world.apply(document))).code).toBe('REVIEW_OVERDUE')
    await house.submit()
    await house.world.apply(document)
    expect(await house.members()).toEqual(['bob'])
  })

  test('by time takes nobody in either, also where those who ended are taken out afterwards', async () => {
    const house = await openHouse(frozen)
    const ends = start + day
    await house.world.store.members.put([
      { ...house.member('bob'), expiresAt: ends },
      { ...house.member('cat'), expiresAt: ends },
      { ...house.member('nested', 'list'), expiresAt: ends },
    ])
    house.world.clock.advance(2 * day)
    expect(await isFrozen(house)).toBe(true)
    await empty(house)
    expect(await isFrozen(house)).toBe(true)
  })

  test('is told of to its owners still', async () => {
    const house = await openHouse(frozen)
    await empty(house)
    expect(await house.remind()).toContain('a')
  })
})

describe('a list within a frozen list', () => {
  const joinNested = async (house: House, name: string, expiresAt?: string) =>
    putMember(
      house.world.deps,
      { list: 'nested', kind: 'user', name, expiresAt, reason: '' },
      await house.world.person('ola'),
      desk,
    )
  const rolesOf = async ({ world }: House, name: string) => {
    const catalog = await world.deps.catalog.read()
    return (await effectiveUser(world.store.members, catalog, name, world.clock.now()))?.user.roles
  }
  const lines = async ({ world }: House) => {
    const page = await listPeople(world.deps, 'a', { limit: 50 }, await world.person('ann'))
    return page.items.map(({ name, ineligible }) => [name, ineligible])
  }
  async function open(spec: object = {}) {
    const house = await openHouse()
    const grants = { roles: ['gift'] }
    await house.world.apply([
      role('gift'),
      user('eve'),
      { ...house.list, spec: { ...house.list.spec, grants, audit: overdue('freeze'), ...spec } },
    ])
    // Since before the review was due.
    const joinedAt = start - 10 * day
    await house.world.store.members.put([
      { ...house.member('nested', 'list'), joinedAt },
      { ...house.member('dan', 'user', 'nested'), joinedAt },
    ])
    return house
  }

  test('takes people, who are not in the frozen one and hold nothing by it until that is reviewed', async () => {
    const house = await open()
    expect([await rolesOf(house, 'dan'), await rolesOf(house, 'eve')]).toEqual([['gift'], []])
    await joinNested(house, 'eve')
    expect(await house.world.store.members.list('nested')).toHaveLength(2)
    expect([await rolesOf(house, 'dan'), await rolesOf(house, 'eve')]).toEqual([['gift'], []])
    expect(await lines(house)).toContainEqual(['eve', 'came into a list within it after it was frozen'])
    const { answer } = await house.submit({ keepRest: true })
    expect(answer.changes).toEqual([
      'Members can be added again.',
      'One person who came into lists within it meanwhile counts in it, here and in AWS.',
    ])
    expect(await rolesOf(house, 'eve')).toEqual(['gift'])
  })

  test('keeps those who count in the frozen one as they are: none for longer, and nobody more by asking for less', async () => {
    const house = await open()
    const joinedAt = start - 10 * day
    await house.world.apply([
      user('fay'),
      role('senior'),
      list('nested', { membership_requires: { roles: ['senior'] } }),
    ])
    await house.world.store.members.put([
      { ...house.member('eve', 'user', 'nested'), joinedAt },
      { ...house.member('fay', 'user', 'nested'), joinedAt, expiresAt: start + day },
    ])
    const ola = await house.world.person('ola')
    const asksLess = () =>
      putRequirements(house.world.deps, 'nested', { roles: [], traits: {}, dryRun: false }, ola, desk)
    const less = await refused(asksLess())
    expect([less.code, less.message]).toEqual([
      'REVIEW_OVERDUE',
      expect.stringContaining('cannot ask for less'),
    ])
    expect(less.message).not.toContain('"a"')
    expect(await rolesOf(house, 'eve')).toEqual([])
    expect((await refused(joinNested(house, 'fay', '2026-12-01T00:00:00Z'))).code).toBe('REVIEW_OVERDUE')
    // Shorter is no access more.
    await joinNested(house, 'fay', new Date(start + day / 2).toISOString())
    await house.submit({ keepRest: true })
    await joinNested(house, 'fay', '2026-12-01T00:00:00Z')
    await asksLess()
    expect(await rolesOf(house, 'eve')).toEqual(['gift'])
  })

  test('takes back people whose membership had ended, who join anew', async () => {
    const house = await open()
    const ended = {
      ...house.member('eve', 'user', 'nested'),
      joinedAt: start - 10 * day,
      expiresAt: start - day,
    }
    await house.world.store.members.put([ended])
    await joinNested(house, 'eve', '2026-12-01T00:00:00Z')
    const row = (await house.world.store.members.list('nested')).find(({ name }) => name === 'eve')
    expect(row).toMatchObject({ joinedAt: start, addedBy: 'ola' })
    expect(await rolesOf(house, 'eve')).toEqual([])
  })

  test('lets in whoever comes where the one above is only to be reviewed', async () => {
    const house = await open({ audit: overdue('remind') })
    await joinNested(house, 'eve')
    expect(await rolesOf(house, 'eve')).toEqual(['gift'])
  })

  test('is told of to whoever stores a freeze that is older than its policy', async () => {
    const house = await open({ audit: overdue('remind') })
    const [change] = await house.world.apply({
      ...house.list,
      spec: { ...house.list.spec, audit: overdue('freeze') },
    })
    expect(change?.notes.join(' ')).toContain('whoever came into lists within it since 2026-03-01')
  })
})

describe('a list without members', () => {
  test('that was empty before the freeze would have begun takes members in', async () => {
    const house = await openHouse({
      audit: { next_audit_date: '2026-04-01T00:00:00Z', when_overdue: { then: 'freeze' } },
    })
    await empty(house)
    house.world.clock.advance(60 * day)
    expect((await house.show()).review.state).toBe('none')
    expect(await isFrozen(house)).toBe(false)
    // Now somebody is in it, and nobody reviewed it.
    expect((await refused(house.add('dan'))).code).toBe('REVIEW_OVERDUE')
    house.world.clock.advance(1000)
    await house.take('eve')
    expect(await isFrozen(house)).toBe(true)
  })

  test('has owners who are told of nothing', async () => {
    const house = await openHouse({ audit: overdue('remind') })
    await empty(house)
    expect(await house.remind()).not.toContain('a')
  })

  test('that nobody freezes takes members in, whenever it was emptied', async () => {
    const house = await openHouse({ audit: overdue('remind') })
    await empty(house)
    expect(await isFrozen(house)).toBe(false)
  })

  test('that was deleted and made again is not frozen for what the other one was', async () => {
    const house = await openHouse(frozen)
    await empty(house)
    await house.world.remove('access_list', 'a')
    await house.world.apply(house.list)
    expect(await isFrozen(house)).toBe(false)
  })
})

describe('what a frozen list asks of its members', () => {
  const asking = { ...frozen, membership_requires: { roles: ['senior'] } }

  test('is not loosened by an owner, not even to try', async () => {
    const house = await openHouse(asking)
    for (const dryRun of [false, true]) {
      const error = await refused(house.require([], dryRun))
      expect([error.code, error.message]).toEqual([
        'REVIEW_OVERDUE',
        'The review of access list "a" was due on 2026-03-01; it can ask for more of its members, and not for less, until it is finished.',
      ])
    }
    expect(await house.document()).toMatchObject({ spec: { membership_requires: { roles: ['senior'] } } })
  })

  test('is tightened, and loosened by the review or once it is done', async () => {
    const house = await openHouse(asking)
    await house.require(['senior', 'more'])
    expect((await refused(house.require(['more']))).code).toBe('REVIEW_OVERDUE')
    await house.submit({ keepRest: true, membershipRequires: { roles: ['more'], traits: {} } })
    await house.require([])
    expect((await house.show()).membershipRequires.roles).toEqual([])
  })

  test('is loosened where the list is only to be reviewed', async () => {
    const house = await openHouse({ ...asking, audit: overdue('remind') })
    await house.require([])
    expect((await house.show()).membershipRequires.roles).toEqual([])
  })

  test('is loosened by the document that an administrator applies', async () => {
    const house = await openHouse(asking)
    await house.world.apply([
      user('zoe'),
      { ...house.list, spec: { ...house.list.spec, membership_requires: {} } },
    ])
    expect((await house.show()).membershipRequires.roles).toEqual([])
  })
})
