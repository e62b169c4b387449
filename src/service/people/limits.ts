/**
 * @module How often anyone may fail. Counts live in the store and survive a restart; they are kept for names that
 * do not exist too, so a limit tells nothing (T9). An attempt is counted before it is made, so parallel ones cannot
 * slip through together; a success takes its own hits back, and so does an attempt that another count stopped.
 *
 * | Count     | What it counts                     | Against                              | Lifted by              |
 * |-----------|------------------------------------|--------------------------------------|------------------------|
 * | pair      | one name from one address          | a guesser                            | a success clears it    |
 * | address   | one address, all names             | one password tried on many names     | a recognised pair      |
 * | site      | an IPv6 /48, all names             | a guesser with many /64 to move in   | a recognised pair      |
 * | name      | one name, all addresses            | many machines guessing at one person | a recognised pair      |
 *
 * An address is an IPv4 address or an IPv6 /64. A pair is recognised for 30 days after this name signed in fully from
 * this address: strangers elsewhere, and a neighbour behind the same address, use up the loose counts without
 * locking that person out. The pair count binds everyone.
 */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { GatewayError } from '../../core/error.js'
import { day, hour, minute, type DurationMs, type Instant } from '../../core/time.js'
import { foldName } from '../../core/user/user.js'
import type { ServiceContext } from '../context.js'

interface Limit {
  readonly attempts: number
  readonly windowMs: DurationMs
}

/**
 * Failures in a window. With six digits and three valid steps, the 50 codes that one name has in a day find a factor
 * with a chance of 1 in 6,600, for someone who has the password already. From an address where that person signs in
 * the pair count alone binds: 960 codes a day, a chance of 1 in 350.
 */
export const attemptLimits = {
  password: {
    pair: { attempts: 10, windowMs: 15 * minute },
    address: { attempts: 300, windowMs: 15 * minute },
    name: { attempts: 100, windowMs: hour },
  },
  code: {
    pair: { attempts: 10, windowMs: 15 * minute },
    address: { attempts: 300, windowMs: 15 * minute },
    name: { attempts: 50, windowMs: day },
  },
} as const satisfies Record<string, Record<'pair' | 'address' | 'name', Limit>>

/** What is bounded by address alone: links cannot be guessed, requests prove nothing yet. */
export const addressLimits = {
  // Counts links that are not valid, and redeeming that failed: an office full of new people does neither.
  link: { attempts: 300, windowMs: 15 * minute },
  // Each keeps a row until it expires; a large office behind one address signs in fewer than ten a second.
  saml: { attempts: 600, windowMs: minute },
  // Begun at a connector: each keeps a row until it expires, and may ask the provider for its metadata.
  connector: { attempts: 600, windowMs: minute },
  // Each keeps a row until it expires; the sign-in page asks once when it opens.
  passkey: { attempts: 600, windowMs: minute },
  // Counts enrolment tokens, tickets and short codes of devices that are not known; a code lives five minutes.
  device: { attempts: 60, windowMs: 15 * minute },
  // Counts codes of command lines that could not be redeemed; they cannot be guessed within their minute.
  cli: { attempts: 300, windowMs: 15 * minute },
  // Counts SCIM requests with a token that is none.
  directory: { attempts: 300, windowMs: 15 * minute },
  // Refused SCIM tokens that get an audit event: one tells of all that come from there.
  directoryEvent: { attempts: 1, windowMs: 15 * minute },
  // Refused SAML requests that get an audit event of their own.
  fault: { attempts: 30, windowMs: minute },
} as const satisfies Record<string, Limit>

