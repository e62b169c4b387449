/**
 * @module Forgets what has ended: sessions, links and counts that no longer mean anything. Nothing depends on it
 * having run; it keeps the tables small.
 */
import { day } from '../../core/time.js'
import type { ServiceContext } from '../context.js'

/** Links are kept a day beyond their end, while somebody may still ask why theirs does not work. */
const linksKeptMs = day

/** Deletes expired rows; answers how many. */
export async function sweepExpired({
  store,
  clock,
}: Pick<ServiceContext, 'store' | 'clock'>): Promise<number> {
  const now = clock.now()
  const sessions = await store.sessions.deleteExpired(now)
  const links = await store.links.deleteExpired(now - linksKeptMs)
  return sessions + links + (await store.rateLimits.deleteExpired(now))
}
