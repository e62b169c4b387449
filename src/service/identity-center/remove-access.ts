/**
 * @module Takes assignments and memberships back from AWS at the end of a plugin, one after the other: the intent is
 * written before each call and the outcome after it, as the sync does. The sync is paused by then, so nobody else
 * changes AWS for this plugin. What failed is told and can be done again.
 */
import type { LedgerEntry, Link } from '../../core/identity-center/observation.js'
import type { Action, Principal } from '../../core/plan/plan.js'
import { AwsCallError } from '../../core/governor/call.js'
import { GatewayError } from '../../core/error.js'
import { second } from '../../core/time.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { IdentityCenterDeps } from './deps.js'
import type { PluginSync, Progress } from './sync-port.js'
import { fromAws } from './words.js'

export interface RemovalWork {
  readonly deps: IdentityCenterDeps
  readonly sync: PluginSync
  readonly by: string
  readonly origin: RequestOrigin | undefined
  readonly progress: Progress
}

const membersAtOnce = 100
const options = { priority: 'interactive' } as const

/**
 * Removes these rows of the ledger from AWS, assignments before memberships.
 * @throws GatewayError `AWS_REFUSED`, `AWS_UNREACHABLE` with the first failure; what was done until then stays done.
 */
export async function removeAccess(
  work: RemovalWork,
  rows: readonly LedgerEntry[],
  links: readonly Link[],
): Promise<void> {
  const { sync, progress } = work
  const principals = new Map(links.map((link) => [`${link.kind}/${link.awsId}`, link]))
  progress({ says: 'Removing access from AWS', done: 0, total: rows.length })
  let done = 0
  for (const row of rows.filter(({ kind }) => kind === 'assignment')) {
    const principal = principalOf(row, principals)
    const action: Action = {
      ...actionBase(`assignment.delete/${row.principal}/${row.target}`),
      kind: 'assignment.delete',
      principal,
      pair: row.target,
      cause: 'unwanted',
    }
    await change(work, action, 'aws_identity_center.assignment.delete', [row], async () => {
      const { assignments } = await sync.connect()
      const id = principal.awsId ?? ''
      const wanted = {
        change: 'delete',
        principalKind: principal.kind,
        principalId: id,
        pair: row.target,
      } as const
      const { status, reason } = await assignments.apply(wanted, options)
      if (status === 'failed')
        throw new GatewayError('AWS_REFUSED', reason ?? 'AWS did not delete the assignment')
    })
    done += 1
    progress({ done })
  }
  const groups = new Map<string, LedgerEntry[]>()
  for (const row of rows.filter(({ kind }) => kind === 'membership')) {
    const others = groups.get(row.principal)
    if (others === undefined) groups.set(row.principal, [row])
    else others.push(row)
  }
  for (const members of groups.values()) {
    for (let start = 0; start < members.length; start += membersAtOnce) {
      const chunk = members.slice(start, start + membersAtOnce)
      await removeMembers(work, chunk, principals)
      done += chunk.length
      progress({ done })
    }
  }
}

async function removeMembers(
  work: RemovalWork,
  rows: readonly LedgerEntry[],
  principals: ReadonlyMap<string, Link>,
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const { name = '', awsId = '' } = principalOf(first, principals)
  const memberIds = rows.map(({ target }) => target)
  const action: Action = {
    ...actionBase(`members.remove/${first.principal}/${memberIds[0] ?? ''}`),
    kind: 'members.remove',
    list: name,
    awsId,
    members: memberIds.map((id) => ({
      by: 'id',
      awsUserId: id,
      name: principals.get(`user/${id}`)?.name ?? id,
    })),
  }
  await change(work, action, 'aws_identity_center.membership.update', rows, async () => {
    await (await work.sync.scim()).changeMembers(awsId, { op: 'remove', memberIds }, options)
  })
}

function actionBase(key: string): Pick<Action, 'key' | 'priority' | 'after' | 'because'> {
  return { key: `uninstall/${key}`, priority: 'urgent', after: [], because: 'the integration is removed' }
}

function principalOf({ principal }: LedgerEntry, links: ReadonlyMap<string, Link>): Principal {
  const kind = principal.startsWith('user/') ? 'user' : 'group'
  return { kind, name: links.get(principal)?.name, awsId: principal.slice(kind.length + 1) }
}

/** Intent, call, outcome (T23, T35). */
async function change(
  { deps, sync, by, origin }: RemovalWork,
  action: Action,
  event: 'aws_identity_center.assignment.delete' | 'aws_identity_center.membership.update',
  rows: readonly LedgerEntry[],
  call: () => Promise<void>,
): Promise<void> {
  const id = deps.random.uuid()
  const { plugin } = sync
  const fields = {
    name: plugin,
    change_id: id,
    updated_by: by,
    principal: rows[0]?.principal,
    targets: rows.map(({ target }) => target),
    reasons: [action.because],
  }
  await deps.store.transaction(async (tx) => {
    const begun = {
      id,
      key: action.key,
      // A person removes all of it: the guard of a later plan has nothing to count here.
      action: { ...action, uncounted: true },
      begunAt: deps.clock.now(),
      holder: by,
      state: 'open',
    } as const
    await tx.changes.begin(plugin, { ...begun, endedAt: undefined, error: undefined, remedy: undefined })
    await record(deps, tx, { event, success: true, user: by, fields: { ...fields, phase: 'intent' } }, origin)
  })
  const end = async (error: unknown): Promise<void> => {
    const words = error instanceof Error ? error.message.slice(0, 500) : undefined
    const ok = error === undefined
    await deps.store.transaction(async (tx) => {
      const remedy = ok ? undefined : 'Remove the integration once more; it goes on where it stopped.'
      const outcome = { state: ok ? 'succeeded' : stateAfter(error), error: words, remedy } as const
      await tx.changes.end(plugin, id, { ...outcome, endedAt: deps.clock.now() })
      if (ok) await tx.ledger.delete(plugin, rows)
      const told = { ...fields, phase: 'outcome', error: words }
      await record(deps, tx, { event, success: ok, user: by, fields: told }, origin)
    })
  }
  try {
    await call()
  } catch (error) {
    await end(error)
    throw fromAws(error)
  }
  await end(undefined)
}

/** A lost answer says nothing: the row stays, and the next try deletes what may be gone, which succeeds. */
function stateAfter(error: unknown): 'failed' | 'unknown' {
  return error instanceof AwsCallError && error.failure === 'unknown_outcome' ? 'unknown' : 'failed'
}

const patience = 60

/** After the sync was paused, whatever it had begun comes to its end. @throws GatewayError `CONFLICT`. */
export async function waitForOpenChanges({ deps, sync }: Pick<RemovalWork, 'deps' | 'sync'>): Promise<void> {
  for (let tries = 0; tries < patience; tries++) {
    const open = await deps.store.changes.listOpen(sync.plugin)
    const ours = open.filter(({ key }) => key.startsWith('uninstall/'))
    // Only one such job runs at a time, so these are of one whose process ended. Their rows are there still.
    const lost = { state: 'unknown', error: 'the process ended', remedy: undefined } as const
    for (const { id } of ours) {
      await deps.store.changes.end(sync.plugin, id, { ...lost, endedAt: deps.clock.now() })
    }
    if (open.length === ours.length) return
    await deps.timers.sleep(second)
  }
  throw new GatewayError(
    'CONFLICT',
    'changes of AWS are still under way, and their outcome is not known; the sync is paused now: try again in a minute',
  )
}
