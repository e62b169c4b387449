/**
 * @module An AuthnRequest arrives. Unknown senders and requests that could not safely be answered become a page;
 * a request that the service provider got wrong becomes a SAML status; a good one is kept here, and the browser
 * goes on with a handle to it. Kept server-side, since a cross-site POST arrives without our Lax cookie and the
 * request must survive sign-in, step-up and reload.
 */
import { GatewayError } from '../../core/error.js'
import { judgeRequest } from '../../core/saml/judge-request.js'
import { quoteEntityId } from '../../core/saml/quote.js'
import { limitAddress } from '../people/limits.js'
import type { RequestOrigin } from '../context.js'
import { answerStatus } from './answer-status.js'
import { auditFaults, type SignInSubject } from './audit-faults.js'
import type { ArrivedRequest, SamlDeps, SignInStep } from './deps.js'
import { keepSignIn } from './keep-sign-in.js'

/**
 * @throws GatewayError `UNKNOWN_SERVICE_PROVIDER`, `INVALID_SAML_REQUEST`, `SAML_REQUEST_ANSWERED`,
 * `TOO_MANY_ATTEMPTS`.
 */
export async function receiveRequest(
  deps: SamlDeps,
  parse: () => ArrivedRequest,
  origin: RequestOrigin,
): Promise<SignInStep> {
  await limitAddress(deps, 'saml', origin.address)
  const subject: SignInSubject = {}
  return await auditFaults(deps, origin, subject, async () => await receive(deps, parse(), origin, subject))
}

async function receive(
  deps: SamlDeps,
  arrived: ArrivedRequest,
  origin: RequestOrigin,
  subject: SignInSubject,
): Promise<SignInStep> {
  const { request } = arrived
  subject.entityId = request.issuer
  subject.requestId = request.id
  const now = deps.clock.now()
  const sp = await deps.catalog.serviceProviderByEntityId(request.issuer)
  if (sp === undefined) {
    throw new GatewayError(
      'UNKNOWN_SERVICE_PROVIDER',
      `no service provider with the entity ID ${quoteEntityId(request.issuer)} is registered here; an administrator can add its metadata`,
      { entityId: request.issuer },
    )
  }
  subject.serviceProvider = sp.name
  const signature = arrived.verify(sp.signingCertificates)
  const judgement = judgeRequest(request, sp, {
    now,
    ssoUrl: deps.ssoUrl,
    binding: arrived.binding,
    signature: signature.state,
  })
  const asked = {
    initiatedBy: 'sp',
    serviceProvider: sp.name,
    entityId: sp.entityId,
    requestId: request.id,
    relayState: arrived.relayState,
    forceAuthn: request.forceAuthn,
    isPassive: request.isPassive,
  } as const
  if (judgement.ok) {
    await assertUnanswered(deps, asked)
    const { acsUrl, nameIdFormat, asksSecondFactor } = judgement
    const handle = await keepSignIn(deps, { ...asked, acsUrl, nameIdFormat, asksSecondFactor })
    return { step: 'continue', handle }
  }
  const { answer, says } = judgement
  if (answer === 'page') throw new GatewayError('INVALID_SAML_REQUEST', says)
  // A status is signed and written to the audit log, and nobody has proved anything yet.
  await limitAddress(deps, 'fault', origin.address)
  await assertUnanswered(deps, asked)
  const { requestId, relayState } = asked
  const refused = { ...asked, acsUrl: answer.acsUrl, nameIdFormat: undefined, asksSecondFactor: false }
  return await answerStatus(deps, {
    serviceProvider: sp,
    requestId,
    relayState,
    status: answer,
    says,
    handle: await keepSignIn(deps, refused),
    origin,
  })
}

async function assertUnanswered(
  deps: SamlDeps,
  asked: { readonly entityId: string; readonly requestId: string; readonly serviceProvider: string },
): Promise<void> {
  if (!(await deps.store.signIns.isAnswered(asked.entityId, asked.requestId))) return
  throw new GatewayError(
    'SAML_REQUEST_ANSWERED',
    `this sign-in to ${asked.serviceProvider} was already answered once; start again from the application`,
  )
}
