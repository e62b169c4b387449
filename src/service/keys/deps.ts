/** @module What the use cases on signing keys need: the keys of both purposes, and whom a rollover concerns. */
import type { KeyRolloverPurpose } from '../../core/key/rollover.js'
import type { ManagedSigningKeys } from '../../keys/signing-keys.js'
import type { ServiceContext } from '../context.js'
import type { Catalog } from '../resources/catalog.js'

export interface KeysDeps extends ServiceContext {
  readonly catalog: Catalog
  readonly managedKeys: Readonly<Record<KeyRolloverPurpose, ManagedSigningKeys>>
}
