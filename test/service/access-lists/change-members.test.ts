/** Members of a list changed many at once: what is said of those who are in, and who stays in by another way. */
import { expect, test } from 'vitest'
import { changeMembersRequest } from '../../../src/api/contract.js'
import { changeMembers } from '../../../src/service/access-lists/change-members.js'
import { desk, openWorld, role, user } from '../resources/world.js'

const list = (name: string, owner = 'dana') => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: `The ${name}`, owners: [owner] },
})
const ends = '2026-11-27T17:00:00.000Z'

/** Dana owns `team` and `nights`, and not `secret`, which holds `nights` no more than she sees it. */
async function openHouse() {
  const world = await openWorld()
  await world.apply([
    ...['dana', 'sam', 'lena', 'ben', 'zoe'].map((name) => user(name)),
    list('team'),
    list('nights'),
    list('secret', 'zoe'),
  ])
  const dana = await world.person('dana')
  const change = async (to: string, input: object) =>
    await changeMembers(world.deps, to, changeMembersRequest.parse(input), dana, desk)
  await change('team', { csv: `name,expires,reason\nsam,${ends},Stands in for Kofi\nlena,,Team payments` })
  await change('nights', { csv: 'name,reason\nsam,night rota\nben,night rota' })
  const rows = async (of = 'team') =>
    (await world.store.members.list(of)).map(({ name, expiresAt, reason }) => ({
      name,
      ends: expiresAt === undefined ? 'never' : new Date(expiresAt).toISOString(),
      reason,
    }))
  return { world, change, rows }
}

const asTheyWere = [
  { name: 'lena', ends: 'never', reason: 'Team payments' },
  { name: 'sam', ends, reason: 'Stands in for Kofi' },
]

test.each<[string, object]>([
  ['pasted names', { names: 'sam, lena' }],
  ['a table without ends and reasons', { csv: 'name\nsam\nlena' }],
  ['a table with empty cells', { csv: 'name,expires,reason\nsam,,\nlena,,' }],
])('%s leave the end and the reason of those who are in', async (_, input) => {
  const { change, rows, world } = await openHouse()
  const events = (await world.events()).length
  const answer = await change('team', input)
  expect(answer).toMatchObject({ added: [], updated: [], unchanged: 2 })
  expect(answer.alreadyIn.map(({ name }) => name)).toEqual(['sam', 'lena'])
  expect(await rows()).toEqual(asTheyWere)
  expect(await world.events()).toHaveLength(events)
})

test('what does change is named before and after, in a dry run too', async () => {
  const { change, rows } = await openHouse()
  const input = { csv: 'name,expires,reason\nsam,never,\nlena,,Leads it\nben,,' }
  const expected = {
    added: [{ kind: 'user', name: 'ben' }],
    updated: [
      { kind: 'user', name: 'sam', changes: [{ field: 'end', before: ends }] },
      {
        kind: 'user',
        name: 'lena',
        changes: [{ field: 'reason', before: 'Team payments', after: 'Leads it' }],
      },
    ],
    alreadyIn: [],
  }
  expect(await change('team', { ...input, dryRun: true })).toMatchObject(expected)
  expect(await rows()).toEqual(asTheyWere)
  expect(await change('team', input)).toMatchObject(expected)
  expect(await rows()).toEqual([
    { name: 'ben', ends: 'never', reason: '' },
    { name: 'lena', ends: 'never', reason: 'Leads it' },
    { name: 'sam', ends: 'never', reason: 'Stands in for Kofi' },
  ])
})

test('copying from a list brings in who is not in, and leaves the others as they are', async () => {
  const { change, rows } = await openHouse()
  const answer = await change('team', {
    copyFrom: 'nights',
    reason: 'copied',
    expiresAt: '2027-01-01T00:00:00Z',
  })
  expect(answer).toMatchObject({ added: [{ name: 'ben' }], updated: [], alreadyIn: [{ name: 'sam' }] })
  expect(await rows()).toEqual([
    { name: 'ben', ends: '2027-01-01T00:00:00.000Z', reason: 'copied' },
    ...asTheyWere,
  ])
})

test('a dry run of a removal tells who leaves and who stays in by another way', async () => {
  const { change, rows } = await openHouse()
  await change('team', { csv: 'kind,name\nlist,nights' })
  const remove = [
    { kind: 'user', name: 'sam' },
    { kind: 'user', name: 'lena' },
  ]
  const { effect } = await change('team', { remove, dryRun: true })
  expect(effect).toEqual({
    leave: ['lena'],
    leaveCount: 1,
    losses: [{ name: 'lena', held: false, roles: 0, traits: 0, lists: [] }],
    stay: [
      {
        name: 'sam',
        path: [
          { name: 'team', title: 'The team' },
          { name: 'nights', title: 'The nights' },
        ],
      },
    ],
    stayCount: 1,
  })
  const nested = await change('team', { remove: [{ kind: 'list', name: 'nights' }], dryRun: true })
  expect(nested.effect).toMatchObject({ leave: ['ben'], stay: [{ name: 'sam', path: [{ name: 'team' }] }] })
  expect(await rows()).toHaveLength(3)
})

