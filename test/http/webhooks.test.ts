/** Webhooks from their making to the receiver, over HTTP: who is told what of requests, and who may look after them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { WebhookAnswer, WebhookItem } from '../../src/api/contract.js'
import { auditEvents, role, type TestBrowser } from '../support/people.js'
import { openTestGateway } from '../support/test-gateway.js'
import { verifies, WebhookReceiver } from '../support/webhook-receiver.js'
import { mail, pair, RequestWorld } from './access-requests-world.js'

const day = 86_400_000

async function open(options: Parameters<typeof RequestWorld.open>[1] = {}) {
  const receiver = await WebhookReceiver.open()
  const world = await RequestWorld.open(
    {
      resources: [
        role('hooks', 'v8', { allow: { rules: [{ resources: ['webhook'], verbs: ['*'] }] } }),
        role('reads-hooks', 'v8', {
          allow: { rules: [{ resources: ['webhook'], verbs: ['list', 'read'] }] },
        }),
      ],
      people: { reader: ['reads-hooks'] },
    },
    options,
  )
  onTestFinished(async () => {
    await world[Symbol.asyncDispose]()
    await receiver[Symbol.asyncDispose]()
  })
  return { world, receiver }
}

function hook(name: string, spec: object) {
  return { kind: 'webhook', version: 'v1', metadata: { name }, spec }
}

/** Makes a webhook and answers its secret. */
async function create(by: TestBrowser, name: string, spec: object): Promise<string> {
  const made = await by.post('/v1/resources', hook(name, spec))
  expect([made.status, made.body.detail]).toEqual([200, undefined])
  return (made.body as { changes: { secret: string }[] }).changes[0]?.secret ?? ''
}

async function see(by: TestBrowser, name: string): Promise<WebhookAnswer> {
  const answer = await by.get(`/v1/webhooks/${name}`)
  expect(answer.status).toBe(200)
  return answer.body as WebhookAnswer
}

const read = { items: [pair('production', 'ReadOnly')], reason: 'incident 7' }

