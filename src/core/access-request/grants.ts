/**
 * @module What requests give in AWS accounts now: the union over those that live. A request lives from its activation
 * to its end, whether or not anybody assumes it; a promoted one until the group has taken over. Denials of the person's
 * roles, and whether a membership is there and has taken over, are weighed where all reasons meet (`core/entitlement`).
 */
import type { TimeBoxedGrant } from '../entitlement/input.js'
import { pairKey, type PairKey } from '../identity-center/observation.js'
import type { Instant } from '../time.js'
import type { AccessRequest, RequestItem } from './access-request.js'
import { digestRoles, stillGiven } from './snapshot.js'
import { namesOfAssignment, type RequestWorld } from './world.js'

/** Whether it gives access in AWS at this instant. */
export function isLive(
  { state, activatedAt, endsAt }: Pick<AccessRequest, 'state' | 'activatedAt' | 'endsAt'>,
  now: Instant,
): boolean {
  const mayGive = state === 'approved' || state === 'promoted'
  return mayGive && activatedAt !== undefined && endsAt !== undefined && activatedAt <= now && now < endsAt
}

/** Whether it is in force: approved, begun and not over. Only such a one is assumed, extended, released or promoted. */
export function isActive(
  request: Pick<AccessRequest, 'state' | 'activatedAt' | 'endsAt'>,
  now: Instant,
): boolean {
  return request.state === 'approved' && isLive(request, now)
}

/**
 * When it ends, or ended, giving access by itself: after a promotion the membership does, whatever stands in for it in AWS
 * for a while.
 */
export function endOfOwnAccess({
  state,
  endsAt,
  timeline,
}: Pick<AccessRequest, 'state' | 'endsAt' | 'timeline'>): Instant | undefined {
  if (state !== 'promoted' || endsAt === undefined) return endsAt
  return timeline.findLast(({ what }) => what === 'promoted')?.at ?? endsAt
}

type GrantWorld = Pick<RequestWorld, 'inventory' | 'role' | 'isUnreadable'> & {
  /** Whether a lock is in force on a role of any of these names; none is where it is left out. */
  readonly isLocked?: (names: readonly string[]) => boolean
}

/** Every grant of the requests that live at `now`; of one request each pair once. */
export function grantsOf(
  requests: readonly AccessRequest[],
  world: GrantWorld,
  now: Instant,
): TimeBoxedGrant[] {
  return requests.flatMap((request) => {
    if (!isLive(request, now) || request.endsAt === undefined) return []
    const { user, id, endsAt, promotedTo } = request
    const pairs = new Set(request.items.flatMap((item) => pairsOfItem(item, world)))
    const forMember = promotedTo === undefined ? {} : { asMemberOf: promotedTo.list }
    return [...pairs].map((pair) => ({ user, pair, request: id, until: endsAt, ...forMember }))
  })
}

/**
 * What one item gives in AWS accounts while its request lives: nothing unless it was approved, or while a lock is on a role
 * it comes by. One locked role of several is enough, as it is for a person who holds them.
 */
export function pairsOfItem({ asked, state, gave, terms }: RequestItem, world: GrantWorld): PairKey[] {
  if (state !== 'approved' || world.isLocked?.(terms.roles) === true) return []
  switch (asked.kind) {
    case 'assignment': {
      if (world.isLocked?.(namesOfAssignment(world, asked)) === true) return []
      return [pairKey(asked.accountId, asked.permissionSetArn)]
    }
    case 'role':
      return gave === undefined ? [] : stillGiven(asked.name, gave, world)
    case 'app':
      return []
  }
}

/** What a live request that a session has assumed adds in it. */
export interface AssumedRoles {
  /** Roles that count everywhere. */
  readonly roles: readonly string[]
  /** Roles that count for one application alone, by its name. */
  readonly ofApps: ReadonlyMap<string, readonly string[]>
}

/** Roles count while their documents say what they said at the approval (T30), also those that open an application. */
export function assumedRoles(
  requests: readonly AccessRequest[],
  world: Pick<RequestWorld, 'roleDigest'>,
  now: Instant,
): AssumedRoles {
  const roles = new Set<string>()
  const ofApps = new Map<string, readonly string[]>()
  for (const request of requests) {
    if (!isActive(request, now)) continue
    for (const { asked, state, gave, terms } of request.items) {
      if (state !== 'approved') continue
      if (asked.kind === 'role' && gave !== undefined && world.roleDigest(asked.name) === gave.digest) {
        roles.add(asked.name)
      }
      if (asked.kind === 'app' && gave !== undefined && digestRoles(terms.roles, world) === gave.digest) {
        ofApps.set(asked.name, [...new Set([...(ofApps.get(asked.name) ?? []), ...terms.roles])])
      }
    }
  }
  return { roles: [...roles], ofApps }
}
