/** @module `GET /v1/audit/sinks`: where the audit log goes, how far it came there, and why it is late. */
import { auditSinksAnswer, paths, type AuditSinkItem } from '../../api/contract.js'
import { formatInstant, type Instant } from '../../core/time.js'
import { listSinkStatuses, type SinkStatus } from '../../service/audit/sink-status.js'
import { json, route } from '../route.js'

export const listAuditSinks = route({
  method: 'get',
  path: paths.auditSinks,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  summary: 'Sinks of the audit log with their positions and what stops them',
  answer: { kind: 'json', schema: auditSinksAnswer },
  handler: async ({ deps }) => json({ items: (await listSinkStatuses(deps)).map(toItem) }),
})

function toItem({ position, configured, ...status }: SinkStatus): AuditSinkItem {
  const { key, type, sequence, headSequence, deliveredAt, trouble } = position
  return {
    key,
    name: status.name,
    ...(status.machine !== undefined && { machine: status.machine }),
    type,
    state: status.state,
    ...(configured && { target: configured.target, format: configured.format }),
    sequence,
    headSequence,
    lagEvents: status.lagEvents,
    lagSeconds: status.lagSeconds,
    ...instant('deliveredAt', deliveredAt),
    ...(trouble && {
      ...instant('failingSince', trouble.since),
      error: trouble.error,
      attempts: trouble.attempts,
      ...instant('nextAttemptAt', trouble.nextAttemptAt),
    }),
  }
}

function instant<Name extends string>(name: Name, at: Instant | undefined): Partial<Record<Name, string>> {
  return at === undefined ? {} : ({ [name]: formatInstant(at) } as Record<Name, string>)
}
