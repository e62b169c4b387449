/** Access requests over HTTP: asked for, seen, decided, ended; by whom, and by whom not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessRequestsAnswer, createAccessRequestAnswer, sessionAnswer } from '../../src/api/contract.js'
import { day, hour, minute } from '../../src/core/time.js'
import { auditEvents } from '../support/people.js'
import {
  itemOf,
  mail,
  pair,
  powerStaging,
  production,
  readProduction,
  refusalOf,
  RequestWorld,
  requests,
  sandboxes,
  sets,
  staging,
} from './access-requests-world.js'

let world: RequestWorld
beforeAll(async () => {
  world = await RequestWorld.open()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

const read = { items: [pair('production', 'ReadOnly')] }
const instant = (at: number) => new Date(at).toISOString()
const now = () => world.gateway.clock.now()
const end = async (who: string, id: string, how: string, reason = '') =>
  await world.as(who).post(`${requests}/${id}/${how}`, { reason })

describe('asking', () => {
  test('what is asked for and approved gives access at once, and is told with its end', async () => {
    const asked = await world.ask('ann', {
      items: [
        pair('production', 'ReadOnly'),
        pair(staging.id, sets.powerUser.arn),
        { kind: 'role', name: 'auditor' },
      ],
      reason: 'incident 7',
      duration: '2h',
    })
    expect([asked.request.state, asked.request.reason]).toEqual(['pending', 'incident 7'])
    expect(asked.reviewers).toEqual([mail('rita'), mail('rolf')])
    expect(asked.durations.at(-1)).toBe('12h')
    expect(asked.notes).toEqual([expect.stringContaining('PowerUser last up to 4h')])
    const decided = await world.approve('rita', asked.id)
    expect([decided.state, decided.active, decided.endsAt]).toEqual([
      'approved',
      true,
      instant(now() + 2 * hour),
    ])
    expect(decided.awsSessionsUntil).toBe(instant(now() + 6 * hour))
    expect(decided.timeline.map(({ what }) => what)).toEqual(['created', 'reviewed', 'approved', 'activated'])
    const own = await world.see('ann', asked.id)
    expect(own.may).toEqual({
      review: false,
      cancel: false,
      release: true,
      revoke: false,
      extend: true,
      assume: true,
      promote: false,
    })
    const fields = { id: asked.id, user: mail('ann'), roles: ['auditor'] }
    const events = (await auditEvents(world.gateway, { limit: '10' })).filter(({ id }) => id === asked.id)
    expect(events.reverse()).toEqual([
      expect.objectContaining({ code: 'T5000I', ...fields, state: 'PENDING', reason: 'incident 7' }),
      expect.objectContaining({ code: 'T5002I', reviewer: mail('rita'), proposed_state: 'APPROVED' }),
      expect.objectContaining({ code: 'T5001I', action: 'approved', updated_by: mail('rita') }),
      expect.objectContaining({ code: 'T5001I', action: 'activated', updated_by: 'system' }),
    ])
    expect(events[0]?.['resource_ids']).toContain(
      `/${String(events[0]?.['cluster_name'])}/aws_ic_account_assignment/${production.id}/${sets.readOnly.arn}`,
    )
  })

  test('a dry run tells the terms, misses no reason, and keeps nothing', async () => {
    const before = accessRequestsAnswer.parse((await world.as('ann').get(requests)).body).items.length
    const tried = await world.as('ann').post(requests, { ...read, dryRun: true })
    const answer = createAccessRequestAnswer.parse(tried.body)
    expect([answer.request.id, answer.request.state, answer.request.duration]).toEqual([
      undefined,
      'pending',
      '8h',
    ])
    expect(answer.durations).toEqual(['1h', '2h', '4h', '8h', '12h'])
    const after = accessRequestsAnswer.parse((await world.as('ann').get(requests)).body).items.length
    expect(after).toBe(before)
  })

  test('everything that is wrong is told at once, with its place', async () => {
    const answer = await world.as('ann').post(requests, {
      items: [pair('production', 'ReadOnly'), { kind: 'role', name: 'manages' }],
      duration: '13h',
      startAt: instant(now() + 31 * day),
      pendingFor: '15d',
    })
    expect([answer.status, answer.body.code]).toEqual([403, 'REQUEST_NOT_ALLOWED'])
    const { fields } = answer.body as { fields: { path: string; message: string }[] }
    expect(fields.map(({ path }) => path).sort()).toEqual([
      'body.duration',
      'body.items.1',
      'body.pendingFor',
      'body.startAt',
    ])
    const text = await world.as('ann').post(requests, { ...read, duration: 'long', startAt: 'soon' })
    expect([text.status, text.body.code, text.body.fields.length]).toEqual([400, 'INVALID_INPUT', 2])
    const short = await world.as('ann').post(requests, { ...read, duration: '4m' })
    expect(refusalOf(short)).toEqual([400, 'INVALID_INPUT', expect.stringContaining('5m at least')])
  })

  test('who may not ask hears the same of what is there and of what is not, in their own words', async () => {
    const words = async (account: string, set: string) => {
      const answer = await world.as('olga').post(requests, { items: [pair(account, set)] })
      expect([answer.status, answer.body.code]).toEqual([403, 'REQUEST_NOT_ALLOWED'])
      return String(answer.body.detail)
    }
    expect(await words(production.id, sets.readOnly.arn)).toBe(
      `No role of yours lets you ask for the permission set ${sets.readOnly.arn} in the account ${production.id}.`,
    )
    expect(await words('production', 'ReadOnly')).not.toContain(production.id)
    expect(await words('nowhere', 'Nothing')).toBe(
      'No role of yours lets you ask for the permission set Nothing in the account nowhere.',
    )
    expect(await words('twin', 'ReadOnly')).toBe(
      'No role of yours lets you ask for the permission set ReadOnly in the account twin.',
    )
    const unclear = await world.as('ann').post(requests, { items: [pair('twin', 'ReadOnly')] })
    expect(String(unclear.body.detail)).toContain('More than one account has the name twin; write its id.')
  })

  test('a machine user and the operator ask for nothing', async () => {
    const secret = await world.token('asker', ['asks'])
    const machine = await world.machine(secret, 'post', requests, read)
    expect(refusalOf(machine)).toEqual([403, 'FORBIDDEN', expect.stringContaining('asked for by people')])
    const operator = await world.machine(world.gateway.operatorToken, 'post', requests, read)
    expect(operator.status).toBe(403)
  })

  test('a start in the future begins then, and not before', async () => {
    const startAt = instant(now() + hour)
    const { id } = await world.ask('ann', { ...read, startAt, duration: '1h' })
    const approved = await world.approve('rita', id)
    expect([approved.active, approved.startAt, approved.endsAt]).toEqual([
      false,
      startAt,
      instant(now() + 2 * hour),
    ])
    expect(approved.activatedAt).toBeUndefined()
    expect((await end('ann', id, 'cancel')).status).toBe(200)
  })
})

describe('who sees a request', () => {
  test('the requester, reviewers and whom a role allows to read; to others it does not exist', async () => {
    const { id } = await world.ask('ann', read)
    for (const who of ['ann', 'rita', 'max']) expect((await world.see(who, id)).id).toBe(id)
    for (const who of ['bob', 'olga']) {
      const hidden = await world.as(who).get(`${requests}/${id}`)
      const guessed = await world.as(who).get(`${requests}/00000000-0000-4000-8000-000000000000`)
      expect(hidden.status).toBe(404)
      expect(String(hidden.body.detail).replace(id, 'X')).toBe(
        String(guessed.body.detail).replace('00000000-0000-4000-8000-000000000000', 'X'),
      )
      for (const how of ['cancel', 'release', 'revoke']) expect((await end(who, id, how)).status).toBe(404)
      expect((await world.review(who, id, { all: 'approve' })).status).toBe(404)
      expect((await world.as(who).post(`${requests}/${id}/extend`, { duration: '1h' })).status).toBe(404)
      expect((await world.as(who).get(`${requests}/${id}/promotions`)).status).toBe(404)
      expect((await world.as(who).post(`${requests}/${id}/promote`, { list: 'x' })).status).toBe(404)
      expect((await world.as(who).delete(`${requests}/${id}`)).status).toBe(404)
    }
    await end('ann', id, 'cancel')
  })

  test('lists hold what concerns each, newest first, page after page', async () => {
    const ids: string[] = []
    for (const reason of ['one', 'two', 'three']) ids.push((await world.ask('bob', { ...read, reason })).id)
    const list = async (who: string, query: string) =>
      accessRequestsAnswer.parse((await world.as(who).get(`${requests}?${query}`)).body)
    const mine = await list('bob', 'state=pending&limit=2')
    expect(mine.items.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    const rest = await list('bob', `state=pending&limit=2&cursor=${mine.nextCursor ?? ''}`)
    expect([rest.items.map(({ id }) => id), rest.nextCursor]).toEqual([[ids[0]], undefined])
    const toReview = await list('rita', 'of=review')
    expect(toReview.items.map(({ id }) => id)).toEqual([...ids].reverse())
    expect(toReview.toReview).toBe(3)
    expect((await list('rita', 'of=all&search=TWO%20bob')).items.map(({ id }) => id)).toEqual([ids[1]])
    expect((await list('max', 'of=all&state=pending')).items).toHaveLength(3)
    expect(await list('olga', 'of=all')).toEqual({ items: [], toReview: 0 })
    expect((await list('ann', 'of=all')).items.every(({ user }) => user === mail('ann'))).toBe(true)
    expect((await world.as('bob').get(`${requests}?state=lost`)).status).toBe(400)
    for (const id of ids) await end('bob', id, 'cancel')
    expect((await list('rita', 'of=review')).items).toEqual([])
  })

  test('lists count by state what they find, those that they do not show too', async () => {
    const ids: string[] = []
    for (const reason of ['first', 'second', 'third'])
      ids.push((await world.ask('bob', { ...read, reason: `counted ${reason}` })).id)
    const counts = async (who: string, query: string) =>
      accessRequestsAnswer.parse((await world.as(who).get(`${requests}?counts=true&${query}`)).body).counts
    await world.approve('rita', ids[0] ?? '')
    await world.review('rita', ids[1] ?? '', { all: 'deny', reason: 'no' })
    const all = { all: 3, pending: 1, active: 1, approved: 1, over: 1, hasMore: false }
    expect(await counts('bob', 'search=counted&limit=1')).toEqual(all)
    expect(await counts('bob', 'search=counted&state=pending')).toEqual(all)
    expect(await counts('max', 'of=all&search=counted')).toEqual(all)
    expect(await counts('bob', 'search=counted%20third')).toMatchObject({ all: 1, pending: 1, over: 0 })
    expect(await counts('olga', 'of=all')).toMatchObject({ all: 0 })
    expect(await counts('bob', `search=counted&limit=1&cursor=${ids[2] ?? ''}`)).toBeUndefined()
    await end('bob', ids[0] ?? '', 'release')
    await end('bob', ids[2] ?? '', 'cancel')
  })

  test('what waits for a reviewer tells what the requester has of it and asked for before, as far as they see it', async () => {
    const before = await world.ask('bob', read)
    await world.approve('rita', before.id)
    const again = await world.ask('bob', { ...read, reason: 'again' })
    const toReview = async (who: string, of = 'review') =>
      accessRequestsAnswer
        .parse((await world.as(who).get(`${requests}?of=${of}`)).body)
        .items.find(({ id }) => id === again.id)
    const row = await toReview('rita')
    expect(row?.items[0]?.alreadyHas).toMatch(/^until \d{4}-\d\d-\d\d \d\d:\d\d UTC by another request$/)
    expect(row?.recent?.[0]).toMatchObject({ id: before.id, state: 'approved', active: true, itemCount: 1 })
    expect(row?.recent?.map(({ id }) => id)).not.toContain(again.id)
    expect((await toReview('rita', 'all'))?.recent).toBeUndefined()
    await end('bob', before.id, 'release')
    expect((await toReview('rita'))?.items[0]?.alreadyHas).toBeUndefined()
    await end('bob', again.id, 'cancel')
  })

  test('a session says whether its person reviews requests', async () => {
    const rightsOf = async (who: string) =>
      sessionAnswer.parse((await world.as(who).get('/v1/session')).body).rights
    expect(await rightsOf('rita')).toContain('access_request:review')
    for (const who of ['bob', 'max', 'olga'])
      expect(await rightsOf(who)).not.toContain('access_request:review')
  })

  test('a reviewer whose role shows no names sees ids, also in a search', async () => {
    const { id } = await world.ask('ann', { items: [pair('staging', 'PowerUser')] })
    const [item] = (await world.see('rita', id)).items
    expect([item?.account, item?.permissionSet]).toEqual([{ id: staging.id }, { arn: sets.powerUser.arn }])
    const found = await world.as('rita').get(`${requests}?of=all&state=pending&search=staging`)
    expect(accessRequestsAnswer.parse(found.body).items).toEqual([])
    expect((await world.see('max', id)).items[0]?.account?.name).toBe('staging')
    const other = await world.ask('ann', read)
    expect((await world.see('rita', other.id)).items[0]?.name).toBe('ReadOnly on production')
    for (const one of [id, other.id]) await end('ann', one, 'cancel')
  })
})

describe('decisions on single items', () => {
  test('38 of 40 are approved and two denied: the request gives what was approved', async () => {
    const items = sandboxes.map(({ name }) => pair(name, 'ReadOnly'))
    const { id } = await world.ask('ann', { items })
    const all = sandboxes.map((account) => itemOf(account.id, sets.readOnly.arn))
    const first = await world.review('rita', id, { approve: all.slice(0, 38) })
    expect([first.body.request.state, first.body.effectual]).toEqual(['pending', true])
    expect(
      first.body.request.items.filter(({ state }: { state: string }) => state === 'pending'),
    ).toHaveLength(2)
    const again = await world.review('rita', id, { approve: all.slice(0, 1) })
    expect([again.status, again.body.code]).toEqual([409, 'CONFLICT'])
    const second = await world.review('rolf', id, { deny: all.slice(38), reason: 'not these' })
    expect([second.body.request.state, second.body.request.active]).toEqual(['approved', true])
    expect((await world.see('ann', id)).items.filter(({ state }) => state === 'approved')).toHaveLength(38)
    await end('ann', id, 'release')
  })

  test('a review that names nothing, both sides, or what is not there is refused', async () => {
    const { id } = await world.ask('ann', read)
    for (const input of [
      {},
      { approve: [readProduction], deny: [readProduction] },
      { approve: [powerStaging] },
      { all: 'approve', approve: [readProduction] },
      { approve: [readProduction], duration: '9h' },
      { approve: [readProduction], duration: '1m' },
      { approve: [readProduction], startAt: 'then' },
      { deny: [readProduction], duration: '1h' },
    ]) {
      const answer = await world.review('rita', id, input)
      expect([input, answer.status, answer.body.code]).toEqual([input, 400, 'INVALID_INPUT'])
    }
    const shortened = await world.review('rita', id, { all: 'approve', duration: '30m' })
    expect(shortened.body.request.endsAt).toBe(instant(now() + 30 * minute))
    await end('ann', id, 'release')
  })
})

describe('the end of a request', () => {
  test('the requester cancels while it waits, and gives back what they have; others do neither', async () => {
    const waits = await world.ask('ann', read)
    for (const who of ['rita', 'max']) expect((await end(who, waits.id, 'cancel')).status).toBe(403)
    const cancelled = await end('ann', waits.id, 'cancel', 'not needed')
    expect([cancelled.body.request.state, cancelled.body.request.may.cancel]).toEqual(['cancelled', false])
    expect(refusalOf(await end('ann', waits.id, 'cancel'))).toEqual([
      409,
      'CONFLICT',
      'The request is cancelled already.',
    ])
    const active = await world.ask('ann', read)
    expect((await end('ann', active.id, 'release')).status).toBe(409)
    await world.approve('rita', active.id)
    expect((await end('ann', active.id, 'cancel')).status).toBe(409)
    expect((await end('rita', active.id, 'release')).status).toBe(403)
    const released = await end('ann', active.id, 'release')
    expect([released.body.request.state, released.body.request.endsAt]).toEqual(['expired', instant(now())])
  })

  test('a reviewer and an administrator revoke, the requester does not', async () => {
    for (const who of ['rolf', 'max']) {
      const { id } = await world.ask('ann', read)
      await world.approve('rita', id)
      expect((await end('ann', id, 'revoke')).status).toBe(403)
      const revoked = await end(who, id, 'revoke', 'left the project')
      expect([revoked.status, revoked.body.request.state]).toEqual([200, 'revoked'])
      const told = (await auditEvents(world.gateway, { limit: '5' })).find((event) => event['id'] === id)
      expect(told).toMatchObject({
        code: 'T5001I',
        action: 'revoked',
        updated_by: mail(who),
        state: 'REVOKED',
      })
      expect((await end(who, id, 'revoke')).status).toBe(409)
    }
  })

  test('an administrator removes what is over, and passes no threshold', async () => {
    const { id } = await world.ask('ann', read)
    const refused = await world.review('max', id, { all: 'approve' })
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN'])
    expect((await world.as('max').delete(`${requests}/${id}`)).status).toBe(409)
    expect((await world.as('rita').delete(`${requests}/${id}`)).status).toBe(403)
    await end('ann', id, 'cancel')
    expect((await world.as('ann').delete(`${requests}/${id}`)).status).toBe(403)
    expect((await world.as('max').delete(`${requests}/${id}`)).status).toBe(204)
    expect((await world.as('ann').get(`${requests}/${id}`)).status).toBe(404)
    const [told] = await auditEvents(world.gateway, { limit: '1' })
    expect(told).toMatchObject({ code: 'T5003I', id, updated_by: mail('max') })
  })
})
