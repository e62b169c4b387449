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
  test('a document of the reference loads; what has no effect here is told', () => {
    const { document, value, ignored } = parseAccessListDocument(
      list('8a0f', {
        type: '',
        description: 'Runs the accounts',
        owners: [
          { name: 'ann', description: 'x', membership_kind: 1, ineligible_status: '' },
          'bob',
          { name: 'ann' },
        ],
        audit: { recurrence: { frequency: '6months' } },
        membership_requires: { roles: [], traits: {} },
        ownership_requires: null,
        grants: { roles: ['access', 'access'], traits: { team: ['a'] } },
      }),
    )
    expect(value).toEqual({
      name: '8a0f',
      title: 'Title of 8a0f',
      description: 'Runs the accounts',
      owners: ['ann', 'bob'],
      grants: { roles: ['access'] },
      origin: { kind: 'local' },
    })
    expect(ignored).toEqual(['spec.audit', 'spec.type', 'spec.grants.traits'])
    expect(parseAccessListDocument(document)).toMatchObject({ document, value })
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
    ['a list as an owner', { owners: [{ name: 'l', membership_kind: 2 }] }, 'spec.owners.0.membership_kind'],
    [
      'requirements, which would let somebody in',
      { membership_requires: { roles: ['a'] } },
      'requirements are not evaluated',
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
