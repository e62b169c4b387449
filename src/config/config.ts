/**
 * @module From environment and file to one typed configuration. The environment beats the file, the file beats
 * the defaults. All problems, of single settings and between them, are reported in one error. It reads the
 * configuration file and nothing else of consequence, starts nothing, and keeps secrets apart (`secrets.ts`).
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAuditSinks, type AuditSinkConfig, type AuditSinksSetting } from './audit-sinks.js'
import { GatewayError } from '../core/error.js'
import { emptyInventory, type Inventory } from '../core/inventory/inventory.js'
import { configFileVariable, masterKeyVariable, settingNames, settingPaths, variableNames } from './env.js'
import type { SettingPath } from './env.js'
import { parseConfigFile } from './file.js'
import { parseInventoryFile } from './inventory-file.js'
import { joinMail, parseMailFrom, parseSmtpUrl, readPasswordFile, type MailConfig } from './mail.js'
import { suggest } from '../core/nearest.js'
import * as rules from './rules.js'
import { Wrong, type Database, type ListenAddress, type LogLevel } from './rules.js'
import { Secret, type Secrets } from './secrets.js'
import type { ConfigProblem, Setting, Settings } from './setting.js'

export interface Config {
  /** Names this gateway in audit events. */
  readonly clusterName: string
  /** Origin under which people reach the gateway, without a trailing slash. */
  readonly publicUrl: string
  readonly listen: ListenAddress
  /** Whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  /** Absolute, as are all paths here. */
  readonly dataDir: string
  /** The PostgreSQL URL itself is in {@link Secrets}. */
  readonly database: Database
  readonly masterKey: { readonly from: 'environment' } | { readonly from: 'file'; readonly file: string }
  /** Resources to create at start where they do not exist yet. */
  readonly bootstrapFile: string | undefined
  /** Accounts and permission sets; what is in it is beside the configuration. */
  readonly inventoryFile: string | undefined
  readonly firstAdminName: string
  /** The token in it is in {@link Secrets}. */
  readonly awsicScimTokenFile: string | undefined
  /** The mail server; its password is in {@link Secrets}. Undefined: no mail is sent. */
  readonly mail: MailConfig | undefined
  /** Client certificates of devices; undefined: none are looked at. */
  readonly deviceCertificates: { readonly caFile: string; readonly header: string } | undefined
  /** Where the audit log goes besides the database. */
  readonly auditSinks?: readonly AuditSinkConfig[]
  readonly logLevel: LogLevel
  readonly saml: { readonly entityId: string; readonly allowHttpLoopback: boolean }
}

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Reads a text file or throws. */
  readonly readFile: (file: string) => string
  /** Relative paths of the environment start here; those of the file at the file's folder. */
  readonly cwd: string
  /** Value of `--config`; beats `GATEHOUSE_CONFIG`. */
  readonly configFile?: string | undefined
  /** For the demo and tests, which want no trace left behind. */
  readonly allowMemoryDatabase?: boolean
}

export interface LoadedConfig {
  readonly config: Config
  readonly secrets: Secrets
  /** Of the inventory file; empty where none is configured. */
  readonly inventory: Inventory
}

/** Keys that come with the source code protect nothing. */
const testKeysDir = fileURLToPath(new URL('../../certs/', import.meta.url))

