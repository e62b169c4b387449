/** Owners, administrators and time at the same list at once: nothing is lost, and nothing is left over. */
import { describe, expect, test } from 'vitest'
import { hour } from '../../../src/core/time.js'
import { changeMembers } from '../../../src/service/access-lists/change-members.js'
import { putMember, type PutMemberInput } from '../../../src/service/access-lists/put-member.js'
import { putRequirements } from '../../../src/service/access-lists/put-requirements.js'
import { removeMember } from '../../../src/service/access-lists/remove-member.js'
import { submitReview } from '../../../src/service/access-lists/reviews/submit-review.js'
import { rolesThroughLists } from '../../../src/service/access-lists/roles-of.js'
import { memoryEngine, postgresEngine } from '../../store/engines.js'
import { desk, openWorld, role, start, user } from '../resources/world.js'

const engines = [
  ['SQLite', memoryEngine],
  ['PostgreSQL', postgresEngine],
] as const

const list = (name: string, spec: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: name, owners: ['ann', 'ola'], grants: { roles: ['gift'] }, ...spec },
})

const people = Array.from({ length: 12 }, (_, at) => `p${at}`)

async function openHouse(engine: (typeof engines)[number][1]) {
  const world = await openWorld({ url: await engine.newUrl() })
  const lists = ['a', 'b', 'c'].map((name) => list(name))
  await world.apply([
    role('gift'),
    role('senior'),
    ...['ann', 'ola', ...people].map((name) => user(name)),
    ...lists,
  ])
  const owners = { ann: await world.person('ann'), ola: await world.person('ola') }
  type Owner = keyof typeof owners
  const deps = {
    ...world.deps,
    syncs: { of: () => Promise.reject(new Error('there is no plugin')), wakeAll: () => undefined },
  }
  return {
    world,
    add: (name: string, by: Owner = 'ann', more: Partial<PutMemberInput> = {}) =>
      putMember(
        deps,
        { list: 'a', kind: 'user', name, expiresAt: undefined, reason: '', ...more },
        owners[by],
        desk,
      ),
    take: (name: string, by: Owner = 'ann') =>
      removeMember(deps, { list: 'a', kind: 'user', name }, owners[by], desk),
    ask: (roles: string[], revision: string, by: Owner) =>
      putRequirements(deps, 'a', { roles, traits: {}, revision, dryRun: false }, owners[by], desk),
    copy: (copyFrom: string, by: Owner) =>
      changeMembers(
        deps,
        'a',
        { copyFrom, reason: '', remove: [], addUnknown: false, dryRun: false },
        owners[by],
        desk,
      ),
    review: (names: readonly string[], by: Owner) =>
      submitReview(
        deps,
        'a',
        {
          notes: '',
          keepRest: true,
          remove: names.map((name) => ({ kind: 'user', name })),
          dryRun: false,
        },
        owners[by],
        desk,
      ),
    members: async (of = 'a') => (await world.store.members.list(of)).map(({ name }) => name).sort(),
    /** Who is in by what the log tells, which has to be who is in. */
    told: async (of = 'a') => {
      const inside = new Set<string>()
      for (const { event, success, access_list_name: name, members } of await world.events()) {
        if (name !== of || success !== true || !Array.isArray(members)) continue
        for (const { member_name: member } of members as { member_name: string }[]) {
          if (event === 'access_list.member.create') {
            expect(inside.has(member), `${member} joined twice`).toBe(false)
            inside.add(member)
          } else if (event === 'access_list.member.delete') {
            expect(inside.delete(member), `${member} left twice`).toBe(true)
          }
        }
      }
      return [...inside].sort()
    },
  }
}

async function outcomes(works: readonly Promise<unknown>[]): Promise<string[]> {
  return (await Promise.allSettled(works)).map((one) => {
    if (one.status === 'fulfilled') return 'done'
    const { code } = one.reason as { code?: string }
    if (code === undefined) throw one.reason
    return code
  })
}

