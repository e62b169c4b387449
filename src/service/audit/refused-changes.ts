/**
 * @module Changes that were asked for and refused, as audit events: the name of the event is that of the change, its
 * code that of a failure. They are written after the transaction that was refused, in one of their own; of one actor
 * those that `RefusalCounts` lets through. Looks that keep nothing are not told of.
 */
import { auditCodes, type AuditEventName, type AuditFacts } from '../../core/audit/event.js'
import { GatewayError } from '../../core/error.js'
import type { Store } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { record } from '../people/record.js'
import { RefusalCounts } from './refusal-counts.js'

type RefusalDeps = Pick<ServiceContext, 'store' | 'clock' | 'random' | 'logger' | 'clusterName'>

export interface RefusedChange {
  readonly event: AuditEventName
  /** What was to be changed. */
  readonly fields: NonNullable<AuditFacts['fields']>
  readonly error: GatewayError
}

/** For each process by itself, as those of `access.denied`. */
const counts = new WeakMap<Store, RefusalCounts>()

const maxError = 1000

/** Whether the event has a code for failure. */
export function tellsFailure(event: AuditEventName): boolean {
  return 'fail' in auditCodes[event]
}

/** Of these there is nothing to tell: whoever asked too often, and who is asked to confirm and may go on. */
const untold: readonly string[] = ['TOO_MANY_ATTEMPTS', 'SESSION_MFA_REQUIRED']

/** A refusal of whoever asked; undefined for what broke on our side, and for what is {@link untold}. */
export function asRefusal(error: unknown): GatewayError | undefined {
  if (!(error instanceof GatewayError) || error.status >= 500) return undefined
  return untold.includes(error.code) ? undefined : error
}

/** Never throws: the refusal is what whoever asked is told. An event that cannot be written is in the log. */
export async function recordRefusedChanges(
  deps: RefusalDeps,
  changes: readonly RefusedChange[],
  { name: actor }: Pick<Authority, 'name'>,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const told = changes.flatMap((change) => {
    const leftOut = countsOf(deps.store).count(actor, deps.clock.now())
    return leftOut === undefined ? [] : [{ ...change, leftOut }]
  })
  if (told.length === 0) return
  try {
    await deps.store.transaction(async (tx) => {
      for (const { event, fields, error, leftOut } of told) {
        const why = { error: error.message.slice(0, maxError), error_code: error.code }
        const all = { ...fields, updated_by: actor, ...why, ...(leftOut > 0 && { left_out: leftOut }) }
        await record(deps, tx, { event, success: false, user: actor, fields: all }, origin)
      }
    })
  } catch (failure) {
    deps.logger.error(
      { requestId: origin?.requestId, err: failure },
      'the audit event of a refused change could not be written',
    )
  }
}

function countsOf(store: Store): RefusalCounts {
  let known = counts.get(store)
  if (known === undefined) counts.set(store, (known = new RefusalCounts()))
  return known
}
