/** @module What the use cases of devices need beyond those of the SAML sign-in, which they serve. */
import type { DeviceSignatures } from '../../authn/authn.js'
import type { ResourceDeps } from '../resources/deps.js'
import type { SamlDeps } from '../saml/deps.js'

export interface DeviceDeps extends SamlDeps, ResourceDeps {
  readonly deviceSignatures: DeviceSignatures
}
