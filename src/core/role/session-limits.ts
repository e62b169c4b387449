/**
 * @module How long a session may last when several roles speak: the shortest wins, of the roles and of the
 * cluster's default, so that a role can only shorten it.
 */
import { hour, minute, type DurationMs } from '../time.js'
import type { ClusterAuthPreference, Role } from './role.js'

/** `max_session_ttl` of a role that names none. */
export const defaultMaxSessionTtlMs: DurationMs = 30 * hour

/** A session of less ends before its person has changed anything, so a role or the cluster may not ask for it. */
export const minSessionTtlMs: DurationMs = 5 * minute
/** The same for time without activity. */
export const minIdleTimeoutMs: DurationMs = minute

export interface SessionLimits {
  /** From sign-in to the end of the session, in milliseconds. */
  readonly maxSessionTtlMs: DurationMs
  /** Without activity, in milliseconds. */
  readonly clientIdleTimeoutMs: DurationMs
}

/**
 * Where no role names a `client_idle_timeout`: a quarter of the session, so that a cookie left behind does not live
 * through it, yet never so short that it ends under a person who reads.
 */
function idleLimitOf(maxSessionTtlMs: DurationMs): DurationMs {
  return Math.min(maxSessionTtlMs, Math.max(maxSessionTtlMs / 4, 15 * minute))
}

/** The limits for a user who holds all of these roles. */
export function sessionLimits(
  roles: readonly Role[],
  preference: Pick<ClusterAuthPreference, 'defaultSessionTtlMs'>,
): SessionLimits {
  let maxSessionTtlMs = preference.defaultSessionTtlMs
  if (roles.length === 0) maxSessionTtlMs = Math.min(maxSessionTtlMs, defaultMaxSessionTtlMs)
  let clientIdleTimeoutMs: DurationMs | undefined
  for (const { options } of roles) {
    maxSessionTtlMs = Math.min(maxSessionTtlMs, options.maxSessionTtlMs)
    const idle = options.clientIdleTimeoutMs
    if (idle !== undefined) clientIdleTimeoutMs = Math.min(clientIdleTimeoutMs ?? idle, idle)
  }
  return { maxSessionTtlMs, clientIdleTimeoutMs: clientIdleTimeoutMs ?? idleLimitOf(maxSessionTtlMs) }
}

/** Whether sessions under these limits last long enough to get anything done. */
export function areWorkable({ maxSessionTtlMs, clientIdleTimeoutMs }: SessionLimits): boolean {
  return maxSessionTtlMs >= minSessionTtlMs && clientIdleTimeoutMs >= minIdleTimeoutMs
}
