/** @module Asks the role engine about one person at one service provider, with the resources of one moment. */
import { findProofShortfall } from '../../core/device/policy.js'
import { decideSamlAccess, type SamlDecision } from '../../core/role/saml-access.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { Lock } from '../../core/lock/lock.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { FoundDevice } from '../devices/find-proof.js'
import { locksOn } from '../locks/in-force.js'
import type { CatalogView } from '../resources/catalog-view.js'

export interface SignInCircumstances {
  /** Whether a fresh second factor was given for this very sign-in. */
  readonly mfa: boolean
  /** The device that vouches for it, if one does. */
  readonly device?: FoundDevice | undefined
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
  { mfa, device, session, now, document, locks }: SignInCircumstances,
): SamlDecision {
  const stored = catalog.parsed('saml_idp_service_provider').get(serviceProvider.name)
  const { roles, missing } = catalog.rolesOf(user)
  const preference = catalog.preference()
  const { proof } = device ?? {}
  const minimum = preference.minimumDeviceAssurance ?? 'key_file'
  const shortfall = proof === undefined ? device?.shortfall : findProofShortfall(proof, minimum)
  const vouched = proof !== undefined && shortfall === undefined
  return decideSamlAccess({
    user,
    roles,
    missingRoles: missing,
    serviceProvider,
    resource: document ?? stored?.stored.document,
    preference,
    session: { mfa, device: vouched ? 'trusted' : 'none', deviceShortfall: shortfall },
    locks: locks ?? locksOn(catalog, { user, session, device: proof?.device.name }, now),
  })
}
