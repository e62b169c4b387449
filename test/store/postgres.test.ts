import { describe, expect, test } from 'vitest'
import { concurrencyConformance } from './concurrency.js'
import { storeConformance } from './conformance.js'
import { link, uids } from './conformance/audit.js'
import { anEvent, now, open, refusal } from './conformance/engine.js'
import { postgresEngine } from './engines.js'

storeConformance('PostgreSQL', postgresEngine)
concurrencyConformance('PostgreSQL', postgresEngine)

/** A promise and the way to keep it. */
function gate(): { readonly passed: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}

describe('PostgreSQL', () => {
  test('an event that was inserted first and committed last is chained later, not skipped', async () => {
    const store = await open(await postgresEngine.newUrl())
    const [inserted, mayCommit] = [gate(), gate()]
    const slow = store.transaction(async (tx) => {
      await tx.audit.append(anEvent('inserted first'))
      inserted.open()
      await mayCommit.passed
    })
    await inserted.passed
    await store.transaction((tx) => tx.audit.append(anEvent('committed first')))
    expect(await store.audit.chain(10, link)).toBe(1)
    mayCommit.open()
    await slow
    expect(await store.audit.chain(10, link)).toBe(1)
    expect(await uids(store)).toEqual(['committed first', 'inserted first'])
    expect((await store.audit.last())?.sequence).toBe(2)
  })

  test('while one process chains, another waits and then goes on where that one ended', async () => {
    const url = await postgresEngine.newUrl()
    const [first, second] = [await open(url), await open(url)]
    await second.audit.append(anEvent('a'))
    const order: string[] = []
    let waiting: Promise<number> | undefined
    await first.transaction(async (tx) => {
      expect(await tx.audit.chain(10, link)).toBe(1)
      await second.audit.append(anEvent('b'))
      waiting = second.audit.chain(10, link).finally(() => order.push('second chained'))
      // A question on another connection is answered while the chaining one waits.
      await second.meta.find('anything')
      order.push('first commits')
    })
    expect(await waiting).toBe(1)
    expect(order).toEqual(['first commits', 'second chained'])
    expect(await uids(second)).toEqual(['a', 'b'])
  })

  test('a transaction that lost a race runs again and sees what the winner wrote', async () => {
    const url = await postgresEngine.newUrl()
    const [first, second] = [await open(url), await open(url)]
    const seen: (string | undefined)[] = []
    await first.transaction(async (tx) => {
      const value = await tx.meta.find('k')
      seen.push(value)
      if (value === undefined) await second.meta.put('k', 'of the winner')
      await tx.meta.put('k', 'of the loser')
    })
    expect(seen).toEqual([undefined, 'of the winner'])
    expect(await first.meta.find('k')).toBe('of the loser')
  })

  test('a transaction that loses every time is given up', async () => {
    const url = await postgresEngine.newUrl()
    const [first, second] = [await open(url), await open(url)]
    let runs = 0
    const losing = first.transaction(async (tx) => {
      await tx.meta.find('k')
      runs += 1
      await second.meta.put('k', `winner ${runs}`)
      await tx.meta.put('k', 'loser')
    })
    expect((await refusal(losing, 'UNAVAILABLE')).message).toBe(
      'the database refused the change 10 times because others changed the same data; try again',
    )
    expect(runs).toBe(10)
    expect(await second.meta.find('k')).toBe('winner 10')
  })

  test('a commit that stored nothing, because an error was swallowed, is an error', async () => {
    const store = await open(await postgresEngine.newUrl())
    await store.audit.append(anEvent('taken'))
    const swallowing = store.transaction(async (tx) => {
      await tx.meta.put('k', 'v')
      await tx.audit.append(anEvent('taken')).catch(() => undefined)
    })
    expect((await refusal(swallowing, 'INTERNAL')).message).toBe(
      'nothing was stored: a statement of the transaction had failed and its error was ignored',
    )
    expect(await store.meta.find('k')).toBeUndefined()
  })

  test('a number beyond 2^53 is an error, never a rounded one', async () => {
    const url = await postgresEngine.newUrl()
    const store = await open(url)
    await store.rateLimits.hit('k', 1, now)
    await postgresEngine.query(url, 'update rate_limit set window_ends_at = 9007199254740993')
    await expect(store.rateLimits.find('k', now)).rejects.toThrow(
      'the database holds the number 9007199254740993, which is too large to be ours',
    )
  })
})