/** What is bounded by who does it, whatever it comes to: it makes much work, or tells of many people. */
export const personLimits = {
  // Changes of many members of an access list at once: each writes thousands of rows and an audit event of them.
  bulk: { attempts: 60, windowMs: 15 * minute },
  // What a change of an access list would do, asked by whoever may not list users: it tells who exists and what they
  // lack; and dry runs of access requests. A page asks with each pause in typing.
  preview: { attempts: 120, windowMs: 15 * minute },
  // Looking for people by name, to put them into a list: as many as one types, and no directory.
  candidates: { attempts: 240, windowMs: 15 * minute },
  // Each keeps a row and asks others to look.
  request: { attempts: 100, windowMs: hour },
  // Each asks a device of one's own to vouch, and keeps a row.
  device: { attempts: 60, windowMs: 15 * minute },
  // Tests of webhooks: each is a connection to where somebody said.
  webhook: { attempts: 60, windowMs: 15 * minute },
} as const satisfies Record<string, Limit>

/** An IPv6 /48 is a site with 65,536 networks (RFC 6177), often an office: it may fail this many times as often. */
const siteFactor = 4

const recognisedFor: DurationMs = 30 * day

export type LimitDeps = Pick<ServiceContext, 'store' | 'clock'>
export interface Attempt {
  readonly act: keyof typeof attemptLimits
  readonly user: string
  readonly address: string
}
/** One hit on one count, to be taken back from the window that it fell into. */
interface Hit {
  readonly key: string
  readonly windowEndsAt: Instant
}
export interface Allowed {
  readonly allowed: true
  readonly hits: readonly Hit[]
}
/** `first`: the first refusal of its window, the only one that is worth an audit event. */
export type Verdict =
  Allowed | { readonly allowed: false; readonly retryAfterSeconds: number; readonly first: boolean }

interface Count {
  readonly parts: readonly string[]
  readonly limit: Limit
}

/** Counts an attempt and says whether it may be made. */
export async function countAttempt(deps: LimitDeps, { act, user, address }: Attempt): Promise<Verdict> {
  const limits = attemptLimits[act]
  const pair = { parts: pairKey(act, user, address), limit: limits.pair }
  const recognised = await deps.store.rateLimits.find(keyOf(recognisedKey(user, address)), deps.clock.now())
  if (recognised) return await countAll(deps, [pair])
  // Loosest place first: whoever is stopped by it leaves no new row for each name that they make up.
  const name = { parts: [act, 'name', foldName(user)], limit: limits.name }
  return await countAll(deps, [...placesOf(act, address, limits.address), pair, name])
}

/** After a success this attempt no longer counts anywhere, nor do the person's own mistypings. */
export async function forgiveAttempts(
  deps: LimitDeps,
  { act, user, address }: Attempt,
  verdict: Allowed,
): Promise<void> {
  const pair = keyOf(pairKey(act, user, address))
  await takeBack(deps, { hits: verdict.hits.filter(({ key }) => key !== pair) })
  await deps.store.rateLimits.clear(pair)
}

/** Takes back what was counted for something that did not fail. */
export async function takeBack(deps: LimitDeps, { hits }: Pick<Allowed, 'hits'>): Promise<void> {
  for (const { key, windowEndsAt } of hits) await deps.store.rateLimits.takeBack(key, windowEndsAt)
}

/** Remembers that this person signed in fully from here. */
export async function recogniseAddress(deps: LimitDeps, user: string, address: string): Promise<void> {
  const key = keyOf(recognisedKey(user, address))
  await deps.store.rateLimits.clear(key)
  await deps.store.rateLimits.hit(key, recognisedFor, deps.clock.now())
}

/** Counts by address alone; answers what {@link takeBack} takes. @throws GatewayError `TOO_MANY_ATTEMPTS`. */
export async function limitAddress(
  deps: LimitDeps,
  act: keyof typeof addressLimits,
  address: string,
): Promise<Allowed> {
  const verdict = await countAll(deps, placesOf(act, address, addressLimits[act]))
  if (!verdict.allowed) throw tooManyAttempts(verdict.retryAfterSeconds)
  return verdict
}

