/** @module Asks the role engine about one person at one service provider, with the resources of one moment. */
import { findProofShortfall } from '../../core/device/policy.js'
import { decideSamlAccess, type SamlDecision, type SessionProof } from '../../core/role/saml-access.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { Lock } from '../../core/lock/lock.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { StoreTransaction } from '../../store/store.js'
import type { FoundDevice } from '../devices/find-proof.js'
import { locksOn } from '../locks/in-force.js'
import { meansOfPerson } from '../people/factors.js'
import type { CatalogView } from '../resources/catalog-view.js'

export interface SignInCircumstances {
  /** The fresh second factor that was given for this very sign-in. */
  readonly mfa: SessionProof['mfa']
  /** Whether the person has a hardware key that counts. */
  readonly hardwareKey: boolean
  /** The device that vouches for it, if one does. */
  readonly device?: FoundDevice | undefined
  /** The question is about what else is asked for: a device counts as given. */
  readonly ignoresDevice?: true
  /** Public id of the session that signs in; undefined where no particular one is meant. */
  readonly session: string | undefined
  readonly now: Instant
  /** The document of the service provider, where it is another than the stored one. */
  readonly document?: unknown
  /** The locks in force, where whoever asks may not know all of them. */
  readonly locks?: readonly Lock[]
}

export function decideSignIn(
  catalog: CatalogView,
  user: User,
  serviceProvider: ServiceProvider,
  { mfa, hardwareKey, device, ignoresDevice, session, now, document, locks }: SignInCircumstances,
): SamlDecision {
  const stored = catalog.parsed('saml_idp_service_provider').get(serviceProvider.name)
  const { roles, missing } = catalog.rolesOf(user)
  const preference = catalog.preference()
  const { proof } = device ?? {}
  const minimum = preference.minimumDeviceAssurance ?? 'key_file'
  const shortfall = proof === undefined ? device?.shortfall : findProofShortfall(proof, minimum)
  const vouched = ignoresDevice ?? (proof !== undefined && shortfall === undefined)
  return decideSamlAccess({
    user,
    roles,
    missingRoles: missing,
    serviceProvider,
    resource: document ?? stored?.stored.document,
    preference,
    session: { mfa, hardwareKey, device: vouched ? 'trusted' : 'none', deviceShortfall: shortfall },
    locks: locks ?? locksOn(catalog, { user, session, device: proof?.device.name }, now),
  })
}

/** For {@link SignInCircumstances}. */
export async function hardwareKeyOf(
  store: Pick<StoreTransaction, 'credentials' | 'passkeys'>,
  catalog: CatalogView,
  user: string,
): Promise<Pick<SignInCircumstances, 'hardwareKey'>> {
  const { hardwareKey } = await meansOfPerson(store, catalog.preference(), user)
  return { hardwareKey }
}
