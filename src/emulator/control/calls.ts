/**
 * @module `GET /_emulator/calls`: how often each operation was called since the start or the last reset.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'

export function mountCalls(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/calls', (_req, res) => {
    res.json({ calls: context.state.listCalls() })
  })
}
