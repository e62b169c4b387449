/** The beginning of some histories: a paused plugin, a look at AWS, and an import of what is there by the use case itself. */
import { createSecretKey } from 'node:crypto'
import { z } from 'zod'
import { seededRandom } from '../../src/emulator/seeded-random.js'
import { createSealer } from '../../src/keys/sealer.js'
import { createSigningKeys } from '../../src/keys/signing-keys.js'
import { createLogger } from '../../src/lib/logger.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { samlAdapter } from '../../src/saml/adapter.js'
import type { IdentityCenterDeps } from '../../src/service/identity-center/deps.js'
import { startImport } from '../../src/service/identity-center/import.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import type { SimProcess } from './harness/process.js'
import type { SimResources } from './resources.js'
import { pluginName, type SimWorld } from './world.js'

const listForm = z.object({
  spec: z.object({ title: z.string(), grants: z.object({ roles: z.array(z.string()).default([]) }) }),
})

/** Imports in the name of `process`. `round` tells one import of a history from another. */
export async function importAll(
  world: SimWorld,
  { process, sync }: { readonly process: SimProcess; readonly sync: PluginSyncRunner },
  round: number,
): Promise<void> {
  const { kinds, scheduler, chance, inventory } = world
  const { store } = process
  const logger = createLogger('silent')
  const { clock } = scheduler
  const random = seededRandom(chance(`import ${round}`).next())
  const sealer = createSealer(createSecretKey(Buffer.alloc(32, 7)))
  const clusterName = 'gate.example.com'
  const deps: IdentityCenterDeps = {
    ...{ store, clock, random, logger, clusterName, kinds, sealer, saml: samlAdapter },
    publicUrl: 'https://gate.example.com',
    catalog: new Catalog({ store, kinds, logger, inventory: () => Promise.resolve(inventory) }),
    signingKeys: createSigningKeys({ store, sealer, clock, random, purpose: 'saml', clusterName }),
    entityId: 'https://gate.example.com/saml/idp',
    ssoUrl: 'https://gate.example.com/saml/idp/sso',
    timers: process.timers,
    testScim: () => Promise.reject(new Error('nobody tests SCIM here')),
    syncs: { of: () => Promise.resolve(sync), wakeAll: () => undefined },
  }
  const { job } = await startImport(deps, pluginName, 'owner@example.com', undefined)
  if (job.state === 'failed') throw new Error(`the import failed: ${job.error ?? ''}`)
}

/** What the import made, as plain facts for the model. */
export async function learnLists({ store, journal }: SimWorld, resources: SimResources): Promise<void> {
  for (const { kind, name, awsId } of await store.principalLinks.list(pluginName)) {
    if (kind !== 'group') continue
    // From here on the list says what the group has: its rows are nobody else's any more.
    for (const row of [...journal.foreignRows])
      if (row.startsWith(`${awsId} `)) journal.foreignRows.delete(row)
    const stored = await store.resources.find('access_list', name)
    const { title, grants } = listForm.parse(stored?.document).spec
    const members = await store.members.list(name)
    const until = new Map(members.map((one) => [`${one.kind}:${one.name}`, one.expiresAt ?? Infinity]))
    resources.lists.set(name, { name, title, roles: grants.roles, members: until, isImported: true })
    for (const one of members) resources.imported.add(one.name)
  }
}
