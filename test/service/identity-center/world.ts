/**
 * The use cases of Identity Center over real parts: SQLite in memory, the emulator over HTTP, the adapters of AWS and
 * SCIM, and the decisions of the core. The sync itself, which has tests of its own, is a small one here: it looks, plans
 * and runs jobs to their end, and changes nothing in AWS by itself.
 */
import { onTestFinished } from 'vitest'
import type { IdentityCenter } from '../../../src/aws/identity-center.js'
import { buildDesired } from '../../../src/core/entitlement/build-desired.js'
import { GatewayError } from '../../../src/core/error.js'
import { principalKey } from '../../../src/core/identity-center/observation.js'
import { defaultGuard } from '../../../src/core/identity-center/settings.js'
import { makePlan } from '../../../src/core/plan/make-plan.js'
import { createSealer } from '../../../src/keys/sealer.js'
import { systemRandom } from '../../../src/lib/random.js'
import { collectDesired, collectRemembered } from '../../../src/reconcile/collect.js'
import { loadSeen, writeSeen, type SeenWrite } from '../../../src/reconcile/seen.js'
import { createScimClient } from '../../../src/scim/client/create-scim-client.js'
import { testScim } from '../../../src/scim/client/test-connection.js'
import type { Authority } from '../../../src/service/authority.js'
import type { IdentityCenterDeps } from '../../../src/service/identity-center/deps.js'
import { scimTokenContext } from '../../../src/service/identity-center/scim-tokens.js'
import type {
  CurrentPlan,
  JobState,
  PluginSync,
  SyncState,
} from '../../../src/service/identity-center/sync-port.js'
import { samlAdapter } from '../../../src/saml/adapter.js'
import { createSigningKeys } from '../../../src/keys/signing-keys.js'
import { createSecretKey } from 'node:crypto'
import { connect, WorldTimers } from '../../aws/aws-connection.js'
import { AwsWorld, demo, demoRegion, type WorldOptions } from '../../emulator/aws-world.js'
import { newToken } from '../../emulator/scim/scim-world.js'
import { passThroughGovernor } from '../../support/pass-through-governor.js'
import { openWorld, rule, user, type World } from '../resources/world.js'

export const pluginName = 'aws-identity-center'
export const scan = { priority: 'normal' } as const

export function plugin(settings: object = {}) {
  return {
    kind: 'plugin',
    version: 'v1',
    metadata: { name: pluginName },
    spec: {
      settings: {
        aws_ic: {
          arn: demo.instanceArn,
          region: demoRegion,
          credentials: { system: {} },
          access_list_default_owners: ['ada@example.com'],
          sync: 'paused',
          ...settings,
        },
      },
    },
  }
}

export interface IcWorld {
  readonly world: World
  readonly aws: AwsWorld
  readonly deps: IdentityCenterDeps
  readonly sync: TestSync
  /** A SCIM endpoint of the emulator with a token. */
  readonly scim: () => Promise<{ readonly endpoint: string; readonly token: string }>
  readonly admin: () => Promise<Authority>
}

