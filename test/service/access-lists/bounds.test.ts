/** What one list takes, and what owners without any other right learn and cause by changing it. */
import { describe, expect, test } from 'vitest'
import { maxListMembers } from '../../../src/core/access-list/limits.js'
import type { Authority } from '../../../src/service/authority.js'
import { changeMembers, type ChangeMembersInput } from '../../../src/service/access-lists/change-members.js'
import { getList } from '../../../src/service/access-lists/get-list.js'
import { listPeople } from '../../../src/service/access-lists/list-people.js'
import { putMember } from '../../../src/service/access-lists/put-member.js'
import { putRequirements } from '../../../src/service/access-lists/put-requirements.js'
import { personLimits } from '../../../src/service/people/limits.js'
import { desk, openWorld, refused, role, rule, user } from '../resources/world.js'

const names = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`)
const list = (name: string, spec: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: name, owners: ['ona'], ...spec },
})
const member = (of: string, name: string, kind: 'user' | 'list' = 'user') => ({
  kind: 'access_list_member',
  version: 'v1',
  metadata: { name: kind === 'list' ? `${of}/list/${name}` : `${of}/${name}` },
  spec: { access_list: of, name, membership_kind: kind },
})

/** ona owns every list but `hidden` and has no rights; ada may do all; doc may write members of `mine` as documents. */
async function openHouse() {
  const world = await openWorld()
  await world.apply([
    role('rare'),
    rule('all', '*', ['*']),
    rule('docs', 'access_list_member', ['create', 'update'], 'equals(resource.spec.access_list, "mine")'),
    user('ona', { roles: ['docs'] }),
    user('ada', { roles: ['all'] }),
    user('bob', { traits: { email: ['bob@private.example'] } }),
    list('mine'),
    list('inner'),
    list('hidden', { owners: ['ada'] }),
  ])
  const who = { ona: await world.person('ona'), ada: await world.person('ada') }
  const many = (by: Authority, input: Partial<ChangeMembersInput>, of = 'mine') =>
    changeMembers(
      world.deps,
      of,
      { reason: '', remove: [], addUnknown: false, dryRun: false, ...input },
      by,
      desk,
    )
  const one = (by: Authority, name: string, of = 'mine') =>
    putMember(world.deps, { list: of, kind: 'user', name, expiresAt: null, reason: '' }, by, desk)
  const fill = (of: string, people: readonly string[]) =>
    world.store.transaction((tx) =>
      tx.members.put(
        people.map((name) => ({
          list: of,
          kind: 'user',
          name,
          awsUserId: undefined,
          joinedAt: world.clock.now(),
          expiresAt: undefined,
          addedBy: 'ona',
          reason: '',
        })),
      ),
    )
  return { world, who, many, one, fill }
}

describe('a list that has as many members as one takes', () => {
  test('takes nobody more by any way, and whoever is in stays to be changed', async () => {
    const { world, who, many, one, fill } = await openHouse()
    await fill('mine', names(maxListMembers - 1))
    expect((await one(who.ona, 'bob')).action).toBe('create')
    const more = [
      one(who.ona, 'ada'),
      many(who.ona, { names: 'ada' }),
      world.apply(member('mine', 'ada'), { by: who.ona }),
    ]
    for (const attempt of more) expect((await refused(attempt)).code).toBe('LIST_FULL')
    const changed = await many(who.ona, { names: 'bob', reason: 'on call' })
    expect(changed.updated.map(({ name }) => name)).toEqual(['bob'])
    await many(who.ona, { remove: [{ kind: 'user', name: 'n0' }] })
    expect((await one(who.ona, 'ada')).action).toBe('create')
  })
})

describe('a document that asks for too much', () => {
  const traits = Object.fromEntries(names(51).map((name) => [name, ['x']]))

  test.each(['membership_requires', 'ownership_requires'])(
    'in %s is refused with its place',
    async (field) => {
      const { world } = await openHouse()
      const error = await refused(world.apply(list('mine', { [field]: { traits } })))
      expect([error.code, error.details['problems']]).toEqual([
        'INVALID_RESOURCE',
        [{ path: `spec.${field}`, message: 'asks for more than 50 traits' }],
      ])
      const few = { traits: Object.fromEntries(Object.entries(traits).slice(1)) }
      expect(await world.apply(list('mine', { [field]: few }))).toMatchObject([{ action: 'update' }])
    },
  )

  test('and is stored is read, and changed in everything else', async () => {
    const { world, who, fill } = await openHouse()
    await fill('mine', ['bob'])
    const stored = await world.store.resources.find('access_list', 'mine')
    const document = stored?.document as { spec: object }
    await world.store.transaction(async (tx) => {
      await tx.resources.update({
        kind: 'access_list',
        name: 'mine',
        expectedRevision: stored?.revision ?? '',
        document: { ...document, spec: { ...document.spec, membership_requires: { traits } } },
        now: world.clock.now(),
      })
    })
    const detail = await getList(world.deps, 'mine', who.ona)
    expect(Object.keys(detail.membershipRequires.traits)).toHaveLength(51)
    const people = await listPeople(world.deps, 'mine', { limit: 10 }, who.ona)
    expect(people.items[0]?.ineligible).toMatch(/ and more$/)
    const renamed = list('mine', { title: 'New', membership_requires: { traits } })
    expect(await world.apply(renamed)).toMatchObject([{ action: 'update' }])
    const wider = { traits: { ...traits, another: ['x'] } }
    expect((await refused(world.apply(list('mine', { membership_requires: wider })))).code).toBe(
      'INVALID_RESOURCE',
    )
  })
})

describe('documents of members', () => {
  test('nest only lists whose people their writer sees, and a hidden list is as one that is not there', async () => {
    const { world, who } = await openHouse()
    const nest = (name: string, by: Authority) => world.apply(member('mine', name, 'list'), { by })
    const told = []
    for (const name of ['hidden', 'nowhere']) {
      const { code, message } = await refused(nest(name, who.ona))
      told.push([code, message.replace(name, '…')])
    }
    expect(told[0]).toEqual(told[1])
    expect(await nest('inner', who.ona)).toMatchObject([{ action: 'create' }])
    expect(await nest('hidden', who.ada)).toMatchObject([{ action: 'create' }])
    expect(await world.apply(member('inner', 'hidden', 'list'))).toMatchObject([{ action: 'create' }])
  })
})

describe('a name that looks like that of a user', () => {
  test.each(['BOB', 'ｂｏｂ'])(
    '%s is refused with the name that is meant, in a document too',
    async (name) => {
      const { world, who, one } = await openHouse()
      for (const attempt of [one(who.ona, name), world.apply(member('mine', name), { by: who.ada })]) {
        const { code, message } = await refused(attempt)
        expect([code, message]).toEqual(['INVALID_INPUT', expect.stringContaining('there is a user "bob"')])
      }
      expect((await one(who.ona, 'bobby')).notes[0]).toContain('There is no user "bobby" yet')
    },
  )
})

describe('the owner of lists', () => {
  test('is not deleted while lists name them, and whoever may not see lists is told how many', async () => {
    const { world, who } = await openHouse()
    await world.apply([rule('users', 'user', ['delete']), user('uli', { roles: ['users'] })])
    const uli = await world.person('uli')
    const error = await refused(world.remove('user', 'ona', { by: who.ada, dryRun: true }))
    expect([error.code, error.details['lists']]).toEqual(['STILL_IN_USE', ['inner', 'mine']])
    expect(error.message).toContain('owns 2 access lists')
    const blind = await refused(world.remove('user', 'ona', { by: uli }))
    expect([blind.code, blind.details['lists'], blind.details['count']]).toEqual([
      'STILL_IN_USE',
      undefined,
      2,
    ])
    expect(blind.message).not.toContain('mine')
    await world.apply([list('mine', { owners: ['ada'] }), list('inner', { owners: ['ada'] })])
    expect((await world.remove('user', 'ona', { by: uli })).action).toBe('delete')
    await world.apply(user('ona'))
    expect((await refused(getList(world.deps, 'mine', await world.person('ona')))).code).toBe('NOT_FOUND')
  })
})

describe('a change of many members', () => {
  test('tells a reason that is the same for all of them once in its event', async () => {
    const { world, who, many } = await openHouse()
    const reason = 'project Falcon'
    await many(who.ona, { names: 'ada bob', reason })
    const of = async () =>
      (await world.events()).filter(({ event }) => event === 'access_list.member.create').at(-1)
    expect(await of()).toMatchObject({ count: 2, reason, members: [{ member_name: 'ada' }, {}] })
    expect(JSON.stringify(await of()).split(reason)).toHaveLength(2)
    await many(who.ona, { csv: 'name,reason\nx,one\ny,two\n', addUnknown: true })
    expect(await of()).toMatchObject({ members: [{ reason: 'one' }, { reason: 'two' }] })
    expect(await of()).not.toHaveProperty('reason')
  })

  test('is made so often, and not more often until a while has passed', async () => {
    const { world, who, many } = await openHouse()
    const { attempts, windowMs } = personLimits.bulk
    for (let times = 0; times < attempts; times += 1) await many(who.ona, { names: 'bob' })
    expect((await refused(many(who.ona, { names: 'bob' }))).code).toBe('TOO_MANY_ATTEMPTS')
    expect((await many(who.ada, { names: 'bob' })).unchanged).toBe(1)
    world.clock.advance(windowMs)
    expect((await many(who.ona, { names: 'bob' })).unchanged).toBe(1)
  })
})

describe('an owner who may not see users', () => {
  test('finds nobody by an address of theirs; an administrator does', async () => {
    const { who, many } = await openHouse()
    const input = { names: 'bop BOB bob@private.example', dryRun: true }
    const blind = await many(who.ona, input)
    expect(blind.unknown.map(({ name, suggestions }) => [name, suggestions])).toEqual([
      ['bop', ['bob']],
      ['bob@private.example', []],
    ])
    expect(blind.added.map(({ name }) => name)).toEqual(['bob'])
    const sees = await many(who.ada, input)
    expect(sees.unknown).toEqual([{ line: 1, name: 'bop', suggestions: ['bob'] }])
    expect(sees.notes.join()).toContain('bob@private.example is taken for the user bob')
  })

  test('is told who would not count, and not what they lack', async () => {
    const { world, who, one, fill } = await openHouse()
    await fill('mine', ['bob'])
    const ask = (by: Authority, dryRun: boolean) =>
      putRequirements(world.deps, 'mine', { roles: ['rare'], traits: {}, dryRun }, by, desk)
    expect(await ask(who.ona, true)).toMatchObject({ lose: ['bob'], notes: [] })
    expect((await ask(who.ada, false)).notes.join()).toContain('bob lacks the role rare')
    expect((await one(who.ona, 'ada')).notes).toEqual(['ada does not count as a member for now.'])
    expect((await one(who.ada, 'ona')).notes.join()).toContain('ona lacks the role rare')
  })

  test('looks at what changes would do so often, and not more often', async () => {
    const { world, who, many } = await openHouse()
    const look = (by: Authority) =>
      putRequirements(world.deps, 'mine', { roles: ['rare'], traits: {}, dryRun: true }, by, desk)
    for (let times = 0; times < personLimits.preview.attempts; times += 1) {
      await look(who.ona)
      await look(who.ada)
    }
    expect((await refused(look(who.ona))).code).toBe('TOO_MANY_ATTEMPTS')
    expect((await refused(many(who.ona, { names: 'bob', dryRun: true }))).code).toBe('TOO_MANY_ATTEMPTS')
    expect((await look(who.ada)).lose).toEqual([])
  })
})
