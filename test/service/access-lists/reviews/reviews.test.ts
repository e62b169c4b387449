/** Reviews as use cases: what is kept while one is in progress, and all that its end does at once. */
import { describe, expect, test } from 'vitest'
import { day } from '../../../../src/core/time.js'
import { lock, refused, role, start, user } from '../../resources/world.js'
import { keep, list as listOf, openHouse, overdue, remove } from './house.js'

describe('a review in progress', () => {
  test('keeps what several owners decide, who decided it and why', async () => {
    const house = await openHouse()
    expect(await house.decide({ decisions: [remove('bob', 'left')] })).toEqual({
      kept: 0,
      removed: 1,
      open: 2,
    })
    expect(await house.decide({ decisions: [keep('nested', 'list')] }, 'ola')).toEqual({
      kept: 1,
      removed: 1,
      open: 1,
    })
    const review = await house.review()
    expect(review).toMatchObject({
      list: { name: 'a', title: 'The a', type: 'standard' },
      review: { state: 'overdue', decided: 2, toDecide: 3 },
      total: 3,
      kept: 1,
      removed: 1,
      nextDueAt: '2026-09-01T00:00:00.000Z',
    })
    expect(review.items).toMatchObject([
      {
        kind: 'list',
        name: 'nested',
        title: 'The nested',
        decision: 'keep',
        decidedBy: 'ola',
        peopleCount: 1,
      },
      { kind: 'user', name: 'bob', hasUser: true, decision: 'remove', note: 'left', decidedBy: 'ann' },
      { kind: 'user', name: 'cat', isLocked: false },
    ])
    expect(review.items[2]?.decision).toBeUndefined()
    expect((await house.review({ show: 'open' })).items.map(({ name }) => name)).toEqual(['cat'])
    expect((await house.review({ search: 'left' })).items.map(({ name }) => name)).toEqual(['bob'])
    expect(await house.members()).toHaveLength(3)
  })

  test('is gone on with by page, each member once', async () => {
    const house = await openHouse()
    const first = await house.review({ limit: 2 })
    const second = await house.review({ limit: 2, cursor: first.nextCursor })
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['nested', 'bob', 'cat'])
    expect(second.nextCursor).toBeUndefined()
    expect((await refused(house.review({ cursor: 'x' }))).code).toBe('INVALID_INPUT')
  })

  test('a decision is changed, taken back, and all are forgotten; a note stays with what it was said of', async () => {
    const house = await openHouse()
    await house.decide({ decisions: [remove('bob', 'left')] })
    await house.decide({ decisions: [keep('bob')] })
    expect((await house.review()).items[1]).toMatchObject({ decision: 'keep', note: 'left' })
    expect(await house.decide({ decisions: [{ ...keep('bob'), decision: 'open' }] })).toMatchObject({
      open: 3,
    })
    await house.decide({ decisions: [remove('bob'), remove('cat')] })
    expect(await house.decide({ startOver: true, decisions: [keep('cat')] })).toEqual({
      kept: 1,
      removed: 0,
      open: 2,
    })
    expect((await house.review({ show: 'remove' })).items).toEqual([])
  })

  test('all but some are kept in one step', async () => {
    const house = await openHouse()
    expect(await house.decide({ decisions: [remove('bob')], keepRest: true })).toEqual({
      kept: 2,
      removed: 1,
      open: 0,
    })
    expect((await house.review({ show: 'keep' })).items.map(({ name }) => name)).toEqual(['nested', 'cat'])
  })

  test('a decision on somebody who is no member is refused, and none of the others is kept', async () => {
    const house = await openHouse()
    const error = await refused(house.decide({ decisions: [remove('bob'), remove('bbo')] }))
    expect([error.code, error.message]).toEqual(['NOT_FOUND', '"bbo" is no member of access list "a"'])
    expect((await house.review()).removed).toBe(0)
    expect((await refused(house.decide({ decisions: [remove('bob', 'a\nb')] }))).code).toBe('INVALID_INPUT')
  })

  test('who came back after the decision is to be decided on again', async () => {
    const house = await openHouse()
    await house.decide({ keepRest: true })
    await house.take('bob')
    house.world.clock.advance(1000)
    await house.add('bob')
    expect((await house.review()).review).toMatchObject({ decided: 2, toDecide: 3 })
    expect((await refused(house.submit())).code).toBe('REVIEW_INCOMPLETE')
  })

  test('who left by time is no part of it any more', async () => {
    const house = await openHouse()
    await house.world.store.members.put([{ ...house.member('cat'), expiresAt: start + day }])
    await house.decide({ decisions: [keep('bob'), keep('nested', 'list')] })
    expect((await refused(house.submit())).code).toBe('REVIEW_INCOMPLETE')
    house.world.clock.advance(2 * day)
    expect((await house.submit()).answer).toMatchObject({ kept: 2, removed: [] })
  })
})

