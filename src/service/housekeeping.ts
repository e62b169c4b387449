/**
 * @module Removes what has expired, now and every ten minutes. Nothing depends on it: whatever is past its time
 * is refused whether or not its row is still there.
 */
import { day, hour, minute } from '../core/time.js'
import { removeEndedLocks } from './locks/remove-ended.js'
import type { ResourceDeps } from './resources/deps.js'
import { removeStrays } from './resources/remove-strays.js'

const everyMs = 10 * minute
/** Kept a little longer than it is good for, so that a late page can still say what happened. */
const graceMs = hour

export type HousekeepingDeps = ResourceDeps & {
  /** Removes one stretch of audit events that are due and answers how many; absent where all are kept. */
  readonly pruneAudit?: (() => Promise<number>) | undefined
}

/** Stretches of the audit log that one pass removes; the next pass goes on. */
const prunesAtATime = 20

/** Longer than the status tells of mail that was given up. */
const outboxMs = 40 * day

/** A change that a directory has not tried again for so long is none any more, and a decision on it is over. */
const heldChangesMs = 30 * day

/** One pass over everything that expires. */
export async function removeExpired(deps: HousekeepingDeps): Promise<void> {
  const { store, clock } = deps
  const before = clock.now() - graceMs
  await store.sessions.deleteExpired(before)
  await store.links.deleteExpired(before)
  // Strangers can make these, so they go at once; the words for an expired one and an unknown one are the same.
  await store.signIns.deleteExpired(clock.now())
  await store.cliAuthorizations.deleteExpired(clock.now())
  await store.connectors.deleteExpired(clock.now())
  await store.samlConnectors.deleteExpiredAssertions(clock.now())
  await store.mfaProofs.deleteExpired(clock.now())
  await store.passkeys.deleteExpiredChallenges(clock.now())
  await store.devices.deleteExpired(clock.now())
  await store.rateLimits.deleteExpired(before)
  await store.outbox.deleteBefore(clock.now() - outboxMs)
  await store.directories.deleteBefore({ removals: before - hour, holds: clock.now() - heldChangesMs })
  await removeEndedLocks(deps)
  await removeStrays(deps)
  for (let left = prunesAtATime; left > 0 && (await deps.pruneAudit?.()); left -= 1);
}

/** Runs it at intervals until disposed; a failure is logged and the next pass tries again. */
export function startHousekeeping(deps: HousekeepingDeps): AsyncDisposable {
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = removeExpired(deps).catch((error: unknown) => {
      deps.logger.error({ err: error }, 'expired rows could not be removed; the next pass tries again')
    })
  }
  run()
  const timer = setInterval(run, everyMs)
  timer.unref()
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await running
    },
  }
}
