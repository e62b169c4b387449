/**
 * @module The facts from which the content of a Response is built: the same for a sign-in and for the test of one, so
 * that the test shows what a person would get.
 */
import type { ResponseFacts } from '../../core/saml/assertion.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { DurationMs, Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { PendingSignIn, Session } from '../../store/store.js'
import type { SamlDeps } from './deps.js'

export interface SignInFacts {
  readonly user: User
  readonly session: Pick<Session, 'authenticatedAt' | 'methods' | 'expiresAt'>
  readonly serviceProvider: ServiceProvider
  readonly pending?: PendingSignIn | undefined
  readonly decision: { readonly session: { readonly maxSessionTtlMs: DurationMs } }
}

export function responseFacts(
  deps: Pick<SamlDeps, 'random' | 'entityId'>,
  { user, session, serviceProvider, pending, decision }: SignInFacts,
  at: { readonly now: Instant; readonly acsUrl: string; readonly sessionIndex: string },
): ResponseFacts {
  return {
    user,
    serviceProvider,
    acsUrl: at.acsUrl,
    inResponseTo: pending?.requestId,
    now: at.now,
    ids: {
      responseId: `_${deps.random.uuid()}`,
      assertionId: `_${deps.random.uuid()}`,
      sessionIndex: at.sessionIndex,
    },
    issuer: deps.entityId,
    authnInstant: session.authenticatedAt,
    authnMethods: pending?.mfa ? [...session.methods, pending.mfa.method] : session.methods,
    sessionExpiresAt: Math.min(session.expiresAt, at.now + decision.session.maxSessionTtlMs),
  }
}
