/** @module Conformance of mail that waits to be sent. */
import { describe, expect, test } from 'vitest'
import type { OutboxMessage } from '../../../src/store/access-list-store.js'
import { hour, minute, now, open, refusal, type Engine } from './engine.js'

export function aMessage(id: string, changes: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    id,
    key: `key-${id}`,
    channel: 'mail',
    to: 'olga@example.com',
    subject: 'A review is due',
    text: 'Please review.',
    html: '<p>Please review.</p>',
    createdAt: now,
    notBefore: now,
    expiresAt: now + 24 * hour,
    attempts: 0,
    lastError: undefined,
    ...changes,
  }
}

const take = { now, until: now + 10 * minute, limit: 10 }

export function outboxConformance(engine: Engine): void {
  describe('outbox', () => {
    test('a key is written once, whoever writes it again, also after it was sent', async () => {
      const { outbox } = await open(await engine.newUrl())
      expect(await outbox.add([aMessage('a'), aMessage('b')])).toBe(2)
      expect(await outbox.add([aMessage('c', { key: 'key-a', subject: 'Other' }), aMessage('d')])).toBe(1)
      expect((await outbox.claim(take)).map(({ id, subject }) => [id, subject])).toEqual([
        ['a', 'A review is due'],
        ['b', 'A review is due'],
        ['d', 'A review is due'],
      ])
      await outbox.markSent('a', now)
      expect(await outbox.add([aMessage('e', { key: 'key-a' })])).toBe(0)
      expect(await outbox.add([])).toBe(0)
    })

    test('what is withdrawn is sent no more and can be written again; what was sent stays written', async () => {
      const { outbox } = await open(await engine.newUrl())
      await outbox.add([aMessage('a'), aMessage('b', { notBefore: now + hour }), aMessage('c')])
      await outbox.markSent('a', now)
      await outbox.withdraw(['key-a', 'key-b', 'key-unknown'])
      await outbox.withdraw([])
      expect((await outbox.claim({ ...take, now: now + hour })).map(({ id }) => id)).toEqual(['c'])
      expect(await outbox.add([aMessage('d', { key: 'key-b' }), aMessage('e', { key: 'key-a' })])).toBe(1)
    })

    test('the oldest that are due are claimed, each by one, and again after that time', async () => {
      const { outbox } = await open(await engine.newUrl())
      await outbox.add([
        aMessage('b'),
        aMessage('a'),
        aMessage('later', { notBefore: now + 1 }),
        aMessage('c'),
      ])
      expect((await outbox.claim({ ...take, limit: 2 })).map(({ id }) => id)).toEqual(['b', 'a'])
      expect(await outbox.claim(take)).toEqual([aMessage('c', { attempts: 1 })])
      expect(await outbox.claim(take)).toEqual([])
      const again = await outbox.claim({ now: take.until, until: take.until + 1, limit: 10 })
      expect(again.map(({ id, attempts }) => [id, attempts])).toEqual([
        ['b', 2],
        ['a', 2],
        ['later', 1],
        ['c', 2],
      ])
    })

    test('what failed waits until its time, what was given up and what was sent is gone', async () => {
      const { outbox } = await open(await engine.newUrl())
      await outbox.add([aMessage('a'), aMessage('b'), aMessage('c')])
      await outbox.claim(take)
      await outbox.markFailed('a', { error: 'no answer \0', at: now, notBefore: now + minute })
      await outbox.markFailed('b', { error: 'unknown', at: now, notBefore: undefined })
      await outbox.markSent('c', now)
      expect(await outbox.claim(take)).toEqual([])
      expect(await outbox.claim({ ...take, now: now + minute })).toEqual([
        aMessage('a', { attempts: 2, notBefore: now + minute, lastError: 'no answer \uFFFD' }),
      ])
      // Whoever comes late changes nothing of what has ended.
      await outbox.markFailed('c', { error: 'late', at: now, notBefore: now })
      expect(await outbox.claim({ ...take, now: now + 24 * hour, limit: 1 })).toHaveLength(1)
      expect((await outbox.count(now)).waiting).toBe(1)
    })

    test('counts what waits and what was given up, with the last error', async () => {
      const { outbox } = await open(await engine.newUrl())
      expect(await outbox.count(now)).toEqual({ waiting: 0, givenUp: 0, lastError: undefined })
      await outbox.add([aMessage('a'), aMessage('b'), aMessage('c')])
      expect(await outbox.count(now)).toEqual({ waiting: 3, givenUp: 0, lastError: undefined })
      await outbox.markFailed('a', { error: 'unknown', at: now, notBefore: undefined })
      await outbox.markSent('c', now)
      expect(await outbox.count(now)).toEqual({ waiting: 1, givenUp: 1, lastError: 'unknown' })
      expect(await outbox.count(now + 1)).toEqual({ waiting: 1, givenUp: 0, lastError: undefined })
      await outbox.markFailed('b', { error: 'no answer', at: now, notBefore: now + minute })
      expect(await outbox.count(now + 1)).toEqual({ waiting: 1, givenUp: 0, lastError: 'no answer' })
    })

    test('tells when the next is due and free', async () => {
      const { outbox } = await open(await engine.newUrl())
      expect(await outbox.nextAt()).toBeUndefined()
      await outbox.add([aMessage('a'), aMessage('b', { notBefore: now + hour })])
      expect(await outbox.nextAt()).toBe(now)
      await outbox.claim(take)
      expect(await outbox.nextAt()).toBe(take.until)
      await outbox.markSent('a', now)
      expect(await outbox.nextAt()).toBe(now + hour)
      await outbox.markFailed('b', { error: 'x', at: now, notBefore: undefined })
      expect(await outbox.nextAt()).toBeUndefined()
    })

    test('keeps lines apart: mail, webhooks, and each webhook for itself', async () => {
      const { outbox } = await open(await engine.newUrl())
      const hook = (id: string, to: string, changes: Partial<OutboxMessage> = {}) =>
        aMessage(id, { channel: 'webhook', to, ...changes })
      await outbox.add([
        aMessage('mail'),
        hook('a1', 'a'),
        hook('b1', 'b', { notBefore: now + hour }),
        hook('a2', 'a'),
        hook('c1', 'c'),
      ])
      const line = (to: string) => ({ channel: 'webhook', to }) as const
      expect(await outbox.listDue('webhook', now)).toEqual(['a', 'c'])
      expect(await outbox.listDue('mail', now)).toEqual(['olga@example.com'])
      expect((await outbox.claim(take)).map(({ id }) => id)).toEqual(['mail'])
      expect((await outbox.claim({ ...take, line: line('a'), limit: 1 })).map(({ id }) => id)).toEqual(['a1'])
      expect((await outbox.claim({ ...take, line: line('a') })).map(({ id }) => id)).toEqual(['a2'])
      expect(await outbox.listDue('webhook', now)).toEqual(['c'])
      expect(await outbox.nextAt()).toBe(take.until)
      expect(await outbox.nextAt({ channel: 'webhook' })).toBe(now)
      expect(await outbox.nextAt(line('b'))).toBe(now + hour)
      await outbox.markSent('a1', now + 1)
      await outbox.markFailed('a2', { error: 'no answer', at: now, notBefore: now + minute })
      await outbox.markFailed('c1', { error: 'gone', at: now, notBefore: undefined })
      expect(await outbox.count(now)).toEqual({ waiting: 1, givenUp: 0, lastError: undefined })
      expect(await outbox.count(now, line('a'))).toEqual({ waiting: 1, givenUp: 0, lastError: 'no answer' })
      expect(await outbox.count(now, { channel: 'webhook' })).toMatchObject({ waiting: 2, givenUp: 1 })
      const ended = { nextAt: undefined, lastError: undefined }
      expect(await outbox.listLast(line('a'), 10)).toEqual([
        {
          id: 'a2',
          subject: 'A review is due',
          createdAt: now,
          state: 'waiting',
          attempts: 1,
          lastError: 'no answer',
          nextAt: now + minute,
          endedAt: undefined,
        },
        {
          ...ended,
          id: 'a1',
          subject: 'A review is due',
          createdAt: now,
          state: 'sent',
          attempts: 1,
          endedAt: now + 1,
        },
      ])
      expect((await outbox.listLast(line('a'), 1)).map(({ id }) => id)).toEqual(['a2'])
      await outbox.withdrawAll(line('a'))
      expect((await outbox.listLast(line('a'), 10)).map(({ id }) => id)).toEqual(['a1'])
      expect(await outbox.count(now, { channel: 'webhook' })).toMatchObject({ waiting: 1 })
      expect(await outbox.count(now)).toMatchObject({ waiting: 1 })
    })

    test('forgets what ended before, and what nobody sent in time', async () => {
      const { outbox } = await open(await engine.newUrl())
      await outbox.add([
        aMessage('sent'),
        aMessage('waits', { expiresAt: now + 2 * hour }),
        aMessage('stale', { expiresAt: now - 1 }),
      ])
      await outbox.markSent('sent', now)
      expect(await outbox.deleteBefore(now)).toBe(1)
      expect(await outbox.deleteBefore(now + 1)).toBe(1)
      expect(await outbox.count(0)).toEqual({ waiting: 1, givenUp: 0, lastError: undefined })
      // Its key with it.
      expect(await outbox.add([aMessage('again', { key: 'key-sent' })])).toBe(1)
    })

    test('what a transaction wrote goes with it; what cannot be stored is refused', async () => {
      const store = await open(await engine.newUrl())
      await expect(
        store.transaction(async (tx) => {
          await tx.outbox.add([aMessage('a')])
          throw new Error('no')
        }),
      ).rejects.toThrow('no')
      expect(await store.outbox.claim(take)).toEqual([])
      await refusal(store.outbox.add([aMessage('a', { to: 'x\0' })]), 'INVALID_INPUT')
    })
  })
}
