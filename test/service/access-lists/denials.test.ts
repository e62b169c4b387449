/** Denials that hang on the list: they bind owners, members and whoever could ask, as those without a condition do. */
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { getList } from '../../../src/service/access-lists/get-list.js'
import { listCards } from '../../../src/service/access-lists/list-cards.js'
import { listMembers } from '../../../src/service/access-lists/list-members.js'
import { putMember } from '../../../src/service/access-lists/put-member.js'
import { putRequirements } from '../../../src/service/access-lists/put-requirements.js'
import { openReview } from '../../../src/service/access-lists/reviews/reviewed.js'
import { desk, openWorld, refused, role, rule, user, type World } from '../resources/world.js'

const onMine = 'equals(resource.metadata.name, "mine")'
const onProd = 'equals(resource.metadata.labels["env"], "prod")'
const denies = (name: string, verbs: readonly string[], where?: string) =>
  role(name, {
    allow: { request: { roles: ['given'] } },
    deny: { rules: [{ resources: ['access_list'], verbs, ...(where !== undefined && { where }) }] },
  })

const people = ['free', 'read', 'read-where', 'read-label', 'read-other', 'update-where']

async function openHouse() {
  const world = await openWorld()
  await world.apply([
    role('given'),
    role('free', { allow: { request: { roles: ['given'] } } }),
    denies('read', ['read']),
    denies('read-where', ['read'], onMine),
    denies('read-label', ['read'], onProd),
    denies('read-other', ['read'], 'equals(resource.metadata.name, "other")'),
    denies('update-where', ['update'], onMine),
    ...people.map((name) => user(name, { roles: [name] })),
    list('mine', people),
    list('joinable', ['boss']),
  ])
  return world
}

const list = (name: string, owners: readonly string[]) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name, labels: { env: 'prod' } },
  spec: { title: name, owners, grants: { roles: ['given'] } },
})

/** What somebody may do with the list: see it, see its members, add one, change what it asks, review it. */
async function attempts(world: World, name: string): Promise<string> {
  const who = await world.person(name)
  const { deps } = world
  const tries = [
    getList(deps, 'mine', who),
    listMembers(deps, 'mine', { limit: 10 }, who),
    putMember(deps, { list: 'mine', kind: 'user', name: 'new', expiresAt: null, reason: '' }, who, desk),
    putRequirements(deps, 'mine', { roles: [], traits: {}, dryRun: true }, who, desk),
    deps.store.transaction((tx) => openReview(deps, tx, 'mine', who)),
  ]
  const codes = []
  for (const one of tries) {
    codes.push(
      await one.then(
        () => 'ok',
        (error: unknown) => (error instanceof GatewayError ? error.code : error),
      ),
    )
  }
  return codes.join(' ')
}

describe('a denial on lists binds an owner', () => {
  test.each([
    ['free', 'ok ok ok ok ok'],
    ['read-other', 'ok ok ok ok ok'],
    ['read', 'NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND'],
    ['read-where', 'NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND'],
    ['read-label', 'NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND'],
    ['update-where', 'ok ok FORBIDDEN FORBIDDEN FORBIDDEN'],
  ])('with the role %s: %s', async (name, codes) => {
    expect(await attempts(await openHouse(), name)).toBe(codes)
  })
})

test('a denial on some lists hides those from members and from whoever could ask', async () => {
  const world = await openHouse()
  await world.apply(list('mine', ['boss']))
  for (const name of ['read-where', 'read-other']) {
    await world.store.transaction((tx) =>
      tx.members.put([
        {
          list: 'mine',
          kind: 'user',
          name,
          awsUserId: undefined,
          joinedAt: world.clock.now(),
          expiresAt: undefined,
          addedBy: 'boss',
          reason: '',
        },
      ]),
    )
  }
  const seen = async (name: string) => {
    const cards = await listCards(
      world.deps,
      { filter: 'all', sort: 'title', limit: 10 },
      await world.person(name),
    )
    return cards.items.map((card) => card.name)
  }
  expect(await seen('read-other')).toEqual(['joinable', 'mine'])
  expect(await seen('read-where')).toEqual(['joinable'])
  // By its label every list is denied: one that could be asked for as well.
  expect(await seen('read-label')).toEqual([])
  expect(await seen('free')).toEqual(['joinable', 'mine'])
})

describe('whoever may change a list and not read it', () => {
  const open = async () => {
    const world = await openWorld()
    await world.apply([
      rule('updates', 'access_list', ['update']),
      rule('all', 'access_list', ['read', 'update']),
      user('una', { roles: ['updates'] }),
      user('ada', { roles: ['all'] }),
      user('bob'),
      { ...list('mine', ['boss']), spec: { title: 'Mine', owners: ['boss'] } },
    ])
    const put = { list: 'mine', kind: 'user', name: 'bob', expiresAt: null, reason: '' } as const
    await putMember(world.deps, put, await world.person('ada'), desk)
    return world
  }
  const asks = { roles: ['rare'], traits: {}, dryRun: true }

  test('is told how many would not count, and no names; who reads it is', async () => {
    const world = await open()
    const told = async (name: string) => {
      const answer = await putRequirements(world.deps, 'mine', asks, await world.person(name), desk)
      return [answer.lose, answer.moreLose]
    }
    expect(await told('una')).toEqual([[], 1])
    expect(await told('ada')).toEqual([['bob'], 0])
  })

  test('reviews nobody', async () => {
    const world = await open()
    const review = async (name: string) => {
      const who = await world.person(name)
      return await world.store.transaction((tx) => openReview(world.deps, tx, 'mine', who))
    }
    expect((await review('ada')).reviewed).toHaveLength(1)
    expect((await refused(review('una'))).code).toBe('NOT_FOUND')
  })
})