/**
 * Loads, checks and completes the configuration.
 * @throws GatewayError `INVALID_CONFIG` with every problem in its message and in `details.problems`.
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const problems: ConfigProblem[] = []
  const file = readFileSettings(sources, problems)
  const settings: Settings = { ...file.settings, ...readEnvironment(sources, problems) }

  function value<T>(name: SettingPath, parse: (raw: unknown) => T | Wrong): T | undefined {
    const setting = settings[name]
    if (!setting) return undefined
    const parsed = parse(setting.value)
    if (!(parsed instanceof Wrong)) return parsed
    problems.push({ where: setting.where, message: parsed.message })
    return undefined
  }
  const problem = (name: SettingPath, message: string): void => {
    problems.push({ where: settings[name]?.where ?? name, message })
  }

  const listen = value('listen', textThen(rules.parseListen)) ?? { host: '127.0.0.1', port: 3080 }
  const isLocal = rules.isLoopbackHost(listen.host)
  const givenUrl = value('public_url', textThen(rules.parsePublicUrl))
  const url = givenUrl ?? new URL(`http://localhost:${listen.port}`)
  const trustedProxies = value('trusted_proxies', parseProxies) ?? []
  const dataDir = value('data_dir', pathOf(settings.data_dir)) ?? path.resolve(sources.cwd, 'data')
  const allowHttpLoopback = value('saml.allow_http_loopback', rules.parseBoolean) ?? false
  const bootstrapFile = value('bootstrap_file', pathOf(settings.bootstrap_file))
  const inventoryFile = value('inventory_file', pathOf(settings.inventory_file))
  const scimTokenFile = value('awsic_scim_token_file', pathOf(settings.awsic_scim_token_file))
  const passwordFile = value('smtp_password_file', pathOf(settings.smtp_password_file))
  const deviceCaFile = value('device_ca_file', pathOf(settings.device_ca_file))
  const deviceHeader = value('device_cert_header', textThen(rules.parseHeaderName))
  const keyFile = value('master_key_file', pathOf(settings.master_key_file))
  const masterKey = sources.env[masterKeyVariable]
  const givenDatabase = value('database_url', textThen(rules.parseDatabase))
  const database = absoluteDatabase(givenDatabase, settings.database_url, dataDir)

  if (settings.public_url === undefined && !isLocal) {
    problem(
      'public_url',
      'is missing: listen is open to other machines, so say under which https:// URL they come',
    )
  }
  if (settings.public_url === undefined && listen.port === 0) {
    problem('public_url', 'is missing: with port 0 in listen there is no default for it')
  }
  if (givenUrl?.protocol === 'http:' && !isLocal) {
    problem(
      'listen',
      'is open to other machines while public_url is plain http for this machine only; use https',
    )
  }
  if (givenUrl?.protocol === 'https:' && settings.trusted_proxies === undefined) {
    problem(
      'trusted_proxies',
      'is missing: https ends at a proxy before Gatehouse; name its address, or all people share one rate limit',
    )
  }
  if (givenUrl?.protocol === 'https:' && allowHttpLoopback) {
    problem('saml.allow_http_loopback', 'is for trials on one machine and contradicts an https public_url')
  }
  if (database.kind === 'memory' && sources.allowMemoryDatabase !== true) {
    problem('database_url', 'a database in memory forgets everything at exit; name a file')
  }
  if (database.kind === 'postgres' && settings.master_key_file === undefined && masterKey === undefined) {
    problem(
      'master_key_file',
      `is missing: with PostgreSQL every replica needs the same key; give it, or ${masterKeyVariable}`,
    )
  }
  if (masterKey !== undefined && settings.master_key_file !== undefined) {
    problem('master_key_file', `contradicts ${masterKeyVariable}: give one of them`)
  }
  // An empty one is a problem of the environment, told already.
  const parsedKey = masterKey?.trim() ? rules.parseMasterKey(masterKey) : undefined
  if (parsedKey instanceof Wrong) problems.push({ where: masterKeyVariable, message: parsedKey.message })
  if (keyFile !== undefined && isInside(keyFile, testKeysDir)) {
    problem('master_key_file', 'is one of the test keys that come with the source code; make your own')
  }
  if (bootstrapFile !== undefined && !isReadable(bootstrapFile, sources)) {
    problem('bootstrap_file', `cannot read ${bootstrapFile}`)
  }
  if (deviceCaFile !== undefined && !isReadable(deviceCaFile, sources)) {
    problem('device_ca_file', `cannot read ${deviceCaFile}`)
  }
  if (deviceCaFile !== undefined && trustedProxies.length === 0) {
    problem(
      'device_ca_file',
      'needs trusted_proxies: only a proxy that is named there may pass certificates on',
    )
  }
  if (settings.device_cert_header !== undefined && settings.device_ca_file === undefined) {
    problem('device_cert_header', 'says nothing without device_ca_file: name the authorities of your devices')
  }
  const scimToken = readScimToken(scimTokenFile, sources)
  if (scimToken instanceof Wrong) problem('awsic_scim_token_file', scimToken.message)
  const password = passwordFile === undefined ? undefined : readPasswordFile(passwordFile, sources.readFile)
  if (password instanceof Wrong) problem('smtp_password_file', password.message)
  const mail = joinMail(
    {
      server: value('smtp_url', textThen(parseSmtpUrl)),
      from: value('mail_from', textThen(parseMailFrom)),
      password: password instanceof Wrong ? undefined : password,
      given: {
        smtp_url: settings.smtp_url !== undefined,
        smtp_password_file: settings.smtp_password_file !== undefined,
        mail_from: settings.mail_from !== undefined,
      },
    },
    problem,
  )
  const auditSinks = parseAuditSinks(file.auditSinks, sources.readFile, { allowHttpLoopback })
  problems.push(...auditSinks.problems)
  const inventory = readInventory(inventoryFile, sources, problems, settings.inventory_file)

  const config: Config = {
    clusterName:
      value('cluster_name', textThen(rules.parseClusterName)) ?? url.hostname.replace(/^\[|\]$/g, ''),
    publicUrl: url.origin,
    listen,
    trustedProxies,
    dataDir,
    database,
    masterKey:
      masterKey !== undefined
        ? { from: 'environment' }
        : { from: 'file', file: keyFile ?? path.join(dataDir, 'master.key') },
    bootstrapFile,
    inventoryFile,
    firstAdminName: value('first_admin_name', rules.parseText) ?? 'admin',
    awsicScimTokenFile: scimTokenFile,
    mail: mail?.config,
    deviceCertificates:
      deviceCaFile === undefined
        ? undefined
        : { caFile: deviceCaFile, header: deviceHeader ?? 'client-cert' },
    ...(auditSinks.sinks.length > 0 && { auditSinks: auditSinks.sinks }),
    logLevel: value('log_level', textThen(rules.parseLogLevel)) ?? 'info',
    saml: {
      entityId: value('saml.entity_id', textThen(rules.parseEntityId)) ?? `${url.origin}/saml/idp/metadata`,
      allowHttpLoopback,
    },
  }
  if (problems.length > 0) throw invalidConfig(problems)
  return {
    config,
    secrets: {
      masterKey: masterKey === undefined ? undefined : new Secret(masterKey),
      databaseUrl: database.kind === 'postgres' ? secretOf(settings.database_url) : undefined,
      awsicScimToken: scimToken instanceof Wrong ? undefined : scimToken,
      smtpPassword: mail?.password,
      auditSinks: auditSinks.secrets,
    },
    inventory,
  }
}

function invalidConfig(problems: readonly ConfigProblem[]): GatewayError {
  const lines = problems.map(({ where, message }) => `- ${where}: ${message}`)
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new GatewayError('INVALID_CONFIG', `the configuration has ${count}:\n${lines.join('\n')}`, {
    problems,
  })
}

function readEnvironment({ env, cwd }: ConfigSources, problems: ConfigProblem[]): Settings {
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('GATEHOUSE_') || text === undefined) continue
    if (!variableNames.includes(name)) {
      problems.push({ where: name, message: `is not a known variable${suggest(name, variableNames)}` })
    } else if (text.trim() === '') {
      problems.push({ where: name, message: 'is set but empty; unset it or give it a value' })
    }
  }
  const settings: Settings = {}
  for (const name of settingPaths) {
    const text = env[settingNames[name]]
    if (text !== undefined && text.trim() !== '') {
      settings[name] = { value: text, where: settingNames[name], baseDir: cwd }
    }
  }
  return settings
}

function readFileSettings(
  sources: ConfigSources,
  problems: ConfigProblem[],
): { readonly settings: Settings; readonly auditSinks?: AuditSinksSetting | undefined } {
  const given = sources.configFile ?? sources.env[configFileVariable]
  if (given === undefined || given.trim() === '') return { settings: {} }
  const file = path.resolve(sources.cwd, given)
  let text: string
  try {
    text = sources.readFile(file)
  } catch (error) {
    const where = sources.configFile === undefined ? configFileVariable : '--config'
    problems.push({
      where,
      message: `cannot read ${file}: ${error instanceof Error ? error.message : 'failed'}`,
    })
    return { settings: {} }
  }
  const parsed = parseConfigFile(text, file)
  problems.push(...parsed.problems)
  return parsed
}

function textThen<T>(parse: (text: string) => T | Wrong): (raw: unknown) => T | Wrong {
  return (raw) => {
    const text = rules.parseText(raw)
    return text instanceof Wrong ? text : parse(text)
  }
}

function pathOf(setting: Setting | undefined): (raw: unknown) => string | Wrong {
  return textThen((text) => path.resolve(setting?.baseDir ?? '', text))
}

function parseProxies(raw: unknown): readonly string[] | Wrong {
  const list = rules.parseList(raw)
  if (list instanceof Wrong) return list
  return list.map(rules.parseProxy).find((entry) => entry instanceof Wrong) ?? list
}

function absoluteDatabase(
  given: Database | undefined,
  setting: Setting | undefined,
  dataDir: string,
): Database {
  if (given === undefined) return { kind: 'sqlite', file: path.join(dataDir, 'gatehouse.db') }
  if (given.kind !== 'sqlite') return given
  return { kind: 'sqlite', file: path.resolve(setting?.baseDir ?? '', given.file) }
}

function secretOf(setting: Setting | undefined): Secret | undefined {
  return typeof setting?.value === 'string' ? new Secret(setting.value) : undefined
}

function isInside(file: string, directory: string): boolean {
  const relative = path.relative(directory, file)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}

function readInventory(
  file: string | undefined,
  { readFile }: ConfigSources,
  problems: ConfigProblem[],
  setting: Setting | undefined,
): Inventory {
  if (file === undefined) return emptyInventory
  let text: string
  try {
    text = readFile(file)
  } catch {
    problems.push({ where: setting?.where ?? file, message: `cannot read ${file}` })
    return emptyInventory
  }
  const parsed = parseInventoryFile(text, file)
  problems.push(...parsed.problems)
  return parsed.inventory
}

/** The one word in the file. What was read is in no message. */
function readScimToken(file: string | undefined, { readFile }: ConfigSources): Secret | Wrong | undefined {
  if (file === undefined) return undefined
  let text: string
  try {
    text = readFile(file)
  } catch {
    return new Wrong(`cannot read ${file}`)
  }
  const token = text.trim()
  if (/^[\x21-\x7e]{1,10000}$/.test(token)) return new Secret(token)
  return new Wrong(`${file} must hold the SCIM token and nothing else, one word on one line`)
}

function isReadable(file: string, { readFile }: ConfigSources): boolean {
  try {
    readFile(file)
    return true
  } catch {
    return false
  }
}
