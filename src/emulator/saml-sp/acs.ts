/**
 * @module `POST .../platform/saml/acs/<tenant>`: the assertion consumer services. A Response that passes
 * `check-response.ts` starts a portal session; every other answers AWS's words and leaves a record of the cause.
 *
 * A cross-site POST brings no Lax cookie, so where the request was made for one browser and no cookie came, the
 * checked sign-in is held for a moment and finished by a GET of ours, which does bring it (`acs-continue.ts`).
 */
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import { operation, type EmulatorContext } from '../context.js'
import { acsEndpoints, spEntityId } from '../state/instance.js'
import type { SignIn } from '../state/sign-in.js'
import { readBrowserId, startPortalSession } from './browser.js'
import { checkResponse, type Refusal, type Verdict } from './check-response.js'
import { offersEmailAddress } from './idp-metadata.js'
import type { MessageId } from './messages.js'
import { sendFailurePage } from './pages.js'
import { buildSignIn, type AcsPost } from './sign-in-record.js'

/** AWS's default length of a portal session. */
const portalSessionMs = 8 * 3_600_000
const holdMs = 60_000

export function mountAcs(router: Router, context: EmulatorContext): void {
  // Room for the largest Response in base64 and percent-encoding, and no more.
  const form = express.urlencoded({ extended: false, limit: '512kb', parameterLimit: 20 })
  for (const prefix of ['', '/signin.aws', '/sso.signin.aws']) {
    const path = `${prefix}/platform/saml/acs/:tenant`
    router.post(
      path,
      operation(context, 'saml-sp:ConsumeAssertion', form),
      (req: Request, res: Response) => consume(context, req, res),
      refuseUnreadable(context),
    )
  }
}

/** A body that the parser refuses (too large, too many fields) is a failed sign-in like any other. */
function refuseUnreadable(context: EmulatorContext): ErrorRequestHandler {
  return (error: unknown, req: Request, res, next) => {
    if (!(error instanceof Error && 'status' in error)) {
      next(error)
      return
    }
    const post = { acsUrl: context.publicUrl + req.path, relayState: undefined }
    const verdict = refuseEarly('unexpected', `the posted form cannot be read: ${error.message}`)
    answerRefusal(context, res, buildSignIn(context, post, verdict), verdict.says)
  }
}

function consume(context: EmulatorContext, req: Request, res: Response): void {
  const { state } = context
  const now = context.clock.now()
  const post = { acsUrl: context.publicUrl + req.path, relayState: readField(req.body, 'RelayState') }
  const browserId = readBrowserId(req)
  const verdict = judge(context, req, post, browserId)
  if (!verdict.accepted) {
    answerRefusal(context, res, buildSignIn(context, post, verdict), verdict.says)
    return
  }
  const { request, user, assertionId, sessionNotOnOrAfter } = verdict
  const expiresAt = Math.min(now + portalSessionMs, sessionNotOnOrAfter ?? Infinity)
  const session = { userId: user.id, signedInAt: now, expiresAt }
  const signIn = buildSignIn(context, post, verdict, expiresAt)
  state.consumedAssertions.set(assertionId, true)
  if (request !== undefined) state.sentRequests.set(request.id, { ...request, answered: true })
  res.set('Cache-Control', 'no-store')
  if (request?.browserId !== undefined && browserId === undefined) {
    const handle = context.random.secret()
    state.heldSignIns.set(handle, { browserId: request.browserId, signIn, session, expiresAt: now + holdMs })
    res.redirect(303, `/platform/saml/continue?handle=${handle}`)
    return
  }
  state.recordSignIn(signIn)
  context.logger.info({ signIn: signIn.id, userName: signIn.userName }, 'portal sign-in')
  startPortalSession(context, res, session)
  res.redirect(302, '/start')
}

function judge(
  context: EmulatorContext,
  req: Request,
  post: AcsPost,
  browserId: string | undefined,
): Verdict {
  const { state } = context
  const { idp } = state
  const encoded = readField(req.body, 'SAMLResponse')
  if (!acsEndpoints(state.instance).some(({ path }) => path === req.path)) {
    return refuseEarly('unexpected', `${post.acsUrl} is not an ACS of this instance`)
  }
  if (idp === undefined) return refuseEarly('unexpected', 'no external identity provider is connected')
  if (!offersEmailAddress(idp)) {
    return refuseEarly('not-you', 'the imported metadata does not offer the NameIDFormat emailAddress')
  }
  if (encoded === undefined) return refuseEarly('unexpected', 'the form has no single SAMLResponse field')
  return checkResponse(encoded, {
    ...post,
    ...state.saml,
    now: context.clock.now(),
    spEntityId: spEntityId(state.instance),
    idpEntityId: idp.entityId,
    certificates: idp.certificates,
    browserId,
    findRequest: (id) => state.sentRequests.get(id),
    isConsumed: (id) => state.consumedAssertions.get(id) !== undefined,
    findUser: (userName) => state.findUserByName(userName),
  })
}

function refuseEarly(says: MessageId, cause: string): Refusal {
  return { accepted: false, checks: [], facts: {}, failedCheck: null, says, cause }
}

/** A field of the HTTP-POST binding; one that is given twice counts as absent. */
function readField(body: unknown, name: string): string | undefined {
  const fields = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}))
  const value: unknown = fields.get(name)
  return typeof value === 'string' ? value : undefined
}

/** Records the failure and shows AWS's words for it. */
export function answerRefusal(
  context: EmulatorContext,
  res: Response,
  signIn: SignIn,
  says: MessageId,
): void {
  context.state.recordSignIn(signIn)
  context.logger.info({ signIn: signIn.id, cause: signIn.errorMessage }, 'portal sign-in refused')
  const status = says === 'code-not-right' ? 403 : 400
  sendFailurePage(res, status, says, `the cause is in GET /_emulator/sign-ins, record ${signIn.id}.`)
}
