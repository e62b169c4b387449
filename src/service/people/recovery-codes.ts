/**
 * @module Recovery codes: made by the signed-in person who proves themselves by a factor, told once, kept as hashes. One
 * completes a sign-in whose password was right, and does nothing else: no step-up, no proof. Ending up here again later is
 * what the new factor is for, which such a session may add with the password for a short while (`prove-self.ts`).
 */
import { createHmac } from 'node:crypto'
import { GatewayError } from '../../core/error.js'
import {
  formatRecoveryCode,
  normaliseRecoveryCode,
  recoveryCodeBytes,
  recoveryCodeCount,
  writeRecoveryMail,
} from '../../core/factor/recovery-code.js'
import { day } from '../../core/time.js'
import { mailAddressOf } from '../../core/user/mail-address.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { completeSignIn } from './complete-sign-in.js'
import type { OwnSettingsDeps, SignInDeps } from './deps.js'
import { countAttempt, forgiveAttempts, tooManyAttempts } from './limits.js'
import { assertFull } from './own-settings.js'
import { proveByFactor, type SelfProof } from './prove-self.js'
import { record, recordRefusal } from './record.js'
import type { ActiveSession } from './session.js'
import type { SignInResult } from './sign-in.js'

/** What audit events call the way of such a sign-in. */
const device = { mfa_device_name: 'recovery code', mfa_device_type: 'recovery code' }

/**
 * Makes new codes in place of the old ones.
 * @throws GatewayError as `proveByFactor`; whoever has no factor needs no way around it.
 */
export async function makeRecoveryCodes(
  deps: OwnSettingsDeps,
  proof: Omit<SelfProof, 'password'>,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<readonly string[]> {
  assertFull(signedIn)
  const user = signedIn.user.name
  const codes = Array.from({ length: recoveryCodeCount }, () =>
    formatRecoveryCode(deps.random.bytes(recoveryCodeBytes)),
  )
  const hashes = codes.flatMap((code) => hashOf(user, code) ?? [])
  await proveByFactor(deps, proof, signedIn, origin, async (tx) => {
    await tx.recoveryCodes.replace(user, hashes, deps.clock.now())
    const fields = { web_session_id: signedIn.session.id, count: codes.length }
    await record(deps, tx, { event: 'recovery_code.generated', success: true, user, fields }, origin)
  })
  return codes
}

/**
 * Completes the sign-in of the session that `token` opens.
 * @throws GatewayError `NOT_SIGNED_IN`, `SECOND_FACTOR_INVALID`, `LOCKED`, `TOO_MANY_ATTEMPTS`.
 */
export async function signInRecovery(
  deps: SignInDeps,
  input: { readonly code: string },
  origin: RequestOrigin,
  token: string | undefined,
): Promise<SignInResult> {
  return await completeSignIn(deps, token, 'recovery_code', origin, async ({ user, session }, apply) => {
    const facts = { event: 'recovery_code.used', user: user.name } as const
    const fields = { web_session_id: session.id }
    const refused = async (error: string): Promise<void> =>
      await recordRefusal(deps, { ...facts, fields: { ...fields, error } }, origin)
    // Counted with the other second factors, so that none is a way around the limit of another.
    const attempt = { act: 'code', user: user.name, address: origin.address } as const
    const verdict = await countAttempt(deps, attempt)
    if (!verdict.allowed) {
      if (verdict.first) await refused('too many attempts')
      throw tooManyAttempts(verdict.retryAfterSeconds)
    }
    const hash = hashOf(user.name, input.code)
    const spend = async (tx: StoreTransaction): Promise<void> => {
      if (hash === undefined || !(await tx.recoveryCodes.use(user.name, hash, deps.clock.now())))
        throw wrong()
      const left = (await tx.recoveryCodes.count(user.name))?.left ?? 0
      await record(deps, tx, { ...facts, success: true, fields: { ...fields, left } }, origin)
      await apply(tx, device)
      await tell(deps, tx, { user, left, address: origin.address })
    }
    try {
      await deps.store.transaction(spend)
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'SECOND_FACTOR_INVALID') {
        await refused('the code is wrong or was used before')
      }
      throw error
    }
    await forgiveAttempts(deps, attempt, verdict)
  })
}

/** Mail to the person, where there is a mail server and they have an address. */
async function tell(
  deps: SignInDeps,
  tx: StoreTransaction,
  { user, left, address }: { user: ActiveSession['user']; left: number; address: string },
): Promise<void> {
  const to = mailAddressOf(user)
  if (deps.sendsMail !== true || to === undefined) return
  const { clusterName, publicUrl } = deps
  const now = deps.clock.now()
  const id = deps.random.uuid()
  await tx.outbox.add([
    {
      id,
      key: `recovery_code ${id}`,
      channel: 'mail',
      to,
      ...writeRecoveryMail({ user: user.name, left, address, clusterName, publicUrl }),
      createdAt: now,
      notBefore: now,
      expiresAt: now + 7 * day,
      attempts: 0,
      lastError: undefined,
    },
  ])
}

/**
 * Under which a code is kept. It carries 80 random bits, so that guessing the hash is as hopeless as guessing the code;
 * the name keeps equal codes of two people apart.
 */
function hashOf(user: string, code: string): string | undefined {
  const letters = normaliseRecoveryCode(code)
  return letters && createHmac('sha256', `recovery code of ${user}`).update(letters).digest('base64url')
}

function wrong(): GatewayError {
  return new GatewayError(
    'SECOND_FACTOR_INVALID',
    'this recovery code is wrong or was used before; each works once',
  )
}