/** A gateway with an administrator and a paused plugin in front of the demo organisation. */
export async function openIcWorld(
  options: { readonly settings?: object; readonly aws?: WorldOptions } = {},
): Promise<IcWorld> {
  const world = await openWorld()
  const aws = await AwsWorld.open(options.aws)
  onTestFinished(() => aws[Symbol.asyncDispose]())
  world.clock.set(aws.clock.now())
  await world.apply([
    rule('admin', '*', ['*']),
    user('ada@example.com', { roles: ['admin'] }),
    user('dev@example.com'),
    plugin(options.settings),
  ])
  const timers = new WorldTimers(aws)
  const center = connect(aws).identityCenter
  onTestFinished(() => center[Symbol.asyncDispose]())
  const sealer = createSealer(createSecretKey(Buffer.alloc(32, 7)))
  const sync = new TestSync(world, center, {
    scim: (baseUrl, token) =>
      createScimClient({
        baseUrl,
        token: () => Promise.resolve(token),
        governor: passThroughGovernor(),
        timers,
        allowOtherHost: true,
      }),
    unseal: async (sealed, slot) => await sealer.unseal(sealed, scimTokenContext(pluginName, slot)),
  })
  const { store, clock, random } = world.deps
  const deps: IdentityCenterDeps = {
    ...world.deps,
    sealer,
    timers,
    signingKeys: createSigningKeys({
      store,
      sealer,
      clock,
      random,
      purpose: 'saml',
      clusterName: 'gatehouse.test',
    }),
    saml: samlAdapter,
    entityId: 'https://gatehouse.test/saml/idp',
    ssoUrl: 'https://gatehouse.test/saml/idp/sso',
    testScim: async (client) =>
      await testScim({ client, timers, unique: () => systemRandom.uuid().replaceAll('-', '') }, scan),
    syncs: {
      of: (name) => {
        if (name !== pluginName) throw new GatewayError('NOT_FOUND', `no plugin ${name}`)
        return Promise.resolve(sync)
      },
      wakeAll: () => undefined,
    },
  }
  return {
    world,
    aws,
    deps,
    sync,
    scim: async () => await newToken(aws),
    admin: async () => await world.person('ada@example.com'),
  }
}

interface Seam {
  readonly scim: (baseUrl: string, token: string) => ReturnType<typeof createScimClient>
  readonly unseal: (sealed: string, slot: 1 | 2) => Promise<string>
}

export class TestSync implements PluginSync {
  readonly plugin = pluginName
  /** How often somebody asked it to look for work. */
  woken = 0
  credentials: SyncState['credentials'] = { ok: true, says: 'Signed in.', expiresAt: undefined }
  errors: SyncState['errors'] = []
  lastSync: SyncState['lastSync']
  lastScan: SyncState['lastScan']
  scanFailure: SyncState['scanFailure']
  nextTryAt: SyncState['nextTryAt']
  lease: SyncState['lease'] = { holder: 'test', term: 1, expiresAt: Date.parse('2100-01-01T00:00:00Z') }
  readonly resynced: { readonly kind: string; readonly name: string }[] = []
  job: JobState | undefined
  readonly #world: World
  readonly #center: IdentityCenter
  readonly #seam: Seam
  #readAt: number | undefined

  constructor(world: World, center: IdentityCenter, seam: Seam) {
    this.#world = world
    this.#center = center
    this.#seam = seam
  }

  wake(): void {
    this.woken += 1
  }

