/**
 * @module Authenticator apps of the signed-in person. Adding one needs a code of one that exists, or the password
 * where there is none (T10): a stolen session alone enrols nothing. Between the start and the first code nothing
 * is stored; the seed travels in a sealed ticket that belongs to one session and lives ten minutes. No step-up
 * leads here.
 */
import { GatewayError, isCode } from '../../core/error.js'
import { minute } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { OwnSettingsDeps } from './deps.js'
import { countAttempt, forgiveAttempts, tooManyAttempts } from './limits.js'
import { assertFull, provePassword, type FactorView } from './own-settings.js'
import { record } from './record.js'
import type { ActiveSession } from './session.js'
import { describeFactor, factorContext, invalidCode, verifyTotp } from './verify-totp.js'

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
 * Begins to add a factor.
 * @throws GatewayError `SECOND_FACTOR_REQUIRED` without the code of an existing factor, `SECOND_FACTOR_INVALID`,
 * `SIGN_IN_FAILED` for a wrong or missing password, `TOO_MANY_ATTEMPTS`.
 */
export async function startFactor(
  deps: OwnSettingsDeps,
  input: { readonly password?: string | undefined; readonly code?: string | undefined },
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<FactorStart> {
  assertFull(signedIn)
  const user = signedIn.user.name
  const first = (await deps.store.credentials.listTotp(user)).length === 0
  if (first) {
    if (input.password === undefined) {
      throw new GatewayError('SIGN_IN_FAILED', 'type your password to add your first authenticator app')
    }
    await provePassword(deps, input.password, signedIn, origin)
  } else {
    if (input.code === undefined) {
      throw new GatewayError(
        'SECOND_FACTOR_REQUIRED',
        'type a code of an authenticator app that you have to add another one',
      )
    }
    await verifyTotp(deps, { user, code: input.code, scope: 'manage_factors' }, origin, async () => {})
  }
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
    const existing = await tx.credentials.listTotp(user)
    const used = existing.some(({ id }) => id === ticket.id)
    if (used || (ticket.first && existing.length > 0)) throw ticketInvalid()
    await tx.credentials.addTotp(factor)
    await record(deps, tx, { event: 'mfa.add', success: true, user, fields: describeFactor(factor) }, origin)
  })
  await forgiveAttempts(deps, attempt, verdict)
  return { id: factor.id, label: factor.label, createdAt: now, lastUsedAt: undefined }
}

/**
 * Removes a factor; needs a code of any factor of the person, also of the one that goes.
 * @throws GatewayError `NOT_FOUND`, `LAST_SECOND_FACTOR` where everyone must have one, `SECOND_FACTOR_INVALID`,
 * `TOO_MANY_ATTEMPTS`.
 */
export async function removeFactor(
  deps: OwnSettingsDeps,
  input: { readonly id: string; readonly code: string },
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<void> {
  assertFull(signedIn)
  const user = signedIn.user.name
  const { id, code } = input
  const required = (await deps.catalog.preference()).secondFactor === 'required'
  await assertRemovable(deps.store, { user, id, required })
  await verifyTotp(deps, { user, code, scope: 'manage_factors' }, origin, async (tx) => {
    const factor = await assertRemovable(tx, { user, id, required })
    await tx.credentials.deleteTotp(user, id)
    await record(
      deps,
      tx,
      { event: 'mfa.delete', success: true, user, fields: describeFactor(factor) },
      origin,
    )
  })
}

async function assertRemovable(
  tx: Pick<StoreTransaction, 'credentials'>,
  { user, id, required }: { user: string; id: string; required: boolean },
) {
  const factors = await tx.credentials.listTotp(user)
  const factor = factors.find((one) => one.id === id)
  if (factor === undefined) throw new GatewayError('NOT_FOUND', 'you have no authenticator app with this id')
  if (required && factors.length === 1) {
    throw new GatewayError(
      'LAST_SECOND_FACTOR',
      'this is your only authenticator app and everyone must have one here; add another one first',
    )
  }
  return factor
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
