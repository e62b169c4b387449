/**
 * One simulated world: a gateway's store with its resources, AWS beside it, and processes that keep the two equal. All
 * chance comes from the seed.
 */
import { connectIdentityCenter } from '../../src/aws/connect.js'
import type { Inventory } from '../../src/core/inventory/inventory.js'
import { generateOrganisation } from '../../src/emulator/generate/generate.js'
import { Prng } from '../../src/emulator/prng.js'
import { seededRandom } from '../../src/emulator/seeded-random.js'
import type { Settings } from '../../src/emulator/settings.js'
import { scimTenant } from '../../src/emulator/state/instance.js'
import { readOrganisation, type Organisation } from '../../src/emulator/state/organisation.js'
import { createLogger } from '../../src/lib/logger.js'
import type { SyncDeps } from '../../src/reconcile/deps.js'
import { createScimClient } from '../../src/scim/client/create-scim-client.js'
import { createGrantSource } from '../../src/service/access-requests/grant-source.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import type { Kinds } from '../../src/service/resources/kind.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'
import { adminKey } from '../emulator/aws-world.js'
import { testKinds } from '../support/kinds.js'
import { awsUrl, SimAws } from './harness/in-process-aws.js'
import { SimProcess } from './harness/process.js'
import { Scheduler } from './harness/scheduler.js'
import { Journal } from './journal.js'

export const simStart = Date.parse('2026-11-22T12:00:00Z')
export const pluginName = 'aws-identity-center'
const scimToken = 'simulation.token'

export interface SimWorld extends AsyncDisposable {
  readonly seed: number
  readonly scheduler: Scheduler
  readonly aws: SimAws
  readonly journal: Journal
  readonly store: Store
  readonly kinds: Kinds
  readonly organisation: Organisation
  readonly inventory: Inventory
  /** A stream of chance of its own for each use. */
  readonly chance: (stream: string) => Prng
  readonly lookEveryMs: number
  readonly policy: Policy
  /** Writes the plugin resource again, with the sync as said. */
  readonly setSync: (sync: 'active' | 'paused') => Promise<void>
  readonly startProcess: (name: string) => SimProcess
  readonly depsOf: (process: SimProcess) => SyncDeps
}

/** How the people of a history work. */
export interface Policy {
  /** The guard lets through next to nothing, and a person approves now and then. */
  readonly isStrict: boolean
  /** It begins with an import of what is there, and the sync is paused until then. */
  readonly hasImport: boolean
}

/** Removals of each kind that the guard of a strict history lets through within an hour. */
export const strictRemovals = 2

/** What is different from seed to seed about AWS itself: where its documents leave a choice, either is right. */
function chooseSettings(prng: Prng): Partial<Settings> {
  return {
    limits: prng.chance(0.5),
    assignmentMs: prng.pick([0, 200, 3000]),
    shortPages: prng.pick([0, 0.3]),
    readLagMs: prng.pick([0, 0, 500, 2000]),
    scimMemberRepeats: prng.pick(['tolerate', 'refuse']),
    duplicateAssignment: prng.pick(['succeed', 'conflict']),
    absentAssignment: prng.pick(['not-found', 'succeed']),
    staleAssignments: prng.pick(['keep', 'drop']),
    outstandingAssignments: prng.pick([15, 3]),
    outstandingError: prng.pick(['ThrottlingException', 'ServiceQuotaExceededException']),
  }
}

