/** @module Conformance of recovery codes: each is used once, by its own user, and new ones replace the old. */
import { describe, expect, test } from 'vitest'
import { countTrue, now, open, type Engine } from './engine.js'

export function recoveryCodeConformance(engine: Engine): void {
  describe('recovery codes', () => {
    test('are used once, whoever asks at the same time, and by their user alone', async () => {
      const { recoveryCodes } = await open(await engine.newUrl())
      expect(await recoveryCodes.count('alice')).toBeUndefined()
      await recoveryCodes.replace('alice', ['a', 'b', 'c'], now)
      expect(await recoveryCodes.use('bob', 'a', now)).toBe(false)
      expect(await recoveryCodes.use('alice', 'none', now)).toBe(false)
      const users = [1, 2, 3, 4].map(async () => await recoveryCodes.use('alice', 'a', now))
      expect(await countTrue(users)).toBe(1)
      expect(await recoveryCodes.count('alice')).toEqual({ left: 2, createdAt: now })
    })

    test('are replaced and forgotten together', async () => {
      const { recoveryCodes } = await open(await engine.newUrl())
      await recoveryCodes.replace('alice', ['a', 'b'], now)
      await recoveryCodes.replace('bob', ['d'], now)
      await recoveryCodes.replace('alice', ['c'], now + 1)
      expect(await recoveryCodes.use('alice', 'a', now)).toBe(false)
      expect(await recoveryCodes.count('alice')).toEqual({ left: 1, createdAt: now + 1 })
      await recoveryCodes.deleteAll('alice')
      expect(await recoveryCodes.count('alice')).toBeUndefined()
      expect(await recoveryCodes.count('bob')).toEqual({ left: 1, createdAt: now })
    })
  })
}
