/**
 * @module What people may see and change about themselves: their factors and their password. Factors are changed
 * in `own-factors.ts`, sessions in `session.ts`. Roles and traits are not theirs to change (T6).
 */
import { GatewayError } from '../../core/error.js'
import { factorKinds, type FactorKind } from '../../core/factor/factor.js'
import type { Passkey, RecoveryCodesLeft, TotpCredential } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { OwnSettingsDeps } from './deps.js'
import { factorsOf, isOffered } from './factors.js'
import { countAttempt, forgiveAttempts, tooManyAttempts } from './limits.js'
import { record, recordRefusal } from './record.js'
import type { ActiveSession } from './session.js'

/** A factor without its seed or key. */
export interface FactorView extends Pick<TotpCredential, 'id' | 'label' | 'createdAt' | 'lastUsedAt'> {
  readonly kind: 'totp' | 'passkey'
  /** Whether it signs in: the cluster may have switched its kind off. */
  readonly isUsable: boolean
  /** Of a passkey: whether copies of it are kept elsewhere. */
  readonly isSynced?: boolean
}

export interface OwnSettings {
  readonly factors: readonly FactorView[]
  /** Kinds of factors that may be added. */
  readonly offers: readonly FactorKind[]
  readonly passwordChangedAt: number | undefined
  /** Undefined where none were made. */
  readonly recoveryCodes: RecoveryCodesLeft | undefined
}

/** Tells a person about their own ways to sign in. */
export async function describeOwnSettings(deps: OwnSettingsDeps, user: string): Promise<OwnSettings> {
  const { totp, passkeys } = await factorsOf(deps.store, user)
  const preference = await deps.catalog.preference()
  const views = [
    ...passkeys.map((one) => viewPasskey(one, isOffered('webauthn', deps, preference))),
    ...totp.map((one) => viewTotp(one, isOffered('otp', deps, preference))),
  ]
  return {
    factors: views.sort((one, other) => one.createdAt - other.createdAt),
    offers: factorKinds.filter((kind) => isOffered(kind, deps, preference)),
    recoveryCodes: await deps.store.recoveryCodes.count(user),
    passwordChangedAt: (await deps.store.credentials.findPassword(user))?.changedAt,
  }
}

export function viewTotp({ id, label, createdAt, lastUsedAt }: TotpCredential, isUsable = true): FactorView {
  return { kind: 'totp', id, label, createdAt, lastUsedAt, isUsable }
}

export function viewPasskey(passkey: Passkey, isUsable = true): FactorView {
  const { id, label, createdAt, lastUsedAt, backedUp } = passkey
  return { kind: 'passkey', id, label, createdAt, lastUsedAt, isUsable, isSynced: backedUp }
}

/**
 * Sets a new password for the person of this session; ends their other sessions and open links.
 * @throws GatewayError `SIGN_IN_FAILED` for a wrong current password, `WEAK_PASSWORD`, `FORBIDDEN` for a user of a
 * connector, `TOO_MANY_ATTEMPTS`, `UNAVAILABLE`.
 */
export async function changePassword(
  deps: OwnSettingsDeps,
  input: { readonly current: string; readonly new: string },
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<void> {
  const { user, session } = signedIn
  assertFull(signedIn)
  const currentHash = await provePassword(deps, input.current, signedIn, origin)
  deps.passwords.assertStrong(input.new, user.name)
  if (input.new.normalize('NFKC') === input.current.normalize('NFKC')) {
    throw new GatewayError('WEAK_PASSWORD', 'the new password is the one you have; choose another')
  }
  const hash = await deps.passwords.hash(input.new)
  await deps.store.transaction(async (tx) => {
    // Of two changes at once the first one stands; the second proved a password that is no longer current.
    const stored = await tx.credentials.findPassword(user.name)
    if (stored?.hash !== currentHash) throw wrongPassword()
    await tx.credentials.putPassword({ user: user.name, hash, changedAt: deps.clock.now() })
    await tx.links.revokeAll(user.name)
    const fields = {
      sessions_ended: await tx.sessions.deleteByUser(user.name, session.tokenHash),
      sid: session.id,
    }
    await record(deps, tx, { event: 'user.password_change', success: true, user: user.name, fields }, origin)
  })
}

/**
 * Proves the person's own password once more, under the same limits as a sign-in; answers the hash it matched.
 * @throws GatewayError `SIGN_IN_FAILED`, `FORBIDDEN`, `TOO_MANY_ATTEMPTS`, `UNAVAILABLE`.
 */
export async function provePassword(
  deps: OwnSettingsDeps,
  password: string,
  { user, session: { id: sid } }: ActiveSession,
  origin: RequestOrigin,
): Promise<string> {
  if (user.origin.kind === 'connector') {
    throw new GatewayError(
      'FORBIDDEN',
      `you sign in through "${user.origin.connector}" and have no password here; change it there`,
    )
  }
  const attempt = { act: 'password', user: user.name, address: origin.address } as const
  const verdict = await countAttempt(deps, attempt)
  if (!verdict.allowed) throw tooManyAttempts(verdict.retryAfterSeconds)
  const stored = await deps.store.credentials.findPassword(user.name)
  const matches = await deps.passwords.verify(stored?.hash, password)
  if (stored === undefined || !matches) {
    const fields = {
      method: 'local',
      error: wrongPassword().message,
      message: 'asked again in own settings',
      sid,
    }
    await recordRefusal(deps, { event: 'user.login', user: user.name, fields }, origin)
    throw wrongPassword()
  }
  await forgiveAttempts(deps, attempt, verdict)
  return stored.hash
}

/** @throws GatewayError `NOT_SIGNED_IN` for a session that still waits for its second factor. */
export function assertFull({ session }: ActiveSession): void {
  if (session.stage !== 'full') {
    throw new GatewayError('NOT_SIGNED_IN', 'finish signing in first; the second factor is still to come')
  }
}

function wrongPassword(): GatewayError {
  return new GatewayError('SIGN_IN_FAILED', 'your current password is wrong')
}
