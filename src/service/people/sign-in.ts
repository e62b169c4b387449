/**
 * @module Sign-in with name and password. Whoever fails learns nothing: an unknown name, a wrong password, a user
 * without one and a user of a connector cost the same work (one argon2 verification, one audit event) and give
 * the same words (T9). A name that a connector made never signs in here (T7).
 */
import { createHash } from 'node:crypto'
import type { AuditFacts } from '../../core/audit/event.js'
import { GatewayError } from '../../core/error.js'
import { assertUnlocked, lockAuditMessage } from '../../core/lock/describe.js'
import type { Lock } from '../../core/lock/lock.js'
import type { User } from '../../core/user/user.js'
import type { PasswordCredential, Session } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksOn, locksWithin } from '../locks/in-force.js'
import type { SignInDeps } from './deps.js'
import { factorsOf, usableFactors, waysOf, type FactorWay } from './factors.js'
import { countAttempt, forgiveAttempts, recogniseAddress, tooManyAttempts } from './limits.js'
import { record, recordRefusal } from './record.js'
import { buildSession, recordSkippedLists, replaceSession } from './start-session.js'

export interface SignInResult {
  /** `second_factor_required`: the session opens nothing until a second factor replaces it. */
  readonly status: 'signed_in' | 'second_factor_required'
  /** In which ways it may be given; none where it is not asked for. */
  readonly secondFactors: readonly FactorWay[]
  /** Always a new one: set it as the cookie in place of what the browser had. */
  readonly token: string
  readonly session: Session
}

/**
 * Signs a person in, or half in where a second factor is to come; ends the session of `previousToken`.
 * @throws GatewayError `SIGN_IN_FAILED`, `TOO_MANY_ATTEMPTS`, `LOCKED`, `SECOND_FACTOR_MISSING`, `UNAVAILABLE`.
 */
export async function signIn(
  deps: SignInDeps,
  input: { readonly user: string; readonly password: string },
  origin: RequestOrigin,
  previousToken?: string,
): Promise<SignInResult> {
  // Names of users are in form NFC; keyboards differ.
  const name = input.user.slice(0, 254).normalize('NFC')
  const attempt = { act: 'password', user: name, address: origin.address } as const
  const verdict = await countAttempt(deps, attempt)
  const user = await deps.catalog.user(name)
  if (!verdict.allowed) {
    if (verdict.first) await recordFailure(deps, { user, name }, 'too many attempts', origin)
    throw tooManyAttempts(verdict.retryAfterSeconds)
  }
  const stored = await deps.store.credentials.findPassword(name)
  const credential = user?.origin.kind === 'local' ? stored : undefined
  const matches = await deps.passwords.verify(credential?.hash, input.password)
  if (user === undefined || credential === undefined || !matches) {
    await recordFailure(deps, { user, name }, whyFailed(user, credential), origin)
    throw signInFailed()
  }
  // Asked only after the password was right: a lock must not tell a stranger that a name exists (T9).
  await assertNotLocked(deps, user, locksOn(await deps.catalog.read(), { user }, deps.clock.now()), origin)
  const preference = await deps.catalog.preference()
  const factors = usableFactors(await factorsOf(deps.store, user.name), deps, preference)
  const secondFactors = waysOf(factors)
  if (secondFactors.length === 0 && preference.secondFactor === 'required') {
    await recordFailure(deps, { user, name }, 'a second factor is required and there is none', origin)
    throw new GatewayError(
      'SECOND_FACTOR_MISSING',
      'everyone must sign in with a second factor here and you have none that is allowed; ask an administrator for a reset link, which sets one up',
    )
  }
  const half = secondFactors.length > 0
  const person = { user, stage: half ? 'password' : 'full', methods: ['password'] } as const
  const fresh = await buildSession(deps, person, origin)
  const outcome = await deps.store.transaction(async (tx) => {
    // A password that was changed while this one was being checked has ended all sessions: add none behind it.
    if ((await tx.credentials.findPassword(user.name))?.hash !== credential.hash) return 'changed'
    // So has a lock that was made meanwhile.
    const since = await locksWithin(deps, tx, user)
    if (since.length > 0) return since
    await replaceSession(tx, fresh, previousToken)
    await record(deps, tx, half ? challenged(fresh.session) : signedIn(fresh.session), origin)
    await recordSkippedLists(deps, tx, fresh, origin)
    return 'begun'
  })
  if (outcome === 'changed') {
    await recordFailure(deps, { user, name }, 'the password was changed meanwhile', origin)
    throw signInFailed()
  }
  if (outcome !== 'begun') await assertNotLocked(deps, user, outcome, origin)
  await forgiveAttempts(deps, attempt, verdict)
  if (!half) await recogniseAddress(deps, user.name, origin.address)
  if (deps.passwords.needsRehash(credential.hash)) await rehash(deps, credential, input.password)
  const status = half ? 'second_factor_required' : 'signed_in'
  return { status, token: fresh.token, session: fresh.session, secondFactors }
}

function signedIn({ user, id }: Session): AuditFacts {
  return { event: 'user.login', success: true, user, fields: { sid: id, method: 'local' } }
}

/** The password was right and the second factor is asked for. */
function challenged({ user, id }: Session): AuditFacts {
  const fields = { sid: id, challenge_scope: 'CHALLENGE_SCOPE_LOGIN', challenge_allow_reuse: false }
  return { event: 'mfa_auth_challenge.create', success: true, user, fields }
}

/** @throws GatewayError `LOCKED` where any lock is in force, once the log has it. */
async function assertNotLocked(
  deps: SignInDeps,
  user: User,
  locks: readonly Lock[],
  origin: RequestOrigin,
): Promise<void> {
  const [lock] = locks
  if (lock === undefined) return
  const fields = {
    method: 'local',
    error: lockAuditMessage(lock),
    locks: locks.map(({ name }) => name),
  }
  await recordRefusal(deps, { event: 'user.login', user: user.name, fields }, origin)
  assertUnlocked(locks)
}

function signInFailed(): GatewayError {
  return new GatewayError('SIGN_IN_FAILED', 'the name or the password is wrong')
}

/** Told to the audit log alone. */
function whyFailed(user: User | undefined, credential: PasswordCredential | undefined): string {
  if (user === undefined) return 'there is no such user'
  if (user.origin.kind === 'connector') return `this user signs in through "${user.origin.connector}" only`
  return credential === undefined ? 'this user has no password yet' : 'the password is wrong'
}

/**
 * Records a refusal. A name that does not exist may be a password typed into the wrong field, so it is not
 * written down; 16 bits of its hash let a reader see that two attempts used the same text, and are too few to
 * confirm a guess at it.
 */
async function recordFailure(
  deps: SignInDeps,
  who: { readonly user: User | undefined; readonly name: string },
  message: string,
  origin: RequestOrigin,
): Promise<void> {
  const fields = {
    method: 'local',
    error: signInFailed().message,
    message,
    unknown_user_tag:
      who.user === undefined ? createHash('sha256').update(who.name).digest('hex').slice(0, 4) : undefined,
  }
  await recordRefusal(deps, { event: 'user.login', user: who.user?.name, fields }, origin)
}

/** Brings a hash of an older cost up to today's, unless the password changed meanwhile. */
async function rehash(deps: SignInDeps, old: PasswordCredential, password: string): Promise<void> {
  const hash = await deps.passwords.hash(password)
  await deps.store.transaction(async (tx) => {
    const now = await tx.credentials.findPassword(old.user)
    if (now?.hash === old.hash) await tx.credentials.putPassword({ ...now, hash })
  })
}
