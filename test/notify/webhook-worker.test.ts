/** Real messages from a real database to real HTTP servers; only time is held. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { ManualClock } from '../../src/lib/clock.js'
import { createGuardedFetch } from '../../src/lib/guarded-fetch.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { systemTimers } from '../../src/lib/timers.js'
import { createWebhookSender, webhookTimeoutMs } from '../../src/notify/webhook-sender.js'
import { sendLine, WebhookWorker, type FoundEndpoint } from '../../src/notify/webhook-worker.js'
import { openStore } from '../../src/store/sql/open.js'
import type { OutboxMessage } from '../../src/store/store.js'
import { SteppedTimers } from '../support/stepped-timers.js'
import { verifies, WebhookReceiver } from '../support/webhook-receiver.js'

const start = Date.parse('2026-12-01T00:00:00Z')
const minute = 60_000
const hour = 60 * minute
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const other = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
const line = (to: string) => ({ channel: 'webhook', to }) as const

function message(id: string, to = 'chat'): OutboxMessage {
  return {
    id,
    key: `key-${id}`,
    channel: 'webhook',
    to,
    subject: 'access_request.created',
    text: JSON.stringify({ type: 'access_request.created', data: { id, reason: 'ümläut' } }),
    html: '',
    createdAt: start,
    notBefore: start,
    expiresAt: start + 30 * hour,
    attempts: 0,
    lastError: undefined,
  }
}

async function open(...messages: readonly OutboxMessage[]) {
  const receiver = await WebhookReceiver.open()
  const store = await openStore({ url: 'sqlite::memory:' })
  onTestFinished(async () => {
    await receiver[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
  })
  const { outbox } = store
  await outbox.add(messages)
  const timers = new SteppedTimers(new ManualClock(start))
  const fetch = createGuardedFetch({ allowLoopback: true })
  const lines: string[] = []
  const gone: string[] = []
  const endpoints = new Map<string, FoundEndpoint>([
    ['chat', { url: receiver.url, secrets: [secret], allowsPrivateNetwork: false }],
  ])
  const options = {
    outbox,
    sender: createWebhookSender({ fetch: { public: fetch, private: fetch }, timers }),
    findEndpoint: (name: string) =>
      Promise.resolve(endpoints.get(name) ?? { refused: 'the webhook was removed' }),
    markGone: (name: string) => {
      gone.push(name)
      endpoints.set(name, { refused: 'the receiver said that it wants nothing any more' })
      return Promise.resolve()
    },
    timers,
    random: systemRandom,
    logger: createLogger('trace', { write: (one) => lines.push(one) }),
  }
  const last = async (name = 'chat') => await outbox.listLast(line(name), 10)
  return { receiver, outbox, timers, endpoints, lines, gone, options, last }
}

describe('a message', () => {
  test('is signed so that who knows the secret believes it, and nobody else', async () => {
    const { receiver, options, last } = await open(message('a'))
    expect(await sendLine(options, 'chat')).toBe(1)
    const [got] = receiver.received
    if (got === undefined) throw new Error('nothing came')
    expect(got.headers).toMatchObject({ 'webhook-id': 'a', 'content-type': 'application/json' })
    expect(got.payload.data).toEqual({ id: 'a', reason: 'ümläut' })
    expect(verifies(secret, got, start)).toBe(true)
    expect(verifies(other, got, start)).toBe(false)
    expect(verifies(secret, { ...got, body: got.body.replace('created', 'revoked') }, start)).toBe(false)
    expect(verifies(secret, { ...got, headers: { ...got.headers, 'webhook-id': 'b' } }, start)).toBe(false)
    // Caught, and sent again later.
    expect(verifies(secret, got, start + 6 * minute)).toBe(false)
    expect(await last()).toMatchObject([{ id: 'a', state: 'sent', attempts: 1, endedAt: start }])
  })

  test('is signed by each secret that is good', async () => {
    const { receiver, endpoints, options } = await open(message('a'))
    endpoints.set('chat', { url: receiver.url, secrets: [other, secret], allowsPrivateNetwork: false })
    await sendLine(options, 'chat')
    const [got] = receiver.received
    expect(got && [secret, other].map((one) => verifies(one, got, start))).toEqual([true, true])
    expect(String(got?.headers['webhook-signature']).split(' ')).toHaveLength(2)
  })

  test('that is not taken comes again under the same id, later and later, signed anew, for about a day', async () => {
    const { receiver, outbox, timers, lines, options, last } = await open(message('a'))
    receiver.answers.push(...Array.from({ length: 20 }, () => 500))
    const waits: number[] = []
    for (;;) {
      await sendLine(options, 'chat')
      const next = await outbox.nextAt({ channel: 'webhook' })
      if (next === undefined) break
      waits.push((next - timers.now()) / 1000)
      timers.moveTo(next)
    }
    const plain = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800]
    expect(waits).toHaveLength(plain.length)
    for (const [place, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual((plain[place] ?? 0) * 0.8 - 0.001)
      expect(wait).toBeLessThanOrEqual((plain[place] ?? 0) * 1.2 + 0.001)
    }
    expect(timers.now() - start).toBeGreaterThan(18 * hour)
    expect(timers.now() - start).toBeLessThan(29 * hour)
    expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set(['a']))
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    const newest = receiver.received.at(-1)
    expect(newest && verifies(secret, newest, timers.now())).toBe(true)
    expect(await last()).toMatchObject([
      { state: 'given_up', attempts: 11, lastError: 'the receiver answered 500' },
    ])
    expect(lines.join('')).not.toMatch(/whsec_|127\.0\.0\.1|ümläut/)
  })

  test('is taken after it failed, and then no more', async () => {
    const { receiver, timers, options, last } = await open(message('a'))
    receiver.answers.push(503)
    expect(await sendLine(options, 'chat')).toBe(0)
    expect(await last()).toMatchObject([{ state: 'waiting', lastError: 'the receiver answered 503' }])
    timers.moveTo(start + minute)
    expect(await sendLine(options, 'chat')).toBe(1)
    expect(await sendLine(options, 'chat')).toBe(0)
    expect(receiver.received.map(({ id }) => id)).toEqual(['a', 'a'])
    expect(await last()).toMatchObject([{ state: 'sent', attempts: 2, nextAt: undefined }])
  })

  test('follows no redirect', async () => {
    await using elsewhere = await WebhookReceiver.open()
    const { receiver, options, last } = await open(message('a'))
    receiver.answers.push(307)
    receiver.location = elsewhere.url
    await sendLine(options, 'chat')
    expect(elsewhere.received).toEqual([])
    const lastError = 'the receiver answered 307, and redirects are not followed'
    expect(await last()).toMatchObject([{ state: 'waiting', lastError }])
  })

  test('is tried again where the receiver says nothing in time', async () => {
    const { receiver, timers, options, last } = await open(message('a'))
    receiver.answers.push('silent')
    const sending = sendLine(options, 'chat')
    await receiver.until(1)
    timers.moveTo(start + webhookTimeoutMs)
    expect(await sending).toBe(0)
    expect(await last()).toMatchObject([{ lastError: 'the receiver did not answer in time' }])
  })

  test('is tried again where nobody listens', async () => {
    const { receiver, options, last } = await open(message('a'))
    await receiver[Symbol.asyncDispose]()
    await sendLine(options, 'chat')
    expect(await last()).toMatchObject([{ lastError: 'the receiver cannot be reached (ECONNREFUSED)' }])
  })

  test('stops the webhook where the receiver is gone, with all that waits for it', async () => {
    const { receiver, gone, options, last } = await open(message('a'), message('b'))
    receiver.answers.push(410)
    expect(await sendLine(options, 'chat')).toBe(0)
    expect([gone, receiver.received.length]).toEqual([['chat'], 1])
    expect((await last()).map(({ id, state }) => [id, state])).toEqual([
      ['b', 'given_up'],
      ['a', 'given_up'],
    ])
  })

  test('is given up where its webhook is no more, and where it is too old', async () => {
    const { receiver, timers, options, last } = await open(message('a', 'removed'), message('b'))
    await sendLine(options, 'removed')
    expect(await last('removed')).toMatchObject([{ state: 'given_up', lastError: 'the webhook was removed' }])
    timers.moveTo(start + 30 * hour)
    await sendLine(options, 'chat')
    expect(await last()).toMatchObject([{ state: 'given_up', lastError: 'it was not taken in time' }])
    expect(receiver.received).toEqual([])
  })

  test('reaches no address that is not public, whatever its name says', async () => {
    const fetch = createGuardedFetch({ allowLoopback: false })
    const inside = createGuardedFetch({ allowLoopback: false, allowPrivate: true })
    const timers = systemTimers(new ManualClock(start))
    const sender = createWebhookSender({ fetch: { public: fetch, private: inside }, timers })
    const send = async (url: string, allowsPrivateNetwork: boolean) =>
      await sender.send({ url, secrets: [secret], allowsPrivateNetwork }, { id: 'a', body: '{}' })
    const { receiver } = await open()
    for (const url of [
      receiver.url,
      'https://10.0.0.1/',
      'https://169.254.169.254/latest',
      'https://[fe80::1]/',
    ]) {
      expect(await send(url, false)).toMatchObject({
        outcome: 'failed',
        error: expect.stringContaining('is not an address on the public internet') as string,
      })
    }
    // A private network may be allowed; where clouds keep credentials is never one.
    for (const url of [receiver.url, 'https://169.254.169.254/latest', 'https://[fd00:ec2::254]/latest']) {
      expect(await send(url, true)).toMatchObject({
        outcome: 'failed',
        error: expect.stringContaining('is not an address on the public internet') as string,
      })
    }
    expect(receiver.received).toEqual([])
  })
})

describe('the worker', () => {
  test('keeps no webhook waiting for another that is slow', async () => {
    await using slow = await WebhookReceiver.open()
    slow.answers.push('silent')
    const { receiver, endpoints, options, timers } = await open(message('a', 'slow'))
    endpoints.set('slow', { url: slow.url, secrets: [secret], allowsPrivateNetwork: false })
    await using worker = new WebhookWorker(options)
    worker.start()
    await slow.until(1)
    await options.outbox.add([message('b'), message('c', 'slow'), message('d')])
    worker.wake()
    await receiver.until(2)
    expect(receiver.received.map(({ id }) => id)).toEqual(['b', 'd'])
    expect(slow.received).toHaveLength(1)
    timers.moveTo(start + webhookTimeoutMs)
    await slow.until(2)
    expect(slow.received.map(({ id }) => id)).toEqual(['a', 'c'])
  })

  test('sends what a process left behind between sending and marking, under the same id', async () => {
    const { receiver, outbox, timers, options } = await open(message('a'))
    receiver.answers.push('silent')
    {
      await using worker = new WebhookWorker(options)
      worker.start()
      await receiver.until(1)
    }
    await using worker = new WebhookWorker(options)
    timers.moveTo((await outbox.nextAt({ channel: 'webhook' })) ?? 0)
    worker.start()
    await receiver.until(2)
    expect(receiver.received.map(({ id }) => id)).toEqual(['a', 'a'])
  })

  test('leaves mail alone', async () => {
    const { outbox, options } = await open(
      { ...message('m', 'olga@example.com'), channel: 'mail' },
      message('a'),
    )
    expect(await outbox.listDue('webhook', start)).toEqual(['chat'])
    await sendLine(options, 'olga@example.com')
    const take = { now: start, until: start + minute, limit: 10 }
    expect((await outbox.claim(take)).map(({ id }) => id)).toEqual(['m'])
    expect(await outbox.count(start)).toMatchObject({ waiting: 1 })
    expect(await outbox.count(start, { channel: 'webhook' })).toMatchObject({ waiting: 1 })
  })
})
