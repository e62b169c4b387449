/**
 * @module The `saml.idp.auth` event in one place: every sign-in to an application, allowed or refused, has the
 * same fields under the same names.
 */
import type { AuditFacts } from '../../core/audit/event.js'
import type { Reason } from '../../core/role/saml-access.js'
import type { RequestOrigin } from '../context.js'

export interface SignInFacts {
  /** The name is undefined for a sender that is not registered. */
  readonly serviceProvider: { readonly entityId: string; readonly name: string | undefined }
  readonly user: string | undefined
  /** Roles of the user at this moment. */
  readonly roles?: readonly string[]
  /** Session index of the assertion; empty where none was issued. */
  readonly sessionIndex?: string
  /** Undefined for success. */
  readonly error?: string
  readonly reasons?: readonly Reason[]
  readonly origin: RequestOrigin
  readonly fields?: AuditFacts['fields']
}

export function signInEvent(facts: SignInFacts): AuditFacts {
  return {
    event: 'saml.idp.auth',
    success: facts.error === undefined,
    user: facts.user,
    fields: {
      ...facts.fields,
      service_provider_entity_id: facts.serviceProvider.entityId,
      service_provider_name: facts.serviceProvider.name,
      sid: facts.sessionIndex ?? '',
      error: facts.error,
      user_roles: facts.roles,
      reasons: facts.reasons?.map(({ role, rule, effect, says }) => ({ role, rule, effect, says })),
      'addr.remote': facts.origin.address,
      user_agent: facts.origin.userAgent,
      request_id: facts.origin.requestId,
    },
  }
}
