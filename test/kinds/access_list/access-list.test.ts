import { describe, expect, test } from 'vitest'
import { isCode } from '../../../src/core/error.js'
import { parseAccessListDocument } from '../../../src/kinds/access_list/form.js'
import type { AccessListMember } from '../../../src/core/access-list/access-list.js'
import {
  adminsName,
  adminsRef,
  openWorld,
  refused,
  role,
  rule,
  start,
  user,
  type World,
} from '../../service/resources/world.js'
import { plugin } from '../plugin/documents.js'

const list = (name: string, spec: object = {}, metadata: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name, ...metadata },
  spec: { title: `Title of ${name}`, owners: ['ann'], ...spec },
})

function problemsOf(spec: object): string[] {
  try {
    parseAccessListDocument(list('l', spec))
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    const problems = error.details['problems'] as { path: string; message: string }[]
    return problems.map(({ path, message }) => `${path}: ${message}`)
  }
  return []
}

function aMember(of: string, name: string, kind: 'user' | 'list' = 'user'): AccessListMember {
  const facts = { joinedAt: start, expiresAt: undefined, addedBy: 'ann', reason: '', awsUserId: undefined }
  return { list: of, kind, name, ...facts }
}

async function openAnn() {
  const world = await openWorld()
  await world.apply([rule('all', 'access_list', ['*']), user('ann', { roles: ['all'] })])
  return { world, by: await world.person('ann') }
}

const notesOf = async (world: World, document: unknown) => (await world.apply(document))[0]?.notes

