/** @module Asks the role engine about one person at one service provider, with the resources of one moment. */
import { decideSamlAccess, type SamlDecision } from '../../core/role/saml-access.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** `mfa`: whether a fresh second factor was given for this very sign-in. */
export function decideSignIn(
  catalog: CatalogView,
  user: User,
  serviceProvider: ServiceProvider,
  mfa: boolean,
): SamlDecision {
  const { roles, missing } = catalog.rolesOf(user)
  return decideSamlAccess({
    user,
    roles,
    missingRoles: missing,
    serviceProvider,
    preference: catalog.preference(),
    // No device can be recognised yet, so a role that requires one refuses.
    session: { mfa, device: 'none' },
  })
}
