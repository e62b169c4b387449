/**
 * @module The second factors that a person has, of both kinds, and which of them the cluster lets them use. A code or a
 * passkey of a kind that is switched off signs nobody in.
 */
import { GatewayError } from '../../core/error.js'
import { relyingPartyOf, type FactorKind, type RelyingParty } from '../../core/factor/factor.js'
import type { MfaMethod } from '../../core/mfa/proof.js'
import {
  isHardwareKey,
  methodOf,
  needsHardware,
  type FactorMeans,
  type FactorNeed,
} from '../../core/mfa/strength.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import type { Passkey, StoreTransaction, TotpCredential } from '../../store/store.js'
import type { PeopleDeps } from './deps.js'

export interface Factors {
  readonly totp: readonly TotpCredential[]
  readonly passkeys: readonly Passkey[]
}

/** A way to give a second factor, as people and the API call it. */
export type FactorWay = 'passkey' | 'code'

export async function factorsOf(
  tx: Pick<StoreTransaction, 'credentials' | 'passkeys'>,
  user: string,
): Promise<Factors> {
  return { totp: await tx.credentials.listTotp(user), passkeys: await tx.passkeys.list(user) }
}

export function countFactors({ totp, passkeys }: Factors): number {
  return totp.length + passkeys.length
}

/** Whether factors of this kind may be enrolled and used. */
export function isOffered(
  kind: FactorKind,
  deps: Pick<PeopleDeps, 'publicUrl'>,
  preference: ClusterAuthPreference,
): boolean {
  if (!preference.factorKinds.includes(kind)) return false
  return kind === 'otp' || relyingPartyOf(deps.publicUrl, preference.webauthn?.rpId) !== undefined
}

export function usableFactors(
  factors: Factors,
  deps: Pick<PeopleDeps, 'publicUrl'>,
  preference: ClusterAuthPreference,
): Factors {
  return {
    totp: isOffered('otp', deps, preference) ? factors.totp : [],
    passkeys: isOffered('webauthn', deps, preference) ? factors.passkeys : [],
  }
}

/** The ways that these factors are given in; a passkey comes first, since nobody can be made to tell it. */
export function waysOf({ totp, passkeys }: Factors): FactorWay[] {
  return [
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(totp.length > 0 ? (['code'] as const) : []),
  ]
}

/** In which ways this person can give a second factor now. */
export async function waysOfPerson(
  deps: Pick<PeopleDeps, 'publicUrl' | 'catalog' | 'store'>,
  user: string,
): Promise<FactorWay[]> {
  return waysOf(usableFactors(await factorsOf(deps.store, user), deps, await deps.catalog.preference()))
}

/** What this person can prove an act with now. */
export async function meansOfPerson(
  tx: Pick<StoreTransaction, 'credentials' | 'passkeys'>,
  preference: ClusterAuthPreference,
  user: string,
): Promise<FactorMeans> {
  const { totp, passkeys } = await factorsOf(tx, user)
  const offers = (kind: FactorKind) => preference.factorKinds.includes(kind)
  const keys = offers('webauthn') ? passkeys : []
  return {
    any: keys.length > 0 || (offers('otp') && totp.length > 0),
    hardwareKey: keys.some((key) => countsAsHardware(key, preference)),
  }
}

function countsAsHardware(key: Passkey, { webauthn }: ClusterAuthPreference): boolean {
  return isHardwareKey(key, webauthn?.attestationAllowedCas)
}

/** Those of the passkeys that may do for what is asked. */
export function keysFor(
  need: FactorNeed,
  passkeys: readonly Passkey[],
  preference: ClusterAuthPreference,
): readonly Passkey[] {
  return needsHardware(need) ? passkeys.filter((key) => countsAsHardware(key, preference)) : passkeys
}

/** What the use of a passkey has proved. */
export function methodOfUse(
  key: Passkey,
  { userVerified }: { readonly userVerified: boolean },
  preference: ClusterAuthPreference,
): MfaMethod {
  return methodOf(countsAsHardware(key, preference), userVerified)
}

/** @throws GatewayError `FACTOR_NOT_ALLOWED`. */
export async function assertOffered(
  deps: Pick<PeopleDeps, 'publicUrl' | 'catalog'>,
  kind: FactorKind,
): Promise<void> {
  if (!isOffered(kind, deps, await deps.catalog.preference())) throw notAllowed(kind)
}

/** @throws GatewayError `FACTOR_NOT_ALLOWED` where this gateway cannot have passkeys at all. */
export async function requireParty(deps: Pick<PeopleDeps, 'publicUrl' | 'catalog'>): Promise<RelyingParty> {
  const party = relyingPartyOf(deps.publicUrl, (await deps.catalog.preference()).webauthn?.rpId)
  if (party === undefined) throw notAllowed('webauthn')
  return party
}

/** The refusal of somebody who has nothing to prove it with; none can be added on the way (T10). */
export function noUsableFactor(kinds: readonly FactorKind[]): GatewayError {
  const both = kinds.length !== 1
  const what = both
    ? 'a passkey or an authenticator app'
    : kinds[0] === 'otp'
      ? 'an authenticator app'
      : 'a passkey'
  const message = `you have no second factor that is allowed here; add ${what} in your settings and start again`
  return new GatewayError('SECOND_FACTOR_MISSING', message)
}

export function notAllowed(kind: FactorKind): GatewayError {
  return new GatewayError(
    'FACTOR_NOT_ALLOWED',
    kind === 'webauthn'
      ? 'passkeys are switched off here; use a code of an authenticator app'
      : 'codes of authenticator apps are switched off here; use a passkey',
  )
}