describe('the form of an access list', () => {
  test('a document of the reference loads whole, in its own spellings', () => {
    const { document, value, ignored } = parseAccessListDocument(
      list('8a0f', {
        type: 'dynamic',
        description: 'Runs the accounts',
        owners: [
          { name: 'ann', description: 'x', membership_kind: 1, ineligible_status: '' },
          'bob',
          { name: 'ann' },
          { name: 'ann', membership_kind: 'MEMBERSHIP_KIND_LIST' },
        ],
        audit: {
          next_audit_date: '2027-03-31T17:00:00+02:00',
          recurrence: { frequency: '3months', day_of_month: 'last' },
          notifications: { start: '168h0m0s' },
          when_overdue: { then: 'freeze', after: '2d' },
        },
        membership_requires: { roles: ['dev'], traits: { team: 'a' } },
        ownership_requires: null,
        grants: { roles: ['access', 'access'], traits: { team: ['a'] }, scoped_roles: [] },
        owner_grants: { roles: ['reviewer'] },
      }),
    )
    expect(value).toEqual({
      name: '8a0f',
      title: 'Title of 8a0f',
      description: 'Runs the accounts',
      type: 'standard',
      owners: [
        { kind: 'user', name: 'ann', description: 'x' },
        { kind: 'user', name: 'bob', description: '' },
        { kind: 'list', name: 'ann', description: '' },
      ],
      membershipRequires: { roles: ['dev'], traits: { team: ['a'] } },
      ownershipRequires: { roles: [], traits: {} },
      grants: { roles: ['access'], traits: { team: ['a'] } },
      ownerGrants: { roles: ['reviewer'], traits: {} },
      review: {
        dueAt: Date.parse('2027-03-31'),
        everyMonths: 3,
        dayOfMonth: 'last',
        noticeMs: 7 * 86_400_000,
        whenOverdue: { then: 'freeze', afterMs: 2 * 86_400_000 },
      },
      origin: { kind: 'local' },
    })
    expect(ignored).toEqual(['spec.grants.scoped_roles'])
    expect(parseAccessListDocument(document)).toMatchObject({ document, value })
  })

  test.each<[unknown, number]>([
    [undefined, 6],
    ['', 6],
    [0, 6],
    [1, 1],
    ['3', 3],
    ['6 months', 6],
    ['REVIEW_FREQUENCY_ONE_YEAR', 12],
  ])('a frequency of %s is %s months', (frequency, months) => {
    const { value } = parseAccessListDocument(
      list('l', { audit: { next_audit_date: '2027-01-01', recurrence: { frequency } } }),
    )
    expect(value.review).toMatchObject({ everyMonths: months, dayOfMonth: 1, noticeMs: 14 * 86_400_000 })
  })

  test.each(['static', 'scim'])('a list of type %s needs no owner', (type) => {
    expect(parseAccessListDocument(list('l', { type, owners: undefined })).value).toMatchObject({
      type,
      owners: [],
    })
    expect(problemsOf({ type: 'standard', owners: undefined })).toEqual([
      'spec.owners: at least one owner is required, who answers for the list',
    ])
  })

  test.each<[string, object, string]>([
    ['no title', { title: ' ' }, 'spec.title: access list title required'],
    ['a title of two lines', { title: 'a\nb' }, 'spec.title: must be one line'],
    ['a title longer than AWS takes', { title: 'x'.repeat(1025) }, 'spec.title: must have at most 1024'],
    ['no owner', { owners: [] }, 'spec.owners: at least one owner is required'],
    ['an owner without a name', { owners: [{}] }, 'spec.owners.0.name: owner name is missing'],
    [
      'an unknown word of an owner',
      { owners: [{ name: 'a', kind: 'x' }] },
      'spec.owners.0.kind: this field is not known',
    ],
    ['an unknown kind of owner', { owners: [{ name: 'l', membership_kind: 3 }] }, 'must be user or list'],
    ['a type that there is not', { type: 'smart' }, 'spec.type: must be empty, standard, static or scim'],
    ['a narrowing that is not known', { membership_requires: { groups: ['a'] } }, 'field is not known'],
    ['a frequency that there is not', { audit: { recurrence: { frequency: 2 } } }, 'must be 1, 3, 6 or 12'],
    ['a day that there is not', { audit: { recurrence: { day_of_month: 30 } } }, 'must be 1, 15 or last'],
    ['a date that does not exist', { audit: { next_audit_date: '2027-02-30' } }, 'is not a date'],
    [
      'a consequence that there is not',
      { audit: { when_overdue: { then: 'delete' } } },
      'must be one of remind',
    ],
    [
      'a delay that is none',
      { audit: { when_overdue: { then: 'freeze', after: 'soon' } } },
      'is not a duration',
    ],
    ['a plugin without a name', { origin: { plugin: '' } }, 'spec.origin.plugin: must not be empty'],
  ])('%s is refused', (_, spec, problem) => {
    expect(problemsOf(spec).join('\n')).toContain(problem)
  })

  test('the longest title that AWS takes passes', () => {
    expect(problemsOf({ title: 'x'.repeat(1024) })).toEqual([])
  })
})

