/** @module Forgets the position of a sink that is in no configuration any more. */
import { parseSinkKey, sinkForgottenAfterMs } from '../../core/audit/sink.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { record } from '../people/record.js'
import { isSinkInUse, type SinkStatusDeps } from './sink-status.js'

/** @throws GatewayError `NOT_FOUND`, or `STILL_IN_USE` while a gateway feeds it. */
export async function removeSink(
  deps: ServiceContext & Pick<SinkStatusDeps, 'auditSinks'>,
  { key, authority }: { readonly key: string; readonly authority: Pick<Authority, 'name'> },
  origin: RequestOrigin,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const position = await tx.auditSinks.find(key)
    if (position === undefined) {
      throw new GatewayError('NOT_FOUND', `there is no audit sink "${key}"; gatehouse audit sinks lists them`)
    }
    const isConfigured = deps.auditSinks.some((sink) => sink.key === key)
    if (isSinkInUse(position, isConfigured, deps.clock.now())) {
      const when = formatInstant(position.seenAt + sinkForgottenAfterMs)
      throw new GatewayError(
        'STILL_IN_USE',
        isConfigured
          ? `the audit sink "${key}" is in the configuration: take it out of audit_sinks and restart first`
          : `a gateway had the audit sink "${key}" in its configuration a moment ago; unless it still has, it can be removed from ${when}`,
      )
    }
    await tx.auditSinks.delete(key)
    const { name, machine } = parseSinkKey(key)
    const fields = { name, machine, sequence: position.sequence, updated_by: authority.name }
    const facts = { event: 'audit_sink.remove', success: true, user: authority.name, fields } as const
    await record(deps, tx, facts, origin)
  })
}
