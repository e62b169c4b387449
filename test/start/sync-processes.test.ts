/**
 * The sync in processes that really die: killed in the middle of a plan and started again on the same file, and two on
 * one database, of which one works and the other takes over. AWS is the emulator, in real time.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { startEmulator, type Emulator } from '../../src/emulator/main.js'
import { noteNames } from '../../src/core/identity-center/note-names.js'
import { systemClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'
import { adminKey, demo } from '../emulator/aws-world.js'
import { createPostgresSchema } from '../support/postgres.js'
import { startGateway, type RunningGateway } from '../support/process.js'

const plugin = 'aws-identity-center'
const orgFile = fileURLToPath(new URL('../../fixtures/orgs/demo.yaml', import.meta.url))
const people = Array.from({ length: 30 }, (_, at) => `p${String(at).padStart(2, '0')}@example.com`)
const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`
const logger = createLogger('silent')

const stateForm = z.object({
  users: z.array(z.object({ id: z.string(), userName: z.string() })),
  assignments: z.array(
    z.object({ principalId: z.string(), accountId: z.string(), permissionSetArn: z.string() }),
  ),
})
const tokenForm = z.object({ token: z.string(), endpoint: z.string() })

/** An AWS of one test, and the files of the gateways in front of it: everything by YAML, the sync active at once. */
class ProcessWorld implements AsyncDisposable {
  readonly folder: string
  readonly databaseUrl: string
  readonly #emulator: Emulator
  readonly #gateways: RunningGateway[] = []
  readonly #masterKey = randomBytes(32).toString('base64url')

  private constructor(folder: string, databaseUrl: string, emulator: Emulator) {
    this.folder = folder
    this.databaseUrl = databaseUrl
    this.#emulator = emulator
  }

