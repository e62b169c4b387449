/** What comes of an access request after its approval: extended, assumed in a session, promoted to a membership. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccessRequestAnswer, promotionsAnswer, sessionAnswer } from '../../src/api/contract.js'
import { hour } from '../../src/core/time.js'
import { auditEvents, role } from '../support/people.js'
import { awsLabels } from '../support/sp.js'
import { mail, pair, refusalOf, RequestWorld, requests } from './access-requests-world.js'

const list = (name: string, spec: object) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: `The ${name}`, owners: [mail('judy')], ...spec },
})

let world: RequestWorld
beforeAll(async () => {
  world = await RequestWorld.open({
    resources: [
      role('tiles', 'v8', { allow: { app_labels: awsLabels } }),
      role('lists-roles', 'v8', { allow: { rules: [{ resources: ['role'], verbs: ['list', 'read'] }] } }),
      role('asks-more', 'v8', {
        allow: {
          request: { search_as_roles: ['reader', 'tiles'], roles: ['lists-roles'], max_duration: '4h' },
        },
      }),
      role('reviews-more', 'v8', {
        allow: { review_requests: { roles: ['reader', 'tiles', 'lists-roles'] } },
      }),
      list('readers', { grants: { roles: ['reader'] } }),
      list('everything', { grants: { roles: ['reader', 'power'] } }),
      list('writers', { grants: { roles: ['power'] } }),
      list('seniors', { grants: { roles: ['reader'] }, membership_requires: { roles: ['power'] } }),
      list('foreign', { grants: { roles: ['reader'] }, owners: ['admin'] }),
      list('coded', { type: 'static', grants: { roles: ['reader'] } }),
      role('secret', 'v8', { allow: {} }),
      role('two-eyes', 'v8', {
        allow: { request: { roles: ['secret'], thresholds: [{ approve: 2, deny: 1 }] } },
      }),
      role('guards', 'v8', { allow: { review_requests: { roles: ['secret'] } } }),
      list('stale', {
        owners: [mail('gwen')],
        grants: { roles: ['secret'] },
        audit: { next_audit_date: '2025-01-01T00:00:00Z', when_overdue: { then: 'remove_grants' } },
      }),
      list('secrets', { owners: [mail('gina')], grants: { roles: ['secret'] } }),
    ],
    people: { eva: ['asks-more'], ed: ['asks-more'], rex: ['reviews-more'] },
  })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

const read = { items: [pair('production', 'ReadOnly')] }
const at = (instant: number) => new Date(instant).toISOString()
const now = () => world.gateway.clock.now()
const extend = async (who: string, id: string, duration: string) =>
  await world.as(who).post(`${requests}/${id}/extend`, { duration, reason: 'not done' })

describe('an extension', () => {
  test('is asked for and decided like a request, goes on from the end, and never beyond the longest time', async () => {
    const { id } = await world.ask('eva', { ...read, duration: '2h' })
    expect(refusalOf(await extend('eva', id, '1h')).slice(0, 2)).toEqual([409, 'CONFLICT'])
    await world.approve('rex', id)
    const start = now()
    expect((await extend('rex', id, '1h')).status).toBe(403)
    const tooLong = await extend('eva', id, '3h')
    expect(refusalOf(tooLong)).toEqual([400, 'INVALID_INPUT', expect.stringContaining('At most 2h')])
    world.gateway.clock.advance(hour)
    const tried = await world.as('eva').post(`${requests}/${id}/extend`, { duration: '1h', dryRun: true })
    expect(createAccessRequestAnswer.parse(tried.body).durations.at(-1)).toBe('2h')
    const asked = createAccessRequestAnswer.parse((await extend('eva', id, '1h')).body)
    const extension = asked.request.id ?? ''
    expect([asked.request.extends, asked.request.state]).toEqual([id, 'pending'])
    const twice = await extend('eva', id, '1h')
    expect(refusalOf(twice)).toEqual([
      409,
      'CONFLICT',
      expect.stringContaining('waits for its decision already'),
    ])
    const approved = await world.approve('rex', extension)
    expect([approved.active, approved.endsAt]).toEqual([true, at(start + 3 * hour)])
    const old = await world.see('eva', id)
    expect([old.active, old.endsAt, old.extendedBy, old.may.extend]).toEqual([
      true,
      at(start + 2 * hour),
      extension,
      false,
    ])
    expect(old.timeline.at(-1)).toMatchObject({ what: 'extended', by: mail('rex') })
    const told = (await auditEvents(world.gateway, { limit: '20' })).filter((event) => event['id'] === id)
    expect(told[0]).toMatchObject({ code: 'T5001I', action: 'extended' })
    world.gateway.clock.advance(2 * hour - 60_000)
    expect([(await world.see('eva', extension)).active, (await world.see('eva', id)).active]).toEqual([
      true,
      false,
    ])
    const beyond = await extend('eva', extension, '2h')
    expect(refusalOf(beyond)).toEqual([400, 'INVALID_INPUT', expect.stringContaining('At most 1h')])
    await world.as('eva').post(`${requests}/${extension}/release`, {})
  })

  test('goes with what it extends when that is revoked, waiting or approved', async () => {
    await world.join('enid', ['asks-more'])
    const begin = async () => {
      const { id } = await world.ask('enid', { ...read, duration: '2h' })
      await world.approve('rex', id)
      world.gateway.clock.advance(hour)
      const asked = createAccessRequestAnswer.parse((await extend('enid', id, '1h')).body)
      return { id, extension: asked.request.id ?? '' }
    }
    const waiting = await begin()
    await world.as('rex').post(`${requests}/${waiting.id}/revoke`, { reason: 'wrong account' })
    expect((await world.see('enid', waiting.extension)).state).not.toBe('pending')
    expect((await world.as('rex').post(`${requests}/${waiting.extension}/approve`, {})).status).not.toBe(200)
    const approved = await begin()
    expect((await world.approve('rex', approved.extension)).active).toBe(true)
    await world.as('rex').post(`${requests}/${approved.id}/revoke`, { reason: 'wrong account' })
    const after = [await world.see('enid', approved.id), await world.see('enid', approved.extension)]
    expect(after.map(({ active }) => active)).toEqual([false, false])
    const told = (await auditEvents(world.gateway, { limit: '20' })).filter(
      (event) => event['id'] === approved.extension,
    )
    expect(told[0]).toMatchObject({ code: 'T5001I' })
  })

  /** A request that gives access, with what goes on with it, one after the other. */
  const chainOf = async (who: string, extensions: number) => {
    await world.join(who, ['asks-more'])
    const { id } = await world.ask(who, { ...read, duration: '2h' })
    await world.approve('rex', id)
    const chain = [id]
    for (let made = 0; made < extensions; made += 1) {
      const asked = await extend(who, chain.at(-1) ?? '', '30m')
      chain.push(createAccessRequestAnswer.parse(asked.body).request.id ?? '')
      await world.approve('rex', chain.at(-1) ?? '')
    }
    return chain
  }
  const see = async (who: string, ids: readonly string[]) => {
    const seen = await Promise.all(ids.map((id) => world.see(who, id)))
    return seen.map(({ state, active }) => [state, active])
  }

  test('is given back with what it extends, and one that waits is cancelled', async () => {
    const [first = '', second = ''] = await chainOf('gil', 1)
    const asked = createAccessRequestAnswer.parse((await extend('gil', second, '30m')).body)
    const released = await world.as('gil').post(`${requests}/${first}/release`, {})
    expect(released.status).toBe(200)
    expect(await see('gil', [first, second, asked.request.id ?? ''])).toEqual([
      ['expired', false],
      ['expired', false],
      ['cancelled', false],
    ])
  })

  test('is revoked with the first one, also where one between them is over', async () => {
    const [first = '', second = '', third = ''] = await chainOf('ian', 2)
    // As it is where only the one between was given back.
    await world.gateway.gateway.store.transaction(async ({ accessRequests }) => {
      const between = await accessRequests.find(second)
      if (between === undefined) throw new Error('there is no extension')
      await accessRequests.update({ ...between, state: 'expired', endsAt: now() })
    })
    expect(await see('ian', [first, second, third])).toEqual([
      ['approved', true],
      ['expired', false],
      ['approved', true],
    ])
    await world.as('rex').post(`${requests}/${first}/revoke`, { reason: 'wrong account' })
    expect(await see('ian', [first, third])).toEqual([
      ['revoked', false],
      ['revoked', false],
    ])
  })
})

