/** @module How the sinks of the audit log are: where each stands, how far behind it is, and why. */
import { parseSinkKey, sinkForgottenAfterMs, type SinkFormat } from '../../core/audit/sink.js'
import { parseInstant, second, type Instant } from '../../core/time.js'
import type { SinkPosition, Store } from '../../store/store.js'

/** What a sink of the configuration of this process says of itself. */
export interface ConfiguredSink {
  readonly key: string
  readonly target: string
  readonly format: SinkFormat
}

export interface SinkStatus {
  readonly position: SinkPosition
  readonly name: string
  readonly machine: string | undefined
  /** Undefined where another machine or nobody has it in its configuration. */
  readonly configured: ConfiguredSink | undefined
  /** `unused`: no gateway has named it for some minutes. */
  readonly state: 'ok' | 'failing' | 'unused'
  readonly lagEvents: number
  /** Age of the first event that it has not taken; 0 where there is none. */
  readonly lagSeconds: number
}

export interface SinkStatusDeps {
  readonly store: Store
  readonly clock: { now(): Instant }
  /** Of this process. */
  readonly auditSinks: readonly ConfiguredSink[]
}

/** Of all sinks that have a position, by key. */
export async function listSinkStatuses({ store, clock, auditSinks }: SinkStatusDeps): Promise<SinkStatus[]> {
  const now = clock.now()
  const last = (await store.audit.last())?.sequence ?? 0
  const positions = await store.auditSinks.positions()
  return await Promise.all(
    positions.map(async (position) => {
      const { key, sequence } = position
      const configured = auditSinks.find((sink) => sink.key === key)
      return {
        position,
        ...parseSinkKey(key),
        configured,
        state: stateOf(position, configured !== undefined, now),
        lagEvents: Math.max(0, last - sequence),
        lagSeconds: sequence < last ? await ageOfNext(store, sequence, now) : 0,
      }
    }),
  )
}

/** Whether some gateway has the sink in its configuration, as far as one can tell from here. */
export function isSinkInUse(position: SinkPosition, isConfigured: boolean, now: Instant): boolean {
  return isConfigured || now - position.seenAt < sinkForgottenAfterMs
}

function stateOf(position: SinkPosition, isConfigured: boolean, now: Instant): SinkStatus['state'] {
  if (!isSinkInUse(position, isConfigured, now)) return 'unused'
  return position.trouble === undefined ? 'ok' : 'failing'
}

async function ageOfNext(store: Store, sequence: number, now: Instant): Promise<number> {
  const [next] = await store.audit.list({ cursor: sequence, limit: 1, order: 'asc' })
  const [, time = ''] = /"time":"([^"]{1,40})"/.exec(next?.json ?? '') ?? []
  const at = parseInstant(time)
  return at === undefined ? 0 : Math.max(0, Math.round((now - at) / second))
}
