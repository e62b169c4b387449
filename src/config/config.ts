/**
 * @module From environment and file to one typed configuration. The environment beats the file, the file beats
 * the defaults. All problems, of single settings and between them, are reported in one error. It reads the
 * configuration file and nothing else of consequence, starts nothing, and keeps secrets apart (`secrets.ts`).
 */
import path from 'node:path'
import { parseAuditSinks, type AuditSinkConfig, type AuditSinksSetting } from './audit-sinks.js'
import { GatewayError } from '../core/error.js'
import { emptyInventory, type Inventory } from '../core/inventory/inventory.js'
import { configFileVariable, masterKeyVariable, settingNames, settingPaths, variableNames } from './env.js'
import type { SettingPath } from './env.js'
import { parseConfigFile } from './file.js'
import { parseInventoryFile } from './inventory-file.js'
import { joinMail, parseMailFrom, parseSmtpUrl, readPasswordFile, type MailConfig } from './mail.js'
import { suggest } from '../core/nearest.js'
import type { DurationMs, Instant } from '../core/time.js'
import { findUnsafeSettings } from './production.js'
import * as rules from './rules.js'
import { Wrong, type Database, type ListenAddress, type LogLevel } from './rules.js'
import { Secret, type Secrets } from './secrets.js'
import type { ConfigProblem, Setting, Settings } from './setting.js'
import { isInsideTestKeys } from './test-keys.js'
import { readTlsMaterial, type FileFacts, type TlsFiles } from './tls.js'

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
  /** TLS of Gatehouse itself; undefined: it speaks plain HTTP, behind a proxy or on one machine. */
  readonly tls: TlsFiles | undefined
  /** Where plain HTTP is answered with the way to `publicUrl`. */
  readonly redirectListen: ListenAddress | undefined
  /** Connections at one time; those of trusted proxies count only for the whole. */
  readonly connections: { readonly most: number; readonly mostPerAddress: number }
  /** How long requests are served on after the signal to stop, while `/readyz` says no. */
  readonly shutdownGraceMs: DurationMs
  /**
   * Client certificates of devices; undefined: none are looked at. With TLS of our own they come with the handshake,
   * and no header is believed.
   */
  readonly deviceCertificates: { readonly caFile: string; readonly header: string | undefined } | undefined
  /** Where the audit log goes besides the database. */
  readonly auditSinks?: readonly AuditSinkConfig[]
  /** Days after which audit events may be pruned; undefined: all are kept. */
  readonly auditRetentionDays: number | undefined
  readonly logLevel: LogLevel
  readonly saml: { readonly entityId: string; readonly allowHttpLoopback: boolean }
}

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Reads a text file or throws. */
  readonly readFile: (file: string) => string
  /** What a file or folder is to others; undefined where there is none. Without it nobody asks. */
  readonly inspect?: (file: string) => FileFacts | undefined
  /** Whether a certificate is valid by now; without it nobody asks. */
  readonly now?: Instant
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
  const certFile = value('tls.cert_file', pathOf(settings['tls.cert_file']))
  const tlsKeyFile = value('tls.key_file', pathOf(settings['tls.key_file']))
  const tls =
    certFile === undefined || tlsKeyFile === undefined ? undefined : { certFile, keyFile: tlsKeyFile }
  const hasTls = settings['tls.cert_file'] !== undefined || settings['tls.key_file'] !== undefined
  const redirectListen = value('http_redirect_listen', textThen(rules.parseListen))
  const keyFile = value('master_key_file', pathOf(settings.master_key_file))
  const masterKey = sources.env[masterKeyVariable]
  const givenDatabase = value('database_url', textThen(rules.parseDatabase))
  const database = absoluteDatabase(givenDatabase, settings.database_url, dataDir)

  if (settings.public_url === undefined && !isLocal) {
    problem(
      'public_url',
      'is missing: listen is open to other machines, so say under which https:// URL they come',
    )
  } else if (settings.public_url === undefined && hasTls) {
    problem('public_url', 'is missing: with TLS, say under which https:// URL people come')
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
  if (givenUrl?.protocol === 'https:' && settings.trusted_proxies === undefined && !hasTls) {
    problem(
      'trusted_proxies',
      'is missing: https ends at a proxy before Gatehouse; name its address, or all people share one rate limit',
    )
  }
  if (hasTls && certFile === undefined && settings['tls.cert_file'] === undefined) {
    problem('tls.cert_file', 'is missing: tls.key_file needs its certificate')
  }
  if (hasTls && tlsKeyFile === undefined && settings['tls.key_file'] === undefined) {
    problem('tls.key_file', 'is missing: tls.cert_file needs its key')
  }
  if (hasTls && givenUrl?.protocol === 'http:') {
    problem('public_url', 'is plain http while Gatehouse speaks TLS; write https')
  }
  if (tls !== undefined && givenUrl !== undefined) {
    const material = readTlsMaterial(tls, rules.hostOf(givenUrl), sources)
    if (!('cert' in material)) for (const one of material) problem(one.setting, one.message)
  }
  if (redirectListen !== undefined && !hasTls) {
    problem(
      'http_redirect_listen',
      'is for TLS of Gatehouse itself; without tls.cert_file the proxy redirects',
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
  if (keyFile !== undefined && isInsideTestKeys(keyFile)) {
    problem('master_key_file', 'is one of the test keys that come with the source code; make your own')
  }
  if (bootstrapFile !== undefined && !isReadable(bootstrapFile, sources)) {
    problem('bootstrap_file', `cannot read ${bootstrapFile}`)
  }
  if (deviceCaFile !== undefined && !isReadable(deviceCaFile, sources)) {
    problem('device_ca_file', `cannot read ${deviceCaFile}`)
  }
  if (deviceCaFile !== undefined && trustedProxies.length === 0 && !hasTls) {
    problem(
      'device_ca_file',
      'needs tls.cert_file, or trusted_proxies: only a proxy that is named there may pass certificates on',
    )
  }
  if (settings.device_cert_header !== undefined && hasTls) {
    problem(
      'device_cert_header',
      'contradicts tls.cert_file: with TLS of its own Gatehouse takes certificates from the handshake alone',
    )
  }
  if (settings.device_cert_header !== undefined && settings.device_ca_file === undefined) {
    problem('device_cert_header', 'says nothing without device_ca_file: name the authorities of your devices')
  }
  if (givenUrl?.protocol === 'https:') {
    const databaseDir = database.kind === 'sqlite' ? path.dirname(database.file) : undefined
    const unsafe = findUnsafeSettings({
      dataDir,
      dataDirFacts: sources.inspect?.(dataDir),
      databaseFacts: databaseDir === undefined ? undefined : sources.inspect?.(databaseDir),
      masterKey: typeof parsedKey === 'string' ? parsedKey : undefined,
      databaseUrl: database.kind === 'postgres' ? secretOf(settings.database_url)?.reveal() : undefined,
    })
    for (const { setting, message } of unsafe) {
      if (setting === masterKeyVariable) problems.push({ where: masterKeyVariable, message })
      else problem(setting, message)
    }
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
    clusterName: value('cluster_name', textThen(rules.parseClusterName)) ?? rules.hostOf(url),
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
    tls,
    redirectListen,
    connections: {
      most: value('max_connections', rules.parseCount(1_000_000)) ?? 10_000,
      mostPerAddress: value('max_connections_per_address', rules.parseCount(1_000_000)) ?? 1000,
    },
    shutdownGraceMs: value('shutdown_grace', textThen(rules.parseGrace)) ?? 0,
    deviceCertificates:
      deviceCaFile === undefined
        ? undefined
        : { caFile: deviceCaFile, header: hasTls ? undefined : (deviceHeader ?? 'client-cert') },
    ...(auditSinks.sinks.length > 0 && { auditSinks: auditSinks.sinks }),
    auditRetentionDays: value('audit_retention', rules.parseRetention),
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
