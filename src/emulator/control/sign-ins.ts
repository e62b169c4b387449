/**
 * @module `GET /_emulator/sign-ins`: every SAML sign-in with its technical cause, newest last; the place where
 * CloudTrail's `ExternalIdPDirectoryLogin` would be read.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'

export function mountSignIns(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/sign-ins', (_req, res) => {
    res.json({ signIns: context.state.listSignIns() })
  })
}