describe('the end of a review', () => {
  test('takes out who is to go, sets the next date and keeps what was decided, with its events', async () => {
    const house = await openHouse()
    await house.decide({ decisions: [remove('bob', 'left')] }, 'ola')
    const { answer, removeElsewhere } = await house.submit({ keepRest: true, notes: 'All\nwell.' })
    expect(answer).toEqual({
      accounts: [],
      inAwsBeside: [],
      id: expect.any(String),
      digest: expect.any(String),
      kept: 2,
      removed: [{ kind: 'user', name: 'bob' }],
      nextDueAt: '2026-09-01T00:00:00.000Z',
      inAws: [],
      changes: [],
      dryRun: false,
    })
    expect(removeElsewhere).toBeUndefined()
    expect(await house.members()).toEqual(['nested', 'cat'])
    expect(await house.document()).toMatchObject({
      spec: { audit: { next_audit_date: '2026-09-01T00:00:00.000Z' } },
    })
    expect((await house.finished()).items).toEqual([
      {
        id: answer.id,
        submittedBy: 'ann',
        reviewedAt: '2026-03-02T09:00:00.000Z',
        dueAt: '2026-03-01T00:00:00.000Z',
        reviewers: ['ann', 'ola'],
        notes: 'All\nwell.',
        kept: 2,
        removed: [{ kind: 'user', name: 'bob', note: 'left' }],
        changes: [],
        nextDueAt: '2026-09-01T00:00:00.000Z',
      },
    ])
    const events = (await house.world.events()).slice(-3)
    expect(events.map(({ event }) => event)).toEqual([
      'access_list.update',
      'access_list.member.delete',
      'access_list.review',
    ])
    expect(events[2]).toMatchObject({
      code: 'TAL004I',
      name: 'a',
      access_list_title: 'The a',
      review_id: answer.id,
      updated_by: 'ann',
      user: 'ann',
      reviewers: ['ann', 'ola'],
      kept_count: 2,
      removed_count: 1,
      removed_members: ['bob'],
      notes: 'All\nwell.',
      due_on: '2026-03-01T00:00:00.000Z',
      next_due_on: '2026-09-01T00:00:00.000Z',
    })
    // The next one begins with nothing decided.
    expect((await house.review()).review).toMatchObject({ state: 'later', decided: 0, toDecide: 2 })
  })

  test('is refused while somebody is not decided on, with who, and nothing is changed', async () => {
    const house = await openHouse()
    await house.decide({ decisions: [remove('bob')] })
    const before = await house.document()
    const error = await refused(house.submit())
    expect(error.code).toBe('REVIEW_INCOMPLETE')
    expect(error.message).toContain('"nested", "cat" of access list "a" are not decided on')
    expect(error.details).toMatchObject({
      count: 2,
      open: [
        { kind: 'list', name: 'nested' },
        { kind: 'user', name: 'cat' },
      ],
    })
    expect(await house.members()).toHaveLength(3)
    expect(await house.document()).toEqual(before)
    expect((await house.finished()).items).toEqual([])
  })

  test('whoever is named at the end goes though they were kept; a name that is none is refused', async () => {
    const house = await openHouse()
    await house.decide({ keepRest: true })
    const error = await refused(house.submit({ remove: [{ kind: 'user', name: 'Bob' }] }))
    expect([error.code, error.message]).toEqual(['NOT_FOUND', '"Bob" is no member of access list "a"'])
    await house.submit({ remove: [{ kind: 'user', name: 'bob' }] })
    expect(await house.members()).toEqual(['nested', 'cat'])
  })

  test('a dry run tells the same and keeps nothing', async () => {
    const house = await openHouse()
    await house.decide({ decisions: [remove('bob')] })
    const input = { keepRest: true, everyMonths: 3 as const }
    const dry = await house.submit({ ...input, dryRun: true })
    expect(await house.members()).toHaveLength(3)
    expect((await house.finished()).items).toEqual([])
    expect((await house.review()).removed).toBe(1)
    const done = await house.submit(input)
    const { effect, ...told } = dry.answer
    expect(told).toEqual({ ...done.answer, id: undefined, dryRun: true })
    expect('id' in told).toBe(false)
    // Who leaves is told while it can still be thought over.
    expect(effect).toMatchObject({ leave: ['bob'], leaveCount: 1, stay: [], stayCount: 0 })
    expect(effect?.losses?.map(({ name }) => name)).toEqual(['bob'])
    expect(done.answer.effect).toBeUndefined()
  })

  test('changes how often it is reviewed and what it asks, and says so', async () => {
    const house = await openHouse()
    const { answer } = await house.submit({
      keepRest: true,
      everyMonths: 1,
      dayOfMonth: 'last',
      membershipRequires: { roles: ['senior'], traits: { team: ['x'] } },
    })
    expect(answer).toMatchObject({
      nextDueAt: '2026-04-30T00:00:00.000Z',
      changes: [
        'Members need the role senior, team: x.',
        'It is reviewed every month, on the last day of the month.',
      ],
    })
    expect(await house.document()).toMatchObject({
      spec: {
        audit: {
          next_audit_date: '2026-04-30T00:00:00.000Z',
          recurrence: { frequency: 1, day_of_month: 'last' },
        },
        membership_requires: { roles: ['senior'], traits: { team: ['x'] } },
      },
    })
    expect((await house.world.events()).at(-1)).toMatchObject({
      membership_requirements_changed: { roles: ['senior'], traits: { team: ['x'] } },
      review_frequency_changed: '1 months',
      review_day_of_month_changed: 'last',
    })
    const again = await house.submit({ keepRest: true, everyMonths: 1, dayOfMonth: 'last' })
    expect(again.answer.changes).toEqual([])
  })

  test('with a requirement that is none is refused, and nothing of the review is kept', async () => {
    const house = await openHouse()
    const wrong = { roles: [''], traits: {} }
    expect((await refused(house.submit({ keepRest: true, membershipRequires: wrong }))).code).toBe(
      'INVALID_RESOURCE',
    )
    expect((await house.finished()).items).toEqual([])
    expect((await refused(house.submit({ keepRest: true, notes: 'a\u202eb' }))).code).toBe('INVALID_INPUT')
  })

  test('made again and again before it is due it does not put the next one off', async () => {
    const house = await openHouse()
    await house.submit({ keepRest: true })
    await house.submit({ keepRest: true })
    expect((await house.submit({ keepRest: true })).answer.nextDueAt).toBe('2026-09-01T00:00:00.000Z')
    const first = await house.finished({ limit: 2 })
    const second = await house.finished({ limit: 2, cursor: first.nextCursor })
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, undefined])
    expect((await refused(house.finished({ cursor: '1' }))).code).toBe('INVALID_INPUT')
  })

  test('of two that end at once one takes out whom both decided on', async () => {
    const house = await openHouse()
    await house.decide({ decisions: [remove('bob'), keep('cat'), keep('nested', 'list')] })
    const ends = await Promise.allSettled([house.submit(), house.submit({}, 'ola')])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await house.members()).toEqual(['nested', 'cat'])
    expect((await house.finished()).items).toHaveLength(1)
  })
})

