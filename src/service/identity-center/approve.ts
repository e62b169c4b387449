/**
 * @module A person agrees to actions that the guard holds: exactly those, by their keys, as they stood in the plan that
 * the person saw. An approval holds for a day and for nothing else. After a restore a person releases the whole.
 */
import { GatewayError } from '../../core/error.js'
import type { Approval, PlannedAction } from '../../core/plan/plan.js'
import { noteNames } from '../../core/identity-center/note-names.js'
import type { Restored } from '../../core/identity-center/restored.js'
import { day, type Instant } from '../../core/time.js'
import type { RequestOrigin } from '../context.js'
import type { Authority } from '../authority.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import { record } from '../people/record.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import type { StoreTransaction } from '../../store/store.js'
import { inTheNameOf } from './write-import.js'

const lifetimeMs = day
const approveEvent = 'aws_identity_center.plan.approve'
const releaseEvent = 'aws_identity_center.restore.release'
/** An event names so many; the count tells the rest. */
const namedInEvent = 100

export interface ApproveInput {
  readonly heldDigest: string
  readonly keys?: readonly string[] | undefined
  /** After a restore: everything, and what comes after it waits for that reason no more. */
  readonly release?: true | undefined
}

/**
 * Answers how many actions were approved.
 * @throws GatewayError `PLAN_CHANGED` where the plan holds other actions than the person saw, `CONFLICT` for a release of what
 * waits for none, or before AWS was read; as `confirmChange`.
 */
export async function approveActions(
  deps: IdentityCenterDeps,
  name: string,
  { heldDigest, keys, release }: ApproveInput,
  by: string,
  origin: RequestOrigin | undefined,
  authority: Authority = inTheNameOf(by),
): Promise<number> {
  await findPlugin(deps, name)
  const sync = await deps.syncs.of(name)
  const { plan, readAt, restored } = await sync.plan()
  if (release === true) assertReleasable(restored, readAt)
  if (plan.heldDigest !== heldDigest) throw planChanged()
  const held = plan.actions.filter(({ holds }) => holds.length > 0)
  const approved = choose(held, keys)
  if (approved.length === 0 && release !== true) return 0
  const at = deps.clock.now()
  const rows = approved.map(({ action }): Approval => ({
    key: action.key,
    by,
    at,
    expiresAt: at + lifetimeMs,
  }))
  const write = async (tx: StoreTransaction): Promise<void> => {
    const preference = (await deps.catalog.readIn(tx)).preference()
    await confirmChange(tx, authority, {
      acts: [{ resource: 'plugin', verb: 'update' }],
      preference,
      now: at,
    })
    await tx.approvals.put(name, rows)
    const named = rows.slice(0, namedInEvent).map(({ key }) => key)
    const fields = { name, updated_by: by, plan: heldDigest, count: rows.length, actions: named }
    if (release === true && !(await tx.notes.delete(noteNames.restored(name)))) throw notRestored()
    const event = release === true ? releaseEvent : approveEvent
    await record(deps, tx, { event, success: true, user: by, fields }, origin)
  }
  await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(write))
  sync.wake()
  return rows.length
}

/** What AWS has now is half of the plan: before it was read, nobody has seen it. */
function assertReleasable(restored: Restored | undefined, readAt: Instant | undefined): void {
  if (restored === undefined) throw notRestored()
  if (readAt === undefined) {
    throw new GatewayError(
      'CONFLICT',
      'AWS was not read to the end since the restore; wait until it is, and look at the plan then',
    )
  }
}

function notRestored(): GatewayError {
  return new GatewayError('CONFLICT', 'no plan of this plugin waits for its release after a restore')
}

function choose(
  held: readonly PlannedAction[],
  keys: readonly string[] | undefined,
): readonly PlannedAction[] {
  if (keys === undefined) return held
  const wanted = new Set(keys)
  const found = held.filter(({ action }) => wanted.has(action.key))
  if (found.length === wanted.size) return found
  throw new GatewayError('PLAN_CHANGED', 'some of these actions do not wait for anybody; read the plan again')
}

export function planChanged(): GatewayError {
  return new GatewayError(
    'PLAN_CHANGED',
    'the plan holds other actions than the one that you saw; read it again, and agree to what it says now',
  )
}
