/**
 * @module `POST /_emulator/reset`: back to the organisation file; the clock stays where it is.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'

export function mountReset(router: Router, context: EmulatorContext): void {
  router.post('/_emulator/reset', (_req, res) => {
    context.reset()
    res.status(204).end()
  })
}
