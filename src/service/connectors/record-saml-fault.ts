/**
 * @module Every refused answer of an identity provider leaves an event that says why. Since anyone can post one, only so
 * many a minute are written for one address.
 */
import { buildEvent } from '../../core/audit/event.js'
import type { SamlConnector } from '../../core/connector/saml.js'
import type { LoginFault } from '../../core/saml/login-response.js'
import type { RequestOrigin } from '../context.js'
import { mayRecordFault } from '../people/limits.js'
import { originFields } from '../people/record.js'
import type { SamlConnectorDeps } from './saml-deps.js'

/** The uid of the event; undefined where there are too many. */
export async function recordSamlFault(
  deps: SamlConnectorDeps,
  { name }: Pick<SamlConnector, 'name'>,
  { because, says }: { readonly because: LoginFault; readonly says: string },
  origin: RequestOrigin,
): Promise<string | undefined> {
  if (!(await mayRecordFault(deps, origin.address))) return undefined
  const fields = { ...originFields(origin), method: 'saml', connector: name, fault: because, error: says }
  const envelope = { clusterName: deps.clusterName, uid: deps.random.uuid(), now: deps.clock.now() }
  const event = buildEvent({ event: 'user.login', variant: 'connector', success: false, fields }, envelope)
  await deps.store.transaction(async (tx) => {
    await tx.audit.append(event)
  })
  return event.uid
}
