/** What was asked of access lists, their members and service providers and was refused: the log tells who, what and why. */
import { describe, expect, test } from 'vitest'
import { changeMembers } from '../../../src/service/access-lists/change-members.js'
import { listHistory } from '../../../src/service/access-lists/list-history.js'
import { putMember, type PutMemberInput } from '../../../src/service/access-lists/put-member.js'
import { putRequirements } from '../../../src/service/access-lists/put-requirements.js'
import { removeMember } from '../../../src/service/access-lists/remove-member.js'
import { submitReview } from '../../../src/service/access-lists/reviews/submit-review.js'
import { fullyRecorded } from '../../../src/service/audit/refusal-counts.js'
import { desk, openWorld, refused, role, rule, sp, user } from '../resources/world.js'

const list = (name: string, spec: object = {}, metadata: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name, ...metadata },
  spec: { title: `The ${name}`, owners: ['ola'], ...spec },
})

/** ola owns all lists, adm may do everything with them, eve is nobody; in top is low. */
async function openHouse() {
  const world = await openWorld()
  await world.apply([
    role('senior'),
    rule('all', 'access_list', ['*']),
    rule('documents', 'access_list_member', ['*']),
    user('ola'),
    user('eve'),
    user('adm', { roles: ['all', 'documents'] }),
    list('top'),
    list('low'),
    list('coded', { type: 'static' }, { labels: { 'managed-by': 'the repository lists' } }),
    list('pushed', { type: 'scim' }),
  ])
  const { deps } = world
  const given = {
    ...deps,
    syncs: { of: () => Promise.reject(new Error('there is no plugin')), wakeAll() {} },
  }
  const put = async (by: string, of: string, name: string, more: Partial<PutMemberInput> = {}) =>
    putMember(
      deps,
      { list: of, kind: 'user', name, expiresAt: undefined, reason: '', ...more },
      await world.person(by),
      desk,
    )
  await put('ola', 'top', 'low', { kind: 'list' })
  await put('ola', 'top', 'max')
  return {
    world,
    given,
    put,
    failures: async () =>
      (await world.events())
        .filter(({ success }) => success === false)
        .map(({ event, code, name, member, access_list_title: title, user: by, error_code: error }) => ({
          event,
          code,
          name,
          by,
          error,
          ...(member !== undefined && { member }),
          ...(title !== undefined && { title }),
        })),
  }
}

const top = { name: 'top', title: 'The top' }

describe('a change of members that is refused', () => {
  test('for want of a right has its event, with the list, the member and who asked', async () => {
    const { world, put, failures } = await openHouse()
    const eve = await world.person('eve')
    await refused(put('eve', 'top', 'eve'))
    await refused(put('eve', 'top', 'max', { reason: 'x' }))
    await refused(removeMember(world.deps, { list: 'top', kind: 'user', name: 'max' }, eve, desk))
    const of = { ...top, by: 'eve', error: 'NOT_FOUND' }
    expect(await failures()).toEqual([
      { event: 'access_list.member.create', code: 'TAL005E', member: 'eve', ...of },
      { event: 'access_list.member.update', code: 'TAL006E', member: 'max', ...of },
      { event: 'access_list.member.delete', code: 'TAL007E', member: 'max', ...of },
    ])
    const [first] = (await world.events()).filter(({ success }) => success === false)
    expect(first).toMatchObject({
      access_list_name: 'top',
      updated_by: 'eve',
      members: [{ member_name: 'eve', membership_kind: 'user' }],
      request_id: desk.requestId,
    })
  })

  test.each([
    ['coded', { name: 'max' }, 'MANAGED_ELSEWHERE'],
    ['pushed', { name: 'max' }, 'MANAGED_ELSEWHERE'],
    ['low', { name: 'top', kind: 'list' }, 'LIST_CYCLE'],
    ['low', { name: 'gone', kind: 'list' }, 'INVALID_INPUT'],
  ] as const)('of the list %s by a rule has its event (%o)', async (of, member, code) => {
    const { put, failures } = await openHouse()
    await refused(put('ola', of, member.name, member))
    const event = { event: 'access_list.member.create', code: 'TAL005E', by: 'ola', error: code }
    expect(await failures()).toEqual([{ ...event, name: of, title: `The ${of}`, member: member.name }])
  })

  test('of a list that is not there has none: anybody can make up names', async () => {
    const { put, failures } = await openHouse()
    await refused(put('eve', 'made-up', 'max'))
    expect(await failures()).toEqual([])
  })

  test('within a change of many is told once, with the first 200 and why, beside what was done', async () => {
    const { world, failures } = await openHouse()
    const lists = Array.from({ length: 210 }, (_, at) => `list,nobody-${at},,`)
    const csv = ['kind,name,expires,reason', 'user,ola,,', ...lists].join('\n')
    const input = { csv, reason: '', remove: [], addUnknown: false, dryRun: false }
    const ola = await world.person('ola')
    await changeMembers(world.deps, 'top', { ...input, dryRun: true }, ola, desk)
    expect(await failures()).toEqual([])
    const answer = await changeMembers(world.deps, 'top', input, ola, desk)
    expect([answer.added, answer.refused.length]).toEqual([[{ kind: 'user', name: 'ola' }], 210])
    const [told, ...more] = (await world.events()).filter(({ success }) => success === false)
    expect(more).toEqual([])
    expect(told).toMatchObject({
      code: 'TAL005E',
      count: 210,
      access_list_title: 'The top',
      updated_by: 'ola',
    })
    const members = told?.['members'] as Record<string, unknown>[]
    expect(members).toHaveLength(200)
    expect(members[0]).toEqual({
      member_name: 'nobody-0',
      membership_kind: 'list',
      error: 'name: there is no access list named "nobody-0"',
      error_code: 'INVALID_INPUT',
    })
  })

  test('as a whole has one event, and a dry run none', async () => {
    const { world, failures } = await openHouse()
    const eve = await world.person('eve')
    const input = { names: 'max', reason: '', remove: [], addUnknown: false, dryRun: false }
    await refused(changeMembers(world.deps, 'top', { ...input, dryRun: true }, eve, desk))
    expect(await failures()).toEqual([])
    await refused(changeMembers(world.deps, 'top', input, eve, desk))
    expect(await failures()).toMatchObject([{ code: 'TAL005E', ...top, by: 'eve', error: 'NOT_FOUND' }])
  })
})

