/** @module What holds for everyone while no `cluster_auth_preference` is stored. */
import { factorKinds } from '../factor/factor.js'
import { hour } from '../time.js'
import type { ClusterAuthPreference } from './role.js'

export const defaultClusterAuthPreference: ClusterAuthPreference = {
  samlIdpEnabled: true,
  requireSessionMfa: 'off',
  deviceTrustMode: 'off',
  secondFactor: 'required',
  factorKinds,
  allowPasswordless: true,
  defaultSessionTtlMs: 12 * hour,
}
