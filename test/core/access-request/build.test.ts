import { describe, expect, test } from 'vitest'
import {
  buildRequest,
  defaultRequestPolicy,
  type RequestDraft,
  type RequestFactsOfPerson,
} from '../../../src/core/access-request/build.js'
import { itemIdOf, type AccessRequest } from '../../../src/core/access-request/access-request.js'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import type { Role } from '../../../src/core/role/role.js'
import { day, hour, minute } from '../../../src/core/time.js'
import { buildInventory } from '../../support/inventory.js'
import { identityCenterSelector } from '../role/build.js'
import {
  activeRequest,
  admin,
  adminOnProd,
  app,
  aws,
  buildWorld,
  item,
  now,
  readOnDev,
  requester,
  role,
} from './build.js'

const deployer = role('deployer', { gives: [{ account: '*', permissionSet: admin }] })
const signsIn = role('signs-in', { opens: identityCenterSelector })
const asks = role('asks', { request: { roles: ['*'], maxDurationMs: 12 * hour } })

function build(
  draft: Partial<RequestDraft>,
  held: readonly Role[] = [asks, signsIn],
  facts: Partial<RequestFactsOfPerson> = {},
  world = buildWorld([deployer, signsIn, asks]),
) {
  return buildRequest(
    { id: 'r1', items: [adminOnProd], reason: '', ...draft },
    { requester: requester(held), waiting: 0, policy: defaultRequestPolicy, ...facts },
    world,
    now,
  )
}

function built(...args: Parameters<typeof build>): AccessRequest {
  const result = build(...args)
  if (!result.ok) throw new Error(result.problems.map(({ says }) => says).join(' '))
  return result.request
}

function problems(...args: Parameters<typeof build>): readonly string[] {
  const result = build(...args)
  return result.ok ? [] : result.problems.map(({ field, says }) => `${field}: ${says}`)
}

test('a request waits, with each item once, assignments for the names of their roles', () => {
  const name = 'Admin-on-production-111111111111'
  const request = built({ items: [adminOnProd, { kind: 'role', name }, readOnDev] })
  expect(request).toMatchObject({ state: 'pending', user: 'alice', createdAt: now, durationMs: 8 * hour })
  expect(request.items.map(({ id }) => id)).toEqual([itemIdOf(adminOnProd), itemIdOf(readOnDev)])
  expect(request.pendingUntil).toBe(now + day)
})

test('all that is wrong is told at once', () => {
  const wants = role('asks', {
    request: { roles: ['deployer'], reason: { mode: 'required', prompt: 'Why?' } },
  })
  expect(
    problems(
      {
        items: [{ kind: 'role', name: 'deployer' }, adminOnProd],
        durationMs: 31 * hour,
        startAt: now + 31 * day,
        pendingForMs: minute,
      },
      [wants],
      { waiting: 50 },
    ),
  ).toEqual([
    'items: No role of yours lets you ask for the account assignment Admin-on-production-111111111111.',
    'items: 50 requests of yours wait for a decision; at most 50 may.',
    'reason: A reason is needed. Why?',
    'duration: At most 30h is allowed.',
    'startAt: Access begins at most 720h from now.',
    'pendingFor: A request waits from 5m to 336h.',
  ])
})

test('a dry run does not miss the reason and answers the terms', () => {
  const wants = role('asks', { request: { roles: ['*'], reason: { mode: 'required', prompt: undefined } } })
  expect(build({ dryRun: true }, [wants, signsIn])).toMatchObject({
    ok: true,
    terms: { reasonRequired: true },
  })
  expect(problems({}, [wants, signsIn])).toEqual(['reason: A reason is needed.'])
  expect(problems({ reason: 'ticket 1' }, [wants, signsIn])).toEqual([])
})

test('nothing asked for, too many items and too many pairs are refused', () => {
  expect(problems({ items: [] })).toEqual(['items: Nothing is asked for.'])
  const many = Array.from({ length: 201 }, (_, at) => ({ kind: 'role' as const, name: `r${at}` }))
  expect(problems({ items: many })).toEqual(['items: A request has at most 200 items.'])
  const all = role('all', { gives: [{ account: '*', permissionSet: '*' }] })
  const big = buildInventory({ accounts: 101, permissionSets: 50 })
  const ofBig = (inventory: Inventory) =>
    problems({ items: [{ kind: 'role', name: 'all' }] }, undefined, {}, buildWorld([all], { inventory }))
  expect(ofBig(big)).toEqual([
    'items: A request gives at most 5,000 account assignments; its roles give more.',
  ])
  expect(ofBig(buildInventory({ accounts: 100, permissionSets: 50 }))).toEqual([])
})

