/**
 * @module How often anyone may try. Counts live in the store and survive a restart; they are kept for names that
 * do not exist too, so a limit tells nothing (T9). Attempts are counted before they are made: parallel ones
 * cannot slip through together.
 *
 * Three counts stand side by side. Tight: one name from one address, the lockout of a guesser. Loose: one address
 * over all names (an IPv6 /64 counts as one), against trying one password on many names. Loose: one name over all
 * addresses, against many machines guessing at one person. The last would let strangers lock a person out, so it
 * does not bind addresses from which this name signed in fully within the last 30 days.
 */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { GatewayError } from '../../core/error.js'
import { day, hour, minute, type DurationMs } from '../../core/time.js'
import type { ServiceContext } from '../context.js'

interface Limit {
  readonly attempts: number
  readonly windowMs: DurationMs
}

/**
 * Attempts in a window, successes included. With six digits and three valid steps, 50 codes a day find a factor
 * with a chance of 1 in 6,600 a day, for someone who has the password already.
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
  link: { attempts: 60, windowMs: 15 * minute },
  // Each keeps a row until it expires; a large office behind one address signs in fewer than ten a second.
  saml: { attempts: 600, windowMs: minute },
  // Refused SAML requests that get an audit event of their own.
  fault: { attempts: 30, windowMs: minute },
} as const satisfies Record<string, Limit>

const recognisedFor: DurationMs = 30 * day

export type LimitDeps = Pick<ServiceContext, 'store' | 'clock'>
export interface Attempt {
  readonly act: keyof typeof attemptLimits
  readonly user: string
  readonly address: string
}
/** `first`: the first refusal of its window, the only one that is worth an audit event. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number; readonly first: boolean }

/** Counts an attempt and says whether it may be made. */
export async function countAttempt(deps: LimitDeps, { act, user, address }: Attempt): Promise<Verdict> {
  const limits = attemptLimits[act]
  // Each count stops the next: one blocked address cannot use up what a name has left for others.
  const byAddress = await hit(deps, limits.address, [act, 'address', network(address)])
  if (!byAddress.allowed) return byAddress
  const byPair = await hit(deps, limits.pair, pairKey(act, user, address))
  if (!byPair.allowed) return byPair
  const recognised = await deps.store.rateLimits.find(keyOf(recognisedKey(user, address)), deps.clock.now())
  return recognised ? byPair : await hit(deps, limits.name, [act, 'name', fold(user)])
}

/** After a success the person's own mistypings no longer count. */
export async function forgiveAttempts(deps: LimitDeps, { act, user, address }: Attempt): Promise<void> {
  await deps.store.rateLimits.clear(keyOf(pairKey(act, user, address)))
}

/** Remembers that this person signed in fully from here. */
export async function recogniseAddress(deps: LimitDeps, user: string, address: string): Promise<void> {
  const key = keyOf(recognisedKey(user, address))
  await deps.store.rateLimits.clear(key)
  await deps.store.rateLimits.hit(key, recognisedFor, deps.clock.now())
}

/** @throws GatewayError `TOO_MANY_ATTEMPTS`. */
export async function limitAddress(
  deps: LimitDeps,
  act: keyof typeof addressLimits,
  address: string,
): Promise<void> {
  const verdict = await hit(deps, addressLimits[act], [act, 'address', network(address)])
  if (!verdict.allowed) throw tooManyAttempts(verdict.retryAfterSeconds)
}

/** Whether one more refused request from this address is written to the audit log. */
export async function mayRecordFault(deps: LimitDeps, address: string): Promise<boolean> {
  return (await hit(deps, addressLimits.fault, ['fault', 'address', network(address)])).allowed
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

async function hit(deps: LimitDeps, limit: Limit, parts: readonly string[]): Promise<Verdict> {
  const now = deps.clock.now()
  const { count, windowEndsAt } = await deps.store.rateLimits.hit(keyOf(parts), limit.windowMs, now)
  if (count <= limit.attempts) return { allowed: true }
  const retryAfterSeconds = Math.max(1, Math.ceil((windowEndsAt - now) / 1000))
  return { allowed: false, retryAfterSeconds, first: count === limit.attempts + 1 }
}

function pairKey(act: string, user: string, address: string): string[] {
  return [act, 'pair', fold(user), network(address)]
}

function recognisedKey(user: string, address: string): string[] {
  return ['recognised', fold(user), network(address)]
}

/** Hashed, so that the table holds no list of what people typed as their names. */
function keyOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** Spellings of one name share one count. */
function fold(user: string): string {
  return user.normalize('NFKC').toLowerCase()
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