describe('an overdue list', () => {
  test('that is frozen takes nobody in until its review is finished, and lets people go', async () => {
    const house = await openHouse({ audit: overdue('freeze') })
    expect((await refused(house.add('dan'))).code).toBe('REVIEW_OVERDUE')
    await house.take('cat')
    expect((await house.submit({ keepRest: true })).answer.changes).toEqual(['Members can be added again.'])
    await house.add('dan')
    expect(await house.members()).toContain('dan')
  })

  test('that gives nothing gives again', async () => {
    const house = await openHouse({ audit: overdue('remove_grants') })
    expect((await house.review()).review.inForce).toBe('grants_removed')
    expect((await house.submit({ keepRest: true })).answer.changes).toEqual([
      'Members and owners hold again what the list grants, here and in AWS.',
    ])
    expect((await house.review()).review.inForce).toBe('nothing')
  })
})

describe('a list that is managed elsewhere', () => {
  test.each([
    ['static', 'documents', 'stays until their documents are removed'],
    ['scim', 'directory', 'stays until the directory takes them out'],
  ])('%s: the decisions are kept and nobody is taken out here', async (type, source, says) => {
    const house = await openHouse({ type })
    await house.decide({ decisions: [remove('bob')] })
    const { answer, removeElsewhere } = await house.submit({ keepRest: true })
    expect(answer).toMatchObject({ removed: [{ kind: 'user', name: 'bob' }], nextDueAt: expect.any(String) })
    expect(answer.changes).toEqual([expect.stringContaining(says)])
    expect(removeElsewhere).toMatchObject({ source, members: [{ name: 'bob' }] })
    expect(await house.members()).toHaveLength(3)
    expect((await house.finished()).items).toMatchObject([{ removed: [{ name: 'bob' }] }])
    expect((await house.world.events()).at(-1)).toMatchObject({ removed_elsewhere: source })
    expect((await house.review()).review.state).toBe('later')
    const asks = { membershipRequires: { roles: ['senior'], traits: {} } }
    expect((await refused(house.submit({ keepRest: true, ...asks }))).code).toBe('MANAGED_ELSEWHERE')
  })

  test('in code its schedule is code, too; of one that a directory pushes it is ours', async () => {
    const coded = await openHouse({ type: 'static' })
    expect((await refused(coded.submit({ keepRest: true, everyMonths: 1 }))).code).toBe('MANAGED_ELSEWHERE')
    const pushed = await openHouse({ type: 'scim' })
    expect((await pushed.submit({ keepRest: true, everyMonths: 1 })).answer.nextDueAt).toBe(
      '2026-04-01T00:00:00.000Z',
    )
  })

  test('without a schedule it is reviewed all the same, and gets none by it', async () => {
    const house = await openHouse({ type: 'static', audit: undefined })
    const before = await house.document()
    const { answer } = await house.submit({ keepRest: true })
    expect(answer.nextDueAt).toBeUndefined()
    expect((await house.finished()).items).toMatchObject([{ kept: 3 }])
    expect(await house.document()).toEqual(before)
    const pushed = await openHouse({ type: 'scim', audit: undefined })
    expect((await refused(pushed.submit({ keepRest: true, everyMonths: 1 }))).code).toBe('INVALID_INPUT')
  })
})

