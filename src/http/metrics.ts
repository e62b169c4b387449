/**
 * @module The text of `/metrics` in Prometheus' format: figures of each plugin as its status tells them, mail that
 * waits, and sinks of the audit log. Made anew for each scrape, so that two gateways in one process share nothing. Names of people never appear.
 */
import { Counter, Gauge, Registry } from 'prom-client'
import type { SyncStatusAnswer } from '../api/contract/identity-center.js'
import { parseInstant, second, type Instant } from '../core/time.js'
import type { SinkStatus } from '../service/audit/sink-status.js'
import type { OutboxCount } from '../store/store.js'

export interface Metrics {
  readonly text: string
  readonly contentType: string
}

const healths: readonly SyncStatusAnswer['health'][] = [
  'setting_up',
  'healthy',
  'attention',
  'failing',
  'paused',
]

/** `unreadable`: names of plugins that are stored and cannot be read; all that is known is that they fail. */
export async function renderMetrics(
  {
    statuses,
    unreadable,
    outbox,
    webhooks,
    tlsValidTo,
    auditSinks = [],
  }: {
    readonly statuses: readonly SyncStatusAnswer[]
    readonly unreadable: readonly string[]
    readonly outbox?: Pick<OutboxCount, 'waiting' | 'givenUp'>
    /** Messages for all of them. */
    readonly webhooks?: Pick<OutboxCount, 'waiting' | 'givenUp'>
    /** When the certificate that Gatehouse serves itself ends. */
    readonly tlsValidTo?: Instant | undefined
    readonly auditSinks?: readonly SinkStatus[]
  },
  now: Instant,
): Promise<Metrics> {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, ...labels: string[]) =>
    new Gauge({
      name: `gatehouse_identity_center_${name}`,
      help,
      labelNames: ['plugin', ...labels],
      registers,
    })
  const counter = (name: string, help: string) =>
    new Counter({
      name: `gatehouse_identity_center_${name}`,
      help,
      labelNames: ['plugin', 'service'],
      registers,
    })
  const health = gauge('health', '1 for the health that the plugin has now', 'health')
  const credentials = gauge('credentials_ok', '1 while AWS accepts the credentials')
  const credentialsEnd = gauge('credentials_seconds_left', 'Seconds until the credentials in use end')
  const scimDays = gauge('scim_token_days_left', 'Days until a stored SCIM token ends', 'slot')
  const syncAge = gauge('last_sync_age_seconds', 'Seconds since the last cycle of the sync ended')
  const syncOk = gauge('last_sync_success', '1 where the last cycle succeeded')
  const scanAge = gauge('last_scan_age_seconds', 'Seconds since AWS was last read to the end')
  const restored = gauge('restored', '1 while every change waits for a person since a backup was restored')
  const drift = gauge('drift', 'Changes by others on what we own, at the last look')
  const errors = gauge('objects_in_error', 'Objects that could not be brought to what is desired')
  const waiting = gauge('actions', 'Actions of the plan', 'state')
  const queue = gauge('queue', 'Calls to AWS that wait for their turn')
  const serviceQueue = gauge('service_queue', 'Calls that wait, by service', 'service')
  const rate = gauge('service_rate', 'Calls a second that are allowed now', 'service')
  const calls = counter('calls_total', 'Calls to AWS since the start of the process')
  const throttled = counter(
    'throttled_total',
    'Calls that AWS throttled (429) since the start of the process',
  )
  const repeated = counter(
    'repeated_total',
    'Reads of AWS that were made again since their connection broke, since the start of the process',
  )

  if (outbox !== undefined) {
    const help = 'Mail that waits to be sent, and mail that was given up within 30 days'
    const mail = new Gauge({ name: 'gatehouse_outbox_messages', help, labelNames: ['state'], registers })
    mail.set({ state: 'waiting' }, outbox.waiting)
    mail.set({ state: 'given_up' }, outbox.givenUp)
  }
  if (webhooks !== undefined) {
    const help = 'Messages that wait to be taken by webhooks, and those that were given up within 30 days'
    const name = 'gatehouse_webhook_messages'
    const messages = new Gauge({ name, help, labelNames: ['state'], registers })
    messages.set({ state: 'waiting' }, webhooks.waiting)
    messages.set({ state: 'given_up' }, webhooks.givenUp)
  }

  if (tlsValidTo !== undefined) {
    const help = 'Seconds until the certificate that Gatehouse serves itself ends'
    new Gauge({ name: 'gatehouse_tls_certificate_seconds_left', help, registers }).set(
      (tlsValidTo - now) / second,
    )
  }

  const sinkGauge = (name: string, help: string) =>
    new Gauge({ name: `gatehouse_audit_sink_${name}`, help, labelNames: ['sink', 'type'], registers })
  if (auditSinks.length > 0) {
    const failing = sinkGauge('failing', '1 while the sink takes nothing')
    const sequence = sinkGauge('sequence', 'Number of the last event that the sink has taken')
    const lagEvents = sinkGauge('lag_events', 'Events that the sink has not taken')
    const lagSeconds = sinkGauge('lag_seconds', 'Age of the first event that the sink has not taken')
    for (const one of auditSinks) {
      const labels = { sink: one.position.key, type: one.position.type }
      failing.set(labels, Number(one.state === 'failing'))
      sequence.set(labels, one.position.sequence)
      lagEvents.set(labels, one.lagEvents)
      lagSeconds.set(labels, one.lagSeconds)
    }
  }

  for (const plugin of unreadable) {
    for (const one of healths) health.set({ plugin, health: one }, Number(one === 'failing'))
  }
  for (const status of statuses) {
    const { plugin } = status
    for (const one of healths) health.set({ plugin, health: one }, Number(one === status.health))
    const { ok } = status.credentials
    if (ok !== undefined) credentials.set({ plugin }, Number(ok))
    const end = instantOf(status.credentials.expiresAt)
    if (end !== undefined) credentialsEnd.set({ plugin }, (end - now) / second)
    for (const { slot, daysLeft } of status.scim.tokens)
      scimDays.set({ plugin, slot: String(slot) }, daysLeft)
    const syncAt = instantOf(status.lastSync?.at)
    if (syncAt !== undefined) {
      syncAge.set({ plugin }, (now - syncAt) / second)
      syncOk.set({ plugin }, Number(status.lastSync?.success))
    }
    const scanAt = instantOf(status.lastScan?.at)
    if (scanAt !== undefined) scanAge.set({ plugin }, (now - scanAt) / second)
    restored.set({ plugin }, Number(status.problems.some(({ code }) => code === 'restored')))
    drift.set({ plugin }, status.drift)
    errors.set({ plugin }, status.errors.length + status.moreErrors)
    waiting.set({ plugin, state: 'ready' }, status.waiting.actions)
    waiting.set({ plugin, state: 'held' }, status.waiting.held)
    waiting.set({ plugin, state: 'open' }, status.waiting.open)
    queue.set({ plugin }, status.governor.queue)
    for (const { service, ...figures } of status.governor.services) {
      serviceQueue.set({ plugin, service }, figures.queue)
      rate.set({ plugin, service }, figures.rate)
      calls.inc({ plugin, service }, figures.calls)
      throttled.inc({ plugin, service }, figures.throttled)
      repeated.inc({ plugin, service }, figures.repeated)
    }
  }
  return { text: await registry.metrics(), contentType: registry.contentType }
}

function instantOf(text: string | undefined): Instant | undefined {
  return text === undefined ? undefined : parseInstant(text)
}
