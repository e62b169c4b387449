/**
 * @module Writes the audit events of this folder: the envelope and the fields about where a request came from
 * are the same for all of them.
 */
import { buildEvent, type AuditFacts } from '../../core/audit/event.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin, ServiceContext } from '../context.js'

type RecordDeps = Pick<ServiceContext, 'clock' | 'random' | 'clusterName'>

/** Appends one event to the transaction of the change it tells. `origin` is undefined for what no request did. */
export async function record(
  deps: RecordDeps,
  tx: Pick<StoreTransaction, 'audit'>,
  facts: AuditFacts,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const from = originFields(origin)
  const envelope = { clusterName: deps.clusterName, uid: deps.random.uuid(), now: deps.clock.now() }
  await tx.audit.append(buildEvent({ ...facts, fields: { ...facts.fields, ...from } }, envelope))
}

/** Records what changed nothing: a refusal, in a transaction of its own. */
export async function recordRefusal(
  deps: RecordDeps & Pick<ServiceContext, 'store'>,
  facts: Omit<AuditFacts, 'success'>,
  origin: RequestOrigin | undefined,
): Promise<void> {
  await deps.store.transaction(async (tx) => await record(deps, tx, { ...facts, success: false }, origin))
}

/** What an event says of the request that caused it. */
export function originFields(origin: RequestOrigin | undefined): NonNullable<AuditFacts['fields']> {
  if (origin === undefined) return {}
  return {
    'addr.remote': origin.address,
    // Browsers send some 200 characters; the rest would only be somebody's way to fill the log.
    user_agent: origin.userAgent.slice(0, 300),
    request_id: origin.requestId,
  }
}
