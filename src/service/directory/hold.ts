/**
 * @module What keeps a directory from taking away too much at once, in the transaction of the change: it is counted and
 * goes on, or it waits for a person and nothing of it is done. One that was released goes through once
 * within the hour, and counts no more.
 */
import { createHash } from 'node:crypto'
import { directoryName } from '../../core/directory/names.js'
import { directoryRemovals, findHolds, type RemovalCounts } from '../../core/directory/guard.js'
import { GatewayError } from '../../core/error.js'
import { hour, type Instant } from '../../core/time.js'
import type { DirectoryHold, StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { Directory, DirectoryDeps } from './deps.js'

export interface GuardedChange {
  /** What exactly is to be done to what: the same again is the same change. */
  readonly identity: readonly string[]
  /** `Deactivate the user alice@example.com`. */
  readonly what: string
  readonly removes: RemovalCounts
  /** What the directory has here; asked only where something is taken away. */
  readonly has: () => Promise<RemovalCounts>
}

/**
 * The directory tries again within minutes: what was not used by then is not what the person looked at, and must not lie
 * there for whoever has its token.
 */
const releaseLifetimeMs = hour

/** Whether the next try of the change goes through. */
export function isReleased({ state, decidedAt }: DirectoryHold, now: Instant): boolean {
  return state === 'released' && decidedAt !== undefined && now < decidedAt + releaseLifetimeMs
}

/** As long as directories wait before they try again at the latest. */
const retryAfterSeconds = 300

/**
 * Answers the error of a change that waits or was refused: it is to be thrown once the transaction is committed, which
 * keeps that it waits. Undefined where the change may be made; what it takes away is counted.
 */
export async function guardChange(
  deps: DirectoryDeps,
  tx: StoreTransaction,
  { connector }: Directory,
  { identity, what, removes, has }: GuardedChange,
  origin: RequestOrigin | undefined,
): Promise<GatewayError | undefined> {
  if (directoryRemovals.every((kind) => removes[kind] === 0)) return undefined
  const { directories } = tx
  const now = deps.clock.now()
  const key = createHash('sha256').update(JSON.stringify(identity)).digest('base64url')
  const known = await directories.findHold(connector, key)
  if (known !== undefined && isReleased(known, now)) {
    await directories.deleteHold(connector, key)
    return undefined
  }
  if (known?.state === 'refused') {
    const message = `an administrator of the gateway refused this change: ${what}`
    return new GatewayError('DIRECTORY_REFUSED', message, { connector })
  }
  const counted = await directories.countRemovals(connector, now - hour)
  const recent = {
    users: counted.get('users') ?? 0,
    groups: counted.get('groups') ?? 0,
    memberships: counted.get('memberships') ?? 0,
  }
  const reasons = findHolds({ removes, recent, has: await has() })
  if (reasons.length === 0) {
    for (const kind of directoryRemovals)
      if (removes[kind] > 0) await directories.addRemovals(connector, kind, removes[kind], now)
    if (known !== undefined) await directories.deleteHold(connector, key)
    return undefined
  }
  const says = reasons.join(' ')
  await directories.putHold({
    key,
    connector,
    state: 'waiting',
    what,
    says,
    firstAt: known?.firstAt ?? now,
    lastAt: now,
    tries: (known?.tries ?? 0) + 1,
    decidedBy: undefined,
    decidedAt: undefined,
  })
  // Told once: the directory tries again and again.
  if (known?.state !== 'waiting') {
    const fields = { connector, message: `${what}. ${says}` }
    const facts = {
      event: 'directory.change.hold',
      success: false,
      user: directoryName(connector),
      fields,
    } as const
    await record(deps, tx, facts, origin)
  }
  const message = `the change waits for an administrator of the gateway, who releases or refuses it: ${what}. ${says} Try again later`
  return new GatewayError('DIRECTORY_HELD', message, { connector, retryAfterSeconds })
}