describe('an access list', () => {
  test('keeps account assignment roles by their ids and shows them by name (T25)', async () => {
    const world = await openWorld()
    const [change] = await world.apply(list('l', { grants: { roles: [adminsName] } }))
    const { stored } = (await world.deps.catalog.read()).accessLists()[0] ?? {}
    expect(stored?.document).toMatchObject({ spec: { grants: { roles: [adminsRef] } } })
    expect(change?.after).toMatchObject({ spec: { grants: { roles: [adminsName] } } })
  })

  test('is refused with a name of a role that nothing makes', async () => {
    const world = await openWorld()
    const error = await refused(world.apply(list('l', { grants: { roles: ['access', 'x/y'] } })))
    expect(error.message).toContain('spec.grants.roles.1: "x/y" is not the name of a role')
  })

  test('warns of owners and roles that are not there, and of a title that another list has', async () => {
    const world = await openWorld()
    await world.apply([user('ann'), role('access')])
    expect(await notesOf(world, list('a', { title: 'Team', grants: { roles: ['access'] } }))).toEqual([])
    expect(
      await notesOf(world, list('b', { title: 'team', owners: ['bob'], grants: { roles: ['acess'] } })),
    ).toEqual([
      'There is no user "bob", who is to own the list.',
      'There is no role "acess" (did you mean access?); it gives nothing until there is one.',
      'Access list "a" has the same title; Identity Center keeps the names of groups apart, so only one of them can be a group there.',
    ])
  })

  test('that is deleted takes its members with it and says so', async () => {
    const { world, by } = await openAnn()
    await world.apply([plugin(), list('l')])
    await world.store.members.put([aMember('l', 'bob'), aMember('l', 'eve'), aMember('other', 'bob')])
    const link = {
      kind: 'group',
      name: 'l',
      awsId: 'g1',
      origin: 'created',
      linkedAt: start,
      unwantedSince: undefined,
    } as const
    await world.store.principalLinks.put('aws-identity-center', link)
    const { notes } = await world.remove('access_list', 'l', { by })
    expect(notes).toEqual([
      'Removes 2 members of l.',
      'Its group in Identity Center goes, and with it the access that the group gives, as soon as the sync is active again.',
    ])
    expect((await world.store.members.listAll()).map(({ list: of }) => of)).toEqual(['other'])
    expect((await world.events()).slice(-2)).toMatchObject([
      { event: 'access_list.delete', code: 'TAL003I', name: 'l', user: 'ann' },
      { event: 'access_list.member.delete_all_members', name: 'l', count: 2, user: 'ann' },
    ])
  })

  test('that is a member of another is not deleted', async () => {
    const world = await openWorld()
    await world.apply([list('outer'), list('inner')])
    await world.store.members.put([aMember('outer', 'inner', 'list')])
    const error = await refused(world.remove('access_list', 'inner'))
    expect([error.code, error.message]).toEqual([
      'STILL_IN_USE',
      expect.stringContaining('first remove it from outer'),
    ])
    await world.remove('access_list', 'outer')
    await world.remove('access_list', 'inner')
  })

  test('made anew has the group of the earlier one, and nothing in it is found any more (T7)', async () => {
    const world = await openWorld()
    const name = 'aws-identity-center'
    const { principalLinks, ledger, observations } = world.store
    const facts = { kind: 'group', origin: 'adopted', linkedAt: start, unwantedSince: undefined } as const
    await world.apply([user('ann'), plugin(), list('l'), list('other')])
    await principalLinks.put(name, { ...facts, name: 'l', awsId: 'g1' })
    await principalLinks.put(name, { ...facts, name: 'other', awsId: 'g2' })
    const row = { kind: 'membership', since: start } as const
    const mine = { ...row, principal: 'group/g1', target: 'u1' }
    const others = { ...row, principal: 'group/g2', target: 'u1', reasons: [{ kind: 'found' }] } as const
    await ledger.put(name, [{ ...mine, reasons: [{ kind: 'found' }] }, others])
    await observations.put(name, 'members', [{ id: 'g1', document: ['u1', 'u2'], seenAt: start }])
    expect(await notesOf(world, list('l', { title: 'Other' }))).toEqual([])
    expect(await ledger.listOf(name, 'group/g1')).toMatchObject([{ reasons: [{ kind: 'found' }] }])
    await world.remove('access_list', 'l')
    expect(await notesOf(world, list('l'))).toEqual([
      "The group of the access list l that was deleted is there still in Identity Center and becomes this list's; members and assignments that this list does not give are taken away.",
    ])
    const reasons = [{ kind: 'list', list: 'l' }] as const
    expect(await ledger.listOf(name, 'group/g1')).toEqual([
      { ...mine, reasons },
      { ...mine, target: 'u2', reasons },
    ])
    expect(await ledger.listOf(name, 'group/g2')).toEqual([others])
  })

  test('made anew inherits no members (T7)', async () => {
    const world = await openWorld()
    await world.store.members.put([aMember('l', 'eve')])
    await world.apply(list('l'))
    expect(await world.store.members.list('l')).toEqual([])
  })
})

