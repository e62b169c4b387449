/**
 * @module The heart of the sign-in: a pending sign-in meets a session. Decides nothing itself: the role engine
 * says allow, deny or step-up, and this use case does what follows, once, with its audit event.
 */
import { GatewayError } from '../../core/error.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { isStale, lacksSecondFactor } from '../../core/saml/session-proof.js'
import { statusCodes } from '../../core/saml/status.js'
import type { User } from '../../core/user/user.js'
import type { PendingSignIn, Session } from '../../store/store.js'
import { personAt, type Assumed } from '../access-requests/assumed.js'
import type { RequestOrigin } from '../context.js'
import { couldVouch, findDeviceProof } from '../devices/find-proof.js'
import { hashToken } from '../people/tokens.js'
import { answerStatus } from './answer-status.js'
import { auditFaults, type SignInSubject } from './audit-faults.js'
import { decideSignIn, hardwareKeyOf } from './decide-sign-in.js'
import type { SamlDeps, SignInStep } from './deps.js'
import { issueResponse } from './issue-response.js'
import { refuse } from './refuse.js'

export interface SignedIn {
  readonly user: User
  readonly session: Session
  readonly assumed?: Assumed | undefined
}

/**
 * Finds what a handle stands for.
 * @throws GatewayError `SAML_REQUEST_GONE` when it expired or never was, `SAML_REQUEST_ANSWERED` when done.
 */
export async function findPending(
  deps: SamlDeps,
  handle: string,
  subject: SignInSubject = {},
): Promise<PendingSignIn> {
  const pending = await deps.store.signIns.find(hashToken(handle))
  subject.entityId = pending?.entityId
  subject.serviceProvider = pending?.serviceProvider
  subject.requestId = pending?.requestId
  if (pending === undefined || pending.expiresAt <= deps.clock.now()) {
    throw new GatewayError(
      'SAML_REQUEST_GONE',
      'this sign-in waited too long or is not known here; start again from the application',
    )
  }
  if (pending.answeredAt !== undefined) {
    throw new GatewayError(
      'SAML_REQUEST_ANSWERED',
      `this sign-in to ${pending.serviceProvider} was already answered once; start again from the application`,
    )
  }
  return pending
}

/** `signedIn` is undefined without a session, or while its second factor is still to come. */
export async function continueSignIn(
  deps: SamlDeps,
  handle: string,
  signedIn: SignedIn | undefined,
  origin: RequestOrigin,
): Promise<SignInStep> {
  const subject: SignInSubject = { user: signedIn?.user.name }
  return await auditFaults(
    deps,
    origin,
    subject,
    async () => await goOn(deps, handle, signedIn, origin, subject),
  )
}

async function goOn(
  deps: SamlDeps,
  handle: string,
  signedIn: SignedIn | undefined,
  origin: RequestOrigin,
  subject: SignInSubject,
): Promise<SignInStep> {
  const pending = await findPending(deps, handle, subject)
  const catalog = await deps.catalog.read()
  const sp = catalog.serviceProviderByName(pending.serviceProvider)
  if (sp?.entityId !== pending.entityId) {
    throw new GatewayError(
      'UNKNOWN_SERVICE_PROVIDER',
      `the service provider "${pending.serviceProvider}" was removed or changed meanwhile; start again`,
    )
  }
  if (!sp.assertionConsumerServices.some(({ url }) => url === pending.acsUrl)) {
    throw new GatewayError(
      'SAML_REQUEST_GONE',
      `the metadata of ${sp.name} no longer has the address that this sign-in was to be sent to; start again from the application`,
    )
  }
  if (signedIn === undefined || isStale(pending, signedIn.session)) {
    if (!pending.isPassive) return { step: 'sign_in', handle, reauthenticate: signedIn !== undefined }
    return await answerPassive(deps, handle, pending, sp, origin)
  }
  const { session } = signedIn
  const user = personAt(signedIn, sp.name)
  // T10: the proof counts for this sign-in and the session that gave it, nothing else. Whoever else holds the
  // handle may have left theirs.
  const mfa = pending.mfa?.sessionId === session.id ? pending.mfa : undefined
  const asked = { user: user.name, sessionId: session.id, pending, origin }
  const device = await findDeviceProof(deps, catalog, asked)
  const decision = decideSignIn(catalog, user, sp, {
    mfa: mfa?.method ?? 'none',
    device,
    ...(await hardwareKeyOf(deps.store, catalog, user.name)),
    session: session.id,
    now: deps.clock.now(),
  })
  switch (decision.effect) {
    case 'deny':
      if (await couldVouch(deps, catalog, user.name, decision)) {
        if (pending.isPassive) return await answerPassive(deps, handle, pending, sp, origin)
        return { step: 'device', handle }
      }
      return {
        step: 'refused',
        refusal: await refuse(deps, { decision, user, serviceProvider: sp, origin, device }),
      }
    case 'step_up':
      if (pending.isPassive) return await answerPassive(deps, handle, pending, sp, origin)
      return { step: 'step_up', handle }
    case 'allow':
      if (lacksSecondFactor(pending, { methods: session.methods, mfa: mfa?.method ?? 'none' })) {
        if (pending.isPassive) return await answerPassive(deps, handle, pending, sp, origin)
        return { step: 'step_up', handle }
      }
      if (
        !pending.isPassive &&
        pending.device?.sessionId !== session.id &&
        (await couldVouch(deps, catalog, user.name, decision))
      ) {
        return { step: 'device', handle }
      }
      return await issueResponse(deps, {
        decision,
        user,
        session,
        serviceProvider: sp,
        origin,
        handle,
        pending: { ...pending, mfa },
        device,
      })
  }
}

/** SAML Core 3.4.1: a passive request must not show the person anything. */
async function answerPassive(
  deps: SamlDeps,
  handle: string,
  pending: PendingSignIn,
  serviceProvider: ServiceProvider,
  origin: RequestOrigin,
): Promise<SignInStep> {
  return await answerStatus(deps, {
    serviceProvider,
    requestId: pending.requestId,
    relayState: pending.relayState,
    status: {
      statusCode: statusCodes.responder,
      subStatusCode: statusCodes.noPassive,
      acsUrl: pending.acsUrl,
    },
    says: 'the person would have to be asked, and the request forbids it (IsPassive)',
    handle,
    origin,
  })
}