/** Counts by who acts. @throws GatewayError `TOO_MANY_ATTEMPTS`. */
export async function limitPerson(
  deps: LimitDeps,
  act: keyof typeof personLimits,
  name: string,
): Promise<void> {
  const parts = [act, 'person', foldName(name)]
  const verdict = await countAll(deps, [{ parts, limit: personLimits[act] }])
  if (!verdict.allowed) throw tooManyAttempts(verdict.retryAfterSeconds)
}

/** Whether one more refused SCIM token from this address is written to the audit log. */
export async function mayRecordRefusedToken(deps: LimitDeps, address: string): Promise<boolean> {
  return (await countAll(deps, placesOf('directoryEvent', address, addressLimits.directoryEvent))).allowed
}

/** Whether one more refused request from this address is written to the audit log. */
export async function mayRecordFault(deps: LimitDeps, address: string): Promise<boolean> {
  return (await countAll(deps, placesOf('fault', address, addressLimits.fault))).allowed
}

const readsMs = 15 * minute

/** How often a directory has read one sort of thing from this address in this quarter of an hour, this time included. */
export async function countDirectoryRead(
  deps: LimitDeps,
  connector: string,
  sort: string,
  address: string,
): Promise<Hit & { readonly count: number }> {
  const key = keyOf(['directoryRead', connector, sort, network(address)])
  return { key, ...(await deps.store.rateLimits.hit(key, readsMs, deps.clock.now())) }
}

/** The refusal, the same words whatever was tried and whether or not it exists. */
export function tooManyAttempts(retryAfterSeconds: number): GatewayError {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  return new GatewayError(
    'TOO_MANY_ATTEMPTS',
    `too many attempts; wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again`,
    { retryAfterSeconds },
  )
}

/** Hits one count after the other. The one that is full stops it, and what it stopped counts nowhere else. */
async function countAll(deps: LimitDeps, counts: readonly Count[]): Promise<Verdict> {
  const hits: Hit[] = []
  for (const { parts, limit } of counts) {
    const key = keyOf(parts)
    const now = deps.clock.now()
    const { count, windowEndsAt } = await deps.store.rateLimits.hit(key, limit.windowMs, now)
    if (count > limit.attempts) {
      await takeBack(deps, { hits })
      const retryAfterSeconds = Math.max(1, Math.ceil((windowEndsAt - now) / 1000))
      return { allowed: false, retryAfterSeconds, first: count === limit.attempts + 1 }
    }
    hits.push({ key, windowEndsAt })
  }
  return { allowed: true, hits }
}

/** The counts of where somebody is: the IPv6 site, if there is one, then the address. */
function placesOf(act: string, address: string, limit: Limit): Count[] {
  const place = { parts: [act, 'address', network(address)], limit }
  const site = siteOf(address)
  if (site === undefined) return [place]
  return [{ parts: [act, 'site', site], limit: { ...limit, attempts: limit.attempts * siteFactor } }, place]
}

function pairKey(act: string, user: string, address: string): string[] {
  return [act, 'pair', foldName(user), network(address)]
}

function recognisedKey(user: string, address: string): string[] {
  return ['recognised', foldName(user), network(address)]
}

/** Hashed, so that the table holds no list of what people typed as their names. */
function keyOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** The unit that one subscriber holds: an IPv4 address, or an IPv6 /64 (RFC 6177). */
export function network(address: string): string {
  if (!isIPv6(address)) return address
  // The URL parser writes every spelling of an address in the one canonical way (RFC 5952), without IPv4 tails.
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = [...before, ...zeros, ...after]
  const mapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff'
  if (!mapped) return `${groups.slice(0, 4).join(':')}::/64`
  const bytes = groups.slice(6).flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255])
  return bytes.join('.')
}

/** The IPv6 /48 of an address; undefined for IPv4. */
export function siteOf(address: string): string | undefined {
  const unit = network(address)
  return unit.endsWith('::/64') ? `${unit.split(':').slice(0, 3).join(':')}::/48` : undefined
}