describe('where a list comes from', () => {
  const imported = (spec: object = {}) => list('l', { origin: { plugin: 'aws-identity-center' }, ...spec })
  const label = { 'teleport.dev/origin': 'aws-identity-center' }

  test('is written by the import, with its label, and stays whatever people edit', async () => {
    const { world, by } = await openAnn()
    const [made] = await world.apply(imported())
    expect(made?.after?.metadata).toEqual({ name: 'l', labels: label })
    const [edited] = await world.apply(list('l', { title: 'Another', owners: ['bob'] }), { by })
    expect(edited?.after).toMatchObject({
      metadata: { labels: label },
      spec: { title: 'Another', origin: { plugin: 'aws-identity-center' } },
    })
    expect((await world.deps.catalog.read()).accessList('l')?.origin).toEqual({
      kind: 'imported',
      plugin: 'aws-identity-center',
    })
  })

  test('is no word of a person', async () => {
    const { world, by } = await openAnn()
    expect((await refused(world.apply(imported(), { by }))).message).toContain(
      'spec.origin: is written by the import',
    )
    await world.apply(imported())
    const moved = imported({ origin: { plugin: 'another' } })
    expect((await refused(world.apply(moved, { by }))).message).toContain(
      'spec.origin: is written by the import',
    )
    expect((await refused(world.apply(list('m', {}, { labels: label }), { by }))).message).toContain(
      'the gateway alone sets this label',
    )
  })
})

describe('the date of the next review', () => {
  const dueAt = async (world: World) => (await world.deps.catalog.read()).accessList('l')?.review?.dueAt

  test('is worked out for a new list, kept where a document leaves it out, and set by one that names it', async () => {
    const world = await openWorld()
    await world.apply(list('l', { audit: { recurrence: { frequency: 3 } } }))
    const first = await dueAt(world)
    expect(first).toBeGreaterThan(start)
    world.clock.advance(40 * 86_400_000)
    expect(await world.apply(list('l', { audit: { recurrence: { frequency: 3 } } }))).toMatchObject([
      { action: 'none' },
    ])
    await world.apply(list('l', { title: 'Other' }))
    expect(await dueAt(world)).toBe(first)
    await world.apply(list('l', { audit: { next_audit_date: '2031-05-01' } }))
    expect(await dueAt(world)).toBe(Date.parse('2031-05-01'))
  })

  test('is none for a static list whose document asks for no review', async () => {
    const world = await openWorld()
    await world.apply(list('l', { type: 'static' }))
    expect(await dueAt(world)).toBeUndefined()
    await world.apply(list('l', { type: 'static', audit: {} }))
    expect(await dueAt(world)).toBeGreaterThan(start)
  })
})

