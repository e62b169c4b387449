/** @module The one long work of a plugin at a time: scan, import, apply, uninstall; seen by all replicas. */
import { GatewayError } from '../core/error.js'
import { noteNames } from '../core/identity-center/note-names.js'
import { second } from '../core/time.js'
import type { JobKind, JobState, Progress as TellProgress } from '../service/identity-center/sync-port.js'
import type { SyncDeps } from './deps.js'

const ttl = 30 * second
/** Work that ends this soon is answered with its end. */
const shortWork = 1.5 * second

export class JobRunner {
  readonly #deps: SyncDeps
  readonly #lease: string
  readonly #save: (job: JobState) => Promise<void>
  #current: JobState | undefined
  #working: Promise<void> | undefined

  constructor(deps: SyncDeps, plugin: string, save: (job: JobState) => Promise<void>) {
    this.#deps = deps
    this.#lease = noteNames.job(plugin)
    this.#save = save
  }

  get current(): JobState | undefined {
    return this.#current
  }

  /** What has ended was done for a plugin that is gone; what runs still tells how it ends. */
  forget(): void {
    if (this.#working === undefined) this.#current = undefined
  }

  /** Resolves once nothing runs. */
  async settled(): Promise<void> {
    await this.#working
  }

  /** @throws GatewayError `CONFLICT` while another runs, here or on another replica. */
  async run(kind: JobKind, work: (progress: TellProgress) => Promise<void>): Promise<JobState> {
    const { store, timers, holder } = this.#deps
    const isTaken = await store.leases.take(this.#lease, holder, timers.now(), ttl)
    if (this.#working !== undefined || isTaken === undefined) {
      const what = this.#current?.state === 'running' ? this.#current.kind : 'another job'
      throw new GatewayError('CONFLICT', `${what} is under way; wait until it has ended`)
    }
    this.#current = {
      kind,
      state: 'running',
      says: 'Beginning.',
      done: 0,
      total: undefined,
      startedAt: timers.now(),
      endedAt: undefined,
      error: undefined,
    }
    const working = this.#work(work).finally(() => (this.#working = undefined))
    this.#working = working
    await Promise.race([working, timers.sleep(shortWork)])
    return this.#current
  }

  async #work(work: (progress: TellProgress) => Promise<void>): Promise<void> {
    const { store, timers, holder, logger } = this.#deps
    const stop = new AbortController()
    const renewing = this.#renew(stop.signal)
    try {
      await this.#save(this.#now())
      await work((now) => {
        this.#current = { ...this.#now(), ...now }
      })
      this.#current = { ...this.#now(), state: 'done', endedAt: timers.now() }
    } catch (error) {
      const message = error instanceof Error ? error.message : 'it failed'
      logger.warn({ job: this.#now().kind, problem: message }, 'a job of Identity Center failed')
      this.#current = { ...this.#now(), state: 'failed', error: message.slice(0, 500), endedAt: timers.now() }
    }
    stop.abort()
    await renewing
    try {
      await this.#save(this.#now())
      await store.leases.release(this.#lease, holder)
    } catch (error) {
      logger.warn({ problem: String(error) }, 'the end of a job could not be stored')
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { store, timers, holder } = this.#deps
    for (;;) {
      try {
        await timers.sleep(ttl / 3, signal)
      } catch {
        return
      }
      await store.leases.take(this.#lease, holder, timers.now(), ttl).catch(() => undefined)
      await this.#save(this.#now()).catch(() => undefined)
    }
  }

  #now(): JobState {
    if (this.#current === undefined) throw new Error('no job was begun')
    return this.#current
  }
}
