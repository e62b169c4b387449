import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { CreateGroupCommand, ListUsersCommand } from '@aws-sdk/client-identitystore'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { EmulatorContext } from '../../../src/emulator/context.js'
import { mountEvents } from '../../../src/emulator/control/events.js'
import { emptyOrganisation } from '../../../src/emulator/state/organisation.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import { adminKey, AwsWorld, demo } from '../aws-world.js'
import { startTime } from '../portal.js'
import { EventFeed } from './event-feed.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

const IdentityStoreId = demo.identityStoreId
const listUsers = () => world.clients.identitystore.send(new ListUsersCommand({ IdentityStoreId }))
const createGroup = (DisplayName: string) =>
  world.clients.identitystore.send(new CreateGroupCommand({ IdentityStoreId, DisplayName }))

interface EventList {
  readonly events: readonly ({ id: number; type: string } & Record<string, unknown>)[]
  readonly lost: number
  readonly lastId: number
  readonly more: boolean
}
async function list(query = ''): Promise<EventList> {
  const headers = { accept: 'application/json' }
  return (await (await fetch(`${world.url}/_emulator/events${query}`, { headers })).json()) as EventList
}

describe('the event stream', () => {
  test('tells changes and calls as they happen, from now on', async () => {
    await listUsers()
    await using feed = await EventFeed.open(world.url)
    expect(feed.response.headers.get('content-type')).toBe('text/event-stream')
    expect(feed.response.headers.get('cache-control')).toBe('no-store')
    await createGroup('Pilots')
    const [change, call] = await feed.take(2)
    expect(change).toMatchObject({
      event: 'change',
      data: { type: 'change', at: startTime, change: { table: 'groups', put: { displayName: 'Pilots' } } },
    })
    expect(call).toMatchObject({
      event: 'call',
      data: {
        type: 'call',
        operation: 'identitystore:CreateGroup',
        caller: adminKey.accessKeyId,
        status: 200,
      },
    })
    expect(Number(call?.id)).toBe(Number(change?.id) + 1)
    expect(change?.data['id']).toBe(Number(change?.id))
  })

  test('tells faults, the clock, settings and resets', async () => {
    await using feed = await EventFeed.open(world.url)
    await world.control('POST', 'faults', { operation: '*', fault: { kind: 'error' } })
    await listUsers().catch(() => undefined)
    await world.advance(1000)
    await world.control('PUT', 'settings', {})
    await world.control('POST', 'reset')
    const messages = await feed.take(5)
    expect(messages.map(({ event }) => event)).toEqual(['fault', 'call', 'clock', 'settings', 'reset'])
  })

  test.each([
    ['?since=', async (id: number) => EventFeed.open(world.url, `events?since=${id}`)],
    [
      'Last-Event-ID',
      async (id: number) => EventFeed.open(world.url, 'events', { 'last-event-id': String(id) }),
    ],
  ])('goes on after the event of %s', async (_name, open) => {
    const before = (await list()).events.at(-1)?.id ?? 0
    for (let n = 0; n < 3; n++) await listUsers()
    await using feed = await open(before + 1)
    const messages = await feed.take(2)
    expect(messages.map(({ id }) => Number(id))).toEqual([before + 2, before + 3])
  })

  test.each(['?since=-1', '?since=x', '?since=1&since=2', '?since=1e3'])('refuses %s', async (query) => {
    const response = await fetch(`${world.url}/_emulator/events${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      code: 'INVALID_INPUT',
      message: 'since: give the id of an event, a whole number',
    })
  })

  test('takes a hundred readers and no more; one that leaves makes room', async () => {
    await using other = await AwsWorld.open()
    const feeds = await Promise.all(Array.from({ length: 100 }, () => EventFeed.open(other.url)))
    expect(feeds.every(({ response }) => response.status === 200)).toBe(true)
    await using refused = await EventFeed.open(other.url)
    expect(refused.response.status).toBe(503)
    await feeds[0]?.[Symbol.asyncDispose]()
    await expect
      .poll(async () => {
        await using next = await EventFeed.open(other.url)
        return next.response.status
      })
      .toBe(200)
    for (const feed of feeds) await feed[Symbol.asyncDispose]()
  })
})

describe('as a list', () => {
  test('events after an id come oldest first, and the list ends', async () => {
    await listUsers()
    const all = await list()
    expect(all.lost).toBe(0)
    const last = all.events.at(-1)
    expect(last).toMatchObject({ type: 'call', operation: 'identitystore:ListUsers' })
    const { lastId } = all
    expect(last?.id).toBe(lastId)
    expect(await list(`?since=${lastId - 1}`)).toEqual({ events: [last], lost: 0, lastId, more: false })
    expect(await list(`?since=${lastId}`)).toEqual({ events: [], lost: 0, lastId, more: false })
  })

  test('comes in portions of at most the limit, which say where to go on', async () => {
    for (let n = 0; n < 5; n++) await listUsers()
    const start = (await list()).lastId - 5
    const first = await list(`?since=${start}&limit=3`)
    expect(first.events.map(({ id }) => id - start)).toEqual([1, 2, 3])
    expect(first).toMatchObject({ lastId: start + 3, more: true })
    const second = await list(`?since=${first.lastId}&limit=3`)
    expect(second.events.map(({ id }) => id - start)).toEqual([4, 5])
    expect(second).toMatchObject({ lastId: start + 5, more: false })
  })

  test.each(['0', '-1', 'x', '10001', '', '1&limit=2'])('refuses limit=%s', async (limit) => {
    const headers = { accept: 'application/json' }
    const response = await fetch(`${world.url}/_emulator/events?limit=${limit}`, { headers })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      code: 'INVALID_INPUT',
      message: 'limit: give a whole number from 1 to 10000',
    })
  })

  test('an id of an earlier run is before everything', async () => {
    const all = await list()
    expect(await list('?since=999999999')).toEqual(all)
  })
})

test('no secret is in an event or in the state', async () => {
  const RoleArn = `arn:aws:iam::${demo.management}:role/auditor`
  await world.clients.iam.send(
    new CreateRoleCommand({
      RoleName: 'auditor',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: demo.management }, Action: 'sts:AssumeRole' }],
      }),
    }),
  )
  const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ada' })
  const { Credentials: made } = await world.clients.sts.send(command)
  const { token } = (await world.control('POST', 'scim/tokens', {})) as { token: string }
  const shown = JSON.stringify([await list(), await world.control('GET', 'state')])
  expect(shown).toContain(made?.AccessKeyId)
  expect(shown).toContain('"secretAccessKey":"(hidden)","sessionToken":"(hidden)"')
  for (const secret of [made?.SecretAccessKey, made?.SessionToken, token, adminKey.secretAccessKey]) {
    expect(secret).toMatch(/^.{16,}$/)
    expect(shown).not.toContain(secret)
  }
})

describe('a reader on its own', () => {
  async function serve(heartbeatMs: number) {
    const context = new EmulatorContext(emptyOrganisation, {
      clock: new ManualClock(startTime),
      random: systemRandom,
      logger: createLogger('silent'),
      publicUrl: 'http://127.0.0.1',
    })
    const app = express()
    mountEvents(app, context, heartbeatMs)
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no address')
    return {
      events: context.events,
      url: `http://127.0.0.1:${address.port}`,
      [Symbol.asyncDispose]: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    }
  }

  test('gets a heartbeat in real time although the clock stands still', async () => {
    await using server = await serve(5)
    await using feed = await EventFeed.open(server.url)
    for (let n = 0; n < 3; n++) expect(await feed.next()).toBe('comment')
    expect(feed.comments).toBe(3)
  })

  test('that reads nothing costs no memory, and is told what it lost', async () => {
    await using server = await serve(60_000)
    await using feed = await EventFeed.open(server.url)
    expect(await feed.next()).toBe('comment')
    const operation = 'x'.repeat(1000)
    const count = 60_000
    for (let n = 0; n < count; n++) {
      server.events.emit({ type: 'fault', at: startTime, operation, fault: 'error' })
    }
    const seen: number[] = []
    let lost = 0
    while (seen.at(-1) !== count) {
      const message = await feed.next()
      if (message === 'comment') continue
      if (message.event === 'lost') lost += Number(message.data['count'])
      else seen.push(Number(message.id))
    }
    expect(lost).toBeGreaterThan(30_000)
    expect(seen.length + lost).toBe(count)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
  })
})
