/** @module Conformance of transactions and of the store as a whole. */
import { describe, expect, test } from 'vitest'
import { openStore } from '../../../src/store/sql/open.js'
import { anEvent, aSession, now, open, refusal, type Engine } from './engine.js'

export function transactionConformance(engine: Engine): void {
  describe('transactions', () => {
    test('all of the work is committed and its value answered', async () => {
      const store = await open(await engine.newUrl())
      const revision = await store.transaction(async (tx) => {
        const role = await tx.resources.create({ kind: 'role', name: 'dev', document: {}, now })
        await tx.sessions.create(aSession('a'))
        await tx.audit.append(anEvent('a'))
        expect(await tx.resources.find('role', 'dev')).toEqual(role)
        return role.revision
      })
      expect((await store.resources.find('role', 'dev'))?.revision).toBe(revision)
      expect(await store.sessions.find('a')).toBeDefined()
    })

    test('nothing is left of a transaction that fails, and the store goes on', async () => {
      const store = await open(await engine.newUrl())
      const before = await store.resources.generation()
      const failing = store.transaction(async (tx) => {
        await tx.resources.create({ kind: 'role', name: 'dev', document: {}, now })
        await tx.sessions.create(aSession('a'))
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await store.resources.find('role', 'dev')).toBeUndefined()
      expect(await store.sessions.find('a')).toBeUndefined()
      expect(await store.resources.generation()).toBe(before)
      await store.sessions.create(aSession('a'))
    })

    test('a refused creation leaves the transaction usable', async () => {
      const store = await open(await engine.newUrl())
      await store.resources.create({ kind: 'role', name: 'dev', document: {}, now })
      await store.transaction(async (tx) => {
        await refusal(tx.resources.create({ kind: 'role', name: 'dev', document: {}, now }), 'ALREADY_EXISTS')
        await tx.meta.put('k', 'stored all the same')
      })
      expect(await store.meta.find('k')).toBe('stored all the same')
    })

    test('transactions and single statements at once do not wait for each other for ever', async () => {
      const store = await open(await engine.newUrl())
      const work = Array.from({ length: 20 }, async (_, index) => {
        if (index % 2 === 0) return store.sessions.create(aSession(`s${index}`))
        return store.transaction(async (tx) => {
          await tx.audit.append(anEvent(`e${index}`))
          await tx.sessions.create(aSession(`s${index}`))
        })
      })
      await Promise.all(work)
      expect(await store.sessions.listByUser('alice@example.com')).toHaveLength(20)
    })
  })

  describe('the store', () => {
    test('answers while it is open and refuses when it is closed', async () => {
      const store = await openStore({ url: await engine.newUrl() })
      await store.ping()
      await store[Symbol.asyncDispose]()
      await expect(store.ping()).rejects.toThrow('driver has already been destroyed')
    })
  })
}
