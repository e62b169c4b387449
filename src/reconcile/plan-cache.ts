/**
 * @module The last plan, for whoever asks while nothing has changed: pages and figures ask every few seconds, and a plan
 * of a large organisation takes a second to make. What it was made from is told by counters that every write raises and
 * by the time up to which it holds; never by how old it is. What executes plans makes its own.
 */
import { minute, type Instant } from '../core/time.js'
import type { CurrentPlan } from '../service/identity-center/sync-port.js'
import type { Store } from '../store/store.js'
import type { Memory } from './memory.js'
import { readProgress, readReading } from './notes.js'

interface Kept {
  readonly key: string
  readonly made: Promise<CurrentPlan>
  readonly validUntil: Promise<Instant>
}

export class PlanCache {
  #kept: Kept | undefined
  #marked: { readonly value: unknown; readonly mark: number } = { value: undefined, mark: 0 }

  /** For the key, in place of a large value that is only ever replaced: another number each time it is another one. */
  mark(value: unknown): number {
    if (this.#marked.value !== value) this.#marked = { value, mark: this.#marked.mark + 1 }
    return this.#marked.mark
  }

  /**
   * @param key Of everything that the plan is made from but time; taken before it is made, so that a write in between
   * makes the next use plan again.
   */
  async plan(
    key: string,
    now: () => Instant,
    make: () => Promise<{ readonly current: CurrentPlan; readonly validUntil: Instant }>,
  ): Promise<CurrentPlan> {
    const known = this.#kept
    if (known?.key === key && now() < (await known.validUntil))
      return { ...(await known.made), madeAt: now() }
    // Somebody else may have begun to make it meanwhile.
    if (this.#kept !== known && this.#kept?.key === key) return await this.#kept.made
    const making = make()
    const kept = {
      key,
      made: making.then(({ current }) => current),
      validUntil: making.then(({ validUntil }) => validUntil),
    }
    kept.validUntil.catch(() => undefined)
    this.#kept = kept
    try {
      return await kept.made
    } catch (error) {
      if (this.#kept === kept) this.#kept = undefined
      throw error
    }
  }
}

/**
 * The counters of the store, and what this replica knows beside it.
 * @param memory Of the holder of the lease; without it what is stored counts.
 */
export async function planKey(
  { resources, members, observations, notes }: Store,
  plugin: string,
  memory: Memory | undefined,
  more: readonly unknown[],
): Promise<string> {
  const reading = memory?.reading ?? (await readReading(notes, plugin))
  const waits =
    memory?.failures.waits() ??
    new Map((await readProgress(notes, plugin)).failures.map(({ key, notBefore }) => [key, notBefore]))
  return JSON.stringify([
    await resources.generation(),
    await members.generation(),
    await observations.inventoryGeneration(),
    await observations.syncGeneration(),
    memory?.seen.mark(),
    reading,
    [...waits],
    ...more,
  ])
}

/** Until when the plan would be the same by time alone. `changes`: other instants at which something ends. */
export function holdsUntil(
  now: Instant,
  { plan }: Pick<CurrentPlan, 'plan'>,
  changes: readonly (Instant | undefined)[],
  countsRecent: boolean,
): Instant {
  const ends = [plan.nextChangeAt, ...changes].filter((at) => at !== undefined)
  // Changes of the last hour that the guard counts leave it one by one.
  if (countsRecent) ends.push(now + minute)
  return ends.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...ends)
}
