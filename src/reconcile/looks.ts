/** @module Full looks at AWS of one plugin: when they are due, one at a time, told to whoever waits for them. */
import { AwsCallError } from '../core/governor/call.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import { day, minute, type Instant } from '../core/time.js'
import type { Progress as TellProgress } from '../service/identity-center/sync-port.js'
import { appendEvents } from './cycle.js'
import type { Holder } from './holder.js'
import { LeaseLost } from './lease.js'
import type { Memory } from './memory.js'
import type { Reading } from './notes.js'
import { scan, type ScanTotals } from './scan.js'

/** The audit log keeps what it keeps; this is the list of the status page. */
const outcomesKept = 90 * day

export interface LookEvents {
  readonly onDone: () => void
  /** Before the failure goes on to whoever waits. */
  readonly onFailure: (error: AwsCallError, memory: Memory) => Promise<void>
}

export class Looks {
  readonly #holder: Holder
  readonly #events: LookEvents
  #running: { readonly done: Promise<void>; readonly listeners: Set<TellProgress> } | undefined
  #notBefore: Instant = 0

  constructor(holder: Holder, events: LookEvents) {
    this.#holder = holder
    this.#events = events
  }

  /** Of the plugin that is gone: the first look at the one that took its name waits for nothing. */
  forget(): void {
    this.#notBefore = 0
  }

  /** Resolves once none runs. */
  async settled(): Promise<void> {
    await this.#running?.done.catch(() => undefined)
  }

  /**
   * The first look is waited for, since nothing can be planned before it; later ones run beside the work, and `onError`
   * is told where they fail.
   */
  async lookIfDue(settings: PluginSettings, onError: (error: unknown) => void): Promise<void> {
    const isFirst = this.#isDue((await this.#holder.memory()).reading, settings)
    if (isFirst === undefined) return
    const looking = this.look(isFirst ? 'normal' : 'scan', () => undefined)
    if (isFirst) await looking
    else {
      looking.catch((error: unknown) => {
        if (!this.#holder.stopping.aborted) onError(error)
      })
    }
  }

  /** One at a time; whoever comes later is told of the one that runs. @throws AwsCallError, LeaseLost. */
  async look(priority: 'normal' | 'scan', progress: TellProgress): Promise<void> {
    if (this.#running !== undefined) {
      this.#running.listeners.add(progress)
      await this.#running.done
      return
    }
    const listeners = new Set([progress])
    const tell: TellProgress = (now) => {
      for (const listener of listeners) listener(now)
    }
    const done = this.#look(priority, tell).finally(() => {
      this.#running = undefined
    })
    this.#running = { done, listeners }
    await done
  }

  /** Undefined where none is due; otherwise whether it is the first one. */
  #isDue({ lastScan, doubts }: Reading, settings: PluginSettings): boolean | undefined {
    const now = this.#holder.now()
    if (this.#running !== undefined || now < this.#notBefore) return undefined
    if (lastScan === undefined) return true
    // A list that is doubted is read again after a minute: the same again is believed.
    const isDoubtDue = Object.values(doubts).some((doubt) => doubt !== undefined && now - doubt.at >= minute)
    const isOld = now - lastScan.at >= Math.max(lastScan.everyMs, settings.scanIntervalMs)
    return isOld || isDoubtDue ? false : undefined
  }

  async #look(priority: 'normal' | 'scan', progress: TellProgress): Promise<void> {
    const holder = this.#holder
    if (!(await holder.takeLease())) throw new LeaseLost('another replica holds the lease')
    const memory = await holder.memory()
    const stop = new AbortController()
    const keeping = holder.keepLease(stop.signal)
    try {
      await this.#settle(memory, priority, progress)
      await this.#done(memory, await this.#read(memory, priority, progress))
    } catch (error) {
      this.#notBefore = holder.now() + minute
      const isEnded = error instanceof LeaseLost || holder.stopping.aborted
      if (!isEnded) await this.#failed(memory, error)
      throw error
    } finally {
      stop.abort()
      await keeping
    }
    this.#events.onDone()
  }

  async #read(memory: Memory, priority: 'normal' | 'scan', progress: TellProgress): Promise<ScanTotals> {
    const found = await this.#holder.find()
    const { settings } = found
    const links = await this.#holder.deps.store.principalLinks.list(this.#holder.plugin)
    const cycle = await this.#holder.openCycle(found, memory, links, [])
    // Until the first plan was done an import may still be due, which wants everything.
    const isBegun = settings.sync === 'active' && memory.reading.firstDoneAt !== undefined
    const scope = isBegun && links.length > 0 ? 'owned' : 'all'
    return await scan(cycle, { priority, scope, progress, signal: this.#holder.stopping })
  }

  /**
   * A person who asks wants to be told of all there is, of what we have just changed, too. Before anything is read of
   * the store: what is written meanwhile counts.
   */
  async #settle(memory: Memory, priority: 'normal' | 'scan', progress: TellProgress): Promise<void> {
    const { deps, stopping } = this.#holder
    const waitMs = priority === 'normal' ? memory.seen.unsettledFor(this.#holder.now()) : 0
    if (waitMs === 0) return
    progress({ says: 'Waiting a moment until AWS shows our last change everywhere.' })
    await deps.timers.sleep(waitMs, stopping)
  }

  async #done(memory: Memory, totals: ScanTotals): Promise<void> {
    const { deps, plugin } = this.#holder
    const { scanFailure: _, ...progress } = memory.progress
    memory.progress = {
      ...progress,
      credentials: { ok: true, says: 'AWS accepts our credentials.' },
    }
    await this.#holder.saveProgress({})
    await deps.store.changes.deleteEndedBefore(plugin, this.#holder.now() - outcomesKept)
    await deps.store.approvals.deleteExpired(this.#holder.now())
    await this.#tell('aws_identity_center.resource_sync.success', {
      message: 'Periodic account, permission set and account assignment sync',
      total_accounts: totals.accounts,
      total_permission_sets: totals.permissionSets,
      total_account_assignments: totals.assignments,
      total_user_groups: totals.groups,
    })
  }

  async #failed(memory: Memory, error: unknown): Promise<void> {
    const says = (error instanceof Error ? error.message : String(error)).slice(0, 500)
    memory.progress = { ...memory.progress, scanFailure: { at: this.#holder.now(), says } }
    if (error instanceof AwsCallError) await this.#events.onFailure(error, memory)
    else await this.#holder.saveProgress({})
    await this.#tell('aws_identity_center.resource_sync.failed', { error: says })
  }

  async #tell(
    event: 'aws_identity_center.resource_sync.success' | 'aws_identity_center.resource_sync.failed',
    fields: Readonly<Record<string, string | number>>,
  ): Promise<void> {
    const { deps, plugin } = this.#holder
    const facts = { event, success: event.endsWith('success'), user: 'system', fields: { plugin, ...fields } }
    await deps.store.transaction((tx) => appendEvents(deps, tx, [facts]))
  }
}
