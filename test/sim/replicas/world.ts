/**
 * @module Several gateways in processes of their own over one PostgreSQL, in front of an emulator in another process:
 * people with roles, lists with members, and a look at everything that AWS was made to do.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { z } from 'zod'
import { noteNames } from '../../../src/core/identity-center/note-names.js'
import { systemClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import type { LeaseTimes } from '../../../src/reconcile/lease.js'
import { openStore } from '../../../src/store/sql/open.js'
import type { DatabaseTimes } from '../../../src/store/sql/postgres.js'
import type { Store } from '../../../src/store/store.js'
import { adminKey } from '../../emulator/aws-world.js'
import { startEmulatorProcess, startGateway, type RunningGateway } from '../../support/process.js'

export const plugin = 'aws-identity-center'
const accounts = ['111111111111', '222222222222', '333333333333']
const instance = 'ssoins-6987b2c41e0fa35d'
const setArns = ['ps-1a2b3c4d5e6f7081', 'ps-1a2b3c4d5e6f7082'].map(
  (id) => `arn:aws:sso:::permissionSet/${instance}/${id}`,
)
/** Account and permission set, in the way of a role's name: `ACCOUNT/ARN`. */
export const pairs = accounts.slice(1).flatMap((account) => setArns.map((arn) => `${account}/${arn}`))
export const people = Array.from({ length: 8 }, (_, at) => `p${at}@example.com`)
export const lists = ['team-a', 'team-b']

/** What everybody should have: pairs by person, people by list. */
export interface Wanted {
  readonly roles: ReadonlyMap<string, readonly string[]>
  readonly members: ReadonlyMap<string, readonly string[]>
}

export const nothing: Wanted = {
  roles: new Map(people.map((name) => [name, []])),
  members: new Map(lists.map((name) => [name, []])),
}

const stateForm = z.object({
  users: z.array(z.object({ id: z.string(), userName: z.string() })),
  groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  memberships: z.array(z.object({ groupId: z.string(), userId: z.string() })),
  assignments: z.array(
    z.object({ principalId: z.string(), accountId: z.string(), permissionSetArn: z.string() }),
  ),
  outstanding: z.array(z.unknown()),
})
const eventsForm = z.object({
  events: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      at: z.number(),
      operation: z.string().optional(),
      change: z
        .looseObject({ table: z.string(), put: z.record(z.string(), z.unknown()).optional() })
        .optional(),
    }),
  ),
  lastId: z.number(),
  lost: z.number(),
  more: z.boolean(),
})
export type AwsEvent = z.infer<typeof eventsForm>['events'][number]
export type AwsState = z.infer<typeof stateForm>

export interface WorldOptions {
  readonly databaseUrl: string
  /** The real ones where they are left out. */
  readonly leaseTimes?: LeaseTimes
}

export interface ReplicaOptions {
  /** Another way to the database. */
  readonly databaseUrl?: string
  readonly databaseTimes?: DatabaseTimes
}

export class ReplicaWorld implements AsyncDisposable {
  readonly store: Store
  readonly #folder: string
  readonly #options: WorldOptions
  readonly #emulator: RunningGateway
  readonly #running = new Map<string, RunningGateway>()
  readonly #masterKey = randomBytes(32).toString('base64url')
  #started = 0

  private constructor(folder: string, options: WorldOptions, emulator: RunningGateway, store: Store) {
    this.#folder = folder
    this.#options = options
    this.#emulator = emulator
    this.store = store
  }

