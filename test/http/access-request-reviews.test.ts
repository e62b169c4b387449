/** Who decides on access requests, with which weight, and what is looked at again when access begins (T27, T28, T29). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hour } from '../../src/core/time.js'
import { role } from '../support/people.js'
import { mail, pair, readProduction, refusalOf, RequestWorld, requests } from './access-requests-world.js'

let world: RequestWorld
beforeAll(async () => {
  world = await RequestWorld.open({
    resources: [
      role('secret', 'v8', { allow: {} }),
      role('seniors', 'v8', { allow: {} }),
      role('two-eyes', 'v8', {
        allow: {
          request: {
            roles: ['secret'],
            thresholds: [
              { name: 'two of any', approve: 2, deny: 1 },
              { name: 'a senior', approve: 1, deny: 1, filter: 'contains(reviewer.roles, "seniors")' },
            ],
          },
        },
      }),
      role('guards', 'v8', { allow: { review_requests: { roles: ['secret'] } } }),
      role('asks-and-reviews', 'v8', {
        allow: {
          request: { search_as_roles: ['reader'] },
          review_requests: { roles: ['reader'] },
          rules: [{ resources: ['token'], verbs: ['create', 'rotate', 'read'] }],
        },
      }),
      role('reviews-with-ticket', 'v8', {
        allow: { review_requests: { roles: ['reader'], where: 'regexp.match(request.reason, "^INC-.*$")' } },
      }),
      role('reviews-but-not-incidents', 'v8', {
        allow: { review_requests: { roles: ['reader'] } },
        deny: { review_requests: { roles: ['reader'], where: 'regexp.match(request.reason, "^INC-.*$")' } },
      }),
    ],
    people: {
      dora: ['two-eyes'],
      gert: ['guards'],
      gina: ['guards'],
      gus: ['guards', 'seniors'],
      self: ['asks-and-reviews'],
      tick: ['reviews-with-ticket'],
      notick: ['reviews-but-not-incidents'],
    },
  })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

const read = { items: [pair('production', 'ReadOnly')] }
const secret = { items: [{ kind: 'role', name: 'secret' }] }

test('a reason has no characters that are not seen, or that turn text about', async () => {
  for (const bad of ['a\u0000b', 'a\u202eb', 'a\u2066b', 'a\u001bb']) {
    const asked = await world.as('ann').post(requests, { ...read, reason: bad, dryRun: true })
    expect(refusalOf(asked).slice(0, 2)).toEqual([400, 'INVALID_INPUT'])
  }
  const lines = await world.as('ann').post(requests, { ...read, reason: 'one\n\ttwo 👩‍💻', dryRun: true })
  expect(lines.status).toBe(200)
})

describe('who may decide', () => {
  test('too few people are told item by item, those whom a filter accepts', async () => {
    const thresholds = [
      { approve: 9, deny: 1 },
      { approve: 2, deny: 1, filter: 'contains(reviewer.roles, "seniors")' },
    ]
    await world.put(role('many-eyes', 'v8', { allow: { request: { roles: ['secret'], thresholds } } }))
    await world.join('nina', ['many-eyes', 'asks', 'aws'])
    const items = [...secret.items, ...read.items]
    const { body } = await world.as('nina').post(requests, { items, dryRun: true })
    expect(body.notes).toContain('secret needs 2 approvals, and only 1 that counts can be given.')
    expect(body.notes.join(' ')).not.toContain('ReadOnly on production')
  })

  test('owners of a list that gives everything come first, where they may review', async () => {
    const reviewers = async () =>
      (await world.as('dora').post(requests, { ...secret, dryRun: true })).body.reviewers as string[]
    expect(await reviewers()).toEqual(['gert', 'gina', 'gus'].map(mail))
    await world.put({
      ...{ kind: 'access_list', version: 'v1', metadata: { name: 'house' } },
      spec: { title: 'House', owners: [mail('gus'), mail('tick')], grants: { roles: ['secret', 'auditor'] } },
    })
    expect(await reviewers()).toEqual(['gus', 'gert', 'gina'].map(mail))
  })
})

describe('thresholds', () => {
  test('two approvals of different people decide where one is not enough', async () => {
    const { id } = await world.ask('dora', secret)
    const first = await world.review('gert', id, { all: 'approve', reason: 'fine by me' })
    expect([first.body.request.state, first.body.effectual]).toEqual(['pending', false])
    const again = await world.review('gert', id, { approve: ['role/secret'] })
    expect(refusalOf(again)).toEqual([409, 'CONFLICT', 'role/secret: you have decided on it already.'])
    const [waiting] = (await world.see('gina', id)).items
    expect([
      waiting?.approvals,
      waiting?.mayReview,
      waiting?.thresholds.map(({ approve, approvals }) => [approve, approvals]),
    ]).toEqual([
      1,
      true,
      [
        [2, 1],
        [1, 0],
      ],
    ])
    expect((await world.see('gert', id)).items[0]?.whyNot).toBe(
      'You have decided on it; it waits for others.',
    )
    expect((await world.approve('gina', id)).active).toBe(true)
  })

  test('a review that a filter accepts decides by the threshold of that filter', async () => {
    const { id } = await world.ask('dora', secret)
    expect((await world.approve('gus', id)).active).toBe(true)
  })

  test('one denial is enough, and is final', async () => {
    const { id } = await world.ask('dora', secret)
    const denied = await world.review('gert', id, { all: 'deny', reason: 'no' })
    expect(denied.body.request.state).toBe('denied')
    expect((await world.review('gus', id, { approve: ['role/secret'] })).status).toBe(409)
    expect(denied.body.request.reviews).toEqual([
      expect.objectContaining({ author: mail('gert'), deny: ['role/secret'], reason: 'no' }),
    ])
  })

  test('two reviewers at the same instant both count', async () => {
    const { id } = await world.ask('dora', secret)
    const answers = await Promise.all([
      world.review('gert', id, { all: 'approve' }),
      world.review('gina', id, { all: 'approve' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect((await world.see('dora', id)).active).toBe(true)
  })

  test('who decides on what has changed since is told so', async () => {
    const { id } = await world.ask('dora', secret)
    const { revision } = await world.see('gina', id)
    await world.review('gert', id, { all: 'approve' })
    const late = await world.review('gina', id, { all: 'approve', revision })
    expect(refusalOf(late).slice(0, 2)).toEqual([412, 'REVISION_MISMATCH'])
    const { revision: seen } = await world.see('gina', id)
    expect((await world.review('gina', id, { all: 'approve', revision: seen })).body.request.active).toBe(
      true,
    )
  })
})

describe('who may not decide', () => {
  test('nobody decides on their own', async () => {
    const { id } = await world.ask('self', read)
    const own = await world.review('self', id, { approve: [readProduction] })
    expect(refusalOf(own)).toEqual([
      403,
      'FORBIDDEN',
      `${readProduction}: Nobody reviews a request of their own.`,
    ])
    expect((await world.see('self', id)).state).toBe('pending')
  })

  test('a machine user decides on nothing, whatever its roles: anybody might hold its secret', async () => {
    const { id } = await world.ask('ann', read)
    const token = await world.token('bot', ['reviews'])
    const barred = await world.machine(token, 'post', `${requests}/${id}/reviews`, { all: 'approve' })
    // It reviews nothing of it, so it does not see it.
    expect(barred.status).toBe(404)
    expect((await world.see('ann', id)).state).toBe('pending')
    expect((await world.review('rita', id, { all: 'approve' })).status).toBe(200)
  })

  test('conditions say whose requests somebody reviews', async () => {
    const incident = await world.ask('ann', { ...read, reason: 'INC-7' })
    const other = await world.ask('ann', { ...read, reason: 'curious' })
    expect((await world.as('tick').get(`${requests}/${other.id}`)).status).toBe(404)
    expect((await world.as('notick').get(`${requests}/${incident.id}`)).status).toBe(404)
    expect((await world.approve('tick', incident.id)).active).toBe(true)
    expect((await world.approve('notick', other.id)).active).toBe(true)
  })

  test('after the time to wait nobody decides', async () => {
    const { id } = await world.ask('ann', { ...read, pendingFor: '1h' })
    world.gateway.clock.advance(hour)
    const late = await world.review('rita', id, { all: 'approve' })
    expect(late.status).toBe(409)
    expect((await world.see('rita', id)).may.review).toBe(false)
  })
})

describe('what is looked at again when access begins', () => {
  const later = () => new Date(world.gateway.clock.now() + hour).toISOString()
  const begin = async (who: string, id: string) => {
    world.gateway.clock.advance(hour)
    // Whoever writes first brings it up to the present; the worker does it within a second, too.
    const answer = await world.as(who).post(`${requests}/${id}/release`, { reason: '' })
    return { answer, request: await world.see(who, id) }
  }

  test('a reviewer who was locked meanwhile no longer counts', async () => {
    const { id } = await world.ask('bob', { ...read, startAt: later() })
    await world.join('rosa', ['reviews'])
    expect((await world.approve('rosa', id)).state).toBe('approved')
    await world.lock('rosa')
    world.gateway.clock.advance(hour)
    await expect.poll(async () => (await world.see('bob', id)).state, { timeout: 5000 }).toBe('revoked')
    const [last] = (await world.see('bob', id)).timeline.slice(-1)
    expect([last?.by, last?.what, last?.says]).toEqual([
      'system',
      'revoked',
      expect.stringContaining('Too few of those who approved it may still do so.'),
    ])
  })

  test('one who still may, counts', async () => {
    const { id } = await world.ask('bob', { ...read, startAt: later() })
    await world.approve('rita', id)
    expect((await begin('bob', id)).request.timeline.map(({ what }) => what)).toContain('activated')
  })

  test('what the requester may no longer ask for falls away', async () => {
    await world.put(role('brief', 'v8', { allow: { request: { roles: ['auditor'] } } }))
    await world.join('nora', ['brief', 'asks'])
    const items = [{ kind: 'role', name: 'auditor' }, ...read.items]
    const { id } = await world.ask('nora', { items, startAt: later() })
    await world.approve('rita', id)
    await world.put(
      role('asks', 'v8', {
        deny: { request: { roles: ['auditor'] } },
        allow: { request: { search_as_roles: ['reader'] } },
      }),
    )
    world.gateway.clock.advance(hour)
    await expect.poll(async () => (await world.see('nora', id)).active, { timeout: 5000 }).toBe(true)
    const { items: kept } = await world.see('nora', id)
    expect(kept.map(({ id: item, state }) => [item, state])).toEqual([
      ['role/auditor', 'denied'],
      [readProduction, 'approved'],
    ])
  })

  test('a person who was removed gets nothing', async () => {
    await world.join('gone', ['two-eyes'])
    const { id } = await world.ask('gone', { ...secret, startAt: later() })
    // Sessions of those who signed in at the beginning are over by now.
    await world.join('greta', ['guards', 'seniors'])
    await world.approve('greta', id)
    const removed = await world.admin.send('delete', `/v1/resources/user/${mail('gone')}`)
    expect(removed.status).toBeLessThan(300)
    world.gateway.clock.advance(hour)
    await expect
      .poll(async () => (await world.see('greta', id)).state, { timeout: 5000 })
      .not.toBe('approved')
    expect((await world.see('greta', id)).activatedAt).toBeUndefined()
  })
})