describe('a webhook', () => {
  test('is told of what it asked for, at once, with names and who may decide, and of nothing else', async () => {
    const { world, receiver } = await open()
    const events = ['access_request.created', 'access_request.approved']
    const secret = await create(world.admin, 'chat', { url: receiver.url, events })
    const { id } = await world.ask('ann', read)
    const [created] = await receiver.until(1)
    expect(created?.payload).toMatchObject({
      type: 'access_request.created',
      timestamp: new Date(world.gateway.clock.now()).toISOString(),
      data: {
        id,
        url: `http://localhost:3080/requests/${id}`,
        state: 'pending',
        requester: mail('ann'),
        by: mail('ann'),
        reason: 'incident 7',
        items: [{ kind: 'assignment', name: 'ReadOnly on production', state: 'pending' }],
        reviewers: [mail('rita'), mail('rolf')],
      },
    })
    await world.approve('rita', id)
    const [, approved] = await receiver.until(2)
    expect(receiver.types).toEqual(events)
    expect(approved?.payload.data).toMatchObject({ id, state: 'approved', by: mail('rita') })
    expect(approved?.payload.data).not.toHaveProperty('reviewers')
    for (const one of receiver.received) {
      expect(verifies(secret, one, world.gateway.clock.now())).toBe(true)
      expect(one.body).not.toContain('whsec_')
    }
  })

  test('is told of everything where it names no event, each once, and of nothing that was only tried', async () => {
    const { world, receiver } = await open()
    await create(world.admin, 'all', { url: receiver.url })
    await world.as('ann').post('/v1/access-requests', { ...read, dryRun: true })
    const { id } = await world.ask('ann', read)
    await world.approve('rita', id)
    await receiver.until(4)
    await world.as('ann').post(`/v1/access-requests/${id}/release`, {})
    await receiver.until(5)
    expect(receiver.types.map((type) => type.slice('access_request.'.length)).sort()).toEqual([
      'activated',
      'approved',
      'created',
      'released',
      'reviewed',
    ])
    expect(new Set(receiver.received.map(({ id: one }) => one)).size).toBe(5)
  })

  test('shows its secret once, keeps it sealed, and says nothing of it afterwards', async () => {
    const log: string[] = []
    const { world, receiver } = await open({ logSink: (line) => log.push(line) })
    const secret = await create(world.admin, 'chat', { url: `${receiver.url}?key=path-secret` })
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const note = await world.gateway.gateway.store.notes.find('webhook chat')
    const bytes = secret.slice('whsec_'.length)
    const answers = [
      JSON.stringify(note),
      JSON.stringify(await see(world.admin, 'chat')),
      JSON.stringify((await world.admin.get('/v1/resources/webhook/chat')).body),
      JSON.stringify(await auditEvents(world.gateway)),
      log.join(''),
    ]
    for (const answer of answers) expect(answer).not.toContain(bytes)
    const events = await auditEvents(world.gateway)
    const [made] = events.filter(({ event }) => event === 'webhook.create')
    expect(made).toMatchObject({ code: 'TGH020I', name: 'chat', host: `127.0.0.1:${receiver.port}` })
    expect(JSON.stringify(made)).not.toContain('path-secret')
  })

  test('signs with both secrets for a day after a rotation, then with the new one alone', async () => {
    const { world, receiver } = await open()
    const old = await create(world.admin, 'chat', { url: receiver.url })
    const rotated = await world.admin.post('/v1/webhooks/chat/rotate', {})
    const { secret } = rotated.body as { secret: string }
    expect(secret).not.toBe(old)
    const token = await world.token('ops', ['hooks'])
    const ping = async (): Promise<boolean[]> => {
      const count = receiver.received.length
      const answer = await world.machine(token, 'post', '/v1/webhooks/chat/test', {})
      expect(answer.body).toEqual({ delivered: true, status: 204 })
      const got = receiver.received[count]
      expect(got?.payload.type).toBe('gatehouse.ping')
      return [old, secret].map((one) => got !== undefined && verifies(one, got, world.gateway.clock.now()))
    }
    expect(await ping()).toEqual([true, true])
    expect((await see(world.admin, 'chat')).secrets).toHaveLength(2)
    world.gateway.clock.advance(day)
    expect(await ping()).toEqual([false, true])
  })

  test('that is gone is told no more until somebody tests it with success', async () => {
    const { world, receiver } = await open()
    await create(world.admin, 'chat', { url: receiver.url, events: ['access_request.created'] })
    receiver.answers.push(410)
    await world.ask('ann', read)
    await receiver.until(1)
    await expect.poll(async () => (await see(world.admin, 'chat')).state).toBe('gone')
    expect((await see(world.admin, 'chat')).deliveries).toMatchObject([{ state: 'given_up', attempts: 1 }])
    const events = await auditEvents(world.gateway)
    expect(events.filter(({ event }) => event === 'webhook.gone')).toMatchObject([
      { name: 'chat', success: false, code: 'TGH024W' },
    ])
    await world.ask('bob', read)
    await expect.poll(async () => (await see(world.admin, 'chat')).deliveries.length).toBe(2)
    await expect.poll(async () => (await see(world.admin, 'chat')).waiting).toBe(0)
    expect(receiver.received).toHaveLength(1)
    const tested = await world.admin.post('/v1/webhooks/chat/test', {})
    expect(tested.body).toEqual({ delivered: true, status: 204 })
    expect((await see(world.admin, 'chat')).state).not.toBe('gone')
    receiver.answers.push(500)
    await world.admin.post('/v1/webhooks/chat/test', {})
    const tests = (await auditEvents(world.gateway)).filter(({ event }) => event === 'webhook.test')
    expect(tests).toMatchObject([
      { name: 'chat', code: 'TGH025W', success: false, user: 'admin', error: expect.stringContaining('500') },
      { name: 'chat', code: 'TGH025I', success: true, user: 'admin' },
    ])
  })

  test('that fails says so, with the next attempt, and goes on after a restart under the same id', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-hooks-'))
    onTestFinished(async () => await rm(dataDir, { recursive: true, force: true }))
    const receiver = await WebhookReceiver.open()
    onTestFinished(async () => await receiver[Symbol.asyncDispose]())
    const first = await RequestWorld.open({}, { dataDir })
    const secret = await create(first.admin, 'chat', {
      url: receiver.url,
      events: ['access_request.created'],
    })
    receiver.answers.push(500)
    await first.ask('ann', read)
    await receiver.until(1)
    await expect.poll(async () => (await see(first.admin, 'chat')).state).toBe('failing')
    const { deliveries } = await see(first.admin, 'chat')
    expect(deliveries).toMatchObject([
      { state: 'waiting', attempts: 1, error: 'the receiver answered 500', id: receiver.received[0]?.id },
    ])
    const { clock } = first.gateway
    expect(Date.parse(deliveries[0]?.nextAt ?? '')).toBeGreaterThan(clock.now())
    await first[Symbol.asyncDispose]()
    clock.advance(60_000)
    await using second = await openTestGateway({ dataDir, clock })
    const [one, again] = await receiver.until(2)
    expect(again?.id).toBe(one?.id)
    expect(again?.body).toBe(one?.body)
    expect(again && verifies(secret, again, second.clock.now())).toBe(true)
  })

  test('that is disabled or removed is told nothing; removing it withdraws what waits', async () => {
    const { world, receiver } = await open()
    await create(world.admin, 'off', { url: receiver.url, disabled: true })
    await create(world.admin, 'down', { url: receiver.url, events: ['access_request.created'] })
    receiver.answers.push(500)
    await world.ask('ann', read)
    await receiver.until(1)
    await expect.poll(async () => (await see(world.admin, 'down')).deliveries[0]?.attempts).toBe(1)
    expect((await see(world.admin, 'off')).deliveries).toEqual([])
    expect((await world.admin.send('delete', '/v1/resources/webhook/down', {})).status).toBe(200)
    const { notes, outbox } = world.gateway.gateway.store
    expect(await notes.find('webhook down')).toBeUndefined()
    expect((await outbox.count(0, { channel: 'webhook', to: 'down' })).waiting).toBe(0)
    // A later one of the same name begins anew.
    await create(world.admin, 'down', { url: receiver.url })
    expect((await see(world.admin, 'down')).secrets).toHaveLength(1)
  })
})

