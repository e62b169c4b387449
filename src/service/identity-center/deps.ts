/**
 * @module What the use cases of Identity Center are given beyond those on resources: the sync, the sealer for SCIM
 * tokens, and who we are as identity provider.
 */
import type { Sealer } from '../../keys/keys.js'
import type { ScimClient, ScimTestResult } from '../../scim/client/scim-client.js'
import type { TestAssertionDeps } from '../saml/test-assertion.js'
import type { Timers } from '../../lib/timers.js'
import type { Syncs } from './sync-port.js'

export interface IdentityCenterDeps extends TestAssertionDeps {
  readonly sealer: Sealer
  readonly syncs: Syncs
  readonly timers: Pick<Timers, 'sleep'>
  /** Writes, reads, changes and removes a user of its own through the client, and says how each step went. */
  readonly testScim: (client: ScimClient) => Promise<ScimTestResult>
}