test('a removal takes only what no role of their own and no other list gives', async () => {
  const { world, change } = await openHouse()
  const gives = (name: string, grants: object, owner = 'dana') => {
    const { spec, ...rest } = list(name, owner)
    return { ...rest, spec: { ...spec, grants } }
  }
  await world.apply([
    ...['dev', 'ops'].map((name) => role(name)),
    user('ben', { roles: ['ops'] }),
    gives('team', { roles: ['dev', 'ops'], traits: { site: ['berlin', 'rome'] } }),
    gives('nights', { roles: ['dev', 'ops'], traits: { site: ['berlin'] } }),
    // Whoever is in the team is in these too, of which dana sees one.
    gives('staff', { roles: ['dev'], traits: { badge: ['blue'] } }),
    gives('secret', { roles: ['ops'], traits: { safe: ['open'] } }, 'zoe'),
  ])
  await change('team', { names: 'ben, nobody@example.com', addUnknown: true })
  await change('nights', { remove: [{ kind: 'user', name: 'ben' }] })
  const facts = { awsUserId: undefined, joinedAt: 0, expiresAt: undefined, addedBy: 'x', reason: '' }
  await world.store.members.put([
    { list: 'staff', kind: 'list', name: 'team', ...facts },
    { list: 'staff', kind: 'user', name: 'sam', ...facts },
    { list: 'secret', kind: 'list', name: 'team', ...facts },
  ])
  const losses = async (...names: string[]) => {
    const remove = names.map((name) => ({ kind: 'user', name }))
    return (await change('team', { remove, dryRun: true })).effect?.losses
  }
  expect(await losses('sam', 'lena', 'ben', 'nobody@example.com')).toEqual([
    { name: 'ben', held: true, roles: 1, traits: 2, lists: ['The staff', 'The team'] },
    { name: 'lena', held: true, roles: 2, traits: 2, lists: ['The staff', 'The team'] },
    { name: 'nobody@example.com', held: false, roles: 0, traits: 0, lists: [] },
    // The nights give the roles and one site still, and staff has sam by name.
    { name: 'sam', held: true, roles: 0, traits: 1, lists: ['The team'] },
  ])
  await world.apply([gives('nights', { roles: ['dev', 'ops'], traits: { site: ['rome', 'berlin'] } })])
  expect(await losses('sam')).toEqual([{ name: 'sam', held: true, roles: 0, traits: 0, lists: [] }])
})

test('a removal takes traits too that have a name as every object knows it', async () => {
  const { world, change } = await openHouse()
  const { spec, ...rest } = list('team', 'dana')
  const traits = { constructor: ['a'], tostring: ['b'], valueOf: ['c'] }
  await world.apply([{ ...rest, spec: { ...spec, grants: { traits } } }])
  await change('team', { names: 'ben' })
  const { effect } = await change('team', { remove: [{ kind: 'user', name: 'ben' }], dryRun: true })
  expect(effect?.losses).toEqual([{ name: 'ben', held: true, roles: 0, traits: 3, lists: ['The team'] }])
})

test('a list on the way that the owner does not see has no name', async () => {
  const { world, change } = await openHouse()
  const facts = { awsUserId: undefined, joinedAt: 0, expiresAt: undefined, addedBy: 'x', reason: '' }
  await world.store.members.put([
    { list: 'team', kind: 'list', name: 'secret', ...facts },
    { list: 'secret', kind: 'user', name: 'lena', ...facts },
  ])
  const { effect } = await change('team', { remove: [{ kind: 'user', name: 'lena' }], dryRun: true })
  expect(JSON.stringify(effect)).not.toContain('secret')
  expect(effect?.stay[0]?.path[1]?.name).toBeNull()
})

test('what is wrong with a line is said without names of fields', async () => {
  const { change } = await openHouse()
  const csv = 'kind,name,expires\nuser,ben,2001-01-01T00:00:00Z\nlist,nowhere,'
  const { refused } = await change('team', { csv, dryRun: true })
  expect(refused.map(({ problem }) => problem)).toEqual([
    'the end lies in the past',
    'there is no access list named "nowhere"',
  ])
})

test('before somebody goes whom AWS alone knows, it is said that they cannot be put back', async () => {
  const { world, change } = await openHouse()
  const facts = {
    list: 'team',
    kind: 'user',
    joinedAt: 0,
    expiresAt: undefined,
    addedBy: 'x',
    reason: '',
  } as const
  await world.store.members.put([
    { ...facts, name: 'ida@example.com', awsUserId: 'u-1' },
    { ...facts, name: 'ben', awsUserId: 'u-2' },
    { ...facts, name: 'typed@example.com', awsUserId: undefined },
  ])
  const remove = ['ida@example.com', 'ben', 'typed@example.com'].map((name) => ({ kind: 'user', name }))
  const { notes, removed } = await change('team', { remove, dryRun: true })
  expect(removed).toHaveLength(3)
  expect(notes).toEqual([
    expect.stringMatching(/^ida@example\.com is no user of Gatehouse, .* cannot be put back/),
  ])
})