  connect(): Promise<IdentityCenter> {
    return Promise.resolve(this.#center)
  }

  async scim(trial?: { readonly baseUrl: string; readonly token: string }) {
    if (trial !== undefined) return this.#seam.scim(trial.baseUrl, trial.token)
    const { scimBaseUrl = '' } = await this.#settings()
    const [token] = await this.#world.store.scimTokens.list(this.plugin)
    if (token === undefined) throw new GatewayError('INVALID_INPUT', 'no SCIM token is stored')
    return this.#seam.scim(scimBaseUrl, await this.#seam.unseal(token.sealedToken, token.slot))
  }

  async scan(): Promise<JobState> {
    return await this.run('scan', async () => {
      const { read } = this.#center
      const writes: SeenWrite[] = []
      for (const account of await read.listAccounts({ ...scan, details: true })) {
        writes.push({ kind: 'account', id: account.id, value: { ...account, formerNames: [] } })
      }
      for (const arn of await read.listPermissionSetArns(scan)) {
        writes.push({ kind: 'permission_set', id: arn, value: await read.describePermissionSet(arn, scan) })
      }
      for (const one of await read.listUsers(scan)) {
        writes.push({ kind: 'user', id: one.id, value: one })
        const pairs = await read.listAssignmentsOfPrincipal('user', one.id, scan)
        writes.push({ kind: 'assignments', id: principalKey('user', one.id), value: new Set(pairs) })
      }
      for (const group of await read.listGroups(scan)) {
        writes.push({ kind: 'group', id: group.id, value: group })
        writes.push({ kind: 'members', id: group.id, value: new Set(await read.listMembers(group.id, scan)) })
        const pairs = await read.listAssignmentsOfPrincipal('group', group.id, scan)
        writes.push({ kind: 'assignments', id: principalKey('group', group.id), value: new Set(pairs) })
      }
      const { store } = this.#world
      await store.observations.deleteAll(this.plugin)
      await writeSeen(store.observations, this.plugin, writes, this.#world.clock.now())
      this.#readAt = this.#world.clock.now()
      await this.#takeInventory()
    })
  }

  async run(
    kind: JobState['kind'],
    work: (progress: (now: { says?: string; done?: number; total?: number }) => void) => Promise<void>,
  ): Promise<JobState> {
    if (this.job?.state === 'running') throw new GatewayError('CONFLICT', 'another job runs')
    const base = {
      kind,
      startedAt: this.#world.clock.now(),
      endedAt: undefined,
      error: undefined,
      total: undefined,
    }
    this.job = { ...base, state: 'running', says: '', done: 0 }
    try {
      await work((now) => {
        if (this.job !== undefined) this.job = { ...this.job, ...now }
      })
      this.job = { ...this.job, state: 'done', endedAt: this.#world.clock.now() }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.job = { ...this.job, state: 'failed', endedAt: this.#world.clock.now(), error: message }
    }
    return this.job
  }

  async plan(): Promise<CurrentPlan> {
    const { store, deps, clock } = this.#world
    const settings = await this.#settings()
    const seen = await loadSeen(store.observations, this.plugin)
    const read = this.#readAt !== undefined
    const observation = seen.observation({ users: read, groups: read }, new Set())
    const now = clock.now()
    const view = await deps.catalog.read()
    const desired = buildDesired(await collectDesired({ store }, view, settings, seen, now))
    const remembered = await collectRemembered(store, this.plugin, now)
    const plan = makePlan({
      desired,
      observation,
      ...remembered,
      settings,
      mode: settings.sync === 'paused' ? 'first' : 'steady',
      failures: new Map(),
      unresolved: new Set(),
      knownAccounts: new Set(seen.accounts.keys()),
      inventory: view.inventory,
      now,
    })
    return {
      settings,
      plan,
      desired,
      observation,
      accounts: [...seen.accounts.values()],
      links: remembered.links,
      ledger: remembered.ledger,
      madeAt: now,
      readAt: this.#readAt,
      restored: undefined,
    }
  }

  state(): Promise<SyncState> {
    const { credentials, errors, lastSync, lastScan, scanFailure, nextTryAt, lease, job } = this
    const governor = { queue: 0, secondsLeft: undefined, services: [], history: [] }
    return Promise.resolve({
      credentials,
      errors,
      lastSync,
      lastScan,
      scanFailure,
      nextTryAt,
      lease,
      isHolder: true,
      job,
      governor,
    })
  }

  resync(object: { readonly kind: 'user' | 'list'; readonly name: string }): Promise<void> {
    this.resynced.push(object)
    return Promise.resolve()
  }

  async #settings() {
    const view = await this.#world.deps.catalog.read()
    const found = view.plugins().find(({ value }) => value.name === this.plugin)
    if (found === undefined) throw new GatewayError('NOT_FOUND', 'the plugin is gone')
    return { ...found.value, guard: found.value.guard ?? defaultGuard }
  }

  /** The inventory follows what was seen, as the gateway's own does. */
  async #takeInventory(): Promise<void> {
    const seen = await loadSeen(this.#world.store.observations, this.plugin)
    this.#world.aws.inventory = {
      revision: `${this.#world.aws.inventory.revision}+`,
      accounts: [...seen.accounts.values()].map(({ id, name, formerNames, tags }) => ({
        id,
        name,
        formerNames,
        tags,
      })),
      permissionSets: [...seen.permissionSets.values()].map(({ arn, name }) => ({ arn, name })),
    }
  }
}
