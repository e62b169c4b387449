/** @module What the commands of this folder are given, and what they all read first: the gateway's own configuration. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadConfig, type Config } from '../config/config.js'
import type { Secrets } from '../config/secrets.js'
import { buildEvent, type AuditFacts } from '../core/audit/event.js'
import { GatewayError } from '../core/error.js'
import { loadMasterKey, type MasterKey } from '../keys/master-key.js'
import { systemClock, type Clock } from '../lib/clock.js'
import { systemRandom } from '../lib/random.js'
import type { StoreTransaction } from '../store/store.js'

export interface OfflineHost {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly version: string
  readonly print: (line: string) => void
  /** Progress and warnings, which are not the answer. */
  readonly tell: (line: string) => void
  /** A cheaper passphrase for tests; the command line cannot reach it. */
  readonly passphraseWork?: number
}

export interface OperatorConfig {
  readonly config: Config
  readonly secrets: Secrets
  /** As the store takes it; with its password. */
  readonly databaseUrl: string
}

/** The configuration that the gateway of this machine has; `databaseUrl` in the place of its own, where given. */
export function readConfig(
  host: OfflineHost,
  { config: configFile, databaseUrl }: { readonly config?: string; readonly databaseUrl?: string },
): OperatorConfig {
  const env = databaseUrl === undefined ? host.env : { ...host.env, GATEHOUSE_DATABASE_URL: databaseUrl }
  const { config, secrets } = loadConfig({
    env,
    cwd: host.cwd,
    readFile: (file) => readFileSync(file, 'utf8'),
    configFile,
  })
  return { config, secrets, databaseUrl: urlOf(config, secrets) }
}

function urlOf({ database }: Config, secrets: Secrets): string {
  if (database.kind === 'sqlite') return `sqlite:${database.file}`
  return database.kind === 'memory' ? 'sqlite::memory:' : (secrets.databaseUrl?.reveal() ?? '')
}

/** A URL as an option: a path of SQLite starts where the command was called. */
export function absoluteUrl(host: OfflineHost, url: string): string {
  const file = /^sqlite:(?!:)(.+)$/s.exec(url)?.[1]
  return file === undefined ? url : `sqlite:${path.resolve(host.cwd, file)}`
}

/** How messages and reports name a database: never with its password. */
export function nameOf(url: string): string {
  if (url.startsWith('sqlite:')) return url
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}

/**
 * The key that the store was sealed with; never a new one.
 * @throws GatewayError `MASTER_KEY_MISSING` where there is none, `INVALID_CONFIG`.
 */
export async function readMasterKey({ config, secrets }: OperatorConfig): Promise<MasterKey> {
  return await loadMasterKey({
    dataDir: config.dataDir,
    file: config.masterKey.from === 'file' ? config.masterKey.file : undefined,
    value: secrets.masterKey?.reveal(),
    engine: config.database.kind === 'postgres' ? 'postgres' : 'sqlite',
    hasSealedRows: true,
    random: systemRandom,
  })
}

/** An event of the operator of this machine, who has no name here. */
export async function appendEvent(
  tx: Pick<StoreTransaction, 'audit'>,
  clusterName: string,
  facts: Pick<AuditFacts, 'event' | 'fields'>,
  clock: Clock = systemClock,
): Promise<void> {
  const envelope = { clusterName, uid: systemRandom.uuid(), now: clock.now() }
  await tx.audit.append(buildEvent({ ...facts, success: true, user: 'operator' }, envelope))
}

/** A file with a secret: its text without what an editor adds at the end. */
export async function readSecretFile(host: OfflineHost, file: string, what: string): Promise<string> {
  let text: string
  try {
    text = await readFile(path.resolve(host.cwd, file), 'utf8')
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `cannot read ${file}, the file with the ${what}`, {}, { cause })
  }
  const trimmed = text.replace(/\r?\n$/, '')
  if (trimmed === '') throw new GatewayError('INVALID_INPUT', `${file} is empty; it should hold the ${what}`)
  return trimmed
}
