/**
 * @module Every refusal at the edge leaves an event, also one that no role decided: an unknown sender, a forged or
 * stale request, an address outside the metadata, a replay. The event's uid becomes the reference that the page shows.
 * Since anyone can cause them, only so many a minute are written for one address; the log has them all.
 */
import { buildEvent } from '../../core/audit/event.js'
import { GatewayError } from '../../core/error.js'
import type { RequestOrigin } from '../context.js'
import { mayRecordFault } from '../people/limits.js'
import type { SamlDeps } from './deps.js'
import { signInEvent } from './sign-in-event.js'

/** What is known so far of the sign-in; filled in while it goes on. */
export interface SignInSubject {
  entityId?: string | undefined
  serviceProvider?: string | undefined
  user?: string | undefined
  requestId?: string | undefined
}

/**
 * Does `work`; where it is refused by a GatewayError, writes the event and throws the error again with the event's
 * uid as `details.auditReference`. A rate limit is no decision about a sign-in and is not written.
 */
export async function auditFaults<T>(
  deps: SamlDeps,
  origin: RequestOrigin,
  subject: SignInSubject,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status >= 500 || error.code === 'TOO_MANY_ATTEMPTS')
      throw error
    const auditReference = await record(deps, origin, subject, error)
    if (auditReference === undefined) throw error
    throw new GatewayError(error.code, error.message, { ...error.details, auditReference }, { cause: error })
  }
}

async function record(
  deps: SamlDeps,
  origin: RequestOrigin,
  subject: SignInSubject,
  error: GatewayError,
): Promise<string | undefined> {
  if (!(await mayRecordFault(deps, origin.address))) return undefined
  const facts = signInEvent({
    serviceProvider: { entityId: subject.entityId ?? '', name: subject.serviceProvider },
    user: subject.user,
    error: error.message,
    origin,
    fields: { error_code: error.code, in_response_to: subject.requestId },
  })
  const envelope = { clusterName: deps.clusterName, uid: deps.random.uuid(), now: deps.clock.now() }
  const event = buildEvent(facts, envelope)
  await deps.store.transaction(async (tx) => {
    await tx.audit.append(event)
  })
  return event.uid
}
