/**
 * @module The second factor that a change by an administrator takes: asked for once the change would stand, so that
 * nobody gives one only to be turned away, and spent in the transaction that writes it.
 */
import { GatewayError, isCode } from '../../core/error.js'
import { judgeActs } from '../../core/mfa/admin-action.js'
import type { MfaMethod } from '../../core/mfa/proof.js'
import { canGive, needsHardware, suffices } from '../../core/mfa/strength.js'
import type { Right } from '../../core/role/right.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import type { Catalog } from '../resources/catalog.js'
import { meansOfPerson, noUsableFactor } from './factors.js'
import { recordInvalidProof, spendProof } from './mfa-proofs.js'

const purpose = 'administer'

export interface ChangeToConfirm {
  readonly acts: readonly Right[]
  /** As it was before the change: one that weakens the preference is judged by what it weakens. */
  readonly preference: ClusterAuthPreference
  readonly now: Instant
  /** What this very change was proved by already, for another purpose. */
  readonly proved?: MfaMethod | undefined
}

/**
 * Spends the proof that the request brought, where the change takes one. The gateway itself, the operator of its machine
 * and machine users are asked for none.
 * @throws GatewayError `SESSION_MFA_REQUIRED`, `SESSION_MFA_UNSUPPORTED`, `SECOND_FACTOR_MISSING`, `MFA_PROOF_INVALID`.
 */
export async function confirmChange(
  tx: StoreTransaction,
  { kind, name, roles, confirmation }: Authority,
  { acts, preference, now, proved }: ChangeToConfirm,
): Promise<void> {
  if (kind !== 'person' || confirmation === undefined) return
  const { need, reasons } = judgeActs(acts, roles, preference)
  if (suffices(proved ?? 'none', need)) return
  const { sessionId, subject, proof } = confirmation
  if (proof !== undefined) {
    await spendProof(tx, proof, { user: name, sessionId, purpose, subject }, now, need)
    return
  }
  const because = reasons
    .slice(0, 3)
    .map(({ says }) => says)
    .join(' ')
  const means = await meansOfPerson(tx, preference, name)
  if (!means.any) throw noUsableFactor(preference.factorKinds)
  if (needsHardware(need) && !canGive(means, need)) {
    const message = `${because} You have none that counts: add one in your settings, or ask somebody who has one.`
    throw new GatewayError('SESSION_MFA_UNSUPPORTED', message, {
      mfa: { purpose, subjects: [subject], because },
    })
  }
  throw new GatewayError('SESSION_MFA_REQUIRED', `${because} Confirm with it and do it again.`, {
    mfa: { purpose, subjects: [subject], because, needs: need },
  })
}

type ConfirmDeps = Pick<ServiceContext, 'store' | 'clock' | 'random' | 'clusterName'> & {
  readonly catalog: Catalog
}

/**
 * Spends the proof in a transaction of its own, for what goes on in the background or writes in several: what fails after
 * that has used it up. Answers the authority with which the rest is done, which is asked no more.
 * @throws GatewayError as {@link confirmChange}.
 */
export async function confirmBefore(
  deps: ConfirmDeps,
  acts: readonly Right[],
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<Authority> {
  await tellingInvalidProofs(
    deps,
    origin,
    async () =>
      await deps.store.transaction(async (tx) => {
        const preference = (await deps.catalog.readIn(tx)).preference()
        await confirmChange(tx, authority, { acts, preference, now: deps.clock.now() })
      }),
  )
  const { confirmation: _, ...confirmed } = authority
  return confirmed
}

/**
 * Asks for the proof of a change whose way there is long or leaves traces; one that was brought is looked at and spent
 * with the change.
 * @throws GatewayError as {@link confirmChange}.
 */
export async function askBefore(
  deps: ConfirmDeps,
  acts: readonly Right[],
  authority: Authority,
): Promise<void> {
  if (authority.confirmation?.proof === undefined) await confirmBefore(deps, acts, authority, undefined)
}

/** Does `work`, and tells the log of a proof that it refused. */
export async function tellingInvalidProofs<T>(
  deps: Pick<ServiceContext, 'store' | 'clock' | 'random' | 'clusterName'>,
  origin: RequestOrigin | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isCode(error, 'MFA_PROOF_INVALID')) await recordInvalidProof(deps, error, origin)
    throw error
  }
}
