/** @module Conformance of pending sign-ins and rate limits. */
import { describe, expect, test } from 'vitest'
import { aSignIn, hour, minute, now, open, refusal, type Engine } from './engine.js'

export function signInConformance(engine: Engine): void {
  describe('the last sign-ins', () => {
    const at = (user: string, serviceProvider: string, instant: number) => ({
      user,
      serviceProvider,
      at: instant,
    })

    test('of a person are those to one of the service providers that are asked about', async () => {
      const { signIns } = await open(await engine.newUrl())
      for (const one of [
        at('ann', 'aws', now),
        at('ann', 'aws-two', now + minute),
        at('ann', 'wiki', now + hour),
        at('bob', 'wiki', now),
        at('Ann', 'aws', now + 2 * hour),
      ]) {
        await signIns.recordSignIn(one)
      }
      const last = await signIns.lastSignIns(['ann', 'bob', 'cat', 'x\0'], ['aws', 'aws-two'])
      expect([...last]).toEqual([['ann', now + minute]])
      expect((await signIns.lastSignIns([], ['aws'])).size).toBe(0)
      expect((await signIns.lastSignIns(['ann'], [])).size).toBe(0)
    })

    test('only ever become later', async () => {
      const { signIns } = await open(await engine.newUrl())
      for (const instant of [now, now + hour, now + minute])
        await signIns.recordSignIn(at('ann', 'aws', instant))
      expect((await signIns.lastSignIns(['ann'], ['aws'])).get('ann')).toBe(now + hour)
    })

    test('are forgotten with their user, and with a transaction that is not kept', async () => {
      const store = await open(await engine.newUrl())
      await store.signIns.recordSignIn(at('ann', 'aws', now))
      await store.signIns.recordSignIn(at('bob', 'aws', now))
      await store.signIns.forgetSignIns('ann')
      const undone = store.transaction(async (tx) => {
        await tx.signIns.recordSignIn(at('cat', 'aws', now))
        throw new Error('undone')
      })
      await expect(undone).rejects.toThrow('undone')
      expect([...(await store.signIns.lastSignIns(['ann', 'bob', 'cat'], ['aws'])).keys()]).toEqual(['bob'])
    })

    test('of thousands of people are read at once', async () => {
      const store = await open(await engine.newUrl())
      const names = Array.from({ length: 2500 }, (_, index) => `p${index}`)
      await store.transaction(async (tx) => {
        for (const name of names) await tx.signIns.recordSignIn(at(name, 'aws', now))
      })
      expect((await store.signIns.lastSignIns(names, ['aws'])).size).toBe(2500)
    })

    test('of a name that cannot be stored are refused', async () => {
      const { signIns } = await open(await engine.newUrl())
      await refusal(signIns.recordSignIn(at('x\0', 'aws', now)), 'INVALID_INPUT')
    })
  })

  describe('sign-ins', () => {
    test('a pending sign-in is found as it was made', async () => {
      const { signIns } = await open(await engine.newUrl())
      const full = aSignIn('a', {
        forceAuthn: true,
        isPassive: true,
        asksSecondFactor: true,
        nameIdFormat: 'urn:x',
        relayState: 'a=1&b=é',
        answeredAt: now,
        mfa: { sessionId: 's', method: 'totp', at: now } as const,
      })
      await signIns.create(full)
      await signIns.create(aSignIn('b', { initiatedBy: 'idp', requestId: undefined }))
      expect(await signIns.find('a')).toEqual(full)
      expect(await signIns.find('b')).toEqual(aSignIn('b', { initiatedBy: 'idp', requestId: undefined }))
      expect(await signIns.find('c')).toBeUndefined()
    })

    test('any relay state comes back as it came', async () => {
      const { signIns } = await open(await engine.newUrl())
      const relayStates = ['', '0', 'null', '"', '\0', '\ud800', '😀 <&>\r\n\t', ' x ', 'é'.repeat(10_000)]
      for (const [index, relayState] of relayStates.entries()) {
        await signIns.create(aSignIn(`h${index}`, { relayState }))
        expect((await signIns.find(`h${index}`))?.relayState).toBe(relayState)
      }
    })

    test('a request is answered once, also under another handle', async () => {
      const { signIns } = await open(await engine.newUrl())
      for (const handle of ['a', 'b']) await signIns.create(aSignIn(handle, { requestId: 'r' }))
      expect(await signIns.isAnswered('https://sp.invalid/saml', 'r')).toBe(false)
      expect(await signIns.answer('a', now + 1, now + hour)).toBe(true)
      expect(await signIns.answer('a', now + 2, now + hour)).toBe(false)
      expect(await signIns.answer('b', now + 2, now + hour)).toBe(false)
      expect(await signIns.isAnswered('https://sp.invalid/saml', 'r')).toBe(true)
      expect((await signIns.find('a'))?.answeredAt).toBe(now + 1)
    })

    test('two service providers may use the same request ID', async () => {
      const { signIns } = await open(await engine.newUrl())
      await signIns.create(aSignIn('a', { requestId: 'r' }))
      await signIns.create(aSignIn('b', { requestId: 'r', entityId: 'https://other.invalid' }))
      expect(await signIns.answer('a', now, now + hour)).toBe(true)
      expect(await signIns.isAnswered('https://other.invalid', 'r')).toBe(false)
      expect(await signIns.answer('b', now, now + hour)).toBe(true)
    })

    test('an IdP-initiated sign-in is answered once for each handle', async () => {
      const { signIns } = await open(await engine.newUrl())
      for (const handle of ['a', 'b']) {
        await signIns.create(aSignIn(handle, { initiatedBy: 'idp', requestId: undefined }))
        expect(await signIns.answer(handle, now, now + hour)).toBe(true)
        expect(await signIns.answer(handle, now, now + hour)).toBe(false)
      }
      expect(await signIns.answer('none', now, now + hour)).toBe(false)
    })

    test('an answer that is rolled back was never given', async () => {
      const store = await open(await engine.newUrl())
      await store.signIns.create(aSignIn('a'))
      const failing = store.transaction(async (tx) => {
        expect(await tx.signIns.answer('a', now, now + hour)).toBe(true)
        throw new Error('signing failed')
      })
      await expect(failing).rejects.toThrow('signing failed')
      expect(await store.signIns.answer('a', now, now + hour)).toBe(true)
    })

    test('the second factor is recorded while the sign-in waits, not after', async () => {
      const { signIns } = await open(await engine.newUrl())
      await signIns.create(aSignIn('a'))
      const mfa = { sessionId: 's', method: 'totp', at: now } as const
      await signIns.recordMfa('a', mfa)
      expect((await signIns.find('a'))?.mfa).toEqual(mfa)
      await signIns.answer('a', now, now + hour)
      const message = 'this sign-in is not waiting any more; start again at the application you want to open'
      expect((await refusal(signIns.recordMfa('a', mfa), 'NOT_FOUND')).message).toBe(message)
      expect((await refusal(signIns.recordMfa('none', mfa), 'NOT_FOUND')).message).toBe(message)
    })

    test('an answered request is remembered longer than its sign-in', async () => {
      const { signIns } = await open(await engine.newUrl())
      await signIns.create(aSignIn('a', { requestId: 'r', expiresAt: now + minute }))
      await signIns.answer('a', now, now + hour)
      expect(await signIns.deleteExpired(now + 2 * minute)).toBe(1)
      expect(await signIns.find('a')).toBeUndefined()
      expect(await signIns.isAnswered('https://sp.invalid/saml', 'r')).toBe(true)
      expect(await signIns.deleteExpired(now + 2 * hour)).toBe(1)
      expect(await signIns.isAnswered('https://sp.invalid/saml', 'r')).toBe(false)
    })
  })

  describe('rate limits', () => {
    test('hits are counted within a window, and a window that ended starts anew', async () => {
      const { rateLimits } = await open(await engine.newUrl())
      expect(await rateLimits.hit('k', minute, now)).toEqual({ count: 1, windowEndsAt: now + minute })
      expect(await rateLimits.hit('k', minute, now + 5)).toEqual({ count: 2, windowEndsAt: now + minute })
      expect(await rateLimits.find('k', now + minute - 1)).toEqual({ count: 2, windowEndsAt: now + minute })
      expect(await rateLimits.find('k', now + minute)).toBeUndefined()
      const later = now + minute
      expect(await rateLimits.hit('k', minute, later)).toEqual({ count: 1, windowEndsAt: later + minute })
    })

    test('keys count apart and can be cleared', async () => {
      const { rateLimits } = await open(await engine.newUrl())
      await rateLimits.hit('name:a', minute, now)
      await rateLimits.hit('name:b', minute, now)
      await rateLimits.clear('name:a')
      expect(await rateLimits.find('name:a', now)).toBeUndefined()
      expect((await rateLimits.find('name:b', now))?.count).toBe(1)
    })

    test('a hit is taken back from its own window, once for each, and never from a later or an empty one', async () => {
      const { rateLimits } = await open(await engine.newUrl())
      const { windowEndsAt } = await rateLimits.hit('k', minute, now)
      await rateLimits.hit('k', minute, now)
      await rateLimits.takeBack('k', windowEndsAt + 1)
      expect((await rateLimits.find('k', now))?.count).toBe(2)
      for (let i = 0; i < 3; i++) await rateLimits.takeBack('k', windowEndsAt)
      expect((await rateLimits.find('k', now))?.count).toBe(0)
      expect(await rateLimits.hit('k', minute, now)).toEqual({ count: 1, windowEndsAt })
      await rateLimits.takeBack('another', windowEndsAt)
      expect(await rateLimits.find('another', now)).toBeUndefined()
    })

    test('a key may hold anything that a stranger typed', async () => {
      const { rateLimits } = await open(await engine.newUrl())
      await rateLimits.hit('name:\0\ud800', minute, now)
      expect((await rateLimits.hit('name:\0\ud800', minute, now)).count).toBe(2)
      await rateLimits.clear('name:\0\ud800')
      expect(await rateLimits.find('name:\0\ud800', now)).toBeUndefined()
    })

    test('only windows that ended are swept away', async () => {
      const { rateLimits } = await open(await engine.newUrl())
      await rateLimits.hit('old', minute, now - 2 * minute)
      await rateLimits.hit('new', minute, now)
      expect(await rateLimits.deleteExpired(now)).toBe(1)
      expect((await rateLimits.hit('new', minute, now)).count).toBe(2)
    })
  })
}
