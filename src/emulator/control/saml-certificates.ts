/**
 * @module `POST /_emulator/saml/certificates` (a PEM file as the body) and `DELETE .../<id>`: the console's
 * "manage SAML 2.0 certificates". All imported certificates are active at once.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'
import { EmulatorError } from '../error.js'
import {
  addCertificate,
  parseCertificate,
  removeCertificate,
  type IdentityProvider,
} from '../state/identity-provider.js'
import { text, textBody } from './body.js'

export function mountSamlCertificates(router: Router, context: EmulatorContext): void {
  const connected = (): IdentityProvider => {
    const { idp } = context.state
    if (idp === undefined) {
      throw new EmulatorError(
        409,
        'NO_IDENTITY_PROVIDER',
        'import the metadata of an identity provider first',
      )
    }
    return idp
  }
  router.post('/_emulator/saml/certificates', text, (req, res) => {
    context.state.idp = addCertificate(connected(), parseCertificate(textBody(req.body)))
    res.status(201).json({ certificates: context.state.idp.certificates })
  })
  router.delete('/_emulator/saml/certificates/:id', (req, res) => {
    context.state.idp = removeCertificate(connected(), req.params.id, context.clock.now())
    res.json({ certificates: context.state.idp.certificates })
  })
}
