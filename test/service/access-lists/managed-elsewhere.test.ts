/** Lists that are managed elsewhere, and documents that would change or forget it. */
import { describe, expect, test } from 'vitest'
import { openWorld, refused, role, rule, user } from '../resources/world.js'

const list = (spec: object = {}, metadata: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name: 'team', ...metadata },
  spec: { title: 'Team', owners: ['ola'], membership_requires: { roles: ['senior', 'staff'] }, ...spec },
})
const pushed = { type: 'scim' }
const coded = { type: 'static' }
const label = { labels: { 'managed-by': 'the repository lists' } }

async function openHouse(first: object) {
  const world = await openWorld()
  await world.apply([
    role('senior'),
    role('staff'),
    role('gift'),
    rule('all', 'access_list', ['*']),
    user('ola'),
    user('adm', { roles: ['all'] }),
    first,
  ])
  const adm = await world.person('adm')
  return { world, apply: async (document: object) => (await world.apply(document, { by: adm }))[0] }
}

describe('a document of a list that a directory pushes', () => {
  test.each([
    ['title', { title: 'Other' }],
    ['description', { description: 'Other' }],
    ['requirements of members', { membership_requires: { roles: ['senior'] } }],
    ['title, requirements of members', { title: 'Other', membership_requires: {} }],
  ])('is refused where it changes the %s, and told where to change it', async (what, spec) => {
    const { world, apply } = await openHouse(list(pushed))
    const before = await world.store.resources.find('access_list', 'team')
    const error = await refused(apply(list({ ...pushed, ...spec })))
    expect([error.code, error.message]).toEqual([
      'MANAGED_ELSEWHERE',
      `Access list "team" is pushed by a directory: change its ${what} there.`,
    ])
    // Without the type it would go the same way.
    const other = await refused(apply(list(spec)))
    expect([other.code, other.message]).toEqual([
      'MANAGED_ELSEWHERE',
      expect.stringContaining('spec.type alone'),
    ])
    expect(await world.store.resources.find('access_list', 'team')).toEqual(before)
  })

  test('says who owns it, what it gives and when it is reviewed; other orders of words change nothing', async () => {
    const { apply } = await openHouse(list(pushed))
    const said = {
      ...pushed,
      owners: ['ola', 'adm'],
      grants: { roles: ['gift'] },
      audit: { recurrence: { frequency: 3 } },
      membership_requires: { roles: ['staff', 'senior'] },
    }
    expect(await apply(list(said))).toMatchObject({ action: 'update', notes: [] })
  })

  test('that leaves out its type alone takes it from the directory, and is told so', async () => {
    const { apply } = await openHouse(list(pushed))
    const taken = await apply(list())
    expect(taken?.notes).toEqual([
      'A directory pushed the list; from now on its owners change its members here.',
    ])
    expect(await apply(list({ title: 'Other' }))).toMatchObject({ action: 'update', notes: [] })
  })
})

describe('a document of a list that is managed as code', () => {
  test('that drops where it is managed is told, once', async () => {
    const { apply } = await openHouse(list(coded, label))
    expect(await apply(list({ ...coded, description: 'x' }, label))).toMatchObject({ notes: [] })
    const dropped = await apply(list(coded))
    expect(dropped?.notes).toEqual([expect.stringContaining('which was the repository lists')])
    expect((await apply(list({ ...coded, title: 'Other' })))?.notes).toEqual([])
  })

  test('that drops its type is told that owners change it from now on', async () => {
    const { apply } = await openHouse(list(coded, label))
    expect((await apply(list({}, label)))?.notes).toEqual([
      'The list was managed as code (the repository lists); from now on its owners change its members here.',
    ])
    expect((await apply(list(coded, label)))?.notes).toEqual([
      'Its owners changed the members of the list; from now on its members are documents that are applied.',
    ])
  })
})
