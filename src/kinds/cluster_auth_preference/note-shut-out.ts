/**
 * @module Whom a change of the second factors that count shuts out: people with a password who could sign in before and
 * have no factor that is allowed afterwards.
 */
import { defaultClusterAuthPreference } from '../../core/role/default-preference.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import type { KindChange } from '../../service/resources/kind.js'
import type { StoreTransaction } from '../../store/store.js'

const maxNamed = 10

/** Sentences for whoever stores the preference; none where nobody is shut out. */
export async function noteShutOut(
  {
    before = defaultClusterAuthPreference,
    after = defaultClusterAuthPreference,
  }: KindChange<ClusterAuthPreference>,
  tx: Pick<StoreTransaction, 'credentials' | 'passkeys'>,
): Promise<readonly string[]> {
  const isSame =
    before.secondFactor === after.secondFactor && before.factorKinds.join() === after.factorKinds.join()
  if (isSame || after.secondFactor !== 'required') return []
  const summary = await tx.credentials.summarise()
  const passkeys = await tx.passkeys.countByUser()
  const names = [...summary].flatMap(([name, { hasPassword, factors }]) => {
    const keys = passkeys.get(name) ?? 0
    const has = { webauthn: keys, otp: factors - keys }
    const maySignIn = ({ secondFactor, factorKinds }: ClusterAuthPreference): boolean =>
      secondFactor !== 'required' || factorKinds.some((kind) => has[kind] > 0)
    return hasPassword && maySignIn(before) && !maySignIn(after) ? [name] : []
  })
  if (names.length === 0) return []
  const shown = names.sort().slice(0, maxNamed).join(', ')
  const more = names.length > maxNamed ? ` and ${(names.length - maxNamed).toLocaleString('en')} more` : ''
  const who = names.length === 1 ? '1 person' : `${names.length.toLocaleString('en')} people`
  return [
    `Shuts out ${who}, for want of a second factor that is allowed: ${shown}${more}. Each needs a reset link.`,
  ]
}
