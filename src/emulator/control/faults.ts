/**
 * @module `POST /_emulator/faults`: reserved for injected faults; says that they are not built.
 */
import type { Router } from 'express'
import { notEmulated } from '../error.js'

export function mountFaults(router: Router): void {
  router.post('/_emulator/faults', () => {
    throw notEmulated('fault injection (POST /_emulator/faults)')
  })
}
