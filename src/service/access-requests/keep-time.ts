/**
 * @module Does to access requests what time does: ends waits, begins access, ends it; to the second, the longest overdue
 * first, on every replica: of two that come at once one writes it, with its event. Nothing in AWS waits for it: the sync
 * knows of each end by itself, so that access ends even where this cannot write.
 */
import { nextDueAt } from '../../core/access-request/due.js'
import { minute, second, type Instant } from '../../core/time.js'
import type { Timers } from '../../lib/timers.js'
import type { ServiceContext } from '../context.js'
import type { Syncs } from '../identity-center/sync-port.js'
import type { Catalog } from '../resources/catalog.js'
import { passTimeWithin } from './pass-time.js'
import { writeStep } from './write-step.js'

export interface KeepTimeDeps extends ServiceContext {
  readonly catalog: Catalog
  readonly timers: Timers
  readonly syncs: Pick<Syncs, 'wakeAll'>
}

/** Requests that are looked up at once; each is written by itself. */
const atOnce = 100
/** Another replica may write a request that is due sooner than all that were known. */
const lookEveryMs = second
/** After a failure, and where one that is due cannot be changed. */
const pauseMs = 5 * second
const tellEveryMs = 10 * minute

/** Everything that is due now. Answers whether nothing that is due is left as it was. */
export async function keepTime(deps: KeepTimeDeps): Promise<boolean> {
  const { store, timers, syncs, logger } = deps
  const failed = new Set<string>()
  for (;;) {
    const due = await store.accessRequests.listDue(timers.now(), atOnce + failed.size)
    const fresh = due.filter(({ id }) => !failed.has(id))
    let changed = 0
    // A transaction cannot read accounts and permission sets for the first time.
    if (fresh.length > 0) await deps.catalog.read()
    for (const { id } of fresh) {
      try {
        if (await passTimeOf(deps, id)) changed += 1
        else failed.add(id)
      } catch (error) {
        // One that cannot be changed keeps no other from its time.
        failed.add(id)
        logger.error({ err: error, id }, 'an access request could not be brought up to the present')
      }
    }
    if (changed > 0) syncs.wakeAll()
    if (fresh.length === 0) return failed.size === 0
  }
}

/** Whether it is no longer due. */
async function passTimeOf(deps: KeepTimeDeps, id: string): Promise<boolean> {
  return await deps.store.transaction(async (tx) => {
    const request = await tx.accessRequests.find(id)
    if (request === undefined) return true
    const now = deps.timers.now()
    const view = await deps.catalog.readIn(tx)
    const changed = await passTimeWithin(tx, view, request, now)
    // Another replica may have been faster.
    if (changed === request) return (nextDueAt(request) ?? Infinity) > now
    await writeStep(deps, { tx, view, now, origin: undefined }, request, changed)
    return true
  })
}

/** Runs until disposed. */
export function startKeepingTime(deps: KeepTimeDeps): AsyncDisposable {
  const { store, timers, logger } = deps
  const stop = new AbortController()
  let toldAt: Instant | undefined
  const tellUnreadable = async (): Promise<void> => {
    if (toldAt !== undefined && timers.now() < toldAt + tellEveryMs) return
    toldAt = timers.now()
    for (const { id, says } of await store.accessRequests.listUnreadable()) {
      logger.error({ id, problem: says }, 'an access request cannot be read; it gives nothing')
    }
  }
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      let waitMs = pauseMs
      try {
        const isDone = await keepTime(deps)
        await tellUnreadable()
        const nextIn = ((await store.accessRequests.nextDueAt()) ?? Infinity) - timers.now()
        // One that is due and cannot be read is due for ever.
        if (isDone) waitMs = nextIn > 0 ? Math.min(lookEveryMs, nextIn) : lookEveryMs
      } catch (error) {
        logger.error({ err: error }, 'the time of access requests could not be kept; tries again')
      }
      await timers.sleep(waitMs, stop.signal).catch(() => undefined)
    }
  }
  const running = run()
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await running
    },
  }
}
