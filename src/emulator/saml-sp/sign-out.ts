/**
 * @module `POST /start/sign-out`: ends the portal session here and nowhere else; Identity Center has no SAML
 * single logout in either direction. A cross-site form cannot bring the session cookie, so it ends nothing.
 */
import type { Router } from 'express'
import { operation, type EmulatorContext } from '../context.js'
import { endPortalSession } from './browser.js'
import { sendNoticePage } from './pages.js'

export function mountSignOut(router: Router, context: EmulatorContext): void {
  router.post(
    '/start/sign-out',
    operation(context, 'saml-sp:SignOut', (req, res) => {
      endPortalSession(context, req, res)
      const text =
        'You are signed out of the access portal. You may still be signed in at your identity provider.'
      sendNoticePage(res, 200, 'Signed out', text)
    }),
  )
}
