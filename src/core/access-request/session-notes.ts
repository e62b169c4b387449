/**
 * @module The truth about AWS sessions: those that began before the end of an assignment go on until their own. What a
 * request says of it, and the policy that refuses requests shorter than such a session.
 */
import { pairKey } from '../identity-center/observation.js'
import { indexInventory } from '../inventory/inventory-index.js'
import { formatDuration, type DurationMs, type Instant } from '../time.js'
import type { AccessRequest, ItemId, RequestItem } from './access-request.js'
import type { RequestProblem } from './build.js'
import type { RequestWorld } from './world.js'

interface SessionPolicy {
  readonly shorterThanAwsSession: 'allow' | 'refuse'
}

interface KnownSession {
  readonly item: ItemId
  /** Of the permission set. */
  readonly name: string
  readonly lasts: DurationMs
}

/** What is said about a request for so long; `problems` are refusals of the policy, of an item or of the duration. */
export function noteSessions(
  items: readonly RequestItem[],
  durationMs: DurationMs,
  maxDurationMs: DurationMs,
  { shorterThanAwsSession }: SessionPolicy,
  world: Pick<RequestWorld, 'inventory'>,
): { readonly notes: readonly string[]; readonly problems: readonly RequestProblem[] } {
  const sessions = sessionsOf(items, world)
  const longest = findLongest(sessions)
  if (longest === undefined) return { notes: [], problems: [] }
  if (shorterThanAwsSession === 'allow') {
    return { notes: [`${sayLasts(longest)}; one that begins before the end goes on after it.`], problems: [] }
  }
  const impossible = sessions.filter(({ lasts }) => lasts > maxDurationMs)
  if (impossible.length > 0) {
    const problems = impossible.map((session) => ({
      field: 'items',
      item: session.item,
      says: `${sayLasts(session)}, and at most ${formatDuration(maxDurationMs)} may be asked for. Requests may not be shorter than these sessions, so this cannot be asked for at all: an administrator has to allow more time (max_duration), or to shorten the sessions of the permission set.`,
    }))
    return { notes: [], problems }
  }
  if (durationMs >= longest.lasts) {
    return { notes: [`${sayLasts(longest)}; one that begins before the end goes on after it.`], problems: [] }
  }
  const says = `${sayLasts(longest)}; ask for that long at least, since they outlive a shorter request.`
  return { notes: [], problems: [{ field: 'duration', says }] }
}

/** The shortest time that the policy lets ask for these; 0 where it allows any. */
export function shortestForSessions(
  items: readonly RequestItem[],
  { shorterThanAwsSession }: SessionPolicy,
  world: Pick<RequestWorld, 'inventory'>,
): DurationMs {
  if (shorterThanAwsSession === 'allow') return 0
  return findLongest(sessionsOf(items, world))?.lasts ?? 0
}

/** Why a review may not shorten access to these items to so long; undefined where it may. */
export function refuseShortening(
  items: readonly RequestItem[],
  durationMs: DurationMs,
  { shorterThanAwsSession }: SessionPolicy,
  world: Pick<RequestWorld, 'inventory'>,
): string | undefined {
  if (shorterThanAwsSession === 'allow') return undefined
  const longest = findLongest(sessionsOf(items, world))
  if (longest === undefined || durationMs >= longest.lasts) return undefined
  // Not every reviewer sees names of permission sets.
  const least = formatDuration(longest.lasts)
  return `AWS sessions of what is asked for last up to ${least}, and access may not be shorter than these: leave ${least} at least, or deny it.`
}

function sessionsOf(
  items: readonly RequestItem[],
  { inventory }: Pick<RequestWorld, 'inventory'>,
): KnownSession[] {
  const { permissionSets, setByArn } = indexInventory(inventory)
  return items.flatMap(({ id, asked }) => {
    if (asked.kind !== 'assignment') return []
    const set = permissionSets[setByArn.get(asked.permissionSetArn) ?? -1]
    const lasts = set?.sessionDurationMs
    return set === undefined || lasts === undefined ? [] : [{ item: id, name: set.name, lasts }]
  })
}

function findLongest(sessions: readonly KnownSession[]): KnownSession | undefined {
  return sessions.reduce<KnownSession | undefined>(
    (longest, one) => (one.lasts > (longest?.lasts ?? 0) ? one : longest),
    undefined,
  )
}

function sayLasts({ name, lasts }: KnownSession): string {
  return `AWS sessions of the permission set ${name} last up to ${formatDuration(lasts)}`
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