describe('who may', () => {
  test('read webhooks sees their state, and makes, tests, rotates and removes none', async () => {
    const { world, receiver } = await open()
    await create(world.admin, 'chat', { url: receiver.url })
    const reader = world.as('reader')
    const { items } = (await reader.get('/v1/webhooks')).body as { items: WebhookItem[] }
    expect(items).toMatchObject([{ name: 'chat', state: 'new', waiting: 0, givenUp: 0 }])
    expect((await see(reader, 'chat')).secrets).toHaveLength(1)
    for (const path of ['/v1/webhooks/chat/test', '/v1/webhooks/chat/rotate', '/v1/webhooks/none/test']) {
      expect((await reader.post(path, {})).status).toBe(403)
    }
    expect((await reader.post('/v1/resources', hook('mine', { url: receiver.url }))).status).toBe(403)
    expect(receiver.received).toEqual([])
  })

  test('nothing of the kind sees none; an administrator learns that a name is nobody’s', async () => {
    const { world } = await open()
    for (const path of ['/v1/webhooks', '/v1/webhooks/chat']) {
      expect((await world.as('ann').get(path)).status).toBe(403)
    }
    expect((await world.admin.get('/v1/webhooks/none')).status).toBe(404)
    expect((await world.admin.post('/v1/webhooks/none/rotate', {})).status).toBe(404)
  })
})
