/**
 * @module The emulator's HTTP surface: which operations exist, in which order, and what everything else answers.
 * A path or operation that is not listed here gets an explicit error, never a plausible success.
 */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { mountAws } from './aws/mount.js'
import type { EmulatorContext } from './context.js'
import { mountCalls } from './control/calls.js'
import { mountClock } from './control/clock.js'
import { mountEvents } from './control/events.js'
import { mountFaults } from './control/faults.js'
import { mountReset } from './control/reset.js'
import { mountSamlAuthnRequest } from './control/saml-authn-request.js'
import { mountSamlCertificates } from './control/saml-certificates.js'
import { mountSamlIdpMetadata } from './control/saml-idp-metadata.js'
import { mountScimTokens } from './control/scim-tokens.js'
import { mountSettings } from './control/settings.js'
import { mountSignIns } from './control/sign-ins.js'
import { mountState } from './control/state.js'
import { mountUsers } from './control/users.js'
import { EmulatorError, notEmulated } from './error.js'
import { localHostOnly, sameOriginOnly } from './local-only.js'
import { mountPage } from './page/mount.js'
import { mountAcsContinue } from './saml-sp/acs-continue.js'
import { mountAcs } from './saml-sp/acs.js'
import { mountMetadata } from './saml-sp/metadata.js'
import { mountSignOut } from './saml-sp/sign-out.js'
import { mountStart } from './saml-sp/start.js'
import { mountScim, scimPaths } from './scim/mount.js'

export function createEmulatorApp(context: EmulatorContext): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(localHostOnly(context.publicUrl), baseHeaders)

  const ownPagesOnly = sameOriginOnly(context.publicUrl)
  app.post('/', ownPagesOnly)
  app.all(scimPaths, ownPagesOnly)
  app.use('/_emulator', ownPagesOnly)
  mountAws(app, context)
  mountScim(app, context)

  mountPage(app, context)
  mountMetadata(app, context)
  mountStart(app, context)
  mountSignOut(app, context)
  mountAcs(app, context)
  mountAcsContinue(app, context)

  mountState(app, context)
  mountCalls(app, context)
  mountSignIns(app, context)
  mountReset(app, context)
  mountClock(app, context)
  mountFaults(app, context)
  mountSettings(app, context)
  mountEvents(app, context)
  mountUsers(app, context)
  mountScimTokens(app, context)
  mountSamlIdpMetadata(app, context)
  mountSamlCertificates(app, context)
  mountSamlAuthnRequest(app, context)

  app.use(unknownOperation)
  app.use(answerError(context))
  return app
}

const baseHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Frame-Options': 'DENY',
  })
  next()
}

const unknownOperation: RequestHandler = (req) => {
  throw notEmulated(`${req.method} ${req.path}`)
}

/** Errors of our own and of the body parsers are told; anything else is a defect, logged and not shown. */
function answerError(context: EmulatorContext): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    const { status, code, message } = describeError(error)
    if (status === 500) context.logger.error({ err: error }, 'emulator failed')
    res.status(status).json({ code, message })
  }
}

function describeError(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof EmulatorError) return error
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    const code = error.status === 413 ? 'BODY_TOO_LARGE' : 'INVALID_INPUT'
    return { status: error.status, code, message: `the body cannot be read: ${error.message}` }
  }
  return { status: 500, code: 'INTERNAL', message: 'the emulator failed; its log has the reason' }
}
