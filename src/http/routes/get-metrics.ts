/**
 * @module `GET /metrics`: figures for Prometheus. They tell how large an organisation is and whether its sync works, and
 * behind a proxy every caller looks local, so it takes a right: scrapers send an API token.
 */
import { paths } from '../../api/contract.js'
import { day } from '../../core/time.js'
import { listSinkStatuses } from '../../service/audit/sink-status.js'
import { listUnreadable, readStatuses } from '../../service/identity-center/status.js'
import { renderMetrics } from '../metrics.js'
import { route } from '../route.js'

export const getMetrics = route({
  method: 'get',
  path: paths.metrics,
  right: { resource: 'metrics', verb: 'read' },
  summary:
    'Figures for Prometheus: health, SCIM days left, ages, drift, errors, queue, calls, throttled calls, mail, webhooks, sinks of the audit log',
  answer: { kind: 'text' },
  handler: async ({ deps }) => {
    const now = deps.clock.now()
    const outbox = await deps.store.outbox.count(now - 30 * day)
    const webhooks = await deps.store.outbox.count(now - 30 * day, { channel: 'webhook' })
    const auditSinks = await listSinkStatuses(deps)
    const plugins = { statuses: await readStatuses(deps), unreadable: await listUnreadable(deps) }
    const { text, contentType } = await renderMetrics(
      { ...plugins, outbox, webhooks, auditSinks, tlsValidTo: deps.tlsValidTo?.() },
      now,
    )
    return { kind: 'text', text, contentType }
  },
})
