/**
 * @module `GET /_emulator/calls`: how often each operation was called since the start or the last reset, by whom, and
 * how full the buckets of the published limits are.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'

export function mountCalls(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/calls', (_req, res) => {
    const { calls, limits, clock } = context
    res.json({ calls: calls.byOperation(), callers: calls.byCaller(), limits: limits.levels(clock.now()) })
  })
}
