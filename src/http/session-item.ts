/** @module A session as lists of them show it, to its person and to administrators. */
import type { SessionItem } from '../api/contract.js'
import { formatInstant } from '../core/time.js'
import type { Session } from '../store/store.js'

/** `current` is the id of the session that asks. */
export function toSessionItem(session: Session, current: string | undefined): SessionItem {
  const { id, client, label, address, userAgent } = session
  return {
    id,
    client,
    ...(label !== undefined && { label }),
    current: id === current,
    createdAt: formatInstant(session.createdAt),
    lastSeenAt: formatInstant(session.lastSeenAt),
    expiresAt: formatInstant(session.expiresAt),
    address,
    userAgent,
  }
}
