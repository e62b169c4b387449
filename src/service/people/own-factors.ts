/**
 * @module Second factors of the signed-in person: authenticator apps are added here (passkeys in `own-passkeys.ts`),
 * and factors of either kind renamed and removed. What that takes is in `prove-self.ts` (T10). Between the start and
 * the first code nothing is stored; the seed travels in a sealed ticket that belongs to one session and lives ten
 * minutes. No step-up leads here.
 */
import { GatewayError, isCode } from '../../core/error.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import { minute } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { OwnSettingsDeps } from './deps.js'
import { countAttempt, forgiveAttempts, tooManyAttempts } from './limits.js'
import { assertOffered, countFactors, factorsOf, usableFactors } from './factors.js'
import { assertFull, viewTotp, type FactorView } from './own-settings.js'
import { proveByFactor, proveToAdd, type SelfProof } from './prove-self.js'
import { record } from './record.js'
import type { ActiveSession } from './session.js'
import { describePasskey } from './verify-passkey.js'
import { describeFactor, factorContext, invalidCode } from './verify-totp.js'

const ticketLifetimeMs = 10 * minute

/** What a ticket carries, sealed to one session. `id` becomes the factor's, so a ticket adds one factor. */
interface Ticket {
  readonly id: string
  readonly seed: string
  readonly expiresAt: number
  /** Proven by the password, which counts only while there is no factor. */
  readonly first: boolean
}

export interface FactorStart {
  readonly ticket: string
  readonly secret: string
  readonly uri: string
}

/**
 * Begins to add an authenticator app.
 * @throws GatewayError `FACTOR_NOT_ALLOWED`, `SECOND_FACTOR_REQUIRED` without the proof of an existing factor,
 * `SECOND_FACTOR_INVALID`, `SIGN_IN_FAILED` for a wrong or missing password, `TOO_MANY_ATTEMPTS`.
 */
