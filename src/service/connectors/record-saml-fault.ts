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
import { failedReport } from './test-report.js'

/** The test that an answer belongs to, and who tests. */
export interface TestedBy {
  readonly id: string
  readonly user: string
}

/** The uid of the event; undefined where there are too many. */
export async function recordSamlFault(
  deps: SamlConnectorDeps,
  { name }: Pick<SamlConnector, 'name'>,
  { because, says }: { readonly because: LoginFault; readonly says: string },
  origin: RequestOrigin,
  test?: TestedBy,
): Promise<string | undefined> {
  if (test === undefined && !(await mayRecordFault(deps, origin.address))) return undefined
  const fields = { ...originFields(origin), method: 'saml', connector: name, fault: because, error: says }
  const envelope = { clusterName: deps.clusterName, uid: deps.random.uuid(), now: deps.clock.now() }
  const facts = { event: 'user.login', success: false } as const
  const event = buildEvent(
    test === undefined
      ? { ...facts, variant: 'connector', fields }
      : { ...facts, variant: 'connector_test', user: test.user, fields: { ...fields, test: true } },
    envelope,
  )
  await deps.store.transaction(async (tx) => {
    if (test !== undefined) await tx.connectors.finishTest(test.id, JSON.stringify(failedReport(says)))
    await tx.audit.append(event)
  })
  return event.uid
}
