/** Rules that decide on access requests by themselves, and who is on call: over HTTP, with every way round that we know. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { day, formatInstant, hour, minute } from '../../src/core/time.js'
import { openStore } from '../../src/store/sql/open.js'
import { auditEvents, role } from '../support/people.js'
import {
  mail,
  pair,
  powerStaging,
  readProduction,
  refusalOf,
  RequestWorld,
  requests,
} from './access-requests-world.js'

const items = { accounts: ['*'], permission_sets: ['ReadOnly'] }

function rule(name: string, spec: object): unknown {
  const full = { decision: 'approve', items, ...spec }
  return { kind: 'access_review_rule', version: 'v1', metadata: { name }, spec: full }
}

const writes = (verbs: string[], where?: string) =>
  role('writes-on-call', 'v8', {
    allow: { rules: [{ resources: ['on_call'], verbs, ...(where && { where }) }] },
  })

/** Sees every request, and of the rules this one. */
const readsRules = (name: string) =>
  role(`reads-${name}`, 'v8', {
    allow: {
      rules: [
        { resources: ['access_request'], verbs: ['read'] },
        { resources: ['access_review_rule'], verbs: ['read'], where: `resource.metadata.name == "${name}"` },
      ],
    },
  })

let world: RequestWorld
beforeAll(async () => {
  world = await RequestWorld.open({
    resources: [
      rule('on-call-reads', { on_call: 'primary', max_duration: '4h', reason: 'On call' }),
      rule('no-power', {
        decision: 'deny',
        requester: { users: [mail('bob')] },
        items: { accounts: ['production'], permission_sets: ['PowerUser'] },
      }),
      rule('bob-power', {
        requester: { users: [mail('bob')] },
        items: { accounts: '*', permission_sets: 'PowerUser' },
      }),
      role('two-eyes', 'v8', {
        allow: {
          request: {
            search_as_roles: ['reader'],
            thresholds: [{ name: 'two', approve: 2, deny: 1 }],
          },
        },
      }),
      writes(['list', 'read', 'update', 'delete']),
      readsRules('on-call-reads'),
      readsRules('no-power'),
      role('writes-one', 'v8', {
        allow: {
          rules: [{ resources: ['on_call'], verbs: ['*'], where: 'resource.metadata.name == "secondary"' }],
        },
      }),
    ],
    people: {
      cara: ['asks', 'aws', 'writes-on-call'],
      dora: ['two-eyes', 'aws'],
      pete: ['writes-on-call'],
      lena: ['reads-on-call-reads'],
      otis: ['reads-no-power'],
    },
  })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** What rules approved before counts for their longest time: each test begins without. */
afterEach(async () => {
  for (const who of ['ann', 'cara']) {
    const { body } = await world.as(who).get(`${requests}?of=mine&limit=100`)
    for (const { id, state, active } of body.items) {
      if (state !== 'pending' && state !== 'approved') continue
      const { status } = await world.as(who).post(`${requests}/${id}/${active ? 'release' : 'cancel'}`, {})
      // What goes on with another one ends with it.
      expect([200, 409]).toContain(status)
    }
  }
  world.gateway.clock.advance(6 * minute)
})

const onCall = '/v1/on-call'
const say = async (name: string, users: string[], more: object = {}, by = 'pete') =>
  await world.as(by).send('put', `${onCall}/${name}`, { users: users.map(mail), ...more })

async function setOnCall(...users: string[]): Promise<void> {
  expect((await say('primary', users)).status).toBe(200)
}

const read = { items: [pair('production', 'ReadOnly')], duration: '2h', reason: 'INC-1' }

/** Newest first. */
async function events(event: string): Promise<Record<string, unknown>[]> {
  return (await auditEvents(world.gateway, { limit: '200' })).filter((one) => one['event'] === event)
}

describe('who is on call and asks', () => {
  test('has it at once, by the rule, which every record names', async () => {
    await setOnCall('ann')
    const { request, notes, id } = await world.ask('ann', read)
    expect(notes).toContain('The rule on-call-reads approved everything.')
    expect(request).toMatchObject({ state: 'approved', active: true })
    const seen = await world.see('ann', id)
    expect(seen.reviews).toEqual([
      expect.objectContaining({ author: 'rule/on-call-reads', approve: [readProduction], reason: 'On call' }),
    ])
    expect(seen.timeline.map(({ what, by }) => [what, by])).toEqual([
      ['created', mail('ann')],
      ['reviewed', 'rule/on-call-reads'],
      ['approved', 'rule/on-call-reads'],
      ['activated', 'system'],
    ])
    // Who may open the rule is told so: not ann, and of those with a condition only whom it lets.
    const rules = async (who: string) => {
      const { reviews, timeline } = await world.see(who, id)
      return [...reviews, ...timeline].flatMap((entry) => entry.rule ?? [])
    }
    const said = (mayRead: boolean) => Array(3).fill({ name: 'on-call-reads', mayRead })
    expect(await rules('ann')).toEqual(said(false))
    expect(await rules('lena')).toEqual(said(true))
    expect(await rules('otis')).toEqual(said(false))
    const [created] = (await events('access_request.create')).filter((one) => one['id'] === id)
    expect(created).toMatchObject({ state: 'PENDING' })
    const [reviewed] = (await events('access_request.review')).filter((one) => one['id'] === id)
    expect(reviewed).toMatchObject({
      code: 'T5002I',
      reviewer: 'rule/on-call-reads',
      proposed_state: 'APPROVED',
      state: 'APPROVED',
      review_reason: 'On call',
      user: mail('ann'),
    })
  })

  test('gets no more by requests back to back than the rule allows for one', async () => {
    await setOnCall('ann')
    const three = (from: number) => ({
      ...read,
      duration: '3h',
      ...(from > 0 && { startAt: formatInstant(world.gateway.clock.now() + from) }),
    })
    expect((await world.ask('ann', three(0))).request.state).toBe('approved')
    const { request, notes } = await world.ask('ann', three(3 * hour))
    expect(request.state).toBe('pending')
    expect(notes).toContainEqual(
      expect.stringMatching(/^The rule on-call-reads decides by itself on 4h or less together/),
    )
    expect((await world.ask('ann', three(36 * hour))).request.state).toBe('approved')
  })

  test('waits for people where they are on call no more, or not yet, or the list is over', async () => {
    await setOnCall('bob')
    expect((await world.ask('ann', read)).request.state).toBe('pending')
    await setOnCall('ann', 'bob')
    expect((await world.ask('ann', read)).request.state).toBe('approved')
    const until = formatInstant(world.gateway.clock.now() + minute)
    expect((await say('primary', ['ann'], { until })).status).toBe(200)
    expect((await world.ask('ann', read)).request.state).toBe('approved')
    world.gateway.clock.advance(minute)
    expect((await world.ask('ann', read)).request.state).toBe('pending')
  })

  test('is told by a dry run, which keeps nothing, and gets no more than the rule allows', async () => {
    await setOnCall('ann')
    const dry = await world.as('ann').post(requests, { ...read, dryRun: true })
    expect(dry.body.notes).toContain('The rule on-call-reads would approve everything.')
    const { request, notes, id } = await world.ask('ann', { ...read, duration: '5h' })
    const says = 'The rule on-call-reads decides by itself on 4h or less; this is longer.'
    expect([request.state, notes]).toEqual(['pending', expect.arrayContaining([says])])
    expect((await world.see('rita', id)).timeline[0]).toMatchObject({ what: 'created', says })
  })

  test('gets what the rule covers, and the rest waits for people', async () => {
    await setOnCall('ann')
    const { id, request } = await world.ask('ann', {
      ...read,
      items: [pair('production', 'ReadOnly'), pair('staging', 'PowerUser')],
    })
    expect(request.state).toBe('pending')
    const states = Object.fromEntries((await world.see('ann', id)).items.map((one) => [one.id, one.state]))
    expect(states).toMatchObject({ [readProduction]: 'approved', [powerStaging]: 'pending' })
    expect((await world.approve('rita', id)).active).toBe(true)
  })

  test('extends up to the longest time of the rule, all together', async () => {
    await setOnCall('ann')
    const { id } = await world.ask('ann', { ...read, duration: '3h' })
    const extend = async (duration: string) =>
      await world.as('ann').post(`${requests}/${id}/extend`, { duration, dryRun: true })
    expect((await extend('1h')).body.request.state).toBe('approved')
    const longer = await extend('2h')
    expect([longer.body.request.state, longer.body.notes.join(' ')]).toEqual([
      'pending',
      expect.stringContaining('with what it goes on with'),
    ])
  })
})

describe('a rule and people', () => {
  test('a threshold of two takes the rule and one person, or two people', async () => {
    await setOnCall('dora')
    const { id, request } = await world.ask('dora', read)
    expect(request.state).toBe('pending')
    expect((await world.approve('rita', id)).active).toBe(true)
    await setOnCall()
    const other = await world.ask('dora', read)
    expect((await world.approve('rita', other.id)).state).toBe('pending')
    expect((await world.approve('rolf', other.id)).active).toBe(true)
  })

  test('where the rule says otherwise by then, the person alone is not enough', async () => {
    await setOnCall('dora')
    const { id } = await world.ask('dora', read)
    await setOnCall()
    const approved = await world.approve('rita', id)
    expect(approved.state).toBe('revoked')
    expect(approved.timeline.at(-1)?.says).toContain('Too few of those who approved it may still do so.')
  })

  test('nobody decides in the name of a rule, and no person is called so', async () => {
    const document = { kind: 'user', version: 'v2', metadata: { name: 'rule/on-call-reads' }, spec: {} }
    const made = await world.admin.post('/v1/resources', document)
    expect(made.status).toBe(400)
  })
})

describe('a rule that denies', () => {
  test('denies at once, whatever another rule approves, and says who', async () => {
    const power = (account: string) => ({ ...read, items: [pair(account, 'PowerUser')] })
    const { request, id } = await world.ask('bob', power('production'))
    expect(request.state).toBe('denied')
    expect((await world.see('bob', id)).timeline.at(-1)).toMatchObject({
      what: 'denied',
      by: 'rule/no-power',
    })
    expect((await world.ask('bob', power('staging'))).request.state).toBe('approved')
  })

  test('and comes after people have approved changes nothing that they decided', async () => {
    const startAt = formatInstant(world.gateway.clock.now() + 2 * minute)
    await setOnCall()
    const { id } = await world.ask('ann', { ...read, startAt })
    await world.approve('rita', id)
    await world.put(rule('late', { decision: 'deny' }))
    world.gateway.clock.advance(2 * minute)
    expect((await world.see('ann', id)).state).toBe('approved')
    expect((await world.ask('ann', read)).request.state).toBe('denied')
    await remove('late')
  })

  test('and cannot be read lets none approve, until it is mended', async () => {
    await setOnCall('ann')
    const { clock, dataDir } = world.gateway
    await using store = await openStore({ url: `sqlite:${dataDir}/gatehouse.db` })
    const broken = { kind: 'access_review_rule', version: 'v1', metadata: { name: 'broken' }, spec: {} }
    await store.resources.create({
      kind: 'access_review_rule',
      name: 'broken',
      document: broken,
      now: clock.now(),
    })
    const { request, notes } = await world.ask('ann', read)
    expect([request.state, notes]).toEqual([
      'pending',
      expect.arrayContaining(['Rules approve nothing now, for one that may deny cannot be read.']),
    ])
    await remove('broken')
    expect((await world.ask('ann', read)).request.state).toBe('approved')
  })
})

async function remove(name: string): Promise<void> {
  const path = `/v1/resources/access_review_rule/${name}`
  const { headers } = await world.admin.get(path)
  const gone = await world.admin.send('delete', path, {}, { 'if-match': headers['etag'] ?? '*' })
  expect([gone.status, gone.body.detail]).toEqual([
    expect.toSatisfy((status: number) => status < 300),
    undefined,
  ])
}

describe('a start that is to come', () => {
  const later = () => ({ ...read, startAt: formatInstant(world.gateway.clock.now() + 2 * minute) })

  test('counts for who is on call then, and while the rule is there', async () => {
    await setOnCall('ann')
    const { id, request } = await world.ask('ann', later())
    expect([request.state, request.active]).toEqual(['approved', false])
    world.gateway.clock.advance(2 * minute)
    // Whoever does something with it finds it as it is now.
    const released = await world.as('ann').post(`${requests}/${id}/release`, {})
    expect(released.body.request.timeline.map(({ what }: { what: string }) => what)).toContain('activated')
  })

  test('and gives nothing to who is on call no more', async () => {
    await setOnCall('ann')
    const { id } = await world.ask('ann', later())
    await setOnCall('bob')
    world.gateway.clock.advance(2 * minute)
    const barred = await world.as('ann').post(`${requests}/${id}/release`, {})
    expect(refusalOf(barred)).toEqual([409, 'CONFLICT', 'The request gives no access now.'])
  })
})

describe('lists of who is on call', () => {
  test('are written as a whole, and saying the same again writes nothing', async () => {
    const path = `${onCall}/team-a`
    const before = (await events('on_call.update')).length
    const first = await say('team-a', ['ann', 'bob', 'ann'])
    expect(first.body.list).toMatchObject({
      name: 'team-a',
      users: [mail('ann'), mail('bob')],
      over: false,
      updatedBy: mail('pete'),
    })
    world.gateway.clock.advance(minute)
    const again = await say('team-a', ['ann', 'bob'])
    expect(again.body.list).toEqual(first.body.list)
    expect((await say('team-a', ['bob'])).body.list.users).toEqual([mail('bob')])
    const told = (await events('on_call.update')).slice(0, -before || undefined)
    expect(told.map((one) => [one['code'], one['count'], one['updated_by']])).toEqual([
      ['TGH033I', 1, mail('pete')],
      ['TGH033I', 2, mail('pete')],
    ])
    expect(
      (await world.as('pete').get(onCall)).body.items.map((one: { name: string }) => one.name),
    ).toContain('team-a')
    expect((await world.as('pete').send('delete', path, {})).status).toBeLessThan(300)
    expect(refusalOf(await world.as('pete').get(path)).slice(0, 2)).toEqual([404, 'NOT_FOUND'])
    expect(refusalOf(await world.as('pete').send('delete', path, {})).slice(0, 2)).toEqual([404, 'NOT_FOUND'])
  })

  test('are refused with what is wrong', async () => {
    const past = formatInstant(world.gateway.clock.now() - 1)
    const refused = async (name: string, body: object) =>
      refusalOf(await world.as('pete').send('put', `${onCall}/${name}`, body)).slice(0, 2)
    const invalid = [400, 'INVALID_INPUT']
    expect(await refused('team-b', { users: [], until: past })).toEqual(invalid)
    expect(await refused('team-b', { users: [], until: 'tomorrow' })).toEqual(invalid)
    expect(await refused('team-b', { users: ['a\nb'] })).toEqual(invalid)
    expect(await refused('team-b', { users: [' ann'] })).toEqual(invalid)
    expect(await refused('team-b', { users: Array.from({ length: 1001 }, (_, at) => `p${at}`) })).toEqual(
      invalid,
    )
    expect(await refused('team-b', {})).toEqual(invalid)
    expect(await refused('-b', { users: [] })).toEqual(invalid)
    expect(await refused('a%2Fb', { users: [] })).toEqual(invalid)
    const many = Array.from({ length: 1000 }, (_, at) => `${'p'.repeat(100)}${at}`)
    expect((await world.as('pete').send('put', `${onCall}/team-b`, { users: many })).status).toBe(200)
    expect((await world.as('pete').send('delete', `${onCall}/team-b`, {})).status).toBeLessThan(300)
  })

  test('are for those alone whose roles say so, nobody else may even read them', async () => {
    await setOnCall('ann')
    const barred = [
      await world.as('ann').get(onCall),
      await world.as('ann').get(`${onCall}/primary`),
      await say('primary', ['ann'], {}, 'ann'),
      await world.as('ann').send('delete', `${onCall}/primary`, {}),
    ]
    expect(barred.map((one) => refusalOf(one).slice(0, 2))).toEqual(barred.map(() => [403, 'FORBIDDEN']))
  })

  test('may be left to a machine user, one of them too', async () => {
    const token = await world.token('pager', ['writes-one'])
    const users = { users: [mail('ann')] }
    expect((await world.machine(token, 'put', `${onCall}/secondary`, users)).body.list.updatedBy).toBe(
      'token/pager',
    )
    expect((await world.machine(token, 'put', `${onCall}/primary`, users)).status).toBe(403)
    expect((await world.machine(token, 'get', `${onCall}/primary`)).status).toBe(403)
    const listed = (await world.machine(token, 'get', onCall)).body.items as { name: string }[]
    expect(listed.map(({ name }) => name)).toEqual(['secondary'])
    expect((await world.machine(token, 'delete', `${onCall}/secondary`)).status).toBeLessThan(300)
  })

  test('put nobody on call who wrote them: whoever may write one does not approve themselves', async () => {
    expect((await say('primary', ['cara'], {}, 'cara')).status).toBe(200)
    expect((await world.ask('cara', read)).request.state).toBe('pending')
    // Somebody else stands for the same list.
    await setOnCall('cara')
    expect((await world.ask('cara', read)).request.state).toBe('approved')
  })

  test('forget whoever is removed: the next of the name is not on call', async () => {
    await world.join('gone', ['asks', 'aws'])
    await setOnCall('gone', 'ann')
    const path = `/v1/resources/user/${encodeURIComponent(mail('gone'))}`
    const { headers } = await world.admin.get(path)
    expect(
      (await world.admin.send('delete', path, {}, { 'if-match': String(headers['etag']) })).status,
    ).toBeLessThan(300)
    const { body } = await world.as('pete').get(`${onCall}/primary`)
    expect(body.list.users).toEqual([mail('ann')])
    await world.join('gone', ['asks', 'aws'])
    expect((await world.ask('gone', read)).request.state).toBe('pending')
  })

  test('name whom nobody knows to those who may read users', async () => {
    expect((await say('team-c', ['nobody'])).body.notes).toEqual([])
    const { body } = await world.admin.send('put', `${onCall}/team-c`, {
      users: [mail('nobody'), mail('ann')],
    })
    expect(body.notes).toEqual([`There is no user "${mail('nobody')}".`])
  })
})

test('whoever writes rules is approved by none that they wrote last', async () => {
  const may = { resources: ['access_review_rule'], verbs: ['list', 'read', 'create', 'update', 'delete'] }
  await world.put(role('writes-rules', 'v8', { allow: { rules: [may] } }))
  const wanda = await world.join('wanda', ['asks', 'aws', 'writes-rules'])
  const own = rule('wandas', { requester: { users: [mail('wanda')] } })
  const write = async (browser: typeof wanda, document: unknown) =>
    expect((await browser.post('/v1/resources?mode=replace', [document])).status).toBeLessThan(300)
  await write(wanda, own)
  const says = 'The rule wandas approves nothing here: the requester wrote it last.'
  const first = await world.ask('wanda', read)
  expect([first.request.state, first.notes.includes(says)]).toEqual(['pending', true])
  expect(first.request.timeline[0]?.says).toContain(says)
  // Somebody else stands for it.
  await world.put(rule('wandas', { requester: { users: [mail('wanda')] }, reason: 'agreed' }))
  expect((await world.ask('wanda', read)).request.state).toBe('approved')
  // Written as it is it is not written, and who wrote it stays the same.
  await write(wanda, rule('wandas', { requester: { users: [mail('wanda')] }, reason: 'agreed' }))
  expect((await world.ask('wanda', read)).request.state).toBe('approved')
  const path = '/v1/resources/access_review_rule/wandas'
  const { headers } = await world.admin.get(path)
  await world.admin.send('delete', path, {}, { 'if-match': String(headers['etag']) })
})

test('a rule warns where it approves for everyone, everything, or any length', async () => {
  const { body } = await world.admin.post('/v1/resources?dryRun=true', [
    rule('wide', { items: { accounts: '*', permission_sets: '*' }, requester: undefined }),
  ])
  const [{ notes }] = body.changes as [{ notes: string[] }]
  expect(notes.join(' ')).toMatch(/everyone who may ask.*every account assignment.*any length/)
})

test('hours are those of the time zone, on the clock of the gateway', async () => {
  await setOnCall()
  const now = new Date(world.gateway.clock.now())
  const dayName = (at: Date) => at.toUTCString().slice(0, 3).toLowerCase()
  const office = (days: string) =>
    rule('hours', { schedule: { time_zone: 'UTC', shifts: [{ days, start: '00:00', end: '24:00' }] } })
  await world.put(office(dayName(now)))
  expect((await world.ask('ann', read)).request.state).toBe('approved')
  await world.put(office(dayName(new Date(now.getTime() + 2 * day))))
  expect((await world.ask('ann', read)).request.state).toBe('pending')
})
