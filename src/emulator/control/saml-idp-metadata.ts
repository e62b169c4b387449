/**
 * @module `PUT /_emulator/saml/idp-metadata`: the console's "change identity source", metadata as the body.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'
import { parseIdpMetadata } from '../saml-sp/idp-metadata.js'
import { text, textBody } from './body.js'

export function mountSamlIdpMetadata(router: Router, context: EmulatorContext): void {
  router.put('/_emulator/saml/idp-metadata', text, (req, res) => {
    const idp = parseIdpMetadata(textBody(req.body))
    context.state.idp = idp
    res.json({ idp })
  })
}
