/**
 * @module A refusal: the audit event with the exact text and every reason, and the words for the person with
 * the event's uid as reference.
 */
import { buildEvent } from '../../core/audit/event.js'
import type { SamlDecision } from '../../core/role/saml-access.js'
import { describeRefusal } from '../../core/saml/refusal.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import type { RequestOrigin } from '../context.js'
import { trustedDeviceFields, type FoundDevice } from '../devices/find-proof.js'
import type { Refusal, SamlDeps } from './deps.js'
import { signInEvent } from './sign-in-event.js'

export async function refuse(
  deps: SamlDeps,
  refused: {
    decision: Extract<SamlDecision, { effect: 'deny' }>
    user: User
    serviceProvider: ServiceProvider
    origin: RequestOrigin
    device?: FoundDevice | undefined
  },
): Promise<Refusal> {
  const { decision, user, serviceProvider, origin } = refused
  const catalog = await deps.catalog.read()
  const event = buildEvent(
    signInEvent({
      serviceProvider,
      user: user.name,
      roles: catalog.withRoleNames(user).roles,
      error: decision.auditMessage,
      reasons: decision.reasons,
      origin,
      fields: trustedDeviceFields(refused.device),
    }),
    { clusterName: deps.clusterName, uid: deps.random.uuid(), now: deps.clock.now() },
  )
  await deps.store.transaction(async (tx) => {
    await tx.audit.append(event)
  })
  return {
    reference: event.uid,
    user: user.name,
    serviceProvider: serviceProvider.name,
    ...describeRefusal(decision, serviceProvider.name),
  }
}