// Each has a database of its own, which takes PostgreSQL seconds to make.
describe.each(engines)('two at one access list on %s', { timeout: 60_000 }, (_, engine) => {
  test('both add: everybody is in, once each', async () => {
    const { add, members, told } = await openHouse(engine)
    const works = people.flatMap((name, at) => [add(name, 'ann'), ...(at % 2 ? [add(name, 'ola')] : [])])
    expect(new Set(await outcomes(works))).toEqual(new Set(['done']))
    expect(await members()).toEqual([...people].sort())
    expect(await told()).toEqual([...people].sort())
  })

  test('forty writers at once: each has their turn', async () => {
    const { add, take, members, told, world } = await openHouse(engine)
    const joining = Array.from({ length: 30 }, (_, at) => `q${at}`)
    await world.apply(joining.map((name) => user(name)))
    const leaving = people.slice(0, 10)
    for (const name of leaving) await add(name)
    const results = await outcomes([
      ...joining.map((name, at) => add(name, at % 2 ? 'ann' : 'ola')),
      ...leaving.map((name) => take(name)),
    ])
    expect(results).toEqual(Array.from({ length: 40 }, () => 'done'))
    expect(await members()).toEqual([...joining].sort())
    expect(await told()).toEqual([...joining].sort())
  })

  test('one adds, one removes: what is there is what the log tells', async () => {
    const { add, take, members, told } = await openHouse(engine)
    for (const name of people.slice(0, 6)) await add(name)
    const results = await outcomes(
      people.flatMap((name, at): Promise<unknown>[] =>
        at < 6 ? [take(name, 'ann'), take(name, 'ola')] : [add(name, 'ola')],
      ),
    )
    expect(results.filter((code) => code === 'NOT_FOUND')).toHaveLength(6)
    expect(await members()).toEqual(people.slice(6).sort())
    expect(await told()).toEqual(people.slice(6).sort())
  })

  test('both finish a review: who goes, goes once, and nobody else', async () => {
    const { add, review, members, told, world } = await openHouse(engine)
    for (const name of people.slice(0, 4)) await add(name)
    const results = await outcomes([review(['p0', 'p1'], 'ann'), review(['p0', 'p1'], 'ola')])
    expect(results.sort()).toEqual(['NOT_FOUND', 'done'])
    expect(await members()).toEqual(['p2', 'p3'])
    expect(await told()).toEqual(['p2', 'p3'])
    expect(await world.store.reviews.list('a', { limit: 10 })).toHaveLength(1)
  })

  test('both change from the same revision: one is told that it is another', async () => {
    const { ask, world } = await openHouse(engine)
    const revision = (await world.store.resources.find('access_list', 'a'))?.revision ?? ''
    const results = await outcomes([ask(['senior'], revision, 'ann'), ask(['gift'], revision, 'ola')])
    expect([...results].sort()).toEqual(['REVISION_MISMATCH', 'done'])
    const asked = (await world.deps.catalog.read()).accessList('a')?.membershipRequires.roles
    expect(asked).toEqual(results[0] === 'done' ? ['senior'] : ['gift'])
  })

  test('one adds members while the other changes what the list asks: both are kept', async () => {
    const { add, ask, members, told, world } = await openHouse(engine)
    const revision = (await world.store.resources.find('access_list', 'a'))?.revision ?? ''
    const addAll = async () => {
      for (const name of people) await add(name, 'ann')
    }
    expect(await outcomes([addAll(), ask(['senior'], revision, 'ola')])).toEqual(['done', 'done'])
    expect(await members()).toEqual([...people].sort())
    expect(await told()).toEqual([...people].sort())
    const list = (await world.deps.catalog.read()).accessList('a')
    expect(list?.membershipRequires.roles).toEqual(['senior'])
  })

  test('each puts a list into the other: one is refused, whoever comes last', async () => {
    const { add, members } = await openHouse(engine)
    const into = (of: string, name: string, by: 'ann' | 'ola') => add(name, by, { list: of, kind: 'list' })
    const results = await outcomes([into('a', 'b', 'ann'), into('b', 'c', 'ola'), into('c', 'a', 'ann')])
    expect([...results].sort()).toEqual(['LIST_CYCLE', 'done', 'done'])
    const edges = await Promise.all(['a', 'b', 'c'].map(members))
    expect(edges.flat()).toHaveLength(2)
  })

  test('a list is deleted while it is put into another: it is in use, or gone from everywhere', async () => {
    for (const first of ['delete', 'add']) {
      const { add, members, world } = await openHouse(engine)
      await add('p0', 'ann', { list: 'b' })
      const remove = () => world.remove('access_list', 'b')
      const put = () => add('b', 'ola', { kind: 'list' })
      const results = await outcomes(first === 'delete' ? [remove(), put()] : [put(), remove()])
      const isThere = (await world.store.resources.find('access_list', 'b')) !== undefined
      expect(results.filter((code) => code === 'done')).toHaveLength(1)
      expect(await members()).toEqual(isThere ? ['b'] : [])
      expect(await members('b')).toEqual(isThere ? ['p0'] : [])
    }
  })

  test('a list is deleted while it is made an owner, or its members are copied: never half of it', async () => {
    const { add, copy, members, world } = await openHouse(engine)
    for (const name of ['p0', 'p1']) await add(name, 'ann', { list: 'b' })
    const owned = list('c', { owners: ['ann', { name: 'b', membership_kind: 'list' }] })
    const [deleted, , copied] = await outcomes([
      world.remove('access_list', 'b'),
      world.apply([owned]),
      copy('b', 'ola'),
    ])
    const isThere = (await world.store.resources.find('access_list', 'b')) !== undefined
    const owners = (await world.deps.catalog.read()).accessList('c')?.owners.map(({ name }) => name)
    expect(isThere).toBe(deleted !== 'done')
    if (isThere) expect(owners).toContain('b')
    expect(await members()).toEqual(copied === 'done' ? ['p0', 'p1'] : [])
    expect(await members('b')).toEqual(isThere ? ['p0', 'p1'] : [])
  })
})

describe('an end that comes during an edit', () => {
  const end = start + hour
  const until = (instant: number) => ({ expiresAt: new Date(instant).toISOString() })
  async function ended() {
    const house = await openHouse(memoryEngine)
    await house.add('p0', 'ann', until(end))
    const { world } = house
    const holds = async () =>
      await rolesThroughLists(await world.deps.catalog.read(), world.store.members, 'p0', world.clock.now())
    expect(await holds()).toHaveLength(1)
    world.clock.advance(hour)
    expect(await holds()).toEqual([])
    return { ...house, holds }
  }

  test('a reason that is sent with the end as it was brings nobody back', async () => {
    const { add, holds } = await ended()
    await add('p0', 'ola', { ...until(end), reason: 'because' })
    expect(await holds()).toEqual([])
  })

  test('an end that has passed meanwhile is refused for whoever is to join', async () => {
    const { add, members } = await ended()
    expect(await outcomes([add('p1', 'ola', until(end))])).toEqual(['INVALID_INPUT'])
    expect(await members()).toEqual(['p0'])
  })

  test('a later end brings back whom it names', async () => {
    const { add, holds, told } = await ended()
    await add('p0', 'ola', until(end + hour))
    expect(await holds()).toHaveLength(1)
    expect(await told()).toEqual(['p0'])
  })
})
