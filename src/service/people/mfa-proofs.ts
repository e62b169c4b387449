/**
 * @module Proving a second factor for one purpose within a session, and spending the proof with the change that asked
 * for it. No factor can be enrolled from here: whoever holds a stolen session must not be able to add their own (T10).
 */
import type { PasskeyAssertion } from '../../authn/authn.js'
import type { AuditFacts } from '../../core/audit/event.js'
import { GatewayError } from '../../core/error.js'
import type { RequestOptions } from '../../core/factor/passkey-options.js'
import { suffices, type FactorNeed } from '../../core/mfa/strength.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import { judgeProof, proofLifetimeMs, type MfaMethod, type ProofUse } from '../../core/mfa/proof.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import type { PeopleDeps } from './deps.js'
import { assertOffered } from './factors.js'
import { recordRefusal } from './record.js'
import type { ActiveSession } from './session.js'
import { askForKeyThat, verifyKeyThat } from './strong-passkey.js'
import { hashToken } from './tokens.js'
import { challengeScopes, verifyTotp } from './verify-totp.js'

export interface ProofInput {
  readonly purpose: ProofUse['purpose']
  readonly subjects: readonly string[]
  /** One of the two. */
  readonly code?: string | undefined
  readonly passkey?: PasskeyAssertion | undefined
  /** How strong the key has to be that is asked for; what does not say so takes any. */
  readonly needs?: Exclude<FactorNeed, 'none'> | undefined
}

export interface GivenProof {
  /** Told once; only its hash is kept. */
  readonly proof: string
  readonly expiresAt: Instant
}

/**
 * Asks for one of the person's passkeys, for a proof of this and nothing else.
 * @throws GatewayError `FACTOR_NOT_ALLOWED`, `SECOND_FACTOR_MISSING`.
 */
export async function startProof(
  deps: PeopleDeps,
  input: Pick<ProofInput, 'purpose' | 'subjects' | 'needs'>,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<RequestOptions> {
  return await askForKeyThat(deps, passkeyProofFor(input, signedIn), input.needs ?? 'factor', origin)
}

/** T10: bound to the person, the session, the purpose and all that it is for. */
function passkeyProofFor(
  { purpose, subjects, needs }: Pick<ProofInput, 'purpose' | 'subjects' | 'needs'>,
  { user, session }: ActiveSession,
) {
  const about = JSON.stringify([purpose, ...[...new Set(subjects)].sort()])
  return {
    purpose: 'action',
    user: user.name,
    sessionId: session.id,
    subject: hashToken(about),
    requireVerification: needs === 'hardware_key_pin',
  } as const
}

/**
 * Spends a code or a passkey for a proof; both are one change.
 * @throws GatewayError `LOCKED`, `FACTOR_NOT_ALLOWED`, `SECOND_FACTOR_REQUIRED`, `SECOND_FACTOR_INVALID`,
 * `SECOND_FACTOR_MISSING`, `TOO_MANY_ATTEMPTS`.
 */
export async function proveMfa(
  deps: PeopleDeps,
  input: ProofInput,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<GivenProof> {
  const { purpose, subjects, code, passkey, needs = 'factor' } = input
  const { user, session } = signedIn
  assertUnlocked(
    locksOn(await deps.catalog.read(), { user, session: session.id }, deps.clock.now()),
    user.name,
  )
  const proof = deps.random.secret()
  const expiresAt = deps.clock.now() + proofLifetimeMs
  const unspent = [...new Set(subjects)]
  const fields = { challenge_purpose: purpose, subjects: unspent, web_session_id: session.id }
  const give = async (tx: StoreTransaction, method: MfaMethod): Promise<void> => {
    const given = { user: user.name, sessionId: session.id, purpose, method, expiresAt, unspent }
    await tx.mfaProofs.create(hashToken(proof), given)
  }
  if (passkey !== undefined) {
    await assertOffered(deps, 'webauthn')
    const answered = { ...passkeyProofFor(input, signedIn), answer: passkey, need: needs, fields }
    await verifyKeyThat(deps, answered, origin, give)
    return { proof, expiresAt }
  }
  if (code === undefined) {
    throw new GatewayError('SECOND_FACTOR_REQUIRED', 'give a passkey, or a code of your authenticator app')
  }
  await assertOffered(deps, 'otp')
  const proved = { user: user.name, code, scope: 'action', fields } as const
  await verifyTotp(deps, proved, origin, async (tx) => await give(tx, 'totp'))
  return { proof, expiresAt }
}

/**
 * Spends what the proof was given for, in the transaction of the change; where that fails nothing is spent.
 * @throws GatewayError `MFA_PROOF_INVALID`, the same words whatever is wrong with it.
 */
export async function spendProof(
  tx: Pick<StoreTransaction, 'mfaProofs' | 'sessions'>,
  token: string,
  use: ProofUse,
  now: Instant,
  need: FactorNeed = 'factor',
): Promise<MfaMethod> {
  const tokenHash = hashToken(token)
  const proof = await tx.mfaProofs.find(tokenHash)
  const why = judgeProof(proof, use, now)
  if (proof === undefined || why !== undefined) throw invalidProof(use, why)
  if (!suffices(proof.method, need))
    throw invalidProof(use, `the proof is by ${proof.method}, and ${need} is asked for`)
  // Of one that was ended while this was under way the proofs ended with it.
  const session = await tx.sessions.findById(use.sessionId)
  if (session?.user !== use.user) throw invalidProof(use, 'the session has ended')
  if (!(await tx.mfaProofs.spend(tokenHash, use.subject, now)))
    throw invalidProof(use, 'the proof was used before')
  return proof.method
}

function invalidProof(use: ProofUse, why: string | undefined): GatewayError {
  const says =
    'this confirmation is not valid for what you do, was used before, or is over; confirm once more'
  return new GatewayError('MFA_PROOF_INVALID', says, { use, why })
}

/** Tells the log of a proof that was refused; after the transaction that it was given to. */
export async function recordInvalidProof(
  deps: Pick<ServiceContext, 'store' | 'clock' | 'random' | 'clusterName'>,
  { details }: GatewayError,
  origin: RequestOrigin | undefined,
): Promise<void> {
  // Put there by `invalidProof`, always in this shape.
  const { use, why } = details as { readonly use: ProofUse; readonly why: string }
  const facts: Omit<AuditFacts, 'success'> = {
    event: 'mfa_auth_challenge.validate',
    user: use.user,
    fields: {
      challenge_scope: challengeScopes.action,
      challenge_allow_reuse: false,
      challenge_purpose: use.purpose,
      subjects: [use.subject],
      web_session_id: use.sessionId,
      error: why,
    },
  }
  await recordRefusal(deps, facts, origin)
}
