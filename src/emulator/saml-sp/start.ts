/**
 * @module `GET /start`: the access portal for who is signed in; everybody else is sent to the identity provider
 * with an AuthnRequest, by redirect or, with `?binding=post`, by a form.
 */
import type { Router } from 'express'
import { operation, type EmulatorContext } from '../context.js'
import { sendAuthnRequest } from './authn-request.js'
import { ensureBrowserId, findPortalUser } from './browser.js'
import { offersEmailAddress } from './idp-metadata.js'
import { sendFailurePage, sendNoticePage, sendPortalPage, sendPostForm } from './pages.js'

export function mountStart(router: Router, context: EmulatorContext): void {
  router.get(
    '/start',
    operation(context, 'saml-sp:Start', (req, res) => {
      const { state } = context
      const portal = findPortalUser(context, req)
      if (portal !== undefined) {
        sendPortalPage(res, portal.user, portal.session, state.listPortalAccounts(portal.user.id))
        return
      }
      const { idp } = state
      if (idp === undefined) {
        const text =
          'No external identity provider is connected to this Identity Center instance. ' +
          'An administrator imports its metadata with PUT /_emulator/saml/idp-metadata.'
        sendNoticePage(res, 503, 'Sign-in is not set up', text)
        return
      }
      if (!offersEmailAddress(idp)) {
        const formats = idp.nameIdFormats.join(', ') || '(none)'
        sendFailurePage(
          res,
          400,
          'not-you',
          `the imported metadata has NameIDFormat ${formats}, not emailAddress`,
        )
        return
      }
      const binding = req.query['binding']
      const wanted = binding === 'post' || binding === 'redirect' ? binding : undefined
      const request = sendAuthnRequest(context, idp, { binding: wanted }, ensureBrowserId(context, req, res))
      if (request.binding === 'redirect') {
        res.set('Cache-Control', 'no-store').redirect(302, request.url)
      } else {
        sendPostForm(res, request.action, request.fields)
      }
    }),
  )
}
