/** Real mail from a real database to a real SMTP server, while time stands still. */
import { expect, onTestFinished, test } from 'vitest'
import { wakeAfterCommit } from '../../src/app/wake-after-commit.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { createMailer } from '../../src/notify/mailer.js'
import { OutboxWorker } from '../../src/notify/outbox-worker.js'
import { openStore } from '../../src/store/sql/open.js'
import type { OutboxMessage } from '../../src/store/store.js'
import { MailServer } from '../support/mail-server.js'
import { SteppedTimers } from '../support/stepped-timers.js'

const start = Date.parse('2026-12-01T00:00:00Z')
const minute = 60_000

function message(id: string, channel: OutboxMessage['channel']): OutboxMessage {
  return {
    ...{ id, channel, key: id, to: `${id}@example.com`, subject: id, text: 'text', html: '' },
    ...{ createdAt: start, notBefore: start, expiresAt: start + minute, attempts: 0, lastError: undefined },
  }
}

test('mail leaves with the commit that wrote it, and whoever sends webhooks is not woken for it', async () => {
  const opened = await openStore({ url: 'sqlite::memory:' })
  const server = await MailServer.open()
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]()
    await opened[Symbol.asyncDispose]()
  })
  const told: string[] = []
  const workers: { mail?: OutboxWorker } = {}
  const store = wakeAfterCommit(opened, {
    onCommit: () => told.push('commit'),
    onMessage: (channel) => {
      told.push(channel)
      if (channel === 'mail') workers.mail?.wake()
    },
  })
  const from = { name: undefined, address: 'gatehouse@example.com' }
  const smtp = { host: '127.0.0.1', port: server.port, security: 'none', user: undefined, from } as const
  const timers = new SteppedTimers(new ManualClock(start))
  await using worker = new OutboxWorker({
    outbox: store.outbox,
    mailer: createMailer({ server: smtp, password: undefined }),
    timers,
    logger: createLogger('silent'),
  })
  workers.mail = worker
  worker.start()
  await timers.untilSleeping(start + minute)
  await store.transaction(async (tx) => {
    await tx.outbox.add([message('a', 'mail')])
    expect(told).toEqual([])
  })
  await server.until(1)
  expect(server.taken.map(({ to }) => to)).toEqual([['a@example.com']])
  expect(timers.now()).toBe(start)
  expect(told).toEqual(['commit', 'mail'])
  await store.transaction(async (tx) => {
    await tx.outbox.add([message('b', 'webhook')])
  })
  // What is there already is nothing new, and what was taken back was never written.
  await store.transaction(async (tx) => {
    await tx.outbox.add([message('a', 'mail')])
  })
  await expect(
    store.transaction(async (tx) => {
      await tx.outbox.add([message('c', 'mail')])
      throw new Error('taken back')
    }),
  ).rejects.toThrow('taken back')
  expect(told).toEqual(['commit', 'mail', 'commit', 'webhook', 'commit'])
})
