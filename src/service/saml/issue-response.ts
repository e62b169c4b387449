/**
 * @module Issues the Response of an allowed sign-in: content from `core/saml`, bytes and signatures from the
 * SAML room, then the answer and its audit event in one transaction. Nothing leaves before that is durable.
 */
import { buildEvent } from '../../core/audit/event.js'
import { GatewayError, type ErrorCode } from '../../core/error.js'
import type { SamlDecision } from '../../core/role/saml-access.js'
import { buildResponseContent } from '../../core/saml/assertion.js'
import { describeUnsayable } from '../../core/saml/refusal.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import type { PendingSignIn, Session } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { trustedDeviceFields, type FoundDevice } from '../devices/find-proof.js'
import { answerOnce } from './answer-once.js'
import type { SamlDeps, SignInStep } from './deps.js'
import { responseFacts } from './response-facts.js'
import { signInEvent } from './sign-in-event.js'

export interface AllowedSignIn {
  readonly decision: Extract<SamlDecision, { effect: 'allow' }>
  readonly user: User
  readonly session: Session
  readonly serviceProvider: ServiceProvider
  readonly origin: RequestOrigin
  /** Absent when IdP-initiated and nothing had to be asked. */
  readonly handle?: string
  readonly pending?: PendingSignIn
  /** ACS of an IdP-initiated sign-in; otherwise the pending one holds it. */
  readonly acsUrl?: string
  /** What vouched for it, if anything did. */
  readonly device?: FoundDevice | undefined
}

/** Refuses where the person is allowed and yet cannot be announced. @throws GatewayError `SAML_REQUEST_ANSWERED`. */
export async function issueResponse(deps: SamlDeps, allowed: AllowedSignIn): Promise<SignInStep> {
  const { session, serviceProvider, pending, decision, origin } = allowed
  const user = (await deps.catalog.read()).withRoleNames(allowed.user)
  const now = deps.clock.now()
  const acsUrl = pending?.acsUrl ?? allowed.acsUrl ?? ''
  const sessionIndex = `_${deps.random.uuid()}`
  const audit = (error?: string) =>
    buildEvent(
      signInEvent({
        serviceProvider,
        user: user.name,
        roles: user.roles,
        origin,
        reasons: decision.reasons,
        ...(error === undefined ? { sessionIndex } : { error }),
        fields: {
          acs_url: acsUrl,
          initiated_by: pending?.initiatedBy ?? 'idp',
          in_response_to: pending?.requestId,
          web_session_id: session.id,
          with_mfa: pending?.mfa?.method,
          ...trustedDeviceFields(allowed.device),
        },
      }),
      { clusterName: deps.clusterName, uid: deps.random.uuid(), now },
    )

  const written = await write(deps, { ...allowed, user }, { now, acsUrl, sessionIndex })
  if (!written.ok) {
    const event = audit(written.because)
    await deps.store.transaction(async (tx) => {
      await tx.audit.append(event)
    })
    const words = describeUnsayable(written.because, serviceProvider.name)
    const about = { reference: event.uid, user: user.name, serviceProvider: serviceProvider.name }
    return { step: 'refused', refusal: { ...about, ...words } }
  }
  await deps.store.transaction(async (tx) => {
    if (allowed.handle !== undefined) await answerOnce(tx, allowed.handle, serviceProvider.name, now)
    await tx.audit.append(audit())
    await tx.signIns.recordSignIn({ user: user.name, serviceProvider: serviceProvider.name, at: now })
  })
  return { step: 'respond', acsUrl, xml: written.xml, relayState: relayStateOf(allowed), serviceProvider }
}

function relayStateOf({ pending, serviceProvider }: AllowedSignIn): string | undefined {
  return pending?.initiatedBy === 'sp' ? pending.relayState : serviceProvider.relayState
}

/** Codes that mean: this person, as they are, cannot be put into an assertion for this service provider. */
export const unsayable: readonly ErrorCode[] = [
  'INVALID_EXPRESSION',
  'INVALID_INPUT',
  'INVALID_RESOURCE',
  'SAML_RESPONSE_TOO_LARGE',
]

async function write(
  deps: SamlDeps,
  allowed: AllowedSignIn,
  at: { now: number; acsUrl: string; sessionIndex: string },
): Promise<{ readonly ok: true; readonly xml: string } | { readonly ok: false; readonly because: string }> {
  try {
    const content = buildResponseContent(responseFacts(deps, allowed, at))
    return { ok: true, xml: await deps.saml.signResponse(content, await deps.signingKeys.current()) }
  } catch (error) {
    if (!(error instanceof GatewayError) || !unsayable.includes(error.code)) throw error
    return { ok: false, because: error.message }
  }
}
