/** Real mail from a real database to a real SMTP server; only time is held. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { createMailer } from '../../src/notify/mailer.js'
import { backOffMs, OutboxWorker, sendWaiting } from '../../src/notify/outbox-worker.js'
import { openStore } from '../../src/store/sql/open.js'
import type { OutboxMessage } from '../../src/store/store.js'
import { MailServer } from '../support/mail-server.js'
import { SteppedTimers } from '../support/stepped-timers.js'

const start = Date.parse('2026-12-01T00:00:00Z')
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

function message(id: string, to: string): OutboxMessage {
  return {
    id,
    key: `key-${id}`,
    channel: 'mail',
    to,
    subject: `Mail ${id}`,
    text: 'Please review.\n',
    html: '<p>Please review.</p>\n',
    createdAt: start,
    notBefore: start,
    expiresAt: start + 7 * day,
    attempts: 0,
    lastError: undefined,
  }
}

async function open(...messages: readonly OutboxMessage[]) {
  const server = await MailServer.open()
  const store = await openStore({ url: 'sqlite::memory:' })
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
  })
  await store.outbox.add(messages)
  const from = { name: undefined, address: 'gatehouse@example.com' }
  const security = 'none' as const
  const mailer = createMailer({
    server: { host: '127.0.0.1', port: server.port, security, user: undefined, from },
    password: undefined,
  })
  const timers = new SteppedTimers(new ManualClock(start))
  const lines: string[] = []
  const logger = createLogger('trace', { write: (line) => lines.push(line) })
  const { outbox } = store
  return { server, store, outbox, timers, lines, options: { outbox, mailer, timers, logger } }
}

describe('the outbox', () => {
  test('sends each mail once, however often it is asked', async () => {
    const mails = Array.from({ length: 23 }, (_, index) => message(`m${index}`, `p${index}@example.com`))
    const { server, outbox, options } = await open(...mails)
    const [one, other] = await Promise.all([sendWaiting(options), sendWaiting(options)])
    expect((one?.sent ?? 0) + (other?.sent ?? 0)).toBe(23)
    expect(await sendWaiting(options)).toEqual({ sent: 0, isDown: false })
    expect(server.taken.map(({ to }) => to.join()).sort()).toEqual(mails.map(({ to }) => to).sort())
    expect(await outbox.count(start)).toEqual({ waiting: 0, givenUp: 0, lastError: undefined })
  })

  test('sends again what a process left behind between sending and marking, under the same id', async () => {
    const { server, outbox, timers, options } = await open(message('a', 'olga@example.com'))
    const marked = new Error('the process ended')
    const dying = new Proxy(outbox, {
      get: (target, name) =>
        name === 'markSent'
          ? () => Promise.reject(marked)
          : (...given: unknown[]): unknown => Reflect.apply(Reflect.get(target, name), target, given),
    })
    await expect(sendWaiting({ ...options, outbox: dying })).rejects.toThrow(marked)
    expect(await sendWaiting(options)).toEqual({ sent: 0, isDown: false })
    timers.moveTo((await outbox.nextAt()) ?? 0)
    expect(await sendWaiting(options)).toEqual({ sent: 1, isDown: false })
    const ids = server.taken.map(({ headers }) => headers.get('message-id'))
    expect(ids).toEqual(['<a@example.com>', '<a@example.com>'])
  })

  test('gives one up that is refused for good, and sends the others', async () => {
    const { server, outbox, lines, options } = await open(
      message('a', 'not an address'),
      message('b', 'gone@example.com'),
      message('c', 'olga@example.com'),
    )
    server.refuses.set('gone@example.com', { code: 550, says: 'no such user' })
    expect(await sendWaiting(options)).toEqual({ sent: 1, isDown: false })
    expect(server.taken.map(({ to }) => to)).toEqual([['olga@example.com']])
    expect(await outbox.count(start)).toEqual({
      waiting: 0,
      givenUp: 2,
      lastError: 'the mail server refused the recipient: 550 no such user',
    })
    expect(lines.join('')).toContain('a mail was given up')
    expect(lines.join('')).not.toContain('gone@example.com')
  })

  test('tries again later and later, and gives up when it is not worth it any more', async () => {
    const { server, outbox, timers, options } = await open(message('a', 'full@example.com'))
    server.refuses.set('full@example.com', { code: 452, says: 'mailbox full' })
    const waits: number[] = []
    for (;;) {
      await sendWaiting(options)
      const next = await outbox.nextAt()
      if (next === undefined) break
      waits.push((next - timers.now()) / minute)
      timers.moveTo(next)
    }
    expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360])
    expect(timers.now()).toBeGreaterThan(start + 6.5 * day)
    expect(timers.now()).toBeLessThan(start + 7 * day)
    expect(await outbox.count(start)).toMatchObject({ waiting: 0, givenUp: 1 })
  })

  test('does not send what nobody sent in time', async () => {
    const { server, outbox, timers, options } = await open(message('a', 'olga@example.com'))
    timers.moveTo(start + 7 * day)
    await sendWaiting(options)
    expect(server.taken).toEqual([])
    expect(await outbox.count(start)).toMatchObject({ givenUp: 1, lastError: 'it was not sent in time' })
  })

  test('asks a server that is down once, and sends all once it is back', async () => {
    const mails = Array.from({ length: 12 }, (_, index) => message(`m${index}`, `p${index}@example.com`))
    const { server, outbox, timers, options } = await open(...mails)
    await server[Symbol.asyncDispose]()
    expect(await sendWaiting(options)).toEqual({ sent: 0, isDown: true })
    expect(await outbox.count(start)).toMatchObject({
      waiting: 12,
      lastError: 'the mail server cannot be reached: ECONNREFUSED',
    })
    await using back = await MailServer.open({ port: server.port })
    timers.moveTo(start + minute)
    expect(await sendWaiting(options)).toEqual({ sent: 12, isDown: false })
    expect(back.taken).toHaveLength(12)
  })

  test('waits between 1 minute and 6 hours', () => {
    expect([1, 2, 10, 1000].map(backOffMs)).toEqual([minute, 2 * minute, 6 * hour, 6 * hour])
  })
})

describe('the worker', () => {
  test('sends what is there, what it is woken for, and what others wrote within a minute', async () => {
    const { server, outbox, timers, options } = await open(message('a', 'a@example.com'))
    await using worker = new OutboxWorker(options)
    worker.start()
    await server.until(1)
    await timers.untilSleeping(start + minute)
    await outbox.add([message('b', 'b@example.com')])
    worker.wake()
    await server.until(2)
    await timers.untilSleeping(start + minute)
    await outbox.add([message('c', 'c@example.com')])
    timers.moveTo(start + minute)
    await server.until(3)
    expect(server.taken.flatMap(({ to }) => to)).toEqual(['a@example.com', 'b@example.com', 'c@example.com'])
  })
})
