import { describe, expect, test } from 'vitest'
import { buildImport } from '../../../src/core/import/build-import.js'
import { nameLists, slugOf } from '../../../src/core/import/list-names.js'
import { previewImport } from '../../../src/core/import/preview.js'
import { accountId, factsOf, knownUser, now, pair, settings } from './facts.js'

const by = 'ada@example.com'

describe('names of lists', () => {
  test.each([
    ['Platform Team (EU)', 'platform-team-eu'],
    ['  Ärzte & Söhne  ', 'arzte-sohne'],
    ['日本', 'group'],
    ['---', 'group'],
    ['a'.repeat(300), 'a'.repeat(60)],
  ])('%s becomes %s', (displayName, slug) => {
    expect(slugOf(displayName)).toBe(slug)
  })

  test('of groups of one name end in their ids, whatever the order', () => {
    const groups = [
      { id: 'g-000001', displayName: 'Dev' },
      { id: 'g-000002', displayName: 'dev!' },
      { id: 'g-000003', displayName: 'ops' },
    ]
    const names = nameLists(groups, new Map(), new Set(['ops']))
    expect(Object.fromEntries(names)).toEqual({
      'g-000001': 'dev-000001',
      'g-000002': 'dev-000002',
      'g-000003': 'ops-000003',
    })
    expect(nameLists([...groups].reverse(), new Map(), new Set(['ops']))).toEqual(
      new Map([...names].sort(([a], [b]) => (a < b ? -1 : 1))),
    )
  })

  test('stay once a group has one, also when another of the same name comes', () => {
    const groups = [
      { id: 'g-1', displayName: 'dev' },
      { id: 'g-2', displayName: 'dev' },
    ]
    const names = nameLists(groups, new Map([['g-1', 'dev']]), new Set(['dev']))
    expect(names.get('g-1')).toBe('dev')
    expect(names.get('g-2')).toBe('dev-g2')
  })
})

describe('what import makes', () => {
  test('a group whose members were not read is left out rather than taken with none', () => {
    const facts = factsOf({ groups: { 'g-1': { name: 'dev', pairs: [pair(1, 1)] } } })
    const { members: _, ...observation } = facts.observation
    const unread = { ...facts, observation: { ...observation, members: new Map() } }
    const result = buildImport(unread, by)
    expect(result.lists).toEqual([])
    expect(result.totals).toMatchObject({ groups: 0, skippedGroups: 1 })
    expect(previewImport(unread, 'groups').items[0]?.says).toContain('members were not read')
  })

  test('and one that has a list already keeps it while it could not be read', () => {
    const facts = factsOf({ groups: { 'g-1': { name: 'dev', members: ['u-1'] } }, awsUsers: { 'u-1': by } })
    const first = buildImport(facts, by)
    const [one] = first.lists
    const again = {
      ...facts,
      lists: first.lists.map(({ list }) => list),
      takenNames: ['dev'],
      links: one === undefined ? [] : [one.link],
      ledger: one?.ledger ?? [],
      observation: { ...facts.observation, members: new Map() },
    }
    expect(buildImport(again, by)).toMatchObject({ lists: [], leftLists: [], leftLedger: [] })
  })

  test('a group whose name no list can have is left out with the reason', () => {
    const facts = factsOf({ groups: { 'g-1': { name: 'two\nlines' }, 'g-2': { name: 'fine' } } })
    expect(buildImport(facts, by).lists.map(({ list }) => list.name)).toEqual(['fine'])
    expect(previewImport(facts, 'groups').items.find(({ id }) => id === 'g-1')).toMatchObject({
      imported: false,
      says: expect.stringContaining('line breaks') as string,
    })
  })

  test('assignments in accounts that are left out are no grants, and are kept as found', () => {
    const facts = factsOf({ groups: { 'g-1': { name: 'dev', pairs: [pair(1, 1), pair(2, 1)] } } })
    const filtered = {
      ...facts,
      settings: { ...settings, accountFilters: [{ by: 'excludeId', id: accountId(2) }] as const },
    }
    const [one] = buildImport(filtered, by).lists
    expect(one?.list.grants.roles).toEqual([`assignment/${pair(1, 1)}`])
    expect(one?.ledger.map(({ target, reasons }) => [target, reasons[0]?.kind])).toEqual([
      [pair(1, 1), 'list'],
      [pair(2, 1), 'found'],
    ])
  })

  test('nobody is bound whom the filters leave out, or whose direct assignments were not read', () => {
    const awsUsers = { 'u-1': 'a@example.com', 'u-2': 'b@example.com', 'u-3': 'c@example.com' }
    const facts = factsOf({
      awsUsers,
      users: [
        knownUser({ name: 'a@example.com', labels: { team: 'x' } }),
        knownUser({ name: 'b@example.com' }),
        knownUser({ name: 'c@example.com', labels: { team: 'x' } }),
      ],
    })
    const assignments = new Map(facts.observation.assignments)
    assignments.delete('user/u-3')
    const result = buildImport(
      {
        ...facts,
        settings: { ...settings, userFilters: [{ labels: { team: 'x' }, origin: undefined }] },
        observation: { ...facts.observation, assignments },
      },
      by,
    )
    expect(result.userLinks.map(({ name }) => name)).toEqual(['a@example.com'])
  })

  test('a label filter does not see what objects inherit', () => {
    const facts = factsOf({ awsUsers: { 'u-1': 'a@example.com' }, users: ['a@example.com'] })
    const labels: Record<string, string> = JSON.parse('{"__proto__":"x"}') as Record<string, string>
    const filtered = { ...facts, settings: { ...settings, userFilters: [{ labels, origin: undefined }] } }
    expect(buildImport(filtered, by).userLinks).toEqual([])
  })

  test('a user who was made anew is the one of AWS again, since whoever imports says so', () => {
    const facts = factsOf({ awsUsers: { 'u-1': 'a@example.com' }, users: ['a@example.com'] })
    const [link] = buildImport(facts, by).userLinks
    if (link === undefined) throw new Error('no link')
    const again = buildImport({ ...facts, links: [{ ...link, unwantedSince: now }] }, by)
    expect(again.userLinks).toEqual([link])
  })

  test('a list that somebody deleted here is made again while AWS is the truth, and its old bond goes', () => {
    const facts = factsOf({ groups: { 'g-1': { name: 'dev' } } })
    const link = { kind: 'group', name: 'renamed', awsId: 'g-1', origin: 'imported' } as const
    const result = buildImport(
      { ...facts, links: [{ ...link, linkedAt: now, unwantedSince: undefined }] },
      by,
    )
    expect(result.lists.map(({ list }) => list.name)).toEqual(['dev'])
    expect(result.leftLists).toEqual([{ name: 'renamed', groupId: 'g-1' }])
  })
})