describe('a change of a list that is refused', () => {
  test('has its event where its owner asks what they may not, or finishes no review', async () => {
    const { world, given, failures } = await openHouse()
    const ola = await world.person('ola')
    const asks = { roles: ['senior'], traits: {}, revision: undefined, dryRun: false }
    await refused(putRequirements(world.deps, 'coded', asks, ola, desk))
    const review = { notes: '', keepRest: false, remove: [], dryRun: false }
    await refused(submitReview(given, 'top', { ...review, dryRun: true }, ola, desk))
    await refused(submitReview(given, 'top', review, ola, desk))
    const [asked, reviewed, ...more] = await failures()
    expect(asked).toMatchObject({ code: 'TAL002E', name: 'coded', error: 'MANAGED_ELSEWHERE' })
    expect(reviewed).toMatchObject({ code: 'TAL004E', ...top, by: 'ola', error: 'REVIEW_INCOMPLETE' })
    expect(more).toEqual([])
  })

  test('by documents has one for each document that was refused, for its rights or by a rule', async () => {
    const { world, failures } = await openHouse()
    const adm = await world.person('adm')
    const circle = list('low', { owners: [{ name: 'top', membership_kind: 'list' }] })
    await refused(world.apply([circle, list('fine')], { by: adm, dryRun: true }))
    expect(await failures()).toEqual([])
    await refused(world.apply([circle, list('fine')], { by: adm }))
    await refused(
      world.apply([list('new'), list('low', { title: 'Low' })], { by: await world.person('eve') }),
    )
    await refused(world.apply(list('new', { owners: [] }), { by: adm }))
    expect(await failures()).toMatchObject([
      { code: 'TAL002E', name: 'low', by: 'adm', error: 'LIST_CYCLE' },
      { code: 'TAL001E', name: 'new', by: 'eve', error: 'FORBIDDEN' },
      { code: 'TAL002E', name: 'low', by: 'eve', error: 'FORBIDDEN' },
    ])
    expect(await failures()).toHaveLength(3)
  })

  test('has one where it is still in use, or whoever asks may not delete it', async () => {
    const { world, failures } = await openHouse()
    await refused(world.remove('access_list', 'low', { by: await world.person('adm') }))
    await refused(world.remove('access_list', 'low', { by: await world.person('eve') }))
    await refused(world.remove('access_list', 'gone', { by: await world.person('adm') }))
    const of = { event: 'access_list.delete', code: 'TAL003E', name: 'low', title: 'The low' }
    expect(await failures()).toEqual([
      { ...of, by: 'adm', error: 'STILL_IN_USE' },
      { ...of, by: 'eve', error: 'FORBIDDEN' },
    ])
  })

  test('of members by documents names the list and the member', async () => {
    const { world, failures } = await openHouse()
    const member = { kind: 'access_list_member', version: 'v1', metadata: { name: 'pushed/max' }, spec: {} }
    await refused(world.apply(member, { by: await world.person('adm') }))
    const known = { ...member, metadata: { name: 'top/max' } }
    await refused(world.apply(known, { by: await world.person('adm'), expectedRevision: 'another' }))
    await refused(world.remove('access_list_member', 'top/max', { by: await world.person('eve') }))
    expect(await failures()).toMatchObject([
      { code: 'TAL005E', name: 'pushed', member: 'max', by: 'adm', error: 'MANAGED_ELSEWHERE' },
      { code: 'TAL006E', ...top, member: 'max', by: 'adm', error: 'REVISION_MISMATCH' },
      { code: 'TAL007E', ...top, member: 'max', by: 'eve', error: 'FORBIDDEN' },
    ])
  })

  test('again and again leaves the first of a minute, and then how many there were', async () => {
    const { world, put } = await openHouse()
    for (let at = 0; at < fullyRecorded * 2; at += 1) await refused(put('eve', 'top', 'eve'))
    const told = (await world.events()).filter(({ success }) => success === false)
    expect(told.map(({ left_out: leftOut }) => leftOut ?? 0)).toEqual([
      ...Array.from({ length: fullyRecorded }, () => 0),
      fullyRecorded - 1,
    ])
  })

  test('is no part of the history, which is of what was done: it may name lists that do not exist for its readers', async () => {
    const { world, put } = await openHouse()
    await refused(put('ola', 'low', 'top', { kind: 'list' }))
    await world.apply([rule('audits', 'event', ['list', 'read']), user('aud', { roles: ['all', 'audits'] })])
    const given = { ...world.deps, flushAudit: () => Promise.resolve() }
    await world.events()
    const read = async (by: string) =>
      (await listHistory(given, 'low', { limit: 50 }, await world.person(by))).items.map(({ code }) => code)
    expect(await read('ola')).toEqual(['TAL001I'])
    expect(await read('aud')).toEqual(['TAL001I'])
  })
})

