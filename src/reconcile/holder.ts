/**
 * @module What the parts of one plugin's sync share on this replica: its settings, its lease, its connections and what
 * it keeps in memory while it holds the lease.
 */
import { setMaxListeners } from 'node:events'
import { GatewayError } from '../core/error.js'
import { Outages } from '../core/governor/outages.js'
import { principalKey, type LedgerEntry, type Link } from '../core/identity-center/observation.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { Instant } from '../core/time.js'
import type { CatalogView } from '../service/resources/catalog-view.js'
import { Connections } from './connections.js'
import type { Cycle } from './cycle.js'
import type { SyncDeps } from './deps.js'
import { LedgerBook, LinkBook } from './effect.js'
import { LeaseKeeper, LeaseLost } from './lease.js'
import { loadMemory, type Memory } from './memory.js'
import { keepNote, noteNames, readProgress, type Progress } from './notes.js'
import { Reread } from './reread.js'

export interface FoundPlugin {
  readonly settings: PluginSettings
  readonly revision: string
  readonly createdAt: Instant
  readonly view: CatalogView
}

export class Holder {
  readonly plugin: string
  readonly deps: SyncDeps
  readonly lease: LeaseKeeper
  readonly connections: Connections
  reread = new Reread()
  outages = new Outages()
  readonly #onTaken: () => void
  readonly #onRemade: () => void
  readonly #stop = new AbortController()
  #createdAt: Instant | undefined
  #memory: Memory | undefined
  #loading: Promise<Memory> | undefined

  /**
   * @param onTaken Told when this replica becomes the holder.
   * @param onRemade Told when the plugin is another one of the same name.
   */
  constructor(deps: SyncDeps, plugin: string, onTaken: () => void, onRemade: () => void) {
    const { store, timers, holder } = deps
    this.plugin = plugin
    this.deps = deps
    this.lease = new LeaseKeeper({
      ...{ store, timers, holder },
      lease: noteNames.lease(plugin),
      ...(deps.leaseTimes && { times: deps.leaseTimes }),
    })
    this.connections = new Connections(deps)
    this.#onTaken = onTaken
    this.#onRemade = onRemade
    // Every read under way listens; there may be more than the ten at which Node suspects a leak.
    setMaxListeners(0, this.#stop.signal)
  }

  /** Aborted when this replica ends or the plugin is gone: what only waits or reads is given up then. */
  get stopping(): AbortSignal {
    return this.#stop.signal
  }

  stop(): void {
    this.#stop.abort(new Error('the sync is being stopped here'))
  }

  now(): Instant {
    return this.deps.timers.now()
  }

  /** @throws GatewayError `NOT_FOUND` where the resource is gone or cannot be read: nothing is done for it then. */
  async find(): Promise<FoundPlugin> {
    const view = await this.deps.catalog.read()
    const entry = view.plugins().find(({ value }) => value.name === this.plugin)
    if (entry === undefined) {
      if ((await this.deps.store.resources.find('plugin', this.plugin)) === undefined) this.#begin(undefined)
      throw new GatewayError('NOT_FOUND', `there is no readable plugin named "${this.plugin}"`)
    }
    const { revision, createdAt } = entry.stored
    this.#begin(createdAt)
    return { settings: entry.value, revision, createdAt, view }
  }

  /** A later plugin of the same name has nothing in common with the one that was in memory. */
  #begin(createdAt: Instant | undefined): void {
    const before = this.#createdAt
    this.#createdAt = createdAt
    if (before === undefined || before === createdAt) return
    this.forget()
    this.reread = new Reread()
    this.outages = new Outages()
    this.#onRemade()
  }

  /** Whether this replica holds the lease now, after trying to take or to renew it. */
  async takeLease(): Promise<boolean> {
    const wasHolder = this.lease.isHolder
    try {
      if (wasHolder) await this.lease.keep()
      else if (!(await this.lease.take())) return false
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error
      this.forget()
      return false
    }
    if (!wasHolder) {
      this.forget()
      this.#onTaken()
    }
    return true
  }

  /** Until the signal: for work that waits long for one answer. */
  async keepLease(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        // A little sooner than work in small steps renews.
        await this.deps.timers.sleep(this.lease.renewEveryMs * 0.8, signal)
      } catch {
        return
      }
      // Whoever works with the lease finds out by itself that it is lost.
      await this.lease.take().catch(() => false)
    }
  }

  /** With the lease goes what was in memory. Whoever still works with it belongs to a term that has ended. */
  forget(): void {
    this.#memory = undefined
    this.#loading = undefined
  }

  /** What is in memory, read from the store at its first use within a term. */
  async memory(): Promise<Memory> {
    if (this.#memory !== undefined) return this.#memory
    const loading = (this.#loading ??= loadMemory(this.deps, this.plugin, this.lease.isHolder))
    try {
      const memory = await loading
      if (this.#loading === loading) this.#memory = memory
      return memory
    } finally {
      if (this.#loading === loading) this.#loading = undefined
    }
  }

  /** What is in memory of the holder of the lease; undefined on every other replica. */
  get known(): Memory | undefined {
    return this.lease.isHolder ? this.#memory : undefined
  }

  /** What is in memory, or else what is stored. */
  async look(): Promise<Memory> {
    return this.known ?? (await loadMemory(this.deps, this.plugin, this.lease.isHolder))
  }

  async openCycle(
    { settings, revision, createdAt }: Pick<FoundPlugin, 'settings' | 'revision' | 'createdAt'>,
    { seen, reading }: Memory,
    links: readonly Link[],
    ledger: readonly LedgerEntry[],
  ): Promise<Cycle> {
    return {
      deps: this.deps,
      settings,
      revision,
      pluginCreatedAt: createdAt,
      center: await this.connections.center(settings),
      scim: this.connections.scim(settings),
      lease: this.lease,
      term: this.lease.term,
      seen,
      reading,
      links: new LinkBook(links),
      ledger: new LedgerBook(ledger),
      owned: new Set(links.map(({ kind, awsId }) => principalKey(kind, awsId))),
      reread: this.reread,
      outages: this.outages,
    }
  }

  /** Stores what every replica tells, with these parts replaced. */
  async saveProgress(change: Partial<Progress>): Promise<void> {
    const { store } = this.deps
    const before = this.#memory?.progress ?? (await readProgress(store.notes, this.plugin))
    const { settings } = await this.find()
    const { services, history, ...rest } = this.connections.governor(settings).describe()
    const governor = withoutUndefined({
      ...rest,
      services: services.map((one) => ({ ...one })),
      history: [...history],
    })
    const progress = { ...before, ...change, governor }
    if (this.#memory !== undefined) this.#memory.progress = progress
    await keepNote(store, this.plugin, noteNames.progress(this.plugin), progress)
  }
}

/** The same without members that are there and undefined: JSON has none. */
export function withoutUndefined<T extends object>(value: T): T {
  // Removing what is undefined keeps every member that has a value.
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}
