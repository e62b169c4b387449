/**
 * @module Tries the patterns of roles on the inventory before a page is asked for, those of names in requests too, and
 * never holds the event loop for longer than {@link sliceMs} and a step: a role may have hundreds of regular expressions.
 * What a page says never depends on it.
 */
import { setImmediate as nextImmediate } from 'node:timers/promises'
import { prepareNames } from '../../core/access-request/picker-rows.js'
import type { Inventory } from '../../core/inventory/inventory.js'
import { maxRemembered, type InSteps } from '../../core/role/pattern-places.js'
import { prepareReach } from '../../core/role/reach.js'
import type { Role } from '../../core/role/role.js'
import type { Logger } from '../../lib/logger.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** Milliseconds at a time; one step of `prepareReach` may come on top. */
export const sliceMs = 3

/** Tries the patterns of these roles, as far as it was not done before, and lets others have their turn meanwhile. */
export async function prepareReachInSlices(
  roles: readonly Role[],
  inventory: Inventory,
  signal?: AbortSignal,
): Promise<void> {
  await workInSlices(prepareReach(roles, inventory), signal)
}

/** Does the work, and lets others have their turn meanwhile. Gives up half-way once the signal is aborted. */
export async function workInSlices(work: InSteps<void>, signal?: AbortSignal): Promise<void> {
  let until = performance.now() + sliceMs
  while (work.next().done !== true) {
    if (performance.now() < until) continue
    await nextTurn()
    if (signal?.aborted === true) return
    until = performance.now() + sliceMs
  }
}

let lastTurn: Promise<unknown> = Promise.resolve()

/** One turn of the event loop for each that waits: however many there are, each turn has one slice. */
async function nextTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => nextImmediate())
  await lastTurn
}

export interface ReachPreparation extends AsyncDisposable {
  /** Tries in the background what stored roles have that was not tried before; what is under way for older ones ends. */
  readonly start: (view: CatalogView) => void
  /** When nothing is left to do. */
  readonly settled: () => Promise<void>
}

export function createReachPreparation({ logger }: { readonly logger: Logger }): ReachPreparation {
  let current = new AbortController()
  let running: Promise<void> = Promise.resolve()
  return {
    start: (view) => {
      current.abort()
      const { signal } = (current = new AbortController())
      const roles = rememberedRoles(view.roles().map(({ value }) => value))
      running = nextTurn()
        .then(() => (signal.aborted ? undefined : prepareReachInSlices(roles, view.inventory, signal)))
        .then(() => (signal.aborted ? undefined : workInSlices(prepareNames(roles, view.inventory), signal)))
        .catch((error: unknown) => {
          logger.error({ err: error }, 'patterns of roles could not be tried; the pages that need them do so')
        })
    },
    settled: async () => {
      for (let seen; seen !== running;) await (seen = running)
    },
    [Symbol.asyncDispose]: async () => {
      current.abort()
      await running
    },
  }
}

/** The first roles, up to as many patterns as are remembered: with more, each would drive out the one before it. */
function rememberedRoles(roles: readonly Role[]): readonly Role[] {
  const patterns = new Set<string>()
  const end = roles.findIndex(({ allow, deny }) => {
    for (const entry of [...allow.accountAssignments, ...deny.accountAssignments]) {
      patterns.add(entry.account).add(entry.permissionSet)
    }
    return patterns.size > maxRemembered
  })
  return end < 0 ? roles : roles.slice(0, end)
}
