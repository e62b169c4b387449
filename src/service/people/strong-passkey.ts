/**
 * @module Passkeys where it matters how strong they are: asked are only those of the person that may do, and what the use
 * of one proved is judged before anything is done with it.
 */
import type { PasskeyAssertion } from '../../authn/authn.js'
import type { AuditFacts } from '../../core/audit/event.js'
import { GatewayError } from '../../core/error.js'
import type { RequestOptions } from '../../core/factor/passkey-options.js'
import type { MfaMethod } from '../../core/mfa/proof.js'
import { nameNeed, needsHardware, suffices, type FactorNeed } from '../../core/mfa/strength.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { PeopleDeps } from './deps.js'
import { assertOffered, keysFor, methodOfUse } from './factors.js'
import { askForPasskey, verifyPasskey, type PasskeyProof } from './verify-passkey.js'

/** Of a person who is known. */
export type StrongProof = PasskeyProof & { readonly user: string }

/**
 * Asks for one of the person's passkeys that may do for `need`.
 * @throws GatewayError `FACTOR_NOT_ALLOWED`, `SECOND_FACTOR_MISSING`.
 */
export async function askForKeyThat(
  deps: PeopleDeps,
  proof: StrongProof,
  need: Exclude<FactorNeed, 'none'>,
  origin: RequestOrigin,
): Promise<RequestOptions> {
  await assertOffered(deps, 'webauthn')
  const passkeys = await deps.store.passkeys.list(proof.user)
  const keys = keysFor(need, passkeys, await deps.catalog.preference())
  if (keys.length === 0) throw noKeyThat(need)
  return await askForPasskey(deps, proof, keys, origin)
}

/**
 * Proves the use of one that does for `need`, and does `apply` with what it proved, as `verifyPasskey` does.
 * @throws GatewayError `FACTOR_NOT_ALLOWED` where another passkey was given, and as `verifyPasskey`.
 */
export async function verifyKeyThat<T>(
  deps: PeopleDeps,
  input: StrongProof & {
    readonly answer: PasskeyAssertion
    readonly need: Exclude<FactorNeed, 'none'>
    readonly fields?: AuditFacts['fields']
  },
  origin: RequestOrigin,
  apply: (tx: StoreTransaction, method: MfaMethod) => Promise<T>,
): Promise<T> {
  const { need, ...proof } = input
  const preference = await deps.catalog.preference()
  return await verifyPasskey(deps, proof, origin, async (tx, passkey, used) => {
    const method = methodOfUse(passkey, used, preference)
    if (!suffices(method, need)) {
      throw new GatewayError('FACTOR_NOT_ALLOWED', `this takes ${nameNeed(need)}; use the key that you have`)
    }
    return await apply(tx, method)
  })
}

function noKeyThat(need: Exclude<FactorNeed, 'none'>): GatewayError {
  return new GatewayError(
    'SECOND_FACTOR_MISSING',
    needsHardware(need)
      ? 'you have no hardware key that counts here; add one in your settings and start again'
      : 'you have no passkey; add one in your settings and start again',
  )
}
