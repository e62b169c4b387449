/**
 * @module `POST /_emulator/saml/authn-request`: an AuthnRequest made to measure, for tests of an identity
 * provider. It is remembered like any other, bound to no browser.
 */
import type { Router } from 'express'
import { z } from 'zod'
import type { EmulatorContext } from '../context.js'
import { EmulatorError } from '../error.js'
import { sendAuthnRequest } from '../saml-sp/authn-request.js'
import { json, parseBody } from './body.js'

const Options = z.strictObject({
  binding: z.enum(['redirect', 'post']).optional(),
  acsIndex: z.int().min(0).max(65_535).optional(),
  acsUrl: z.string().optional(),
  omitAcs: z.boolean().optional(),
  forceAuthn: z.boolean().optional(),
  isPassive: z.boolean().optional(),
  relayState: z.string().nullable().optional(),
  issuer: z.string().optional(),
  destination: z.string().optional(),
  nameIdFormat: z.string().optional(),
  issueInstant: z.string().optional(),
  id: z.string().min(1).optional(),
  version: z.string().optional(),
  requestedAuthnContext: z.string().optional(),
})

export function mountSamlAuthnRequest(router: Router, context: EmulatorContext): void {
  router.post('/_emulator/saml/authn-request', json, (req, res) => {
    const options = parseBody(Options, req.body)
    const { idp } = context.state
    if (idp === undefined) {
      throw new EmulatorError(
        409,
        'NO_IDENTITY_PROVIDER',
        'import the metadata of an identity provider first',
      )
    }
    res.json(sendAuthnRequest(context, idp, options, undefined))
  })
}
