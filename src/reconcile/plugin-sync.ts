/**
 * @module The sync of one plugin: it loops over collect, plan and execute while it holds the lease, and answers what
 * use cases ask on every replica. It works from levels: whatever woke it, it looks at all that is desired and all that
 * was seen, so a wake-up that is lost costs time and nothing else.
 */
import type { IdentityCenter } from '../aws/identity-center.js'
import { AwsCallError } from '../core/governor/call.js'
import { noteNames } from '../core/identity-center/note-names.js'
import { failureWords } from '../core/plan/failure-words.js'
import { executableActions } from '../core/plan/make-plan.js'
import type { Action, ActionKey, Plan } from '../core/plan/plan.js'
import { earliest, minute, second, type Instant } from '../core/time.js'
import type { ScimClient } from '../scim/client/scim-client.js'
import type {
  CurrentPlan,
  JobKind,
  JobState,
  PluginSync,
  Progress as TellProgress,
  SyncState,
} from '../service/identity-center/sync-port.js'
import { markUnwanted, readAdoptable, tellDrift } from './after-plan.js'
import { collectRemembered, nextLockEnd } from './collect.js'
import { planNow } from './current-plan.js'
import type { SyncDeps } from './deps.js'
import { SettingsChanged } from './cycle.js'
import { doubtObject } from './doubt-object.js'
import { execute, type ExecuteResult } from './execute.js'
import { Holder, withoutUndefined } from './holder.js'
import { JobRunner } from './job.js'
import { sayLastSync } from './last-sync.js'
import { LeaseLost } from './lease.js'
import { Looks } from './looks.js'
import { refuse, type Memory } from './memory.js'
import {
  keepNote,
  markOfDenied,
  readJob,
  readProgress,
  readReading,
  readRestored,
  takeWishes,
  wish,
} from './notes.js'
import { holdsUntil, PlanCache, planKey } from './plan-cache.js'
import { resolveOpen } from './resolve.js'
import { bindOwn } from './take-over.js'
import { Watch } from './watch.js'

export interface CycleReport {
  readonly plan: Plan
  /** Undefined while the sync is paused. */
  readonly result: ExecuteResult | undefined
}

/** After a cycle that could do nothing for a reason that is no object's. */
const pause = 5 * second
const afterRefusal = 5 * minute
/** After an import that failed. */
const afterImport = minute
/** How often it is looked whether anything was written, here or by another replica. */
const lookEvery = second / 2

export class PluginSyncRunner implements PluginSync, AsyncDisposable {
  readonly plugin: string
  readonly #deps: SyncDeps
  readonly #holder: Holder
  readonly #looks: Looks
  readonly #jobs: JobRunner
  readonly #plans = new PlanCache()
  #unresolved: ReadonlySet<string> = new Set()
  #isWoken = true
  #wakeUp: (() => void) | undefined
  /** While a plan is being done. */
  #watch: Watch | undefined
  /** When something that is not in what is being done becomes due. */
  #plannedUntil: Instant | undefined
  /** What the last cycle worked from, to see whether anything changed since. */
  #generation = ''
  #nextAt: Instant | undefined
  #notBefore: Instant = 0
  #knownKeys: ReadonlySet<ActionKey> = new Set()

