/**
 * @module Who stands behind a bearer token: a person at a command line, or a machine user. A browser's session is
 * never one, so a cookie that leaked is no key to the command line. The tokens are 256 random bits: guessing has no
 * prospect, so wrong ones are not counted by address, and one wrong job of an office does not lock the others out.
 */
import { assertUnlocked } from '../../core/lock/describe.js'
import { findLocks } from '../../core/lock/lock.js'
import { minute } from '../../core/time.js'
import { machineUser, machineUserName, type Token } from '../../core/token/token.js'
import type { User } from '../../core/user/user.js'
import type { RequestOrigin } from '../context.js'
import { tokenPrefix } from '../tokens/secret.js'
import { findSession, type ActiveSession, type SessionDeps } from './session.js'
import { hashToken } from './tokens.js'

export type Bearer =
  | ({ readonly kind: 'session' } & ActiveSession)
  /** `user` is the token as a user: `token/NAME` with its roles and traits. */
  | { readonly kind: 'machine'; readonly user: User; readonly token: Token }

/** Writing down each use would cost a write a request; a minute is exact enough to see whether it is used. */
const touchEveryMs = minute

/**
 * Finds who a bearer token stands for. One that is unknown, has expired, or whose resource is gone is nobody's; each
 * costs one look-up by hash, whatever it is.
 * @throws GatewayError `LOCKED` for a token that is locked, by itself or by one of its roles.
 */
export async function findBearer(
  deps: SessionDeps,
  bearer: string,
  origin: RequestOrigin,
): Promise<Bearer | undefined> {
  if (bearer.startsWith(tokenPrefix)) return await findMachine(deps, bearer, origin)
  const found = await findSession(deps, bearer, 'cli')
  return found && { kind: 'session', ...found }
}

async function findMachine(
  deps: SessionDeps,
  bearer: string,
  origin: RequestOrigin,
): Promise<Bearer | undefined> {
  const stored = await deps.store.tokens.find(hashToken(bearer))
  if (stored === undefined) return undefined
  const catalog = await deps.catalog.read()
  const token = catalog.token(stored.name)
  const now = deps.clock.now()
  if (token === undefined || now >= token.expiresAt) return undefined
  const { name, roles } = token
  const user = machineUserName(name)
  assertUnlocked(findLocks(catalog.locks(), { user, roles, token: name }, now), user)
  if (stored.lastUsedAt === undefined || now - stored.lastUsedAt >= touchEveryMs) {
    await deps.store.tokens.touch(stored.tokenHash, { at: now, from: origin.address })
  }
  return { kind: 'machine', user: machineUser(token), token }
}
