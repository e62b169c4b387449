/**
 * @module The gateway's sync beside an emulated AWS in one process and in virtual time: calls take as long as they would
 * on the network, AWS enforces its published limits, and nothing waits for real.
 */
import { createSecretKey } from 'node:crypto'
import { connectIdentityCenter } from '../../src/aws/connect.js'
import { emptyInventory } from '../../src/core/inventory/inventory.js'
import { generateOrganisation } from '../../src/emulator/generate/generate.js'
import type { OrganisationSize } from '../../src/emulator/generate/size.js'
import { Prng } from '../../src/emulator/prng.js'
import type { Settings } from '../../src/emulator/settings.js'
import type { OrganisationInput } from '../../src/emulator/state/organisation-file.js'
import { seededRandom } from '../../src/emulator/seeded-random.js'
import { scimTenant } from '../../src/emulator/state/instance.js'
import { readOrganisation } from '../../src/emulator/state/organisation.js'
import type { Tables } from '../../src/emulator/state/tables.js'
import { createSealer } from '../../src/keys/sealer.js'
import { createSigningKeys } from '../../src/keys/signing-keys.js'
import { createLogger } from '../../src/lib/logger.js'
import type { Timers } from '../../src/lib/timers.js'
import type { SyncDeps } from '../../src/reconcile/deps.js'
import { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { samlAdapter } from '../../src/saml/adapter.js'
import { createScimClient } from '../../src/scim/client/create-scim-client.js'
import type { IdentityCenterDeps } from '../../src/service/identity-center/deps.js'
import { createInventorySource } from '../../src/service/identity-center/inventory.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'
import { adminKey } from '../emulator/aws-world.js'
import { awsUrl, SimAws } from '../sim/harness/in-process-aws.js'
import { Scheduler, type Life } from '../sim/harness/scheduler.js'
import { testKinds } from '../support/kinds.js'

const seed = 1
const start = Date.parse('2026-11-22T12:00:00Z')
const scimToken = 'token.of.the.benchmark'
/** A large organisation is read in tens of thousands of calls. */
const mostWakes = 10_000_000
/** From an office to the Region of the instance: up to this long in one direction, 20 ms on the average. */
const longestWayMs = 40

export const plugin = 'aws-identity-center'
export const hour = 3_600_000

export interface SyncWorld extends AsyncDisposable {
  readonly scheduler: Scheduler
  readonly aws: SimAws
  readonly store: Store
  readonly deps: SyncDeps
  readonly services: IdentityCenterDeps
  readonly sync: PluginSyncRunner
  readonly prng: Prng
  readonly tables: () => Tables
  /** Runs to its end in virtual time. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>
  /** Creates or replaces a resource, as the API would. */
  readonly write: (kind: string, name: string, version: string, spec: object) => Promise<void>
  readonly setPlugin: (sync: 'paused' | 'active') => Promise<void>
}

/** What a world has beside what the generator makes. */
export interface MoreOfWorld {
  readonly organisation?: (generated: OrganisationInput) => OrganisationInput
  readonly settings?: Partial<Settings>
  readonly deps?: (
    parts: Pick<SyncDeps, 'store' | 'timers'> & { readonly catalog: Catalog },
  ) => Partial<SyncDeps>
}

/** AWS as the generator makes it, a user here for each user there, and a plugin that waits for its import. */
export async function openSyncWorld(size: OrganisationSize, more: MoreOfWorld = {}): Promise<SyncWorld> {
  const generated = { ...generateOrganisation(size, seed), scim: { tokens: [{ token: scimToken }] } }
  const input = more.organisation?.(generated) ?? generated
  const organisation = readOrganisation(input, 'the organisation of the benchmark')
  const scheduler = new Scheduler(start, new Prng(seed, 'order'), { mostWakes })
  const prng = new Prng(seed, 'ways')
  const aws = new SimAws({
    ...{ organisation, scheduler, prng, seed, longestWayMs },
    ...(more.settings !== undefined && { settings: more.settings }),
  })
  const { clock } = scheduler
  const store = await openStore({ url: 'sqlite::memory:', clock })
  const kinds = testKinds({ clock })
  const logger = createLogger('silent')
  const random = seededRandom(seed)
  const inventory = createInventorySource({ store, kinds, configured: emptyInventory })
  const catalog = new Catalog({ store, kinds, logger, inventory })
  const process: Life = { isAlive: true }
  const timers: Timers = {
    now: () => clock.now(),
    sleep: (ms, signal) => scheduler.sleep(process, ms, signal),
  }
  const clusterName = 'gate.example.com'
  const deps: SyncDeps = {
    ...{ store, catalog, timers, random, logger, clusterName },
    holder: 'gateway',
    connect: ({ instanceArn, region }, governor) =>
      Promise.resolve(
        connectIdentityCenter({
          ...{ instanceArn, region, governor, timers },
          credentials: { kind: 'ambient', chain: () => Promise.resolve(adminKey) },
          requestHandler: aws.requestHandlerFor(process),
        }),
      ),
    scimClient: (connection) => createScimClient({ ...connection, timers, fetch: aws.fetchFor(process) }),
    unseal: () => Promise.resolve(scimToken),
    ...more.deps?.({ store, timers, catalog }),
  }
  const sync = new PluginSyncRunner(deps, plugin)
  const sealer = createSealer(createSecretKey(Buffer.alloc(32, 7)))
  const services: IdentityCenterDeps = {
    ...{ store, clock, random, logger, clusterName, kinds, catalog, timers, sealer },
    publicUrl: 'https://gate.example.com',
    signingKeys: createSigningKeys({ store, sealer, clock, random, purpose: 'saml', clusterName }),
    saml: samlAdapter,
    entityId: 'https://gate.example.com/saml/idp',
    ssoUrl: 'https://gate.example.com/saml/idp/sso',
    testScim: () => Promise.reject(new Error('nobody tests SCIM here')),
    syncs: { of: () => Promise.resolve(sync), wakeAll: () => sync.wake() },
  }

  const write = async (kind: string, name: string, version: string, spec: object): Promise<void> => {
    const known = kinds.find(kind)
    if (known === undefined) throw new Error(`no kind ${kind}`)
    const { document } = known.parse({ kind, version, metadata: { name }, spec })
    const row = { kind, name, document, now: clock.now() }
    const before = await store.resources.find(kind, name)
    if (before === undefined) await store.resources.create(row)
    else await store.resources.update({ ...row, expectedRevision: before.revision })
  }
  const { instance } = organisation
  const setPlugin = (state: 'paused' | 'active') => write('plugin', plugin, 'v1', pluginSpec(instance, state))

  for (const { userName } of organisation.contents.users ?? []) {
    await write('user', userName, 'v2', { roles: [], traits: {} })
  }
  await setPlugin('paused')
  await store.scimTokens.put(plugin, {
    slot: 1,
    sealedToken: 'sealed',
    host: new URL(awsUrl).host,
    addedAt: start,
    addedBy: 'benchmark',
    expiresAt: start + 365 * 24 * hour,
    refusedAt: undefined,
  })
  return {
    ...{ scheduler, aws, store, deps, services, sync, write, setPlugin },
    prng: new Prng(seed, 'edits'),
    tables: () => aws.context.state.tables,
    run: (work) => scheduler.run(work(), 24 * hour),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

/** The guard is wide open: what it holds is held for a person, and none is here. */
function pluginSpec(
  instance: Parameters<typeof scimTenant>[0] & { readonly instanceArn: string; readonly region: string },
  sync: 'paused' | 'active',
): object {
  const wide = { count: 1_000_000, share: 1 }
  const base_url = `${awsUrl}/${scimTenant(instance)}/scim/v2/`
  const guard = {
    removals: { users: wide, groups: wide, memberships: wide, assignments: wide },
    new_assignments: 1_000_000,
    management_account: 1_000_000,
  }
  const aws_ic = {
    arn: instance.instanceArn,
    region: instance.region,
    credentials: { system: {} },
    access_list_default_owners: ['owner@example.com'],
    saml_idp_service_provider_name: 'aws',
    provisioning_spec: { base_url, allow_other_host: true },
    ...{ sync, guard, drift: 'revert' },
  }
  return { settings: { aws_ic } }
}
