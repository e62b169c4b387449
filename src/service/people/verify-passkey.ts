/**
 * @module The one place where the use of a passkey is believed: counted like a code, bound to its challenge, checked
 * against the passkey that is known here, its sign count spent by compare-and-set, and what it was asked for done in
 * the same transaction, with its audit event.
 */
import type { PasskeyAssertion, UsedPasskey } from '../../authn/authn.js'
import type { AuditFacts } from '../../core/audit/event.js'
import { GatewayError, isCode } from '../../core/error.js'
import { buildRequestOptions, type RequestOptions } from '../../core/factor/passkey-options.js'
import type { Passkey, PasskeyPurpose, StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { PeopleDeps } from './deps.js'
import { requireParty } from './factors.js'
import { countAttempt, forgiveAttempts, tooManyAttempts } from './limits.js'
import { issueChallenge, takeChallenge, type Binding } from './passkey-challenges.js'
import { record, recordRefusal } from './record.js'

/** What a passkey was asked for, under the names that audit readers know. */
const scopes = {
  passwordless: 'CHALLENGE_SCOPE_PASSWORDLESS_LOGIN',
  second_factor: 'CHALLENGE_SCOPE_LOGIN',
  step_up: 'CHALLENGE_SCOPE_USER_SESSION',
  manage_factors: 'CHALLENGE_SCOPE_MANAGE_DEVICES',
  action: 'CHALLENGE_SCOPE_ADMIN_ACTION',
} as const satisfies Partial<Record<PasskeyPurpose, string>>

type ProofPurpose = keyof typeof scopes

/** Whose proof is asked for, and for what. */
export interface PasskeyProof extends Binding {
  readonly purpose: ProofPurpose
  /** What it is about beside the person; the answer counts for nothing else. */
  readonly subject?: string | undefined
  /** Whether a touch alone is too little. */
  readonly requireVerification: boolean
}

/** How a passkey is named in audit events. */
export function describePasskey(passkey: Pick<Passkey, 'id' | 'label'>) {
  return { mfa_device_name: passkey.label, mfa_device_type: 'WebAuthn', mfa_device_uuid: passkey.id }
}

/**
 * Asks for a passkey: one of the person's, or any that the authenticator finds where nobody said a name. Where `origin` is
 * given, the log tells that it was asked for; a sign-in without name asks strangers, who are not to fill the log, and the
 * event of the second factor is written with the password.
 */
export async function askForPasskey(
  deps: PeopleDeps,
  { subject, requireVerification, ...binding }: PasskeyProof,
  credentials: readonly Passkey[],
  origin?: RequestOrigin,
): Promise<RequestOptions> {
  const party = await requireParty(deps)
  const { user, purpose, sessionId } = binding
  const challenge = await deps.store.transaction(async (tx) => {
    if (origin !== undefined) {
      const scope = { challenge_scope: scopes[purpose], challenge_allow_reuse: false }
      const fields = { ...scope, web_session_id: sessionId }
      await record(deps, tx, { event: 'mfa_auth_challenge.create', success: true, user, fields }, origin)
    }
    return await issueChallenge({ ...deps, store: tx }, { ...binding, subject })
  })
  return buildRequestOptions({ challenge, party, credentials, requireVerification })
}

/**
 * Proves the use of a passkey and does `apply` in the transaction that spends it; answers what `apply` answers.
 * `apply` may run again after a serialisation conflict.
 * @throws GatewayError `SECOND_FACTOR_INVALID`, `TOO_MANY_ATTEMPTS`, `FACTOR_NOT_ALLOWED`.
 */
export async function verifyPasskey<T>(
  deps: PeopleDeps,
  input: PasskeyProof & {
    readonly answer: PasskeyAssertion
    /** What else the event tells. */
    readonly fields?: AuditFacts['fields']
  },
  origin: RequestOrigin,
  apply: (tx: StoreTransaction, passkey: Passkey, used: UsedPasskey) => Promise<T>,
): Promise<T> {
  const { answer, purpose } = input
  const party = await requireParty(deps)
  const known = await deps.store.passkeys.findByCredentialId(answer.id)
  const user = input.user ?? known?.user
  const fields = { ...input.fields, challenge_scope: scopes[purpose], challenge_allow_reuse: false }
  const facts = { event: 'mfa_auth_challenge.validate', user } as const
  const refused = async (error: string): Promise<void> =>
    await recordRefusal(deps, { ...facts, fields: { ...fields, error } }, origin)

  // What nobody owns counts like what somebody does, so a limit does not tell which passkeys there are (T9).
  const attempt = { act: 'code', user: user ?? `passkey ${answer.id}`, address: origin.address } as const
  const verdict = await countAttempt(deps, attempt)
  if (!verdict.allowed) {
    if (verdict.first) await refused('too many attempts')
    throw tooManyAttempts(verdict.retryAfterSeconds)
  }
  const taken = await takeChallenge(deps, answer, input)
  try {
    if ('refused' in taken) throw new NotBelieved(taken.refused)
    if (taken.subject !== input.subject) throw new NotBelieved('the challenge was made for something else')
    if (known === undefined) throw new NotBelieved('nobody has this passkey')
    if (known.user !== user) throw new NotBelieved('the passkey is somebody else’s')
    const handle = answer.response.userHandle
    if (handle !== undefined && handle !== known.userHandle) {
      throw new NotBelieved('the authenticator names another person')
    }
    const { requireVerification } = input
    const expected = { challenge: taken.challenge, party, requireVerification }
    const used = await deps.passkeys.verifyAssertion(answer, known, expected)
    if ('refused' in used) throw new NotBelieved(used.refused)
    const value = await deps.store.transaction(async (tx) => {
      await spend(tx, known, used, deps.clock.now())
      const device = { ...fields, mfa_device: describePasskey(known) }
      await record(deps, tx, { ...facts, success: true, fields: device }, origin)
      return await apply(tx, known, used)
    })
    await forgiveAttempts(deps, attempt, verdict)
    return value
  } catch (error) {
    if (!(error instanceof NotBelieved)) throw error
    await refused(error.message)
    throw notAccepted()
  }
}

/** Why an answer is refused: told to the audit log alone. */
class NotBelieved extends Error {}

async function spend(tx: StoreTransaction, known: Passkey, used: UsedPasskey, at: number): Promise<void> {
  const { signCount, backedUp } = used
  if (await tx.passkeys.use(known.id, { signCount, backedUp, at })) return
  const still = await tx.passkeys.findByCredentialId(known.credentialId)
  if (still === undefined) throw new NotBelieved('the passkey was removed meanwhile')
  throw new NotBelieved(
    `the sign count went back from ${still.signCount} to ${signCount}: the passkey may have been copied`,
  )
}

/** The refusal of a passkey: it does not tell why. */
export function notAccepted(): GatewayError {
  return new GatewayError(
    'SECOND_FACTOR_INVALID',
    'this passkey was not accepted; try again, or choose another way',
  )
}

/** Whether it is a refusal for which the caller has an event of its own. */
export function isFailedProof(error: unknown): error is GatewayError {
  return isCode(error, 'SECOND_FACTOR_INVALID')
}