describe('times', () => {
  test('access lasts five minutes at least and the longest time at most', () => {
    expect(problems({ durationMs: 5 * minute - 1 })).toEqual(['duration: Access lasts 5m at least.'])
    expect(problems({ durationMs: Number.NaN })).toEqual(['duration: Access lasts 5m at least.'])
    expect(problems({ durationMs: 12 * hour + 1 })).toEqual(['duration: At most 12h is allowed.'])
    expect(problems({ durationMs: 5 * minute })).toEqual([])
    expect(problems({ durationMs: 12 * hour })).toEqual([])
  })

  test('a start lies at most 30 days ahead; one that has passed means at once', () => {
    expect(built({ startAt: now + 30 * day }).startAt).toBe(now + 30 * day)
    expect(built({ startAt: now - hour }).startAt).toBeUndefined()
    expect(problems({ startAt: now + 30 * day + 1 })).toHaveLength(1)
  })

  test('a policy refuses what is shorter than the AWS sessions of a permission set', () => {
    const policy = { ...defaultRequestPolicy, shorterThanAwsSession: 'refuse' as const }
    expect(problems({ durationMs: 4 * hour - 1 }, undefined, { policy })).toEqual([
      'duration: AWS sessions of the permission set Admin last up to 4h; ask for that long at least, since they outlive a shorter request.',
    ])
    expect(problems({ durationMs: 4 * hour }, undefined, { policy })).toEqual([])
    expect(build({ durationMs: 4 * hour }, undefined, { policy }).terms?.durations).toEqual(
      [4, 8, 12].map((hours) => hours * hour),
    )
    expect(build({ durationMs: hour }).notes).toEqual([
      'AWS sessions of the permission set Admin last up to 4h; one that begins before the end goes on after it.',
    ])
  })

  test('a policy that asks for more than roles allow says that nobody can ask for it, and who mends that', () => {
    const policy = { ...defaultRequestPolicy, shorterThanAwsSession: 'refuse' as const }
    const short = role('asks', { request: { roles: ['*'], maxDurationMs: hour } })
    for (const durationMs of [undefined, hour]) {
      const draft = { items: [readOnDev, adminOnProd], durationMs }
      const result = build(draft, [short, signsIn], { policy })
      expect(result.ok ? [] : result.problems).toEqual([
        {
          field: 'items',
          item: itemIdOf(adminOnProd),
          says: 'AWS sessions of the permission set Admin last up to 4h, and at most 1h may be asked for. Requests may not be shorter than these sessions, so this cannot be asked for at all: an administrator has to allow more time (max_duration), or to shorten the sessions of the permission set.',
        },
      ])
    }
    expect(problems({ items: [readOnDev] }, [short, signsIn], { policy })).toEqual([])
  })
})

describe('the sign-in to AWS', () => {
  const search = role('asks', { request: { roles: ['*'], searchAsRoles: ['signs-in'] } })

  test('is added for who cannot sign in and may ask for it', () => {
    const result = build({}, [search])
    expect(result.ok && result.request.items.map(({ id }) => id)).toEqual([itemIdOf(adminOnProd), 'app/aws'])
    expect(result.notes[0]).toBe('The sign-in to AWS (aws) was added, since you cannot sign in to it yet.')
  })

  test('is not added for who can, who asks for it anyway, or who asks for no assignment', () => {
    expect(built({}, [search, signsIn]).items).toHaveLength(1)
    expect(built({ items: [aws, adminOnProd] }, [search]).items).toHaveLength(2)
    expect(built({ items: [{ kind: 'role', name: 'deployer' }] }, [search]).items).toHaveLength(1)
    const world = buildWorld([deployer, signsIn], { apps: [app('wiki', { preset: 'unspecified' })] })
    expect(built({}, [search], {}, world).items).toHaveLength(1)
  })

  test('is missed in words where it may not be asked for', () => {
    const result = build({}, [asks])
    expect(result.ok && result.request.items).toHaveLength(1)
    expect(result.notes[0]).toMatch(/^You cannot sign in to AWS \(aws\) and may not ask for that/)
  })
})

describe('reviewers', () => {
  const suggests = role('suggests', { request: { suggestedReviewers: ['bob'] } })

  test('of roles take the place of those that the person does not name', () => {
    expect(built({}, [asks, signsIn, suggests]).suggestedReviewers).toEqual(['bob'])
    const named = built({ suggestedReviewers: ['carol', 'Alice'] }, [asks, signsIn, suggests])
    expect(named.suggestedReviewers).toEqual(['carol'])
  })
})

describe('an extension (T27)', () => {
  const old = activeRequest([item(adminOnProd), item(readOnDev)], { id: 'r0' })

  test('goes on with the approved items from where access ends, and counts from the first start', () => {
    const partly = {
      ...old,
      items: old.items.map((one, at) => (at === 0 ? one : { ...one, state: 'denied' as const })),
    }
    const request = built({ extends: partly, items: [], durationMs: 4 * hour })
    expect(request).toMatchObject({
      extends: { request: 'r0', firstStartedAt: now, from: now + 8 * hour },
      durationMs: 4 * hour,
      startAt: undefined,
      maxDurationMs: 12 * hour,
    })
    expect(request.items.map(({ id }) => id)).toEqual([itemIdOf(adminOnProd)])
    expect(problems({ extends: partly, durationMs: 4 * hour + 1 })).toEqual([
      'duration: At most 4h is allowed.',
    ])
  })

  test('of an extension counts from the first start of all', () => {
    const extended = { request: 'r', firstStartedAt: now - 2 * hour, from: now }
    expect(problems({ extends: { ...old, extends: extended }, durationMs: 3 * hour })).toEqual([
      'duration: At most 2h is allowed.',
    ])
  })

  test('is refused where nothing is left, where access is over, and to others', () => {
    const spent = { ...old, endsAt: now + 12 * hour }
    expect(problems({ extends: spent })).toEqual([
      'duration: Of the longest time 0s is left, counted from the first start; ask again later.',
    ])
    expect(problems({ extends: { ...old, endsAt: now } })).toEqual([
      'items: Only a request that gives access now can be extended; ask again.',
    ])
    expect(problems({ extends: { ...old, user: 'bob' } })).toContain(
      'items: Only the requester extends a request.',
    )
  })

  test('is nothing to decide once its own end has come', () => {
    const soon = { ...old, endsAt: now + hour }
    expect(built({ extends: soon, durationMs: hour, pendingForMs: day }).pendingUntil).toBe(now + 2 * hour)
  })
})
