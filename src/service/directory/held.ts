/**
 * @module The changes of a directory that wait for a person. A released one is made when the directory tries again
 * within the hour, and counts no more; a refused one is refused each time, until it is released.
 */
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { DirectoryHold, StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import { record } from '../people/record.js'
import { assertMayOnConnector } from './connector.js'
import type { DirectoryDeps } from './deps.js'
import { isReleased } from './hold.js'

/** Latest first. @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function listHeldChanges(
  deps: DirectoryDeps,
  connector: string,
  authority: Authority,
): Promise<DirectoryHold[]> {
  assertMayOnConnector(deps, await deps.catalog.read(), { authority, verb: 'read', connector })
  return asTheyStand(await deps.store.directories.listHolds(connector), deps.clock.now())
}

/** A release that was not used in its time is over: the change waits again. */
function asTheyStand(holds: readonly DirectoryHold[], now: Instant): DirectoryHold[] {
  return holds.map((hold) =>
    hold.state === 'released' && !isReleased(hold, now)
      ? { ...hold, state: 'waiting', decidedBy: undefined, decidedAt: undefined }
      : hold,
  )
}

export interface HeldDecision {
  readonly connector: string
  readonly decision: 'release' | 'refuse'
  /** Keys of those that are meant, as they were looked at. */
  readonly keys: readonly string[]
}

/** All of them or none. @throws GatewayError `FORBIDDEN`, `NOT_FOUND` for one that is there no more; as `confirmChange`. */
export async function decideHeldChanges(
  deps: DirectoryDeps,
  { connector, decision, keys }: HeldDecision,
  authority: Authority,
  origin: RequestOrigin,
): Promise<DirectoryHold[]> {
  await deps.catalog.read()
  const write = async (tx: StoreTransaction): Promise<DirectoryHold[]> => {
    const catalog = await deps.catalog.readIn(tx)
    const act = assertMayOnConnector(deps, catalog, { authority, verb: 'update', connector })
    const now = deps.clock.now()
    const acts = decision === 'release' ? [act] : []
    await confirmChange(tx, authority, { acts, preference: catalog.preference(), now })
    for (const key of new Set(keys)) {
      const hold = await tx.directories.findHold(connector, key)
      if (hold === undefined) {
        const message = 'one of these changes waits no more; look at them again'
        throw new GatewayError('NOT_FOUND', message, { connector })
      }
      const state = decision === 'release' ? 'released' : 'refused'
      await tx.directories.putHold({ ...hold, state, decidedBy: authority.name, decidedAt: now })
      const fields = { connector, message: hold.what, updated_by: authority.name }
      const event = `directory.change.${decision}` as const
      await record(deps, tx, { event, success: true, user: authority.name, fields }, origin)
    }
    return asTheyStand(await tx.directories.listHolds(connector), now)
  }
  return await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(write))
}
