/** @module What the sync is handed by the composition root: the store, time, the adapters by their interfaces. */
import type { IdentityCenter } from '../aws/identity-center.js'
import type { TimeBoxedGrant } from '../core/entitlement/input.js'
import type { CallGovernor } from '../core/governor/call.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { DurationMs } from '../core/time.js'
import type { Logger } from '../lib/logger.js'
import type { Random } from '../lib/random.js'
import type { Timers } from '../lib/timers.js'
import type { ScimClient } from '../scim/client/scim-client.js'
import type { FirstImport } from '../service/identity-center/sync-port.js'
import type { Catalog } from '../service/resources/catalog.js'
import type { LeaseTimes } from './lease.js'
import type { ScimToken, Store } from '../store/store.js'

export interface ScimConnection {
  readonly baseUrl: string
  readonly allowOtherHost: boolean
  readonly token: () => Promise<string>
  readonly governor: CallGovernor
}

export interface SyncDeps {
  readonly store: Store
  readonly catalog: Pick<Catalog, 'read'>
  readonly timers: Timers
  readonly random: Random
  readonly logger: Logger
  readonly clusterName: string
  /** Names this process among the replicas: another one each time it starts. */
  readonly holder: string
  /** Of the lease; shorter in tests. */
  readonly leaseTimes?: LeaseTimes
  readonly connect: (settings: PluginSettings, governor: CallGovernor) => Promise<IdentityCenter>
  readonly scimClient: (connection: ScimConnection) => ScimClient
  readonly unseal: (token: ScimToken, plugin: string) => Promise<string>
  /**
   * Grants that approved requests give for a time; none where it is left out. The same value as before where nothing
   * has changed: plans are kept by it.
   */
  readonly grants?: (plugin: string) => Promise<readonly TimeBoxedGrant[]>
  /** Of these requests those that give nothing any more; asked where AWS still has what the time of one would give. */
  readonly endedRequests?: (ids: readonly string[]) => Promise<ReadonlySet<string>>
  /** How often it is looked whether anything was written by another replica; half a second where it is left out. */
  readonly lookEveryMs?: DurationMs
  /**
   * Asked before the first change of AWS: imports a plugin that was switched on before anything was imported. Nothing
   * is changed until it answers `done`; it does no work twice, so it may be asked again at any time.
   */
  readonly importFirst?: (plugin: string) => Promise<FirstImport>
  /** Awaited before and after every await of a change of AWS; the simulation ends the process there. */
  readonly onStep?: (point: string) => Promise<void>
}