describe('the events of a list', () => {
  test('have its name and title, and those of its end whom it had', async () => {
    const { world } = await openHouse()
    await world.apply(list('top', { description: 'x' }))
    await world.remove('access_list', 'top')
    const told = (await world.events()).filter(
      ({ name, code }) =>
        name === 'top' && ['TAL001I', 'TAL002I', 'TAL003I', 'TAL008I'].includes(String(code)),
    )
    const facts = told.map((one) => [one.code, one['access_list_title'], one['access_list_name']])
    expect(facts).toEqual([
      ['TAL001I', 'The top', 'top'],
      ['TAL002I', 'The top', 'top'],
      ['TAL003I', 'The top', 'top'],
      ['TAL008I', 'The top', 'top'],
    ])
    expect(told.at(-1)).toMatchObject({
      count: 2,
      access_list_name: 'top',
      members: [
        { member_name: 'low', membership_kind: 'list' },
        { member_name: 'max', membership_kind: 'user' },
      ],
    })
  })

  test('name 200 of the members that a list had, and count them', async () => {
    const { world } = await openHouse()
    const names = Array.from({ length: 230 }, (_, at) => `p${at}`).join('\n')
    const input = { names, reason: '', remove: [], addUnknown: true, dryRun: false }
    await changeMembers(world.deps, 'low', input, await world.person('ola'), desk)
    await world.deps.store.members.delete('top', 'list', 'low', world.clock.now())
    await world.remove('access_list', 'low')
    const told = (await world.events()).find(({ code }) => code === 'TAL008I')
    expect([told?.['count'], (told?.['members'] as unknown[]).length]).toEqual([230, 200])
  })
})

test('a service provider that is refused has the code of its failure', async () => {
  const { world, failures } = await openHouse()
  await world.apply(sp('wiki', 'https://wiki.example.com'))
  const eve = await world.person('eve')
  await refused(world.apply(sp('crm', 'https://crm.example.com'), { by: eve }))
  await refused(world.apply(sp('wiki', 'https://other.example.com'), { by: eve }))
  await refused(world.remove('saml_idp_service_provider', 'wiki', { by: eve }))
  expect(await failures()).toMatchObject([
    { code: 'TSI001W', name: 'crm', by: 'eve', error: 'FORBIDDEN' },
    { code: 'TSI002W', name: 'wiki', by: 'eve', error: 'FORBIDDEN' },
    { code: 'TSI003W', name: 'wiki', by: 'eve', error: 'FORBIDDEN' },
  ])
})
