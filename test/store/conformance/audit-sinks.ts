/** @module Conformance of the positions of audit sinks: moved by whoever knows where they stand, kept for everyone else. */
import { describe, expect, test } from 'vitest'
import { countTrue, now, open, type Engine } from './engine.js'

export function auditSinkConformance(engine: Engine): void {
  describe('positions of audit sinks', () => {
    const fresh = { key: 'siem', type: 'syslog', seenAt: now, sequence: 4, headSequence: 4 }

    test('are made once, and moved once from each place, whoever tries at the same time', async () => {
      const { auditSinks } = await open(await engine.newUrl())
      const made = await auditSinks.ensure(fresh)
      expect(made).toEqual({ ...fresh, deliveredAt: undefined, trouble: undefined })
      const again = await auditSinks.ensure({ ...fresh, sequence: 9, seenAt: now + 5 })
      expect(again).toEqual({ ...made, seenAt: now + 5 })
      const to = { sequence: 7, headSequence: 5 }
      const moves = [1, 2, 3].map(async () => await auditSinks.move('siem', made, to, now + 6))
      expect(await countTrue(moves)).toBe(1)
      expect(await auditSinks.move('siem', { ...to, headSequence: 4 }, to, now)).toBe(false)
      expect(await auditSinks.move('other', made, to, now)).toBe(false)
      expect(await auditSinks.find('siem')).toEqual({
        ...made,
        ...to,
        deliveredAt: now + 6,
        seenAt: now + 6,
      })
    })

    test('remember trouble until they move, and are forgotten when told', async () => {
      const { auditSinks } = await open(await engine.newUrl())
      await auditSinks.ensure(fresh)
      await auditSinks.ensure({ ...fresh, key: 'file@machine', type: 'file' })
      const trouble = { since: now, error: 'no', attempts: 2, nextAttemptAt: now + 9, announced: true }
      expect(await auditSinks.markFailed('siem', trouble)).toBe(true)
      expect(await auditSinks.markFailed('none', trouble)).toBe(false)
      expect((await auditSinks.positions()).map(({ key, trouble: one }) => [key, one])).toEqual([
        ['file@machine', undefined],
        ['siem', trouble],
      ])
      expect(await auditSinks.move('siem', fresh, { sequence: 5, headSequence: 4 }, now)).toBe(true)
      expect((await auditSinks.find('siem'))?.trouble).toBeUndefined()
      expect(await auditSinks.delete('siem')).toBe(true)
      expect(await auditSinks.delete('siem')).toBe(false)
    })
  })
}