test('a list that is deleted takes its reviews along, and one of its name begins with none', async () => {
  const house = await openHouse()
  await house.submit({ keepRest: true })
  await house.decide({ keepRest: true })
  await house.world.remove('access_list', 'a')
  expect(await house.world.store.reviews.listDecisions('a')).toEqual([])
  await house.world.apply([house.list])
  expect((await house.finished()).items).toEqual([])
})

test('whoever began before another finished the review is refused with who did, until they agree to another one', async () => {
  const house = await openHouse()
  await house.submit({ keepRest: true }, 'ola')
  const late = { decisions: [{ kind: 'user' as const, name: 'bob', decision: 'remove' as const }] }
  const refusal = await house.decide({ ...late, lastFinished: null }).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(refusal).toMatchObject({
    code: 'REVIEW_FINISHED',
    message: expect.stringMatching(/^ola finished the review of .+ in the meantime: \d+ kept, 0 removed/),
  })
  await expect(house.submit({ keepRest: true, dryRun: true, lastFinished: null })).rejects.toMatchObject({
    code: 'REVIEW_FINISHED',
  })
  expect(await house.world.store.reviews.listDecisions('a')).toEqual([])
  const [review] = (await house.finished()).items
  await house.decide({ ...late, lastFinished: review?.id ?? '' })
  expect(await house.world.store.reviews.listDecisions('a')).toHaveLength(1)
})