describe('assuming', () => {
  const assume = async (who: string, id: string) =>
    await world.as(who).send('put', `/v1/me/assumed-requests/${id}`)
  const drop = async (who: string, id: string) => await world.as(who).delete(`/v1/me/assumed-requests/${id}`)
  const rolesOf = async (who: string) =>
    sessionAnswer.parse((await world.as(who).get('/v1/session')).body).user?.roles ?? []

  test('adds the roles in one session until they are dropped or over, and adds nothing to asking', async () => {
    await world.join('iris', ['asks-more', 'reviews'])
    await world.join('rob', ['reviews-more'])
    const { id } = await world.ask('iris', { items: [{ kind: 'role', name: 'lists-roles' }], duration: '1h' })
    expect((await assume('iris', id)).status).toBe(409)
    await world.approve('rob', id)
    expect((await world.as('iris').get('/v1/roles')).status).toBe(403)
    expect((await assume('rob', id)).status).toBe(404)
    expect((await assume('iris', id)).status).toBe(204)
    expect((await assume('iris', id)).status).toBe(204)
    expect(await rolesOf('iris')).toContain('lists-roles')
    expect((await world.as('iris').get('/v1/roles')).status).toBe(200)
    expect(await world.see('iris', id)).toMatchObject({ assumed: true, may: { assume: false } })
    const held = await world
      .as('iris')
      .post(requests, { items: [{ kind: 'role', name: 'lists-roles' }], dryRun: true })
    expect(held.status).toBe(200)
    expect((await drop('iris', id)).status).toBe(204)
    expect(await rolesOf('iris')).not.toContain('lists-roles')
    const told = (await auditEvents(world.gateway, { limit: '20' })).filter((event) => event['id'] === id)
    expect(told.slice(0, 2).map(({ action }) => action)).toEqual(['dropped', 'assumed'])
    await assume('iris', id)
    await world.as('iris').post(`${requests}/${id}/release`, {})
    expect(await rolesOf('iris')).not.toContain('lists-roles')
  })

  test('an account assignment is in AWS and nothing to assume; what nobody has is not found', async () => {
    await world.join('ivo', ['asks', 'aws'])
    await world.join('ron', ['reviews'])
    const { id } = await world.ask('ivo', read)
    await world.approve('ron', id)
    expect(refusalOf(await assume('ivo', id))).toEqual([
      409,
      'CONFLICT',
      expect.stringContaining('nothing of it'),
    ])
    expect((await drop('ivo', 'nothing')).status).toBe(404)
    const token = await world.token('machine', ['reviews'])
    const machine = await world.machine(token, 'put', `/v1/me/assumed-requests/${id}`)
    expect(machine.status).toBe(403)
  })
})