  static async open(database?: string): Promise<ProcessWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-sync-'))
    const emulator = await startEmulator({
      listen: '127.0.0.1:0',
      orgFile,
      clock: systemClock,
      logger,
      settings: { limits: false, assignmentMs: 50 },
    })
    const world = new ProcessWorld(folder, database ?? `sqlite:${join(folder, 'gatehouse.db')}`, emulator)
    const { token, endpoint } = tokenForm.parse(await world.control('POST', 'scim/tokens', {}))
    await writeFile(join(folder, 'token'), token, { mode: 0o600 })
    await writeFile(join(folder, 'resources.yaml'), resources(endpoint))
    return world
  }

  async control(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#emulator.url}/_emulator/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    return await response.json()
  }

  async gateway(name: string): Promise<RunningGateway> {
    const gateway = await startGateway({
      cwd: this.folder,
      env: {
        GATEHOUSE_PUBLIC_URL: 'http://localhost:3080',
        GATEHOUSE_LISTEN: '127.0.0.1:0',
        GATEHOUSE_LOG_LEVEL: 'error',
        // The emulator stands on this machine.
        GATEHOUSE_SAML_ALLOW_HTTP_LOOPBACK: 'true',
        GATEHOUSE_DATA_DIR: join(this.folder, name),
        GATEHOUSE_DATABASE_URL: this.databaseUrl,
        GATEHOUSE_MASTER_KEY: this.#masterKey,
        GATEHOUSE_BOOTSTRAP_FILE: join(this.folder, 'resources.yaml'),
        GATEHOUSE_AWSIC_SCIM_TOKEN_FILE: join(this.folder, 'token'),
        AWS_ENDPOINT_URL: this.#emulator.url,
        AWS_REGION: 'eu-central-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ACCESS_KEY_ID: adminKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: adminKey.secretAccessKey,
      },
    })
    this.#gateways.push(gateway)
    return gateway
  }

  /** Who of the people is in AWS, and who of them reads the sandbox. */
  async inAws(): Promise<{ users: string[]; readers: string[] }> {
    const { users, assignments } = stateForm.parse(await this.control('GET', 'state?only=users,assignments'))
    const pair = (row: { accountId: string; permissionSetArn: string }) =>
      `assignment/${row.accountId}/${row.permissionSetArn}`
    const reading = assignments.filter((row) => pair(row) === sandboxReadOnly).map((row) => row.principalId)
    const ours = users.filter(({ userName }) => people.includes(userName))
    return {
      users: ours.map(({ userName }) => userName).sort(),
      readers: ours
        .filter(({ id }) => reading.includes(id))
        .map(({ userName }) => userName)
        .sort(),
    }
  }

  /** Looks four times a second. @throws Error where it does not come true while the test may last. */
  async until(what: string, look: () => Promise<boolean>): Promise<void> {
    const deadline = AbortSignal.timeout(50_000)
    while (!(await look())) {
      const told = this.#gateways.map(({ text }) => text.err).join('\n')
      if (deadline.aborted) throw new Error(`it did not come true that ${what}: ${told.slice(-2000)}`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  async read<T>(look: (store: Store) => Promise<T>): Promise<T> {
    await using store = await openStore({ url: this.databaseUrl, logger, clock: systemClock })
    return await look(store)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that was killed has nothing to end any more.
    for (const gateway of this.#gateways) await gateway.stop()
    await this.#emulator.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}

function resources(scimEndpoint: string): string {
  const users = ['ada@example.com', ...people].map((name) => ({
    kind: 'user',
    version: 'v2',
    metadata: { name },
    spec: { roles: people.includes(name) ? [sandboxReadOnly] : [], traits: { email: [name] } },
  }))
  const settings = {
    arn: demo.instanceArn,
    region: 'eu-central-1',
    credentials: { system: {} },
    provisioning_spec: { base_url: scimEndpoint, allow_other_host: true },
    access_list_default_owners: ['ada@example.com'],
    // With an identity provider of ours users are provisioned.
    saml_idp_service_provider_name: 'aws',
    sync: 'active',
  }
  const connection = {
    kind: 'plugin',
    version: 'v1',
    metadata: { name: plugin },
    spec: { settings: { aws_ic: settings } },
  }
  return [...users, connection].map((document) => stringify(document)).join('---\n')
}

/** Ends at once, without a chance to clean up, and waits until the system has noticed. */
async function kill({ child }: RunningGateway): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

const kindOf = (action: unknown): string => z.object({ kind: z.string() }).parse(action).kind

const phaseForm = z.object({ change_id: z.string(), phase: z.enum(['intent', 'outcome']) })

/** What the books say of the changes: each has one intent and one outcome, in the history and in the log alike. */
async function expectWholeBooks(world: ProcessWorld): Promise<void> {
  await world.read(async (store) => {
    expect(await store.changes.listOpen(plugin)).toEqual([])
    const changes = await store.changes.list(plugin, { limit: 1000 })
    const toAws = changes.filter(({ action }) => !['ledger.update', 'link.forget'].includes(kindOf(action)))
    const phases = new Map<string, string[]>()
    const events = await store.audit.list({ limit: 5000, order: 'asc' })
    for (const { json } of events) {
      const found = phaseForm.safeParse(JSON.parse(json))
      if (!found.success) continue
      const { change_id: id, phase } = found.data
      phases.set(id, [...(phases.get(id) ?? []), phase])
    }
    expect([...phases.keys()].sort()).toEqual(toAws.map(({ id }) => id).sort())
    for (const found of phases.values()) expect(found).toEqual(['intent', 'outcome'])
    // Whatever is in AWS has a change that succeeded or was seen to have been done.
    for (const name of people) {
      const of = (kind: string) =>
        changes.filter(
          ({ action, state }) =>
            kindOf(action) === kind && state === 'succeeded' && JSON.stringify(action).includes(`"${name}"`),
        )
      expect([name, of('user.create').length, of('assignment.create').length]).toEqual([name, 1, 1])
    }
  })
}

/** Everybody is there and reads the sandbox, and no intent is open. */
async function isDone(world: ProcessWorld): Promise<boolean> {
  const { users, readers } = await world.inAws()
  if (users.length < people.length || readers.length < people.length) return false
  return (await world.read((store) => store.changes.listOpen(plugin))).length === 0
}

async function halfDone(world: ProcessWorld): Promise<void> {
  // The call has been made when its answer has not come: what a death may leave behind at its worst.
  await world.control('POST', 'faults', {
    operation: 'scim:CreateUser',
    at: 12,
    fault: { kind: 'slow', delayMs: 8000 },
  })
}

const isHalfDone = (world: ProcessWorld) => async () => (await world.inAws()).users.length >= 12

test.concurrent(
  'a gateway that is killed in the middle of a plan goes on with it when it is started again',
  async () => {
    await using world = await ProcessWorld.open()
    await halfDone(world)
    const first = await world.gateway('one')
    await world.until('a part is done', isHalfDone(world))
    await kill(first)
    const atDeath = await world.inAws()
    expect(atDeath.readers.length).toBeLessThan(people.length)
    expect((await world.read((store) => store.changes.listOpen(plugin))).length).toBeGreaterThan(0)

    const second = await world.gateway('one')
    await world.until('everything is done', () => isDone(world))
    expect(await world.inAws()).toEqual({ users: people, readers: people })
    expect(await second.stop()).toBe(0)
    await expectWholeBooks(world)
  },
  60_000,
)

test.concurrent(
  'of two gateways on one database one works, and the other takes over when the first is killed',
  async () => {
    await using world = await ProcessWorld.open(await createPostgresSchema())
    await halfDone(world)
    const first = await world.gateway('one')
    const second = await world.gateway('two')
    await world.until('a part is done', isHalfDone(world))
    const holders = () =>
      world.read(async (store) => {
        const changes = await store.changes.list(plugin, { limit: 1000 })
        const oldestFirst = changes.sort((a, b) => a.begunAt - b.begunAt)
        return oldestFirst.map(({ holder }) => holder)
      })
    const [one] = await holders()
    expect(new Set(await holders())).toEqual(new Set([one]))
    const lease = await world.read((store) => store.leases.find(noteNames.lease(plugin)))
    expect(lease?.holder).toBe(one)

    await kill(first)
    await world.until('everything is done', () => isDone(world))
    expect(await world.inAws()).toEqual({ users: people, readers: people })
    const all = await holders()
    const [two] = all.filter((holder) => holder !== one)
    expect(two).toBeDefined()
    // The other began nothing before the first was dead, and nothing came from the first afterwards.
    expect(all.slice(all.indexOf(String(two)))).toEqual(all.filter((holder) => holder === two))
    expect(await second.stop()).toBe(0)
    await expectWholeBooks(world)
  },
  60_000,
)
