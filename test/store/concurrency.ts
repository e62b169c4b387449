/**
 * @module Races and several processes: what several replicas do to one database at the same time. Two Store
 * objects stand for two of them; run for the engines that can be opened twice.
 */
import { describe, expect, test } from 'vitest'
import { isCode } from '../../src/core/error.js'
import type { Store } from '../../src/store/store.js'
import { aRequest } from './conformance/access-requests.js'
import { link, uids } from './conformance/audit.js'
import { aMessage } from './conformance/outbox.js'
import {
  anEvent,
  aSession,
  aSignIn,
  countTrue,
  hour,
  minute,
  now,
  open,
  refusal,
} from './conformance/engine.js'
import type { SharedEngine } from './conformance/engine.js'

const attempts = 8
const times = Array.from({ length: attempts }, (_, index) => index)

export function concurrencyConformance(name: string, engine: SharedEngine): void {
  /** One database, opened twice, and a way to do something by both in turn, all at once. */
  async function replicas(): Promise<{ first: Store; second: Store; each: Store[]; url: string }> {
    const url = await engine.newUrl()
    const [first, second] = [await open(url), await open(url)]
    return { first, second, each: times.map((index) => (index % 2 === 0 ? first : second)), url }
  }

  describe(`${name} store opened twice`, () => {
    test('each sees at once what the other has committed', async () => {
      const { first, second } = await replicas()
      const { revision } = await first.resources.create({
        kind: 'role',
        name: 'dev',
        document: { n: 1 },
        now,
      })
      expect((await second.resources.find('role', 'dev'))?.document).toEqual({ n: 1 })
      const generation = await second.resources.generation()
      await second.resources.update({
        kind: 'role',
        name: 'dev',
        expectedRevision: revision,
        document: {},
        now,
      })
      expect(await first.resources.generation()).toBeGreaterThan(generation)
      await first.sessions.create(aSession('a'))
      await second.sessions.delete('a')
      expect(await first.sessions.find('a')).toBeUndefined()
    })

    test('of many answers to one request exactly one counts', async () => {
      const { first, each } = await replicas()
      for (const index of times) await first.signIns.create(aSignIn(`h${index}`, { requestId: 'r' }))
      const answers = each.map((store, index) => store.signIns.answer(`h${index}`, now, now + hour))
      expect(await countTrue(answers)).toBe(1)
    })

    test('of many answers under one handle exactly one counts, also within transactions', async () => {
      const { first, each } = await replicas()
      await first.signIns.create(aSignIn('sp'))
      await first.signIns.create(aSignIn('idp', { initiatedBy: 'idp', requestId: undefined }))
      for (const handle of ['sp', 'idp']) {
        const answers = each.map((store, index) =>
          store.transaction(async (tx) => {
            await tx.audit.append(anEvent(`${handle}-${index}`))
            return tx.signIns.answer(handle, now, now + hour)
          }),
        )
        expect(await countTrue(answers)).toBe(1)
      }
      expect(await first.audit.chain(100, link)).toBe(2 * attempts)
    })

    test('of many changes of one access request from one revision exactly one counts, with its event', async () => {
      const { first, each } = await replicas()
      await first.accessRequests.create(aRequest('a'))
      const changes = each.map(async (store, index) => {
        const changed = store.transaction(async (tx) => {
          await tx.audit.append(anEvent(`change-${index}`))
          return await tx.accessRequests.update(aRequest('a', { state: 'expired' }))
        })
        return await changed.then(
          () => true,
          (error: unknown) => {
            if (isCode(error, 'REVISION_MISMATCH')) return false
            throw error
          },
        )
      })
      expect(await countTrue(changes)).toBe(1)
      expect((await first.accessRequests.find('a'))?.revision).toBe(2)
      expect(await first.audit.chain(100, link)).toBe(1)
    })

    test('a one-time link is used once, a time step spent once', async () => {
      const { first, each } = await replicas()
      await first.links.create({
        tokenHash: 't',
        kind: 'reset',
        user: 'u',
        createdBy: 'admin',
        createdAt: now,
        expiresAt: now + hour,
        usedAt: undefined,
      })
      expect(await countTrue(each.map((store) => store.links.use('t', now)))).toBe(1)
      const seed = { id: 'f', user: 'u', label: '', sealedSeed: '', createdAt: now, lastUsedAt: undefined }
      await first.credentials.addTotp({ ...seed, lastStep: 0 })
      expect(await countTrue(each.map((store) => store.credentials.spendTotpStep('f', 7, now)))).toBe(1)
    })

    test('no hit on a rate limit is lost', async () => {
      const { each } = await replicas()
      const states = await Promise.all(each.map((store) => store.rateLimits.hit('k', minute, now)))
      expect(states.map(({ count }) => count).sort((a, b) => a - b)).toEqual(times.map((index) => index + 1))
    })

    test('of many updates on one revision exactly one is taken', async () => {
      const { first, each } = await replicas()
      const { revision } = await first.resources.create({ kind: 'role', name: 'dev', document: {}, now })
      const taken = each.map((store, index) =>
        store.resources
          .update({ kind: 'role', name: 'dev', expectedRevision: revision, document: { index }, now })
          .then(
            () => true,
            () => false,
          ),
      )
      expect(await countTrue(taken)).toBe(1)
      const update = { kind: 'role', name: 'dev', expectedRevision: revision, document: {}, now } as const
      await refusal(first.resources.update(update), 'REVISION_MISMATCH')
    })

    test('of many creations with one name or one unique key exactly one is taken', async () => {
      const { each } = await replicas()
      const kind = 'saml_idp_service_provider'
      const created = each.map((store, index) =>
        store.resources
          .create({ kind, name: `sp${index}`, document: {}, uniqueKey: 'https://one', now })
          .then(
            () => true,
            () => false,
          ),
      )
      expect(await countTrue(created)).toBe(1)
    })

    test('of many that want a lease that has ended exactly one has it, under a new term', async () => {
      const { first, each } = await replicas()
      await first.leases.take('l', 'before', now, minute)
      const taken = each.map((store, index) => store.leases.take('l', `h${index}`, now + minute, minute))
      const held = (await Promise.all(taken)).filter((lease) => lease !== undefined)
      expect(held).toMatchObject([{ term: 2 }])
      expect(await first.leases.find('l')).toEqual(held[0])
    })

    test('of many bonds with one id exactly one is made', async () => {
      const { each } = await replicas()
      const put = each.map((store, index) =>
        store.principalLinks
          .put('p', {
            kind: 'user',
            name: `u${index}`,
            awsId: 'one',
            origin: 'created',
            linkedAt: now,
            unwantedSince: undefined,
          })
          .then(
            () => true,
            () => false,
          ),
      )
      expect(await countTrue(put)).toBe(1)
    })

    test('members that many add at once are all there', async () => {
      const { first, each } = await replicas()
      const put = each.map((store, index) =>
        store.members.put([
          {
            list: 'l',
            kind: 'user',
            name: `u${index}`,
            awsUserId: undefined,
            joinedAt: now,
            expiresAt: undefined,
            addedBy: 'admin',
            reason: '',
          },
        ]),
      )
      await Promise.all(put)
      expect(await first.members.list('l')).toHaveLength(attempts)
    })

    test('each message is claimed by one, and written once', async () => {
      const { first, each } = await replicas()
      const messages = times.map((index) => aMessage(`m${index}`))
      const written = await Promise.all(
        each.map((store, index) =>
          store.outbox.add(messages.map((one) => ({ ...one, id: `${one.id}-${index}` }))),
        ),
      )
      expect(written.reduce((sum, count) => sum + count, 0)).toBe(attempts)
      const claims = await Promise.all(
        each.map((store) => store.outbox.claim({ now, until: now + minute, limit: 3 })),
      )
      const claimed = claims.flat().map(({ key }) => key)
      expect(new Set(claimed).size).toBe(claimed.length)
      const rest = await first.outbox.claim({ now, until: now + minute, limit: attempts })
      expect(claimed.length + rest.length).toBe(attempts)
    })

    test('the first of many values for one name is the value of all', async () => {
      const { each } = await replicas()
      const answers = await Promise.all(each.map((store, index) => store.meta.putIfAbsent('k', `v${index}`)))
      expect(new Set(answers).size).toBe(1)
    })

    test('reading, deciding and writing in a transaction is safe', async () => {
      const { first, each } = await replicas()
      await first.meta.put('counter', '0')
      const work = each.map((store) =>
        store.transaction(async (tx) => {
          const value = Number(await tx.meta.find('counter'))
          await tx.meta.put('counter', String(value + 1))
        }),
      )
      await Promise.all(work)
      expect(await first.meta.find('counter')).toBe(String(attempts))
    })

    test('several sequencers at once make one chain without gaps', async () => {
      const { first, second, each } = await replicas()
      const appended = each.flatMap((store, index) =>
        ['a', 'b', 'c'].map((part) => store.audit.append(anEvent(`${part}${index}`))),
      )
      const chained = each.map((store) => store.audit.chain(2, link))
      await Promise.all([...appended, ...chained])
      while ((await second.audit.chain(5, link)) > 0);
      const events = await first.audit.list({ limit: 100, order: 'asc' })
      expect(events.map(({ sequence }) => sequence)).toEqual(
        times.flatMap((i) => [3 * i + 1, 3 * i + 2, 3 * i + 3]),
      )
      let hash = '0'.repeat(64)
      for (const event of events) {
        hash = link(hash, event.json)
        expect(event.hash).toBe(hash)
      }
      expect(new Set(await uids(first)).size).toBe(3 * attempts)
    })
  })
}