test('the sign-in to AWS comes with an assignment where the person has none', async () => {
  await world.join('ina', ['asks-more'])
  const { request, notes } = await world.ask('ina', read)
  expect(request.items.map(({ kind }) => kind)).toEqual(['assignment', 'app'])
  expect(notes.join(' ')).toContain('The sign-in to AWS')
  await world.join('ben', ['asks'])
  const without = await world.ask('ben', read)
  expect(without.request.items.map(({ kind }) => kind)).toEqual(['assignment'])
  expect(without.notes.join(' ')).toContain('You cannot sign in to AWS')
})

describe('promotion', () => {
  test('offers the lists that grant everything, with why one cannot be chosen', async () => {
    await world.join('lena', ['asks'])
    const { id } = await world.ask('lena', { items: [...read.items, pair('staging', 'ReadOnly')] })
    const judy = await world.join('judy', ['reviews'])
    const offered = promotionsAnswer.parse((await judy.get(`${requests}/${id}/promotions`)).body)
    expect(offered.items.map(({ list, possible, says }) => [list, possible, says])).toEqual([
      ['everything', true, 'It also gives the role power, the role reader.'],
      ['readers', true, 'It also gives the role reader.'],
      ['coded', false, expect.stringContaining('managed as code')],
      ['seniors', false, `${mail('lena')} lacks the role power, which members of the list need.`],
    ])
    for (const name of ['seniors', 'coded', 'writers', 'foreign', 'nowhere']) {
      const refused = await judy.post(`${requests}/${id}/promote`, { list: name })
      expect([name, refused.status]).toEqual([name, 409])
    }
    const past = await judy.post(`${requests}/${id}/promote`, {
      list: 'readers',
      expires: '2001-01-01T00:00:00Z',
    })
    expect(past.status).toBe(400)
    const done = await judy.post(`${requests}/${id}/promote`, { list: 'readers', reason: 'works here' })
    expect([done.status, done.body.request.state, done.body.request.promotedTo]).toEqual([
      200,
      'promoted',
      { list: 'readers', title: 'The readers' },
    ])
    const members = await judy.get('/v1/access-lists/readers/members')
    expect(members.body.items).toEqual([
      expect.objectContaining({ name: mail('lena'), reason: expect.stringContaining(`request ${id}`) }),
    ])
    const told = (await auditEvents(world.gateway, { limit: '20' })).filter((event) => event['id'] === id)
    expect(told[0]).toMatchObject({ action: 'promoted', promoted_access_list_name: 'readers' })
  })
})

