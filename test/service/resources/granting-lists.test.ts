/** Roles that access lists grant: who is told of it when a role goes, and conditions over them. */
import { describe, expect, test } from 'vitest'
import { adminsName, adminsRef, openWorld, refused, role, rule, user, type World } from './world.js'

function list(name: string, roles: readonly string[]) {
  const spec = { title: name, owners: [{ name: 'ada@example.com' }], grants: { roles } }
  return { kind: 'access_list', version: 'v1', metadata: { name }, spec }
}

describe('the deletion of a role', () => {
  async function open(): Promise<World> {
    const world = await openWorld()
    await world.apply([
      role('dev'),
      user('ada@example.com'),
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => list(name, ['dev'])),
      list('other', []),
      rule('deleter', 'role', ['*']),
      rule('lister', 'access_list', ['list']),
      user('knows', { roles: ['deleter', 'lister'] }),
      user('guesses', { roles: ['deleter'] }),
    ])
    return world
  }

  test('names the lists that grant it to whoever may list them', async () => {
    const world = await open()
    const { notes } = await world.remove('role', 'dev', { by: await world.person('knows'), dryRun: true })
    expect(notes).toEqual([
      '6 access lists grant it (a, b, c, d, e and 1 more): their members lose what it allows, and what it denies is denied no more.',
    ])
  })

  test('tells everybody else how many there are and none by name', async () => {
    const world = await open()
    const { notes } = await world.remove('role', 'dev', { by: await world.person('guesses'), dryRun: true })
    expect(notes).toEqual([
      '6 access lists grant it: their members lose what it allows, and what it denies is denied no more.',
    ])
  })

  test('says nothing of lists where none grants it', async () => {
    const world = await open()
    await world.apply(role('lonely'))
    expect((await world.remove('role', 'lonely')).notes).toEqual([])
  })
})

describe('a condition over the roles that a list grants', () => {
  test.each([
    ['a stored role', 'dev', 'dev'],
    ['an account assignment role by its name', adminsName, adminsName],
    ['one that was written as a reference, by its name', adminsRef, adminsName],
  ])('holds for %s, and for no other list', async (_, granted, named) => {
    const world = await openWorld()
    const where = `contains(resource.spec.grants.roles, "${named}")`
    await world.apply([
      role('dev'),
      user('ada@example.com'),
      list('granting', [granted]),
      list('other', []),
      rule('keeper', 'access_list', ['read', 'delete'], where),
      user('bob', { roles: ['keeper'] }),
    ])
    const by = await world.person('bob')
    expect((await world.remove('access_list', 'granting', { by })).action).toBe('delete')
    expect((await refused(world.remove('access_list', 'other', { by }))).code).toBe('FORBIDDEN')
  })
})