  constructor(deps: SyncDeps, plugin: string) {
    this.plugin = plugin
    this.#deps = deps
    const rouse = () => {
      this.#isWoken = true
    }
    this.#holder = new Holder(deps, plugin, rouse, () => this.#forget())
    this.#looks = new Looks(this.#holder, {
      onDone: rouse,
      onFailure: (error, memory) => this.#noteAwsFailure(error, memory),
    })
    this.#jobs = new JobRunner(deps, plugin, (job) =>
      keepNote(deps.store, plugin, noteNames.job(plugin), withoutUndefined(job)),
    )
  }

  wake(): void {
    this.#isWoken = true
    this.#notBefore = 0
    this.#wakeUp?.()
    this.#watch?.wake()
    if (this.#holder.lease.isHolder) return
    this.#wish('wake').catch((error: unknown) => this.#warn(error, 'could not ask the holder'))
  }

  /** There may be something new in the store, which the holder would find within half a second. */
  look(): void {
    if (!this.#holder.lease.isHolder) return
    this.#wakeUp?.()
    this.#watch?.look()
  }

  async connect(): Promise<IdentityCenter> {
    return await this.#holder.connections.center((await this.#holder.find()).settings)
  }

  async scim(trial?: { readonly baseUrl: string; readonly token: string }): Promise<ScimClient> {
    return await this.#holder.connections.scimFor((await this.#holder.find()).settings, trial)
  }

  async scan(): Promise<JobState> {
    const running = this.#jobs.current
    if (running?.kind === 'scan' && running.state === 'running') return running
    if (!(await this.#holder.takeLease())) {
      await this.#wish('scan')
      const says = 'Asked the replica that syncs to look at AWS.'
      return { ...idle, kind: 'scan', state: 'running', says, startedAt: this.#now() }
    }
    return await this.#jobs.run('scan', (progress) => this.#looks.look('normal', progress))
  }

  async run(kind: JobKind, work: (progress: TellProgress) => Promise<void>): Promise<JobState> {
    return await this.#jobs.run(kind, async (progress) => {
      try {
        await work(progress)
      } finally {
        this.wake()
      }
    })
  }

  async plan(): Promise<CurrentPlan> {
    const { settings, view } = await this.#holder.find()
    const grants = await this.#deps.grants?.(this.plugin)
    const denied = await markOfDenied(this.#deps.store.notes, this.plugin)
    const restored = await readRestored(this.#deps.store.notes, this.plugin)
    const more = [[...this.#unresolved].sort(), this.#plans.mark(grants), denied, restored]
    const key = await planKey(this.#deps.store, this.plugin, this.#holder.known, more)
    return await this.#plans.plan(
      key,
      () => this.#now(),
      async () => {
        const current = await planNow(this.#deps, settings, view, await this.#holder.look(), this.#unresolved)
        const ends = [nextLockEnd(view, current.madeAt), current.approvalEndsAt]
        return { current, validUntil: holdsUntil(current.madeAt, current, ends, current.countsRecent) }
      },
    )
  }

  async state(): Promise<SyncState> {
    const { settings } = await this.#holder.find()
    const { notes, leases } = this.#deps.store
    const { lastSync, scanFailure, credentials, failures, governor } = await readProgress(notes, this.plugin)
    const { connections, lease } = this.#holder
    const job = await readJob(notes, this.plugin)
    const reading = await readReading(notes, this.plugin)
    return {
      lastSync,
      lastScan: reading?.lastScan,
      pairsDenied: reading?.pairsDeniedAt !== undefined,
      scanFailure,
      credentials: {
        ok: credentials.ok,
        says: credentials.says,
        expiresAt: (await connections.credentialsExpireAt()) ?? credentials.expiresAt,
      },
      errors: failures.map(({ kind, name, says, remedy, since, attempts }) => {
        return { kind, name, says, remedy, since, attempts }
      }),
      nextTryAt: earliest([this.#holder.outages.nextAskAt, ...failures.map(({ notBefore }) => notBefore)]),
      governor: lease.isHolder
        ? connections.governor(settings).describe()
        : { ...governor, secondsLeft: governor.secondsLeft },
      lease: await leases.find(noteNames.lease(this.plugin)),
      isHolder: lease.isHolder,
      job: this.#jobs.current ?? (job === undefined ? undefined : { ...idle, ...job }),
    }
  }

  async resync({ kind, name }: { readonly kind: 'user' | 'list'; readonly name: string }): Promise<void> {
    if (!(await this.#holder.takeLease())) {
      await this.#wish(`resync/${kind}/${name}`)
      return
    }
    await doubtObject(this.#holder, this.#deps, kind, name)
    this.wake()
  }

  /** Until the signal: takes the lease, works when there is work, and looks twice a second whether there is. */
  async loop(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#holder.stop(), { once: true })
    while (!signal.aborted) {
      try {
        if (await this.#holder.takeLease()) await this.#tick()
      } catch (error) {
        if (error instanceof LeaseLost) this.#holder.forget()
        else if (!signal.aborted) this.#warn(error, 'a cycle of the sync failed')
        this.#notBefore = this.#now() + pause
      }
      await this.#sleep(signal)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holder.stop()
    await this.#jobs.settled()
    await this.#looks.settled()
    await this.#holder.lease
      .release()
      .catch((error: unknown) => this.#warn(error, 'the lease was not given up'))
    await this.#holder.connections[Symbol.asyncDispose]()
  }

  /**
   * Resolves what is open, plans, and does what may be done now. For the loop, and for whoever turns it by hand.
   * Undefined where AWS failed, where the plugin was written meanwhile, or where the import comes first and is not over.
   * @throws LeaseLost
   */
  async cycle(): Promise<CycleReport | undefined> {
    const { lease } = this.#holder
    if (!(await this.#holder.takeLease())) throw new LeaseLost('another replica holds the lease')
    await this.#deps.timers.sleep(lease.quietUntil - this.#now(), this.#holder.stopping)
    this.#isWoken = false
    this.#generation = await this.#currentGeneration()
    const memory = await this.#holder.memory()
    try {
      if (!(await this.#importFirst(memory))) return undefined
      return await this.#cycle(memory)
    } catch (error) {
      if (error instanceof SettingsChanged) {
        this.#isWoken = true
        return undefined
      }
      if (!(error instanceof AwsCallError)) throw error
      await this.#noteAwsFailure(error, memory)
      return undefined
    }
  }

  /** The plugin of this name is another one: nothing of the one before waits or counts for it. */
  #forget(): void {
    this.#unresolved = new Set()
    this.#knownKeys = new Set()
    this.#generation = ''
    this.#nextAt = undefined
    this.#notBefore = 0
    this.#isWoken = true
    this.#looks.forget()
    this.#jobs.forget()
  }

  /** One look whether there is work, and the work. */
  async #tick(): Promise<void> {
    for (const one of await takeWishes(this.#deps.store, this.plugin)) await this.#grantWish(one)
    const { settings } = await this.#holder.find()
    // What wakes a paused one is a change of the resource itself.
    if (settings.sync !== 'active') {
      this.#isWoken = false
      this.#nextAt = undefined
      await this.#resolvePaused()
      return
    }
    if (this.#now() < this.#readyAt) return
    await this.#looks.lookIfDue(settings, (error) => this.#warn(error, 'looking at AWS failed'))
    const isDue = this.#nextAt !== undefined && this.#now() >= this.#nextAt
    const isChanged = (await this.#currentGeneration()) !== this.#generation
    if (this.#isWoken || isDue || isChanged || this.#holder.reread.isDue(this.#now())) await this.cycle()
  }

  /** What a pause left without an outcome is looked for all the same: whoever paused may be waiting for it. */
  async #resolvePaused(): Promise<void> {
    if (this.#now() < this.#readyAt) return
    const open = await this.#deps.store.changes.listOpen(this.plugin)
    // An uninstallation ends its own.
    if (open.every(({ key }) => key.startsWith('uninstall/'))) return
    this.#notBefore = this.#now() + pause
    await this.cycle()
  }

  /** Whether AWS may be changed as far as the import is concerned; begins it where it is due and AWS was read. */
  async #importFirst(memory: Memory): Promise<boolean> {
    const { importFirst } = this.#deps
    const { settings } = await this.#holder.find()
    if (importFirst === undefined || settings.sync !== 'active') return true
    if (memory.reading.lastScan === undefined) return false
    const first = await importFirst(this.plugin)
    if (first.state === 'done') return true
    const now = this.#now()
    this.#isWoken = true
    this.#notBefore = now + (first.state === 'failed' ? afterImport : pause)
    if (first.state !== 'failed') return false
    const says = `Nothing is changed in AWS before the import, and it failed: ${first.says}`.slice(0, 500)
    memory.progress = { ...memory.progress, lastSync: { at: now, success: false, says, changed: 0 } }
    await this.#holder.saveProgress({})
    return false
  }

  async #cycle(memory: Memory): Promise<CycleReport> {
    const found = await this.#holder.find()
    const { settings, view } = found
    const { links, ledger } = await collectRemembered(this.#deps.store, this.plugin, this.#now())
    const cycle = await this.#holder.openCycle(found, memory, links, ledger)
    const resolved = await resolveOpen(cycle)
    this.#unresolved = resolved.unresolved
    await bindOwn(cycle, { users: view.parsed('user').keys(), lists: view.parsed('access_list').keys() })
    const { plan } = await planNow(this.#deps, settings, view, memory, this.#unresolved)
    await markUnwanted(cycle, plan)
    await tellDrift(cycle, plan, memory)
    readAdoptable(cycle, plan)
    this.#nextAt = earliest([plan.nextChangeAt, nextLockEnd(view, this.#now())])
    if (settings.sync !== 'active') return { plan, result: undefined }
    const keys = await this.#known(plan)
    memory.failures.keepOnly(keys)
    const watch = this.#watchForChanges()
    const result = await execute(cycle, executableActions(plan, this.#now()), {
      first: this.#fewSince(this.#knownKeys, [...keys]),
      hasFailed: (key) => memory.failures.has(key),
      interruption: {
        isSet: () => this.#isWoken,
        next: () => watch.next(),
        urgent: () => this.#urgentNow(memory, keys, watch),
      },
      onProgress: () => undefined,
      onEnd: (action, outcome) => memory.failures.ended(action, outcome, this.#now()),
    }).finally(() => {
      this.#watch = undefined
      return watch.stop()
    })
    this.#knownKeys = keys
    await this.#finish(result, memory, resolved.found)
    return { plan, result }
  }

  async #finish(result: ExecuteResult, memory: Memory, foundDone: number): Promise<void> {
    const now = this.#now()
    const { failures, reading } = memory
    const { stopped, ended, held } = result
    this.#nextAt = earliest([this.#nextAt, failures.nextAt(now), held?.until])
    const isOpen = held !== undefined || this.#unresolved.size > 0
    const isDone = ended.size === 0 && !result.wasInterrupted && stopped === undefined && !isOpen
    if (isDone && reading.firstDoneAt === undefined && reading.lastScan !== undefined) {
      reading.firstDoneAt = now
      await keepNote(this.#deps.store, this.plugin, noteNames.reading(this.plugin), reading)
    }
    const lastSync = sayLastSync(result, foundDone, { memory, isDone, now })
    if (lastSync !== undefined) memory.progress = { ...memory.progress, lastSync }
    if (stopped !== undefined) {
      if (stopped.service !== 'scim') refuse(memory, stopped.words.says)
      this.#notBefore = now + afterRefusal
    } else if (ended.size > 0) {
      // Whatever was done is looked at again, until nothing is left that can be done.
      this.#isWoken = true
      if (result.succeeded === 0) this.#notBefore = now + pause
    }
    await this.#holder.saveProgress({ failures: failures.list() })
  }

  /** What is planned, and what would be but for principals of which it is not known what AWS holds. */
  async #known({ actions }: Plan): Promise<ReadonlySet<ActionKey>> {
    const planned = actions.map(({ action }) => action.key)
    if (this.#unresolved.size === 0) return new Set(planned)
    const open = await this.#deps.store.changes.listOpen(this.plugin)
    return new Set([...planned, ...this.#knownKeys, ...open.map(({ key }) => key)])
  }

  /** Actions that are new since the last plan, where they are few: a person may wait for them. */
  #fewSince(known: ReadonlySet<ActionKey>, keys: readonly ActionKey[]): ReadonlySet<ActionKey> {
    const fresh = keys.filter((key) => !known.has(key))
    return new Set(fresh.length <= 10 ? fresh : [])
  }

  async #noteAwsFailure(error: AwsCallError, memory: Memory): Promise<void> {
    const now = this.#now()
    const { says, remedy } = failureWords('the organisation', error)
    if (error.failure === 'unauthorized' && error.service !== 'scim')
      refuse(memory, error.message.slice(0, 500))
    memory.progress = { ...memory.progress, lastSync: { at: now, success: false, says, changed: 0, remedy } }
    this.#notBefore = now + (error.failure === 'unauthorized' ? afterRefusal : pause)
    this.#isWoken = true
    await this.#holder.saveProgress({})
  }

  async #grantWish(what: string): Promise<void> {
    this.#isWoken = true
    this.#notBefore = 0
    if (what === 'scan')
      await this.scan().catch((error: unknown) => this.#warn(error, 'looking at AWS failed'))
    const [, kind, name] = /^resync\/(user|list)\/(.*)$/s.exec(what) ?? []
    if (name !== undefined)
      await doubtObject(this.#holder, this.#deps, kind === 'user' ? 'user' : 'list', name)
  }

  /** While a plan is being done, news interrupt it, so that it is planned anew with what a person waits for first. */
  #watchForChanges(): Watch {
    // What was due before is in this plan already.
    this.#plannedUntil = this.#nextAt !== undefined && this.#nextAt > this.#now() ? this.#nextAt : undefined
    this.#watch = new Watch({
      timers: this.#deps.timers,
      everyMs: lookEvery,
      nextAt: () => this.#plannedUntil,
      isNews: async () => {
        const isDue = this.#plannedUntil !== undefined && this.#now() >= this.#plannedUntil
        if (isDue) this.#plannedUntil = undefined
        return isDue || (await this.#currentGeneration()) !== this.#generation
      },
      onNews: () => {
        this.#isWoken = true
      },
      onError: (error) => this.#warn(error, 'changes could not be looked for'),
    })
    return this.#watch
  }

  /** What came since the plan that is being ended, and what is urgent in it; its holds are those of a new plan. */
  async #urgentNow(memory: Memory, keys: ReadonlySet<ActionKey>, watch: Watch): Promise<readonly Action[]> {
    watch.take()
    this.#generation = await this.#currentGeneration()
    const { settings, view } = await this.#holder.find()
    if (settings.sync !== 'active') return []
    const { plan } = await planNow(this.#deps, settings, view, memory, this.#unresolved)
    const nextAt = earliest([plan.nextChangeAt, nextLockEnd(view, this.#now())])
    this.#plannedUntil = nextAt !== undefined && nextAt > this.#now() ? nextAt : undefined
    const fresh = this.#fewSince(
      keys,
      plan.actions.map(({ action }) => action.key),
    )
    return executableActions(plan, this.#now()).filter(
      ({ key, priority }) => fresh.has(key) || priority === 'urgent',
    )
  }

  async #currentGeneration(): Promise<string> {
    const { resources, members, accessRequests, notes } = this.#deps.store
    const denied = await markOfDenied(notes, this.plugin)
    const requests = await accessRequests.generation()
    return `${await resources.generation()}/${await members.generation()}/${requests}/${denied}`
  }

  async #sleep(signal: AbortSignal): Promise<void> {
    const isHolder = this.#holder.lease.isHolder
    if (signal.aborted || (isHolder && this.#isWoken && this.#now() >= this.#readyAt)) {
      // Lets others have a turn between two cycles that follow each other.
      await this.#deps.timers.sleep(1)
      return
    }
    const stop = new AbortController()
    const end = () => stop.abort()
    this.#wakeUp = end
    signal.addEventListener('abort', end, { once: true })
    const { lookEveryMs = lookEvery, timers } = this.#deps
    // What is due is due for the holder alone, and not before it may begin.
    const nextAt = isHolder && this.#nextAt !== undefined ? Math.max(this.#nextAt, this.#readyAt) : Infinity
    try {
      await timers.sleep(Math.min(lookEveryMs, Math.max(nextAt - this.#now(), 1)), stop.signal)
    } catch {
      // Woken.
    } finally {
      signal.removeEventListener('abort', end)
      this.#wakeUp = undefined
    }
  }

  async #wish(what: string): Promise<void> {
    await wish(this.#deps.store, this.plugin, what, this.#now())
  }

  get #readyAt(): Instant {
    return Math.max(this.#notBefore, this.#holder.lease.quietUntil)
  }

  #warn(error: unknown, what: string): void {
    const problem = error instanceof Error ? error.message : String(error)
    this.#deps.logger.warn({ plugin: this.plugin, problem }, what)
  }

  #now(): Instant {
    return this.#deps.timers.now()
  }
}

const idle = { done: 0, total: undefined, endedAt: undefined, error: undefined } as const
