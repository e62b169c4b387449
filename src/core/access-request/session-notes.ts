/**
 * @module The truth about AWS sessions: those that began before the end of an assignment go on until their own. What a
 * request says of it, and the policy that refuses requests shorter than such a session.
 */
import { pairKey } from '../identity-center/observation.js'
import { indexInventory } from '../inventory/inventory-index.js'
import { formatDuration, type DurationMs, type Instant } from '../time.js'
import type { AccessRequest, RequestItem } from './access-request.js'
import type { RequestWorld } from './world.js'

/** What is said about a request for so long; `problems` are refusals of the policy. */
export function noteSessions(
  items: readonly RequestItem[],
  durationMs: DurationMs,
  { shorterThanAwsSession }: { readonly shorterThanAwsSession: 'allow' | 'refuse' },
  { inventory }: Pick<RequestWorld, 'inventory'>,
): { readonly notes: readonly string[]; readonly problems: readonly string[] } {
  const { permissionSets, setByArn } = indexInventory(inventory)
  let longest: { readonly name: string; readonly lasts: DurationMs } | undefined
  for (const { asked } of items) {
    if (asked.kind !== 'assignment') continue
    const set = permissionSets[setByArn.get(asked.permissionSetArn) ?? -1]
    const lasts = set?.sessionDurationMs
    if (set !== undefined && lasts !== undefined && lasts > (longest?.lasts ?? 0))
      longest = { name: set.name, lasts }
  }
  if (longest === undefined) return { notes: [], problems: [] }
  const session = `AWS sessions of the permission set ${longest.name} last up to ${formatDuration(longest.lasts)}`
  if (shorterThanAwsSession === 'refuse' && durationMs < longest.lasts) {
    return {
      notes: [],
      problems: [`${session}; ask for that long at least, since they outlive a shorter request.`],
    }
  }
  return { notes: [`${session}; one that begins before the end goes on after it.`], problems: [] }
}

/**
 * Until when AWS sessions may go on that began before the end of the access: undefined while no end is known, before the
 * start, or where no length of a session is known.
 */
export function awsSessionsUntil(
  { items, state, activatedAt, endsAt }: AccessRequest,
  { inventory }: Pick<RequestWorld, 'inventory'>,
): Instant | undefined {
  // A membership goes on giving what was asked for.
  if (activatedAt === undefined || endsAt === undefined || state === 'promoted') return undefined
  const { permissionSets, setByArn } = indexInventory(inventory)
  const seen = new Set<string>()
  let longest: DurationMs = 0
  for (const { asked, state: decided, gave } of items) {
    if (decided !== 'approved') continue
    for (const { accountId, permissionSetArn } of asked.kind === 'assignment'
      ? [asked]
      : (gave?.pairs ?? [])) {
      const key = pairKey(accountId, permissionSetArn)
      if (seen.has(key)) continue
      seen.add(key)
      const set = permissionSets[setByArn.get(permissionSetArn) ?? -1]
      longest = Math.max(longest, set?.sessionDurationMs ?? 0)
    }
  }
  return longest === 0 ? undefined : endsAt + longest
}
