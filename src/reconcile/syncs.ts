/** @module One sync for each plugin resource, begun and ended as plugins come and go. Two of them never meet. */
import { GatewayError } from '../core/error.js'
import { second } from '../core/time.js'
import type { PluginSync, Syncs } from '../service/identity-center/sync-port.js'
import type { SyncDeps } from './deps.js'
import { PluginSyncRunner } from './plugin-sync.js'

interface Running {
  readonly sync: PluginSyncRunner
  readonly stop: AbortController
  readonly ended: Promise<void>
}

export interface RunningSyncs extends Syncs, AsyncDisposable {
  /** Begins to work by itself; called once the gateway serves, since AWS reads our keys there. */
  start(): void
  /** Another replica has written something: whoever holds a lease here looks for work now. */
  lookAll(): void
}

/** Once started it looks for plugin resources at once and every second. */
export function createSyncs(deps: SyncDeps): RunningSyncs {
  const running = new Map<string, Running>()
  const stop = new AbortController()

  function begin(plugin: string): Running {
    const sync = new PluginSyncRunner(deps, plugin)
    const ending = new AbortController()
    const one = { sync, stop: ending, ended: sync.loop(ending.signal) }
    running.set(plugin, one)
    return one
  }

  async function end(plugin: string): Promise<void> {
    const one = running.get(plugin)
    if (one === undefined) return
    running.delete(plugin)
    one.stop.abort()
    await one.ended
    await one.sync[Symbol.asyncDispose]()
  }

  async function names(): Promise<string[]> {
    return (await deps.catalog.read()).plugins().map(({ value }) => value.name)
  }

  async function watch(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const wanted = await names()
        for (const plugin of wanted) if (!running.has(plugin)) begin(plugin)
        for (const plugin of [...running.keys()]) if (!wanted.includes(plugin)) await end(plugin)
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        deps.logger.warn({ problem }, 'the plugins could not be read')
      }
      try {
        await deps.timers.sleep(second, stop.signal)
      } catch {
        return
      }
    }
  }

  let watching: Promise<void> | undefined
  return {
    of: async (plugin): Promise<PluginSync> => {
      if (!(await names()).includes(plugin)) {
        throw new GatewayError('NOT_FOUND', `there is no readable plugin named "${plugin.slice(0, 100)}"`)
      }
      return (running.get(plugin) ?? begin(plugin)).sync
    },
    start: () => {
      watching ??= watch()
    },
    wakeAll: () => {
      for (const { sync } of running.values()) sync.wake()
    },
    lookAll: () => {
      for (const { sync } of running.values()) sync.look()
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await watching
      await Promise.all([...running.keys()].map(end))
    },
  }
}