export async function openWorld(seed: number): Promise<SimWorld> {
  const chance = (stream: string): Prng => new Prng(seed, stream)
  const prng = chance('organisation')
  const size = {
    accounts: 1 + prng.below(4),
    permissionSets: 1 + prng.below(3),
    users: 2 + prng.below(6),
    groups: prng.below(4),
  }
  const generated = { ...generateOrganisation(size, seed), scim: { tokens: [{ token: scimToken }] } }
  const organisation = readOrganisation(generated, `seed ${seed}`)
  const scheduler = new Scheduler(simStart, chance('order'))
  const settings = chooseSettings(chance('settings'))
  const aws = new SimAws({ organisation, settings, scheduler, prng: chance('ways'), seed })
  const store = await openStore({ url: 'sqlite::memory:', clock: scheduler.clock })
  const kinds = testKinds({ clock: scheduler.clock })
  const inventory = inventoryOf(organisation)
  const logger = createLogger('silent')
  const journal = new Journal(aws)
  // One gateway that is told of each edit looks seldom; another one finds out by looking, as in production.
  const lookEveryMs = chance('looking').chance(0.2) ? 500 : 4000
  const people = chance('policy')
  const policy = { isStrict: people.chance(0.25), hasImport: people.chance(0.3) }
  const world: SimWorld = {
    ...{ seed, scheduler, aws, journal, store, kinds, organisation, inventory, chance, lookEveryMs, policy },
    setSync: async (sync) => await writePlugin(world, sync),
    startProcess: (name) => new SimProcess(name, scheduler, store, journal),
    depsOf: (process) => ({
      store: process.store,
      ...requestsOf(process, world),
      timers: process.timers,
      random: seededRandom(chance(`process ${process.name}`).next()),
      logger,
      clusterName: 'gate.example.com',
      holder: process.name,
      lookEveryMs,
      connect: ({ instanceArn, region }, governor) =>
        Promise.resolve(
          connectIdentityCenter({
            instanceArn,
            region,
            credentials: { kind: 'ambient', chain: () => Promise.resolve(adminKey) },
            governor,
            timers: process.timers,
            requestHandler: aws.requestHandlerFor(process),
          }),
        ),
      scimClient: (connection) =>
        createScimClient({
          ...connection,
          timers: process.timers,
          fetch: aws.fetchFor(process),
        }),
      unseal: ({ sealedToken }) => Promise.resolve(sealedToken),
      onStep: process.onStep,
    }),
    [Symbol.asyncDispose]: async () => await store[Symbol.asyncDispose](),
  }
  await writePlugin(world, policy.hasImport ? 'paused' : 'active')
  await writeToken(world, scimToken, 1)
  return world
}

/** What the resources are read by, and what requests give. */
function requestsOf(
  { store, timers }: SimProcess,
  { kinds, inventory }: SimWorld,
): Pick<SyncDeps, 'catalog' | 'grants' | 'endedRequests'> {
  const logger = createLogger('silent')
  const catalog = new Catalog({ store, kinds, logger, inventory: () => Promise.resolve(inventory) })
  const source = createGrantSource({ store, catalog, clock: timers })
  return { catalog, grants: () => source.grants(), endedRequests: (ids) => source.findOver(ids) }
}

function inventoryOf({ contents }: Organisation): Inventory {
  return {
    revision: 'simulation',
    accounts: (contents.accounts ?? []).map(({ id, name }) => ({ id, name, formerNames: [], tags: {} })),
    permissionSets: (contents.permissionSets ?? []).map(({ arn, name }) => ({ arn, name })),
  }
}

async function writePlugin(world: SimWorld, sync: 'active' | 'paused'): Promise<void> {
  const { organisation, store, kinds, policy, scheduler } = world
  const { instanceArn, region } = organisation.instance
  const base_url = `${awsUrl}/${scimTenant(organisation.instance)}/scim/v2/`
  const wide = { count: 1_000_000, share: 1 }
  const removals = policy.isStrict ? { count: strictRemovals, share: 0 } : wide
  const { document } = kinds.known.plugin.parse({
    kind: 'plugin',
    version: 'v1',
    metadata: { name: pluginName },
    spec: {
      settings: {
        aws_ic: {
          arn: instanceArn,
          region,
          credentials: { system: {} },
          saml_idp_service_provider_name: 'aws',
          provisioning_spec: { base_url, allow_other_host: true },
          access_list_default_owners: ['owner@example.com'],
          sync,
          drift: 'revert',
          restore_deleted_groups: 'restore',
          deletion_delay: '2m',
          scan_interval: '1m',
          guard: {
            removals: { users: removals, groups: removals, memberships: removals, assignments: removals },
            new_assignments: 1_000_000,
            management_account: 1_000_000,
          },
        },
      },
    },
  })
  const row = { kind: 'plugin', name: pluginName, document, now: scheduler.clock.now() }
  const before = await store.resources.find('plugin', pluginName)
  if (before === undefined) await store.resources.create(row)
  else await store.resources.update({ ...row, expectedRevision: before.revision })
}

/** A token in a slot of ours; it is told apart by its text alone. */
export async function writeToken({ store, scheduler }: SimWorld, token: string, slot: 1 | 2): Promise<void> {
  const now = scheduler.clock.now()
  await store.scimTokens.put(pluginName, {
    slot,
    sealedToken: token,
    host: new URL(awsUrl).host,
    addedAt: now,
    addedBy: 'simulation',
    expiresAt: now + 365 * 86_400_000,
    refusedAt: undefined,
  })
}
