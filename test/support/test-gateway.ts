/**
 * @module A whole gateway for a test: the real composition root, real SQLite in memory (or the given database),
 * a clock that moves only when told, and an HTTP server on a free loopback port. Passwords are hashed at the lowest
 * cost that argon2 allows, since tests are about what happens, not about how long it takes.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { createGateway, type Gateway } from '../../src/app.js'
import type { AuditSinkConfig } from '../../src/config/audit-sinks.js'
import { loadConfig } from '../../src/config/config.js'
import type { Inventory } from '../../src/core/inventory/inventory.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createEgress } from '../../src/lib/egress.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import type { Timers } from '../../src/lib/timers.js'
import type { DatabaseTimes } from '../../src/store/sql/postgres.js'

export const cheapPasswords = { memoryKiB: 8, passes: 1, lanes: 1 }
export const testEpoch = Date.parse('2026-03-01T09:00:00Z')
const webDir = fileURLToPath(new URL('../../dist/web', import.meta.url))

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway
  /** Address to connect to. */
  readonly url: string
  /** Origin that the gateway believes to have, as browsers would send it. */
  readonly publicUrl: string
  readonly clock: ManualClock
  readonly operatorToken: string
  readonly dataDir: string
}

export interface TestGatewayOptions {
  /** Documents that the gateway starts with. */
  readonly resources?: readonly unknown[]
  readonly env?: Readonly<Record<string, string>>
  /** AWS accounts and permission sets that the gateway knows. */
  readonly inventory?: Inventory
  /** Where the public names of issuers are reached in this test. */
  readonly issuers?: ReadonlyMap<string, string>
  /** Keep a data folder from an earlier gateway: the test of a restart. */
  readonly dataDir?: string
  readonly clock?: ManualClock
  /** How long PostgreSQL is waited for; as long as in production without them. */
  readonly databaseTimes?: DatabaseTimes
  /** How background work waits; without them as long as it says. */
  readonly timers?: Timers
  /** Port to listen on where the public URL must be the real one, as for browsers; else any free one. */
  readonly port?: number
  /** Authorities of devices in PEM, beside the setting that names their file. */
  readonly deviceCaText?: string
  /** What other files hold that the settings name, by absolute path. */
  readonly files?: Readonly<Record<string, string>>
  /** Sinks of the audit log without secrets, as a configuration file would name them. */
  readonly auditSinks?: readonly AuditSinkConfig[]
  readonly logSink?: (line: string) => void
}

/** Opens a gateway and listens; dispose it at the end of the test. */
export async function openTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'gatehouse-test-')))
  const clock = options.clock ?? new ManualClock(testEpoch)
  const { config, secrets } = loadConfig({
    env: {
      GATEHOUSE_PUBLIC_URL: 'http://localhost:3080',
      GATEHOUSE_DATA_DIR: dataDir,
      ...options.env,
    },
    cwd: dataDir,
    readFile: (file) => {
      if (options.deviceCaText !== undefined && file.endsWith('devices.pem')) return options.deviceCaText
      const text = options.files?.[file]
      if (text !== undefined) return text
      throw new Error('no configuration file in this test')
    },
    allowMemoryDatabase: true,
  })
  const operatorToken = systemRandom.secret()
  const logger = options.logSink ? createLogger('trace', { write: options.logSink }) : createLogger('silent')
  const gateway = await createGateway({
    config: {
      ...config,
      auditSinks: options.auditSinks ?? [],
      saml: { ...config.saml, allowHttpLoopback: true },
    },
    secrets,
    bootstrapText: (options.resources ?? []).map((resource) => stringify(resource)).join('---\n'),
    ...(options.deviceCaText !== undefined && { deviceCaText: options.deviceCaText }),
    ...(options.issuers ? { egress: createEgress({ instead: options.issuers }) } : {}),
    ...(options.databaseTimes ? { databaseTimes: options.databaseTimes } : {}),
    ...(options.timers ? { timers: options.timers } : {}),
    ...(options.inventory ? { inventory: options.inventory } : {}),
    clock,
    random: systemRandom,
    logger,
    webDir,
    operatorToken,
    passwordCost: cheapPasswords,
  })
  const server = createServer(gateway.http)
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  gateway.syncs.start()
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the test gateway has no port')
  return {
    gateway,
    url: `http://127.0.0.1:${address.port}`,
    publicUrl: config.publicUrl,
    clock,
    operatorToken,
    dataDir,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await gateway[Symbol.asyncDispose]()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}
