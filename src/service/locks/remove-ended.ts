/**
 * @module Deletes locks a day after their end, so that lists hold what matters and a late question still finds it.
 * A lock has no effect from the instant of its end on, whether or not it is still there.
 */
import { isCode } from '../../core/error.js'
import { day } from '../../core/time.js'
import { systemAuthority } from '../authority.js'
import type { ResourceDeps } from '../resources/deps.js'
import { removeResource } from '../resources/remove.js'

/** Deletes them as a person would, with an event each; answers how many. */
export async function removeEndedLocks(deps: ResourceDeps): Promise<number> {
  const before = deps.clock.now() - day
  const catalog = await deps.catalog.read()
  let removed = 0
  for (const { name, expiresAt } of catalog.locks()) {
    if (expiresAt === undefined || expiresAt > before) continue
    // Somebody may have given it a new end since, or another replica was faster.
    const expectedRevision = catalog.parsed('lock').get(name)?.revision
    if (expectedRevision === undefined) continue
    try {
      await removeResource(
        deps,
        { kind: 'lock', name, expectedRevision, dryRun: false },
        systemAuthority,
        undefined,
      )
      removed++
    } catch (error) {
      if (!isCode(error, 'NOT_FOUND') && !isCode(error, 'REVISION_MISMATCH')) throw error
    }
  }
  return removed
}
