/**
 * @module Answers a request with a signed SAML status instead of an assertion (SAML Core 3.2.2), for what the
 * service provider itself got wrong or asked for in vain. Audited like every answer.
 */
import { buildEvent } from '../../core/audit/event.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { RequestOrigin } from '../context.js'
import { answerOnce } from './answer-once.js'
import type { SamlDeps, SignInStep } from './deps.js'
import { signInEvent } from './sign-in-event.js'

export interface StatusAnswer {
  readonly serviceProvider: ServiceProvider
  readonly requestId: string | undefined
  readonly relayState: string | undefined
  readonly status: {
    readonly statusCode: string
    readonly subStatusCode: string | undefined
    readonly acsUrl: string
  }
  /** The reason, for the audit event and the StatusMessage. */
  readonly says: string
  readonly user?: string
  /** The pending sign-in that this answers, where one was kept. */
  readonly handle?: string
  readonly origin: RequestOrigin
}

export async function answerStatus(deps: SamlDeps, answer: StatusAnswer): Promise<SignInStep> {
  const { serviceProvider, status } = answer
  const now = deps.clock.now()
  const xml = await deps.saml.signStatusResponse(
    {
      responseId: `_${deps.random.uuid()}`,
      issueInstant: now,
      issuer: deps.entityId,
      acsUrl: status.acsUrl,
      inResponseTo: answer.requestId,
      statusCode: status.statusCode,
      subStatusCode: status.subStatusCode,
      message: answer.says,
    },
    await deps.signingKeys.current(),
  )
  const facts = signInEvent({
    serviceProvider,
    user: answer.user,
    error: answer.says,
    origin: answer.origin,
    fields: { saml_status: status.subStatusCode ?? status.statusCode, acs_url: status.acsUrl },
  })
  await deps.store.transaction(async (tx) => {
    if (answer.handle !== undefined) await answerOnce(tx, answer.handle, serviceProvider.name, now)
    await tx.audit.append(buildEvent(facts, { clusterName: deps.clusterName, uid: deps.random.uuid(), now }))
  })
  return { step: 'respond', acsUrl: status.acsUrl, xml, relayState: answer.relayState, serviceProvider }
}
