/**
 * @module The guard of an upstream directory: one that deactivates or deletes many people, empties or deletes many groups,
 * or takes many people out of groups within an hour is probably broken, or in the wrong hands. Each kind has a count and a
 * share, as the guard of the sync has; the greater one is the limit. What a person released counts no more. Pure.
 */
import { defaultGuard, type GuardLimit } from '../identity-center/settings.js'

export const directoryRemovals = ['users', 'groups', 'memberships'] as const
export type DirectoryRemoval = (typeof directoryRemovals)[number]
export type RemovalCounts = Readonly<Record<DirectoryRemoval, number>>

/** `users`: deactivated or deleted while active. `groups`: deleted, or left without members. */
export const directoryLimits: Readonly<Record<DirectoryRemoval, GuardLimit>> = {
  users: defaultGuard.removals.users,
  groups: defaultGuard.removals.groups,
  memberships: defaultGuard.removals.memberships,
}

export const noRemovals: RemovalCounts = { users: 0, groups: 0, memberships: 0 }

export interface DirectoryChange {
  /** What this change takes away. */
  readonly removes: RemovalCounts
  /** What was taken away within the last hour, without what a person released. */
  readonly recent: RemovalCounts
  /** What the directory has here now, before this change: active users, groups with members, memberships. */
  readonly has: RemovalCounts
}

/** Why the change is held, a sentence for each limit that it goes beyond; none where it may go on. */
export function findHolds(
  { removes, recent, has }: DirectoryChange,
  limits: Readonly<Record<DirectoryRemoval, GuardLimit>> = directoryLimits,
): string[] {
  return directoryRemovals.flatMap((kind) => {
    const count = removes[kind]
    if (count === 0) return []
    const { count: least, share } = limits[kind]
    // The share is one of what there was an hour ago, so that it does not shrink with each removal.
    const most = Math.max(least, Math.floor(share * (has[kind] + recent[kind])))
    if (count + recent[kind] <= most) return []
    const before = recent[kind] === 0 ? '' : `, and ${recent[kind]} went within the last hour`
    return [`It takes away ${count} of ${has[kind]} ${kind}${before}; the limit is ${most}.`]
  })
}
