/**
 * @module `GET /platform/saml/continue`: finishes a sign-in whose Response arrived by a cross-site POST, in the
 * browser that asked for it and only there, so that nobody can be signed in as somebody else by a foreign form.
 */
import type { Router } from 'express'
import { operation, type EmulatorContext } from '../context.js'
import { answerRefusal } from './acs.js'
import { readBrowserId, startPortalSession } from './browser.js'
import { messages } from './messages.js'
import { sendNoticePage } from './pages.js'

export function mountAcsContinue(router: Router, context: EmulatorContext): void {
  router.get(
    '/platform/saml/continue',
    operation(context, 'saml-sp:FinishSignIn', (req, res) => {
      const { state } = context
      const handle = typeof req.query['handle'] === 'string' ? req.query['handle'] : ''
      const held = state.heldSignIns.get(handle)
      state.heldSignIns.delete(handle)
      if (held === undefined || held.expiresAt <= context.clock.now()) {
        sendNoticePage(
          res,
          410,
          'This sign-in is over',
          'It was finished already or took too long. Start again.',
        )
        return
      }
      if (readBrowserId(req) !== held.browserId) {
        const failed = {
          ...held.signIn,
          outcome: 'Failure' as const,
          errorMessage: `Not a valid response for the provided request id: ${held.signIn.inResponseTo ?? ''}`,
          userMessage: `${messages.unexpected.title} / ${messages.unexpected.text}`,
          failedCheck: 'in-response-to',
          portalSessionExpiresAt: null,
        }
        answerRefusal(context, res, failed, 'unexpected')
        return
      }
      state.recordSignIn(held.signIn)
      startPortalSession(context, res, held.session)
      res.set('Cache-Control', 'no-store').redirect(302, '/start')
    }),
  )
}
