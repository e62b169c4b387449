/**
 * @module The second factors that a person has, of both kinds, and which of them the cluster lets them use. A code or a
 * passkey of a kind that is switched off signs nobody in.
 */
import { GatewayError } from '../../core/error.js'
import { relyingPartyOf, type FactorKind, type RelyingParty } from '../../core/factor/factor.js'
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

export function notAllowed(kind: FactorKind): GatewayError {
  return new GatewayError(
    'FACTOR_NOT_ALLOWED',
    kind === 'webauthn'
      ? 'passkeys are switched off here; use a code of an authenticator app'
      : 'codes of authenticator apps are switched off here; use a passkey',
  )
}
