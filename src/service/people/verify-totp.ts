/**
 * @module The one place where a person's one-time code is believed. The code is counted, matched against all
 * factors of the person, spent so that it works once (RFC 6238 5.2), and what it was asked for happens in the
 * same transaction, with its audit event.
 */
import type { AuditFacts } from '../../core/audit/event.js'
import { GatewayError, isCode } from '../../core/error.js'
import type { StoreTransaction, TotpCredential } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { PeopleDeps } from './deps.js'
import { countAttempt, forgiveAttempts, tooManyAttempts } from './limits.js'
import { record, recordRefusal } from './record.js'

/** What a code was asked for, under the names that audit readers know. */
export const challengeScopes = {
  login: 'CHALLENGE_SCOPE_LOGIN',
  step_up: 'CHALLENGE_SCOPE_USER_SESSION',
  manage_factors: 'CHALLENGE_SCOPE_MANAGE_DEVICES',
  action: 'CHALLENGE_SCOPE_ADMIN_ACTION',
} as const
export type CodeScope = keyof typeof challengeScopes

export type TotpDeps = Pick<
  PeopleDeps,
  'store' | 'clock' | 'random' | 'logger' | 'clusterName' | 'totp' | 'sealer'
>

/** Context to which the seed of a stored factor is sealed. */
export function factorContext(user: string, id: string): string {
  return `totp:${user}:${id}`
}

/** How a factor is named in audit events. */
export function describeFactor(factor: Pick<TotpCredential, 'id' | 'label'>) {
  return { mfa_device_name: factor.label, mfa_device_type: 'TOTP', mfa_device_uuid: factor.id }
}

/**
 * Proves a code and does `apply` in the transaction that spends it; answers what `apply` answers. `apply` may run
 * again after a serialisation conflict.
 * @throws GatewayError `SECOND_FACTOR_INVALID`, `SECOND_FACTOR_MISSING`, `TOO_MANY_ATTEMPTS`.
 */
export async function verifyTotp<T>(
  deps: TotpDeps,
  input: {
    readonly user: string
    readonly code: string
    readonly scope: CodeScope
    /** What else the event tells, such as the service provider that a step-up is for. */
    readonly fields?: AuditFacts['fields']
  },
  origin: RequestOrigin,
  apply: (tx: StoreTransaction, factor: TotpCredential) => Promise<T>,
): Promise<T> {
  const { user, code } = input
  const facts = { event: 'mfa_auth_challenge.validate', user } as const
  const fields = {
    ...input.fields,
    challenge_scope: challengeScopes[input.scope],
    challenge_allow_reuse: false,
  }
  const refused = async (error: string): Promise<void> =>
    await recordRefusal(deps, { ...facts, fields: { ...fields, error } }, origin)

  const attempt = { act: 'code', user, address: origin.address } as const
  const verdict = await countAttempt(deps, attempt)
  if (!verdict.allowed) {
    if (verdict.first) await refused('too many attempts')
    throw tooManyAttempts(verdict.retryAfterSeconds)
  }
  const factors = await deps.store.credentials.listTotp(user)
  if (factors.length === 0) {
    await refused('there is no second factor')
    throw factorMissing()
  }
  const match = await findMatch(deps, factors, code)
  try {
    if (match === undefined) throw invalidCode()
    const value = await deps.store.transaction(async (tx) => {
      const { factor, step } = match
      if (!(await tx.credentials.spendTotpStep(factor.id, step, deps.clock.now()))) throw invalidCode()
      await record(
        deps,
        tx,
        { ...facts, success: true, fields: { ...fields, mfa_device: describeFactor(factor) } },
        origin,
      )
      return await apply(tx, factor)
    })
    await forgiveAttempts(deps, attempt, verdict)
    return value
  } catch (error) {
    if (isCode(error, 'SECOND_FACTOR_INVALID')) await refused('the code is wrong or was used before')
    throw error
  }
}

/** The refusal of somebody who has nothing to prove it with; none can be added on the way. */
export function factorMissing(): GatewayError {
  return new GatewayError(
    'SECOND_FACTOR_MISSING',
    'you have no authenticator app yet; add one in your settings and start again',
  )
}

/** The refusal of a code: it does not tell a wrong one from a spent one. */
export function invalidCode(): GatewayError {
  return new GatewayError(
    'SECOND_FACTOR_INVALID',
    'the code is wrong or was used before; wait for the next one in your authenticator app',
  )
}

/** The first factor whose unspent code this is. */
async function findMatch(
  deps: TotpDeps,
  factors: readonly TotpCredential[],
  code: string,
): Promise<{ factor: TotpCredential; step: number } | undefined> {
  const now = deps.clock.now()
  for (const factor of factors) {
    const seed = await deps.sealer.unseal(factor.sealedSeed, factorContext(factor.user, factor.id))
    const step = deps.totp.acceptedStep(seed, code, now)
    if (step !== undefined && step > factor.lastStep) return { factor, step }
  }
  return undefined
}