describe('decisions of somebody who may not review the list any more', () => {
  const lapses: [string, (house: Awaited<ReturnType<typeof openHouse>>) => Promise<unknown>][] = [
    [
      'since they own it no more',
      ({ world, list }) => world.apply([{ ...list, spec: { ...list.spec, owners: ['ann'] } }]),
    ],
    ['since they are locked', ({ world }) => world.apply([lock('of-ola', { target: { user: 'ola' } })])],
    [
      'since they were deleted',
      async ({ world, list }) => {
        await world.apply([{ ...list, spec: { ...list.spec, owners: ['ann'] } }])
        await world.apply([{ ...listOf('nested'), spec: { title: 'nested', owners: ['ann'] } }])
        await world.remove('user', 'ola')
      },
    ],
    [
      'since a role denies it to them',
      ({ world }) =>
        world.apply([
          role('denied', { deny: { rules: [{ resources: ['access_list'], verbs: ['update'] }] } }),
          user('ola', { roles: ['denied'] }),
        ]),
    ],
  ]

  test.each(lapses)('%s are told and do not count', async (_, lapse) => {
    const house = await openHouse()
    await house.decide({ decisions: [keep('bob')] })
    await house.decide({ decisions: [remove('cat', 'left'), keep('nested', 'list')] }, 'ola')
    expect((await house.show()).review).toMatchObject({ decided: 3 })
    await lapse(house)
    const review = await house.review()
    expect(review).toMatchObject({ kept: 1, removed: 0, review: { decided: 1, toDecide: 3 } })
    expect((await house.show()).review).toMatchObject({ decided: 1, toDecide: 3 })
    const cat = review.items.find(({ name }) => name === 'cat')
    expect(cat?.decision).toBeUndefined()
    expect(cat?.lapsed).toEqual({ decision: 'remove', note: 'left', decidedBy: 'ola' })
    expect((await house.review({ show: 'open' })).items.map(({ name }) => name)).toEqual(['nested', 'cat'])
    const error = await refused(house.submit())
    expect(error.code).toBe('REVIEW_INCOMPLETE')
    expect(error.message).toContain('"nested", "cat" of access list "a" are not decided on')
    await house.submit({ keepRest: true })
    expect(await house.members()).toEqual(['nested', 'bob', 'cat'])
    expect((await house.finished()).items[0]?.reviewers).toEqual(['ann'])
  })

  test('count again once they may, and are replaced by those of who may', async () => {
    const house = await openHouse()
    await house.decide({ decisions: [remove('cat', 'left'), keep('nested', 'list')] }, 'ola')
    await house.world.apply([lock('of-ola', { target: { user: 'ola' } })])
    await house.decide({ decisions: [keep('cat')] })
    expect((await house.review()).items[2]).toMatchObject({ name: 'cat', decision: 'keep', note: '' })
    await house.world.remove('lock', 'of-ola')
    expect(await house.review()).toMatchObject({ kept: 2, removed: 0 })
  })
})

describe('what is decided', () => {
  const updates = async ({ world }: Awaited<ReturnType<typeof openHouse>>) =>
    (await world.events()).filter(({ event }) => event === 'access_list.review.update')

  test('is in the audit log, each change of it, with who made it', async () => {
    const house = await openHouse()
    await house.decide({ decisions: [remove('bob', 'left'), keep('nested', 'list')] }, 'ola')
    await house.decide({ decisions: [{ ...keep('bob'), decision: 'open' }], keepRest: true })
    await house.decide({ startOver: true, decisions: [keep('cat')] })
    expect(await updates(house)).toMatchObject([
      {
        code: 'TAL010I',
        success: true,
        name: 'a',
        access_list_title: 'The a',
        user: 'ola',
        updated_by: 'ola',
        count: 2,
        decisions: [
          { member_name: 'bob', membership_kind: 'user', decision: 'remove', note: 'left' },
          { member_name: 'nested', membership_kind: 'list', decision: 'keep' },
        ],
        request_id: 'r-1',
      },
      {
        updated_by: 'ann',
        count: 2,
        decisions: [
          { member_name: 'bob', decision: 'keep' },
          { member_name: 'cat', decision: 'keep' },
        ],
      },
      { count: 1, started_over: true, decisions: [{ member_name: 'cat', decision: 'keep' }] },
    ])
    expect('started_over' in ((await updates(house))[0] ?? {})).toBe(false)
  })

  test('is not told again where it stands so already, nor where it is refused', async () => {
    const house = await openHouse()
    await house.decide({ startOver: true })
    await house.decide({ decisions: [{ ...keep('bob'), decision: 'open' }] })
    await refused(house.decide({ decisions: [keep('bob'), keep('bbo')] }))
    expect(await updates(house)).toEqual([])
    await house.decide({ decisions: [keep('bob')] })
    await house.decide({ decisions: [keep('bob')] })
    expect(await updates(house)).toHaveLength(1)
    await house.decide({ decisions: [keep('bob')] }, 'ola')
    expect(await updates(house)).toHaveLength(2)
  })

  test('names no more members than a reader of the log takes in', async () => {
    const house = await openHouse()
    const many = Array.from({ length: 300 }, (_, index) => house.member(`u${index}`))
    await house.world.store.members.put(many)
    await house.decide({ keepRest: true })
    const [event] = await updates(house)
    expect(event).toMatchObject({ count: 303 })
    expect(event?.['decisions']).toHaveLength(200)
  })
})