  static async open(options: WorldOptions): Promise<ReplicaWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-replicas-'))
    const orgFile = join(folder, 'org.yaml')
    await writeFile(orgFile, stringify(organisation))
    const emulator = await startEmulatorProcess(['--listen', '127.0.0.1:0', '--org', orgFile], {
      cwd: folder,
    })
    const store = await openStore({ url: options.databaseUrl, logger: createLogger('silent') })
    const world = new ReplicaWorld(folder, options, emulator, store)
    const { token, endpoint } = z
      .object({ token: z.string(), endpoint: z.string() })
      .parse(await world.control('POST', 'scim/tokens', {}))
    await writeFile(join(folder, 'token'), token, { mode: 0o600 })
    await writeFile(join(folder, 'resources.yaml'), resources(endpoint))
    return world
  }

  async control(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#emulator.url}/_emulator/${path}`, {
      method,
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return response.status === 204 ? undefined : await response.json()
  }

  async state(): Promise<AwsState> {
    return stateForm.parse(await this.control('GET', 'state?only=users,groups,memberships,assignments'))
  }

  /** What happened in AWS after the event of this number. */
  async events(since: number): Promise<AwsEvent[]> {
    const found: AwsEvent[] = []
    for (let from = since; ;) {
      const page = eventsForm.parse(await this.control('GET', `events?since=${from}&limit=10000`))
      if (page.lost > 0) throw new Error(`${page.lost} events of the emulator are lost`)
      found.push(...page.events)
      from = page.lastId
      if (!page.more) return found
    }
  }

  /** Starts one more, and answers the name under which it holds the lease. */
  async start(more: ReplicaOptions = {}): Promise<string> {
    const name = `replica-${++this.#started}`
    const { leaseTimes } = this.#options
    const { databaseUrl = this.#options.databaseUrl, databaseTimes } = more
    const composition = { holder: name, leaseTimes, databaseTimes }
    const replica = await startGateway({
      cwd: this.#folder,
      instead: [entry],
      env: {
        // Without what is undefined.
        REPLICA_COMPOSITION: JSON.stringify(composition),
        GATEHOUSE_PUBLIC_URL: 'http://localhost:3080',
        GATEHOUSE_LISTEN: '127.0.0.1:0',
        GATEHOUSE_LOG_LEVEL: 'error',
        // The emulator stands on this machine.
        GATEHOUSE_SAML_ALLOW_HTTP_LOOPBACK: 'true',
        GATEHOUSE_DATA_DIR: join(this.#folder, name),
        GATEHOUSE_DATABASE_URL: databaseUrl,
        GATEHOUSE_MASTER_KEY: this.#masterKey,
        GATEHOUSE_BOOTSTRAP_FILE: join(this.#folder, 'resources.yaml'),
        GATEHOUSE_AWSIC_SCIM_TOKEN_FILE: join(this.#folder, 'token'),
        AWS_ENDPOINT_URL: this.#emulator.url,
        AWS_REGION: 'eu-central-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ACCESS_KEY_ID: adminKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: adminKey.secretAccessKey,
      },
    })
    this.#running.set(name, replica)
    return name
  }

  get names(): readonly string[] {
    return [...this.#running.keys()]
  }

  /** Ends it at once, without a chance to clean up; resolves when the system has noticed. */
  async kill(name: string): Promise<void> {
    const { child } = this.#replica(name)
    this.#running.delete(name)
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** Asks it to stop; answers its exit code. */
  async stop(name: string): Promise<number | null> {
    const replica = this.#replica(name)
    this.#running.delete(name)
    return await replica.stop()
  }

  /** What all that run have written to their error output. */
  get told(): string {
    return [...this.#running].map(([name, { text }]) => `${name}: ${text.err.slice(-1500)}`).join('\n')
  }

  async holder(): Promise<string | undefined> {
    const lease = await this.store.leases.find(noteNames.lease(plugin))
    return lease === undefined || lease.expiresAt <= systemClock.now() ? undefined : lease.holder
  }

  /** Writes what everybody should have, in one transaction. */
  async want({ roles, members }: Wanted): Promise<void> {
    const now = systemClock.now()
    await this.store.transaction(async (tx) => {
      for (const [name, some] of roles) {
        const found = await tx.resources.find('user', name)
        if (found === undefined) throw new Error(`there is no user ${name}`)
        const document = userDocument(name, some)
        await tx.resources.update({ kind: 'user', name, document, expectedRevision: found.revision, now })
      }
      for (const [list, some] of members) {
        const before = (await tx.members.list(list)).map(({ name }) => name)
        for (const name of before.filter((one) => !some.includes(one))) {
          await tx.members.delete(list, 'user', name, now)
        }
        await tx.members.put(
          some
            .filter((one) => !before.includes(one))
            .map((name) => ({
              ...{ list, kind: 'user' as const, name, joinedAt: now, addedBy: 'test', reason: '' },
              ...{ awsUserId: undefined, expiresAt: undefined },
            })),
        )
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.names.map((name) => this.stop(name)))
    await this.store[Symbol.asyncDispose]()
    await this.#emulator.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #replica(name: string): RunningGateway {
    const replica = this.#running.get(name)
    if (replica === undefined) throw new Error(`${name} does not run`)
    return replica
  }
}

const entry = fileURLToPath(new URL('../../support/replica.mjs', import.meta.url))

const organisation = {
  instance: {
    instanceArn: `arn:aws:sso:::instance/${instance}`,
    identityStoreId: 'd-99672f1c0b',
    region: 'eu-central-1',
    portalAlias: 'northwind',
    acsTenant: '65752d63656e7472-5d31-4c0e-9a77-1f6b0e2d84c9',
  },
  accounts: accounts.map((id, at) => ({ id, name: `account-${at}`, email: `aws+${at}@example.com` })),
  permissionSets: setArns.map((arn, at) => ({ name: `Set${at}`, arn })),
  settings: { limits: false, assignmentMs: 50 },
}

const userDocument = (name: string, some: readonly string[]) => ({
  kind: 'user',
  version: 'v2',
  metadata: { name },
  spec: { roles: some.map((pair) => `assignment/${pair}`), traits: { email: [name] } },
})

function resources(scimEndpoint: string): string {
  const wide = { count: 1_000_000, share: 1 }
  const connection = {
    kind: 'plugin',
    version: 'v1',
    metadata: { name: plugin },
    spec: {
      settings: {
        aws_ic: {
          arn: organisation.instance.instanceArn,
          region: 'eu-central-1',
          credentials: { system: {} },
          provisioning_spec: { base_url: scimEndpoint, allow_other_host: true },
          access_list_default_owners: ['owner@example.com'],
          saml_idp_service_provider_name: 'aws',
          sync: 'active',
          guard: {
            removals: { users: wide, groups: wide, memberships: wide, assignments: wide },
            new_assignments: 1_000_000,
          },
        },
      },
    },
  }
  const teams = lists.map((name, at) => ({
    kind: 'access_list',
    version: 'v1',
    metadata: { name },
    spec: {
      title: name,
      owners: [{ name: 'owner@example.com' }],
      grants: { roles: [`assignment/${pairs[at]}`] },
    },
  }))
  const users = ['owner@example.com', ...people].map((name) => userDocument(name, []))
  return [...users, ...teams, connection]
    .map((document) => stringify(document, { aliasDuplicateObjects: false }))
    .join('---\n')
}