export async function startFactor(
  deps: OwnSettingsDeps,
  input: SelfProof,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<FactorStart> {
  await assertOffered(deps, 'otp')
  const { first } = await proveToAdd(deps, input, signedIn, origin)
  const user = signedIn.user.name
  const seed = deps.totp.createSeed()
  const ticket: Ticket = {
    id: deps.random.uuid(),
    seed,
    expiresAt: deps.clock.now() + ticketLifetimeMs,
    first,
  }
  return {
    ticket: await deps.sealer.seal(JSON.stringify(ticket), ticketContext(signedIn)),
    secret: seed,
    uri: deps.totp.uri({ seed, user, issuer: deps.clusterName }),
  }
}

/**
 * Adds the factor of a ticket, proven by its first code.
 * @throws GatewayError `LINK_INVALID` for a ticket that expired, was used or is another session's,
 * `SECOND_FACTOR_INVALID`, `TOO_MANY_ATTEMPTS`.
 */
export async function addFactor(
  deps: OwnSettingsDeps,
  input: { readonly ticket: string; readonly label: string; readonly code: string },
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<FactorView> {
  assertFull(signedIn)
  await assertOffered(deps, 'otp')
  const user = signedIn.user.name
  const ticket = await openTicket(deps, input.ticket, signedIn)
  const attempt = { act: 'code', user, address: origin.address } as const
  const verdict = await countAttempt(deps, attempt)
  if (!verdict.allowed) throw tooManyAttempts(verdict.retryAfterSeconds)
  const now = deps.clock.now()
  const step = deps.totp.acceptedStep(ticket.seed, input.code, now)
  if (step === undefined) throw invalidCode()
  const factor = {
    id: ticket.id,
    user,
    label: input.label,
    sealedSeed: await deps.sealer.seal(ticket.seed, factorContext(user, ticket.id)),
    createdAt: now,
    lastUsedAt: undefined,
    lastStep: step,
  }
  await deps.store.transaction(async (tx) => {
    // A reset may have ended this session since the request came in: then it adds nothing any more.
    if ((await tx.sessions.find(signedIn.session.tokenHash)) === undefined) throw sessionEnded()
    const existing = await factorsOf(tx, user)
    const used = existing.totp.some(({ id }) => id === ticket.id)
    if (used || (ticket.first && countFactors(existing) > 0)) throw ticketInvalid()
    await tx.credentials.addTotp(factor)
    await record(deps, tx, { event: 'mfa.add', success: true, user, fields: describeFactor(factor) }, origin)
  })
  await forgiveAttempts(deps, attempt, verdict)
  return viewTotp(factor)
}

/**
 * Removes a factor of either kind; needs any factor of the person, also the one that goes.
 * @throws GatewayError `NOT_FOUND`, `LAST_SECOND_FACTOR` where everyone must have one, `SECOND_FACTOR_REQUIRED`,
 * `SECOND_FACTOR_INVALID`, `TOO_MANY_ATTEMPTS`.
 */
export async function removeFactor(
  deps: OwnSettingsDeps,
  input: { readonly id: string } & Omit<SelfProof, 'password'>,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<void> {
  assertFull(signedIn)
  const user = signedIn.user.name
  const { id } = input
  const preference = await deps.catalog.preference()
  const find = async (tx: FactorStores) => await findRemovable(deps, tx, { user, id, preference })
  await find(deps.store)
  await proveByFactor(deps, input, signedIn, origin, async (tx) => {
    const fields = await find(tx)
    await tx.credentials.deleteTotp(user, id)
    await tx.passkeys.delete(user, id)
    // They stand in for factors: with none left there is nothing to recover, nor for whoever adds the next one.
    if (countFactors(await factorsOf(tx, user)) === 0) await tx.recoveryCodes.deleteAll(user)
    await record(deps, tx, { event: 'mfa.delete', success: true, user, fields }, origin)
  })
}

/** Gives a factor of either kind another name. @throws GatewayError `NOT_FOUND`. */
export async function renameFactor(
  deps: OwnSettingsDeps,
  input: { readonly id: string; readonly label: string },
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<void> {
  assertFull(signedIn)
  const user = signedIn.user.name
  const { id, label } = input
  await deps.store.transaction(async (tx) => {
    const before = await findFactor(tx, { user, id })
    const renamed =
      (await tx.credentials.renameTotp(user, id, label)) || (await tx.passkeys.rename(user, id, label))
    if (!renamed) throw noFactor()
    const fields = { ...before, mfa_device_name: label, message: `was called ${before.mfa_device_name}` }
    await record(deps, tx, { event: 'mfa.update', success: true, user, fields }, origin)
  })
}

type FactorStores = Pick<StoreTransaction, 'credentials' | 'passkeys'>

/** How audit events name the factor. */
async function findFactor(tx: FactorStores, { user, id }: { user: string; id: string }) {
  const { totp, passkeys } = await factorsOf(tx, user)
  const code = totp.find((one) => one.id === id)
  if (code !== undefined) return describeFactor(code)
  const passkey = passkeys.find((one) => one.id === id)
  if (passkey === undefined) throw noFactor()
  return describePasskey(passkey)
}

async function findRemovable(
  deps: OwnSettingsDeps,
  tx: FactorStores,
  { user, id, preference }: { user: string; id: string; preference: ClusterAuthPreference },
) {
  const found = await findFactor(tx, { user, id })
  if (preference.secondFactor !== 'required') return found
  const { totp, passkeys } = usableFactors(await factorsOf(tx, user), deps, preference)
  const usable = [...totp, ...passkeys]
  if (usable.some((one) => one.id === id) && usable.length === 1) {
    throw new GatewayError(
      'LAST_SECOND_FACTOR',
      'this is your only second factor and everyone must have one here; add another one first',
    )
  }
  return found
}

function noFactor(): GatewayError {
  return new GatewayError('NOT_FOUND', 'you have no second factor with this id')
}

function ticketContext({ user, session }: ActiveSession): string {
  return `totp-ticket:${user.name}:${session.id}`
}

async function openTicket(deps: OwnSettingsDeps, sealed: string, signedIn: ActiveSession): Promise<Ticket> {
  try {
    // Sealed by us to this context, so it is the Ticket that `startFactor` made.
    const ticket = JSON.parse(await deps.sealer.unseal(sealed, ticketContext(signedIn))) as Ticket
    if (deps.clock.now() < ticket.expiresAt) return ticket
  } catch (error) {
    if (!isCode(error, 'UNSEAL_FAILED')) throw error
  }
  throw ticketInvalid()
}

function sessionEnded(): GatewayError {
  return new GatewayError('NOT_SIGNED_IN', 'your session has ended; sign in again')
}

function ticketInvalid(): GatewayError {
  return new GatewayError(
    'LINK_INVALID',
    'adding this authenticator app took too long or was done already; start again',
  )
}
