/**
 * A sync in front of the emulator: the real adapters over HTTP, SQLite in memory, and time that passes only where
 * nothing else is under way.
 */
import { connectIdentityCenter } from '../../src/aws/connect.js'
import type { IdentityCenter } from '../../src/aws/identity-center.js'
import type { CallGovernor } from '../../src/core/governor/call.js'
import { emptyInventory } from '../../src/core/inventory/inventory.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import type { Timers } from '../../src/lib/timers.js'
import { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import type { SyncDeps } from '../../src/reconcile/deps.js'
import { createScimClient } from '../../src/scim/client/create-scim-client.js'
import { createInventorySource } from '../../src/service/identity-center/inventory.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'
import { endpointsOf } from '../aws/aws-connection.js'
import { adminKey, demo, type AwsWorld, type Credentials, type WorldOptions } from '../emulator/aws-world.js'
import { ScimWorld } from '../emulator/scim/scim-world.js'
import { testKinds } from '../support/kinds.js'

export const plugin = 'aws-identity-center'
const logger = createLogger(process.env['SYNC_LOG'] ?? 'silent')

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/** Time of the emulator. It moves to the next sleeper once no call is under way and no promise is left to run. */
export class QuietTimers implements Timers {
  readonly #aws: AwsWorld
  readonly #sleepers = new Set<Sleeper>()
  #underWay = 0
  #turning = false
  #isOver = false

  constructor(aws: AwsWorld) {
    this.#aws = aws
  }

  /** Time moves no more: the emulator is about to go. */
  stop(): void {
    this.#isOver = true
  }

  now(): number {
    return this.#aws.clock.now()
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1
    try {
      return await work()
    } finally {
      this.#underWay -= 1
    }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#sleepers.delete(sleeper)
        reject(new Error('stopped'))
      }
      const wake = () => {
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const sleeper: Sleeper = { until: this.now() + Math.max(ms, 0), wake }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', stop, { once: true })
      void this.#turn()
    })
  }

  async #turn(): Promise<void> {
    if (this.#turning) return
    this.#turning = true
    while (this.#sleepers.size > 0 && !this.#isOver) {
      let quiet = 0
      while (quiet < 3) {
        await new Promise((resolve) => setImmediate(resolve))
        quiet = this.#underWay === 0 ? quiet + 1 : 0
      }
      const next = Math.min(...[...this.#sleepers].map(({ until }) => until))
      if (!Number.isFinite(next) || this.#isOver) break
      if (next > this.now()) await this.#moveTo(next)
      for (const sleeper of [...this.#sleepers]) if (sleeper.until <= this.now()) sleeper.wake()
    }
    this.#turning = false
  }

  async #moveTo(instant: number): Promise<void> {
    try {
      await this.#aws.advance(instant - this.now())
    } catch (error) {
      // The emulator went while time was being moved.
      if (!this.#isOver) throw error
    }
  }
}

export interface Settings {
  readonly sync?: 'paused' | 'active'
  readonly aws_ic?: Readonly<Record<string, unknown>>
  readonly aws?: WorldOptions
  /** Of the store; in memory without. */
  readonly url?: string
  /** Of whoever the gateway is at AWS; the administrator of the demo organisation where it is left out. */
  readonly keys?: Credentials
}

export class SyncWorld implements AsyncDisposable {
  readonly scim: ScimWorld
  store: Store
  readonly timers: QuietTimers
  /** What AWS says of accounts from now on; the emulator has no call that closes one. */
  readonly accountStatus = new Map<string, string>()
  readonly #runners: PluginSyncRunner[] = []
  readonly #kinds = testKinds()
  readonly #keys: Credentials

  private constructor(scim: ScimWorld, store: Store, keys: Credentials = adminKey) {
    this.#keys = keys
    this.scim = scim
    this.store = store
    this.timers = new QuietTimers(scim.aws)
  }

  static async open(settings: Settings = {}): Promise<SyncWorld> {
    const scim = await ScimWorld.open(settings.aws)
    const store = await openStore({ url: settings.url ?? 'sqlite::memory:', logger, clock: scim.aws.clock })
    const world = new SyncWorld(scim, store, settings.keys)
    await world.put('plugin', plugin, {
      settings: {
        aws_ic: {
          arn: demo.instanceArn,
          region: 'eu-central-1',
          credentials: { system: {} },
          provisioning_spec: { base_url: scim.endpoint, allow_other_host: true },
          access_list_default_owners: ['ada@example.com'],
          saml_idp_service_provider_name: 'aws',
          sync: settings.sync ?? 'active',
          ...settings.aws_ic,
        },
      },
    })
    await world.addToken(scim.token)
    return world
  }

  /** The gateway stops; from now on its store is another one, in front of the same AWS. */
  async stopAndOpen(url: () => Promise<string>): Promise<void> {
    for (const runner of this.#runners.splice(0)) await runner[Symbol.asyncDispose]()
    await this.store[Symbol.asyncDispose]()
    this.store = await openStore({ url: await url(), logger, clock: this.aws.clock })
  }

  get aws(): AwsWorld {
    return this.scim.aws
  }

  async addToken(token: string, slot: 1 | 2 = 1): Promise<void> {
    const now = this.timers.now()
    await this.store.scimTokens.put(plugin, {
      slot,
      sealedToken: token,
      host: new URL(this.scim.endpoint).host,
      addedAt: now,
      addedBy: 'ada@example.com',
      expiresAt: now + 1e10,
      refusedAt: undefined,
    })
  }

  async put(kind: string, name: string, spec: unknown, version = 'v1'): Promise<void> {
    const document = { kind, version, metadata: { name }, spec }
    const now = this.timers.now()
    const known = await this.store.resources.find(kind, name)
    if (known === undefined) await this.store.resources.create({ kind, name, document, now })
    else {
      await this.store.resources.update({ kind, name, document, expectedRevision: known.revision, now })
    }
  }

  async remove(kind: string, name: string): Promise<void> {
    const known = await this.store.resources.find(kind, name)
    if (known !== undefined) {
      await this.store.resources.delete({ kind, name, expectedRevision: known.revision })
    }
  }

  async user(name: string, roles: readonly string[] = []): Promise<void> {
    await this.put('user', name, { roles, traits: { email: [name] } }, 'v2')
  }

  async list(name: string, roles: readonly string[], members: readonly string[]): Promise<void> {
    await this.put('access_list', name, {
      title: name,
      owners: [{ name: 'ada@example.com' }],
      grants: { roles },
    })
    await this.store.members.put(
      members.map((member) => ({
        list: name,
        kind: 'user',
        name: member,
        awsUserId: undefined,
        joinedAt: this.timers.now(),
        expiresAt: undefined,
        addedBy: 'test',
        reason: '',
      })),
    )
  }

  async fault(operation: string, kind: string, times: number | null = 1, at?: number): Promise<void> {
    const fault = { operation, times, ...(at !== undefined && { at }), fault: { kind } }
    await this.aws.control('POST', 'faults', fault)
  }

  catalog(): Catalog {
    const { store } = this
    const inventory = createInventorySource({ store, kinds: this.#kinds, configured: emptyInventory })
    return new Catalog({ store, kinds: this.#kinds, inventory, logger })
  }

  runner(holder = 'one', more: Partial<SyncDeps> = {}): PluginSyncRunner {
    const { store, timers } = this
    const catalog = this.catalog()
    const quiet = (governor: CallGovernor): CallGovernor => ({
      run: (call, options, make) =>
        governor.run(call, options, (signal) => timers.during(() => make(signal))),
    })
    const runner = new PluginSyncRunner(
      {
        store,
        catalog,
        timers,
        random: systemRandom,
        logger,
        clusterName: 'test',
        holder,
        connect: (settings, governor) =>
          Promise.resolve(
            this.#withStatus(
              connectIdentityCenter({
                instanceArn: settings.instanceArn,
                region: settings.region,
                credentials: { kind: 'ambient', chain: () => Promise.resolve({ ...this.#keys }) },
                governor: quiet(governor),
                timers,
                endpoints: endpointsOf(this.aws.url),
              }),
            ),
          ),
        scimClient: ({ governor, ...connection }) =>
          createScimClient({ ...connection, governor: quiet(governor), timers }),
        unseal: ({ sealedToken }) => Promise.resolve(sealedToken),
        ...more,
      },
      plugin,
    )
    this.#runners.push(runner)
    return runner
  }

  #withStatus(center: IdentityCenter): IdentityCenter {
    const listAccounts: IdentityCenter['read']['listAccounts'] = async (options) =>
      (await center.read.listAccounts(options)).map((account) => ({
        ...account,
        status: this.accountStatus.get(account.id) ?? account.status,
      }))
    return { ...center, read: { ...center.read, listAccounts } }
  }

  /** What the emulator counted, by operation. */
  async calls(): Promise<unknown> {
    return await this.aws.control('GET', 'calls')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const runner of this.#runners) await runner[Symbol.asyncDispose]()
    this.timers.stop()
    await this.store[Symbol.asyncDispose]()
    await this.scim[Symbol.asyncDispose]()
  }
}

/** Cycles until nothing is left that can be done. Answers how many it took. */
export async function settle(runner: PluginSyncRunner, most = 20): Promise<number> {
  for (let count = 1; count <= most; count++) {
    const report = await runner.cycle()
    if (report?.result !== undefined && report.result.ended.size === 0) return count
  }
  throw new Error(`${most} cycles were not enough`)
}

/** Looks at AWS to the end. */
export async function scanned({ timers }: SyncWorld, runner: PluginSyncRunner): Promise<void> {
  await runner.scan()
  for (;;) {
    const { job } = await runner.state()
    if (job?.state === 'done') return
    if (job?.state === 'failed') throw new Error(job.error)
    await timers.sleep(500)
  }
}