test('a promotion names the list to the requester and to whoever sees it, and to nobody else', async () => {
  await world.join('lotte', ['asks'])
  await world.join('rafe', ['reviews'])
  await world.join('mona', ['manages'])
  const owner = await world.join('judy-2', ['reviews'])
  await world.put(
    list('hush', { title: 'Hush-hush', owners: [mail('judy-2')], grants: { roles: ['reader'] } }),
  )
  const { id } = await world.ask('lotte', read)
  const done = await owner.post(`${requests}/${id}/promote`, { list: 'hush', reason: 'works here' })
  expect(done.status).toBe(200)
  const said = async (name: string) => {
    const shown = await world.see(name, id)
    const row = (await world.as(name).get(`${requests}?of=all&state=promoted&limit=200`)).body.items.find(
      (one: { id: string }) => one.id === id,
    )
    const { says } = shown.timeline.find(({ what }) => what === 'promoted') ?? {}
    return [shown.promotedTo, row.promotedTo, says, /hush/i.test(JSON.stringify([shown, row]))]
  }
  const named = { list: 'hush', title: 'Hush-hush' }
  for (const name of ['lotte', 'judy-2']) {
    expect(await said(name)).toEqual([named, named, 'Hush-hush: works here', true])
  }
  // One may review such requests, the other manages all of them; the list is no matter of theirs.
  for (const name of ['rafe', 'mona']) expect(await said(name)).toEqual([{}, {}, 'works here', false])
})

test('a promotion looks again at who approved and who asked, as the second approval does (T28)', async () => {
  await world.join('gina', ['guards'])
  const secret = { items: [{ kind: 'role', name: 'secret' }] }
  const secretsFor = async (requester: string, approver: string) => {
    await world.join(requester, ['two-eyes'])
    await world.join(approver, ['guards'])
    const { id } = await world.ask(requester, secret)
    await world.review(approver, id, { all: 'approve' })
    return id
  }
  const removed = await secretsFor('dora', 'gert')
  const removal = await world.admin.delete(`/v1/resources/user/${encodeURIComponent(mail('gert'))}`)
  expect(removal.status).toBeLessThan(300)
  const locked = await secretsFor('dave', 'glen')
  await world.lock('glen')
  const mayNot = await secretsFor('dina', 'gus')
  await world.put({
    kind: 'user',
    version: 'v2',
    metadata: { name: mail('dina') },
    spec: { roles: ['no-labels'] },
  })
  const tooFew = 'Too few of those who approved it may still do so.'
  for (const [id, says] of [
    [removed, tooFew],
    [locked, tooFew],
    [mayNot, 'The requester may no longer ask for it.'],
  ] as const) {
    const done = await world.as('gina').post(`${requests}/${id}/promote`, { list: 'secrets' })
    expect(refusalOf(done)).toEqual([409, 'CONFLICT', `role/secret: ${says}`])
    // Approving alone gives no access either, and says the same.
    const plain = await world.review('gina', id, { all: 'approve' })
    expect([plain.body.request.state, plain.body.request.timeline.at(-1).says]).toEqual([
      'revoked',
      `role/secret: ${says}`,
    ])
  }
  expect((await world.as('gina').get('/v1/access-lists/secrets/members')).body.items).toEqual([])
})

test('a list whose review is so late that it gives nothing is no promotion, be it empty yet', async () => {
  await world.join('gwen', ['guards'])
  await world.join('dirk', ['two-eyes'])
  await world.join('gabe', ['guards'])
  const { id } = await world.ask('dirk', { items: [{ kind: 'role', name: 'secret' }] })
  await world.review('gabe', id, { all: 'approve' })
  const says =
    'The review of access list "stale" was due on 2025-01-01; it gives its members nothing until it is finished.'
  const offered = await world.as('gwen').get(`${requests}/${id}/promotions`)
  expect(promotionsAnswer.parse(offered.body).items).toMatchObject([{ list: 'stale', possible: false, says }])
  const done = await world.as('gwen').post(`${requests}/${id}/promote`, { list: 'stale' })
  expect(refusalOf(done)).toEqual([409, 'CONFLICT', says])
})

test('who asks more than 100 times in an hour has to wait; trying is not counted', async () => {
  await world.join('mike', ['no-labels'])
  for (let asked = 0; asked < 100; asked += 1) {
    expect((await world.as('mike').post(requests, read)).status).toBe(403)
  }
  expect(refusalOf(await world.as('mike').post(requests, read)).slice(0, 2)).toEqual([
    429,
    'TOO_MANY_ATTEMPTS',
  ])
  expect((await world.as('mike').post(requests, { ...read, dryRun: true })).status).toBe(403)
}, 60_000)