describe('lists that own lists', () => {
  const owned = (name: string, ...by: string[]) =>
    list(name, { owners: by.map((one) => ({ name: one, membership_kind: 'list' })) })

  test('make no circle, over members and owners alike', async () => {
    const world = await openWorld()
    await world.apply([list('a'), owned('b', 'a')])
    await world.store.members.put([aMember('a', 'c', 'list')])
    const error = await refused(world.apply(owned('c', 'b')))
    expect([error.code, error.details['path']]).toEqual(['LIST_CYCLE', ['c', 'b', 'a', 'c']])
    expect(error.message).toContain('c -> b -> a -> c')
    expect((await refused(world.apply(owned('d', 'd')))).details['path']).toEqual(['d', 'd'])
    await world.apply(owned('d', 'b'))
  })

  test('go ten levels deep and no deeper', async () => {
    const world = await openWorld()
    const names = 'a b c d e f g h i j k l'.split(' ')
    const chain = names.map((name, at) => (at === 0 ? list(name) : owned(name, names[at - 1] ?? '')))
    await world.apply(chain.slice(0, 11))
    const error = await refused(world.apply(chain[11]))
    expect([error.code, error.details['path']]).toEqual(['LIST_TOO_DEEP', [...names].reverse()])
  })

  test('are not deleted while they do', async () => {
    const world = await openWorld()
    await world.apply([list('a'), owned('b', 'a')])
    const error = await refused(world.remove('access_list', 'a'))
    expect([error.code, error.message]).toEqual(['STILL_IN_USE', expect.stringContaining('the owners of b')])
    await world.remove('access_list', 'b')
    await world.remove('access_list', 'a')
  })

  test('are told together with the lists that they are in, all in the way at once', async () => {
    const world = await openWorld()
    await world.apply([list('a'), owned('b', 'a'), list('c')])
    await world.store.members.put([aMember('c', 'a', 'list')])
    const error = await refused(world.remove('access_list', 'a'))
    expect([error.code, error.details['lists']]).toEqual(['STILL_IN_USE', ['c', 'b']])
    expect(error.message).toContain('first remove it from c, and take it out of the owners of b')
  })

  test('are counted for whoever may not see them', async () => {
    const world = await openWorld()
    await world.apply([
      ...[list('a'), owned('b', 'a'), list('c')],
      {
        kind: 'role',
        version: 'v8',
        metadata: { name: 'only-a' },
        spec: {
          allow: {
            rules: [
              {
                resources: ['access_list'],
                verbs: ['read', 'delete'],
                where: 'resource.metadata.name == "a"',
              },
            ],
          },
        },
      },
    ])
    await world.store.members.put([aMember('c', 'a', 'list')])
    await world.settle('dede', ['only-a'])
    const error = await refused(world.remove('access_list', 'a', { by: await world.person('dede') }))
    expect([error.code, error.details['lists']]).toEqual(['STILL_IN_USE', []])
    expect(error.message).toContain('first remove it from a list that you may not see')
    expect(error.message).not.toMatch(/\b[bc]\b/)
  })

  test('that are not there are told', async () => {
    const world = await openWorld()
    expect(await notesOf(world, owned('b', 'a'))).toEqual([
      'There is no access list "a", whose members are to own the list.',
    ])
  })
})

describe('requirements of a list', () => {
  test('keep roles by their ids, in every section', async () => {
    const world = await openWorld()
    const section = { roles: [adminsName] }
    const [change] = await world.apply(
      list('l', { membership_requires: section, ownership_requires: section, owner_grants: section }),
    )
    const { stored } = (await world.deps.catalog.read()).accessLists()[0] ?? {}
    expect(stored?.document).toMatchObject({
      spec: { membership_requires: { roles: [adminsRef] }, owner_grants: { roles: [adminsRef] } },
    })
    expect(change?.after).toMatchObject({ spec: { ownership_requires: { roles: [adminsName] } } })
    const error = await refused(world.apply(list('m', { membership_requires: { roles: ['x/y'] } })))
    expect(error.message).toContain('spec.membership_requires.roles.0')
  })

  test('that owners and members do not meet are told when they are written', async () => {
    const world = await openWorld()
    await world.apply([user('ann'), user('bob', { roles: ['dev'] }), role('dev'), list('l')])
    await world.store.members.put([aMember('l', 'ann'), aMember('l', 'bob'), aMember('l', 'ghost')])
    const strict = { membership_requires: { roles: ['dev'] }, ownership_requires: { roles: ['dev'] } }
    expect(await notesOf(world, list('l', strict))).toEqual([
      '2 members do not meet what the list asks and count for nothing in it: ann lacks the role dev; ghost does not exist.',
      'ann lacks the role dev, which the list asks of its owners, and does not own it.',
    ])
    const met = { owners: ['bob'], membership_requires: { roles: ['sre'] } }
    expect(await notesOf(world, list('l', met))).toEqual([
      '3 members do not meet what the list asks and count for nothing in it: ann lacks the role sre; bob lacks the role sre; ghost does not exist. Nobody is left in it.',
      'There is no role "sre", which the list asks of its members; nobody can meet that.',
    ])
  })

  test('that a role which denies is granted by is told', async () => {
    const world = await openWorld()
    await world.apply([
      user('ann'),
      role('no', { deny: { rules: [{ resources: ['role'], verbs: ['list'] }] } }),
    ])
    expect(await notesOf(world, list('l', { grants: { roles: ['no'] } }))).toEqual([
      'The role no denies something; a denial that comes with a list goes with it too.',
    ])
  })
})
