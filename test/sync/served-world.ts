/**
 * The use cases of Identity Center over a sync that really works: one store, one clock, the adapters and the emulator,
 * as the gateway puts them together. What `test/service` does with a sync that only looks.
 */
import { createSecretKey } from 'node:crypto'
import { emptyInventory } from '../../src/core/inventory/inventory.js'
import { createSealer } from '../../src/keys/sealer.js'
import { createSigningKeys } from '../../src/keys/signing-keys.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import type { SyncDeps } from '../../src/reconcile/deps.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { samlAdapter } from '../../src/saml/adapter.js'
import type { Authority } from '../../src/service/authority.js'
import type { IdentityCenterDeps } from '../../src/service/identity-center/deps.js'
import { importFirst } from '../../src/service/identity-center/import-first.js'
import { createInventorySource } from '../../src/service/identity-center/inventory.js'
import { inTheNameOf } from '../../src/service/identity-center/write-import.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import type { SyncWorld } from '../reconcile/sync-world.js'
import { testKinds } from '../support/kinds.js'

export const ada: Authority = inTheNameOf('ada@example.com')

export interface ServedWorld {
  readonly world: SyncWorld
  readonly runner: PluginSyncRunner
  readonly deps: IdentityCenterDeps
  /** Every event so far, oldest first. */
  readonly events: () => Promise<Record<string, unknown>[]>
  /** Works by itself until the answered function is called and has resolved. */
  readonly loop: () => () => Promise<void>
}

/** Its sync imports by itself where it is active and nothing was imported. */
export function serve(world: SyncWorld, more: Partial<SyncDeps> = {}): ServedWorld {
  const { store, timers } = world
  const kinds = testKinds()
  const logger = createLogger('silent')
  const clock = { now: () => timers.now() }
  const random = systemRandom
  const clusterName = 'test'
  const sealer = createSealer(createSecretKey(Buffer.alloc(32, 7)))
  const inventory = createInventorySource({ store, kinds, configured: emptyInventory })
  const catalog = new Catalog({ store, kinds, inventory, logger })
  const runner = world.runner('one', { importFirst: (plugin) => importFirst(deps, plugin), ...more })
  const deps: IdentityCenterDeps = {
    ...{ store, clock, random, logger, clusterName, kinds, catalog, sealer, timers },
    publicUrl: 'https://gatehouse.test',
    signingKeys: createSigningKeys({ store, sealer, clock, random, purpose: 'saml', clusterName }),
    saml: samlAdapter,
    entityId: 'https://gatehouse.test/saml/idp',
    ssoUrl: 'https://gatehouse.test/saml/idp/sso',
    testScim: () => Promise.reject(new Error('no test of SCIM here')),
    syncs: { of: () => Promise.resolve(runner), wakeAll: () => runner.wake() },
  }
  return {
    world,
    runner,
    deps,
    events: async () => {
      await store.audit.chain(10_000, () => 'unlinked')
      const chained = await store.audit.list({ limit: 10_000, order: 'asc' })
      return chained.map(({ json }) => JSON.parse(json) as Record<string, unknown>)
    },
    loop: () => {
      const stop = new AbortController()
      const looping = runner.loop(stop.signal)
      return async () => {
        stop.abort()
        await looping
      }
    },
  }
}
