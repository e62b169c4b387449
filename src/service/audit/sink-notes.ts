/**
 * @module Notes how far a sink of the audit log has come. That it fails, and that it takes events again, is in the audit
 * log, in the same transaction.
 */
import { parseSinkKey } from '../../core/audit/sink.js'
import { formatInstant } from '../../core/time.js'
import type { SinkPlace, SinkPosition, SinkTrouble } from '../../store/store.js'
import type { ServiceContext } from '../context.js'
import { record } from '../people/record.js'

type Deps = Pick<ServiceContext, 'store' | 'clock' | 'random' | 'clusterName'>

/** Moves a position behind what was delivered; false where another process has moved it meanwhile. */
export async function moveSink(deps: Deps, position: SinkPosition, to: SinkPlace): Promise<boolean> {
  const { key, trouble } = position
  if (trouble?.announced !== true)
    return await deps.store.auditSinks.move(key, position, to, deps.clock.now())
  return await deps.store.transaction(async (tx) => {
    if (!(await tx.auditSinks.move(key, position, to, deps.clock.now()))) return false
    const fields = { ...nameFields(key), failing_since: formatInstant(trouble.since) }
    await record(deps, tx, { event: 'audit_sink.recover', success: true, user: 'system', fields }, undefined)
    return true
  })
}

/** Notes a failed attempt; `tell` says it in the audit log too. */
export async function noteSinkFailure(
  deps: Deps,
  key: string,
  trouble: SinkTrouble,
  tell: boolean,
): Promise<void> {
  if (!tell) {
    await deps.store.auditSinks.markFailed(key, trouble)
    return
  }
  await deps.store.transaction(async (tx) => {
    if (!(await tx.auditSinks.markFailed(key, trouble))) return
    const { error, attempts, since } = trouble
    const fields = { ...nameFields(key), error, attempts, failing_since: formatInstant(since) }
    await record(deps, tx, { event: 'audit_sink.failing', success: false, user: 'system', fields }, undefined)
  })
}

function nameFields(key: string): { readonly name: string; readonly machine?: string } {
  const { name, machine } = parseSinkKey(key)
  return { name, ...(machine !== undefined && { machine }) }
}
