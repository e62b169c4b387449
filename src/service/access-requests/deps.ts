/** @module What the use cases of access requests are given, beyond those on resources: the sync, which gives the access. */
import type { Syncs } from '../identity-center/sync-port.js'
import type { ResourceDeps } from '../resources/deps.js'

export interface AccessRequestDeps extends ResourceDeps {
  readonly syncs: Syncs
}
