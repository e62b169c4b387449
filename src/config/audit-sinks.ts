/**
 * @module The sinks of the audit log, `audit_sinks` in the configuration file: a list, strict as the rest. They have no
 * environment variables, for they are no single values. Secrets are in files of their own and go to {@link Secrets}. All
 * problems are told at once, each with its line.
 */
import path from 'node:path'
import { z } from 'zod'
import { sinkFormats, sinkNamePattern, sinkTypes, type SinkFormat } from '../core/audit/sink.js'
import { syslogFacilities, type SyslogFacility } from '../core/audit/syslog.js'
import { suggest } from '../core/nearest.js'
import { isLoopbackHost } from './rules.js'
import { Secret } from './secrets.js'
import type { ConfigProblem } from './setting.js'

interface SinkBase {
  readonly name: string
  readonly format: SinkFormat
  readonly heads: boolean
  readonly start: 'beginning' | 'now'
}

export type AuditSinkConfig = SinkBase &
  (
    | {
        readonly type: 'file'
        readonly path: string
        readonly maxBytes: number
        readonly everyHours: number
        readonly keep: number
      }
    | {
        readonly type: 'syslog'
        readonly transport: 'tls' | 'tcp' | 'udp'
        readonly host: string
        readonly port: number
        readonly facility: SyslogFacility
        readonly maxMessageBytes: number
        /** PEM. */
        readonly ca: string | undefined
        readonly clientCertificate: string | undefined
      }
    | { readonly type: 'webhook'; readonly url: string; readonly allowPrivateNetwork: boolean }
    | { readonly type: 'stdout' }
  )

/** What of a sink is secret. */
export interface AuditSinkSecrets {
  /** Of a webhook, the newest first. */
  readonly signing: readonly Secret[]
  /** PEM of a syslog sink's own key. */
  readonly clientKey: Secret | undefined
}

/** The list as it stands in the file. */
export interface AuditSinksSetting {
  readonly value: unknown
  /** `FILE:LINE` of a place in it. */
  readonly where: (place: readonly PropertyKey[]) => string
  readonly baseDir: string
}

export interface LoadedSinks {
  readonly sinks: readonly AuditSinkConfig[]
  readonly secrets: ReadonlyMap<string, AuditSinkSecrets>
  readonly problems: readonly ConfigProblem[]
}

const mebibyte = 1024 * 1024
/** More would be a mistake, and each costs a reader of the log. */
const maxSinks = 20

const number = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
const text = z.string('must be text').trim().min(1, 'must not be empty').max(1000, 'is too long')
const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be one of ${values.join(', ')}`)
const yesOrNo = z.boolean('must be true or false')

const common = {
  name: z
    .string('must be text')
    .regex(sinkNamePattern, 'must be 1 to 40 lower-case letters, digits and hyphens, such as siem'),
  format: choice(sinkFormats).default('reference'),
  heads: yesOrNo.default(true),
  start: choice(['beginning', 'now']).default('beginning'),
}
const facilities = Object.keys(syslogFacilities) as [SyslogFacility, ...SyslogFacility[]]
const forms = {
  file: z.strictObject({
    ...common,
    type: z.literal('file'),
    path: text,
    max_bytes: number(mebibyte, 1024 ** 4).default(100 * mebibyte),
    every_hours: number(1, 24 * 366).default(24),
    keep: number(1, 10_000).default(30),
  }),
  syslog: z.strictObject({
    ...common,
    type: z.literal('syslog'),
    address: text,
    facility: choice(facilities).default('audit'),
    max_message_bytes: number(480, 16 * mebibyte).optional(),
    ca_file: text.optional(),
    client_cert_file: text.optional(),
    client_key_file: text.optional(),
  }),
  webhook: z.strictObject({
    ...common,
    type: z.literal('webhook'),
    url: text,
    secret_file: text,
    allow_private_network: yesOrNo.default(false),
  }),
  stdout: z.strictObject({ ...common, type: z.literal('stdout') }),
}

type ReadFile = (file: string) => string

/** Reads the list; what is wrong with one sink does not hide what is wrong with the next. */
export function parseAuditSinks(
  setting: AuditSinksSetting | undefined,
  readFile: ReadFile,
  options: { readonly allowHttpLoopback: boolean },
): LoadedSinks {
  const problems: ConfigProblem[] = []
  const secrets = new Map<string, AuditSinkSecrets>()
  const sinks: AuditSinkConfig[] = []
  if (setting === undefined) return { sinks, secrets, problems }
  const { value, where, baseDir } = setting
  const problem = (place: readonly PropertyKey[], message: string): null => {
    problems.push({ where: `${where(place)} ${['audit_sinks', ...place].join('.')}`, message })
    return null
  }
  if (!Array.isArray(value) || value.length > maxSinks) {
    problem([], `must be a list of sinks, ${maxSinks} at most`)
    return { sinks, secrets, problems }
  }
  const names = new Map<string, number>()
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const report = (key: string, message: string) => problem([index, key], message)
    const type = typeOf(item)
    if (type === undefined) {
      problem([index], `must have a type, one of ${sinkTypes.join(', ')}`)
      continue
    }
    const parsed = forms[type].safeParse(item)
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        if (issue.code === 'unrecognized_keys') {
          const known = Object.keys(forms[type].shape)
          for (const key of issue.keys) report(key, `is not a known key of ${type}${suggest(key, known)}`)
        } else {
          const isMissing = issue.code === 'invalid_type' && !hasKey(item, issue.path[0])
          problem([index, ...issue.path], isMissing ? 'is missing' : issue.message)
        }
      }
      continue
    }
    const before = names.get(parsed.data.name)
    if (before !== undefined)
      report('name', `"${parsed.data.name}" is there already, at audit_sinks.${before}`)
    names.set(parsed.data.name, index)
    const sink = complete(parsed.data, { readFile, baseDir, report, ...options })
    if (sink === null) continue
    sinks.push(sink.config)
    secrets.set(parsed.data.name, sink.secrets)
  }
  const paths = new Map<string, string>()
  for (const sink of sinks) {
    if (sink.type !== 'file') continue
    const other = paths.get(sink.path)
    if (other !== undefined)
      problem([], `the sinks ${other} and ${sink.name} write the same file, ${sink.path}`)
    paths.set(sink.path, sink.name)
  }
  return { sinks, secrets, problems }
}

interface Completion {
  readonly readFile: ReadFile
  readonly baseDir: string
  readonly report: (key: string, message: string) => null
  readonly allowHttpLoopback: boolean
}

type Parsed = { [Type in keyof typeof forms]: z.infer<(typeof forms)[Type]> }[keyof typeof forms]
interface Completed {
  readonly config: AuditSinkConfig
  readonly secrets: AuditSinkSecrets
}

const noSecrets: AuditSinkSecrets = { signing: [], clientKey: undefined }

function complete(parsed: Parsed, tools: Completion): Completed | null {
  const { name, format, heads, start } = parsed
  const base = { name, format, heads, start }
  switch (parsed.type) {
    case 'stdout':
      return { config: { ...base, type: 'stdout' }, secrets: noSecrets }
    case 'file': {
      const { max_bytes: maxBytes, every_hours: everyHours, keep } = parsed
      const file = path.resolve(tools.baseDir, parsed.path)
      return { config: { ...base, type: 'file', path: file, maxBytes, everyHours, keep }, secrets: noSecrets }
    }
    case 'webhook':
      return completeWebhook(parsed, base, tools)
    case 'syslog':
      return completeSyslog(parsed, base, tools)
  }
}

function completeWebhook(
  parsed: Extract<Parsed, { type: 'webhook' }>,
  base: SinkBase,
  { report, readFile, baseDir, allowHttpLoopback }: Completion,
): Completed | null {
  const { url, allow_private_network: allowPrivateNetwork } = parsed
  const parsedUrl = URL.canParse(url) ? new URL(url) : undefined
  const isPlainHere =
    allowHttpLoopback && parsedUrl?.protocol === 'http:' && isLoopbackHost(parsedUrl.hostname)
  if (parsedUrl === undefined || (parsedUrl.protocol !== 'https:' && !isPlainHere)) {
    return report('url', 'must be an https:// URL')
  }
  if (parsedUrl.username !== '' || parsedUrl.password !== '' || parsedUrl.hash !== '') {
    return report('url', 'must have no user, password or fragment')
  }
  const lines = readLines(parsed.secret_file, readFile, baseDir)
  if (lines === undefined) return report('secret_file', `cannot read ${parsed.secret_file}`)
  if (
    lines.length === 0 ||
    lines.length > 2 ||
    lines.some((line) => !/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(line))
  ) {
    return report(
      'secret_file',
      'must hold one secret, or two while it changes, the new one first: whsec_ and the base64 of 24 to 64 random bytes, each on a line of its own',
    )
  }
  const signing = lines.map((line) => new Secret(line))
  return {
    config: { ...base, type: 'webhook', url, allowPrivateNetwork },
    secrets: { signing, clientKey: undefined },
  }
}

const addressForm = 'write for example tls://siem.example.com:6514'

function completeSyslog(
  parsed: Extract<Parsed, { type: 'syslog' }>,
  base: SinkBase,
  { report, readFile, baseDir }: Completion,
): Completed | null {
  const [, transport, host = '', portText] =
    /^(tls|tcp|udp):\/\/(\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(parsed.address) ?? []
  const port = Number(portText)
  if ((transport !== 'tls' && transport !== 'tcp' && transport !== 'udp') || port < 1 || port > 65_535) {
    return report('address', `is not tls://, tcp:// or udp:// with host and port; ${addressForm}`)
  }
  if (transport !== 'tls' && !isLoopbackHost(host)) {
    return report('address', `would send the log over the network in the clear; ${addressForm}`)
  }
  const { client_cert_file: certFile, client_key_file: keyFile, ca_file: caFile } = parsed
  if (transport !== 'tls' && [caFile, certFile, keyFile].some((file) => file !== undefined)) {
    return report('address', `is not tls://, and only TLS has certificates; ${addressForm}`)
  }
  if ((certFile === undefined) !== (keyFile === undefined)) {
    return report(
      certFile === undefined ? 'client_key_file' : 'client_cert_file',
      'needs the other one of client_cert_file and client_key_file',
    )
  }
  const read = (key: string, file: string | undefined, begins: string): string | undefined => {
    if (file === undefined) return undefined
    const found = readText(file, readFile, baseDir)
    if (found === undefined) report(key, `cannot read ${file}`)
    else if (!found.includes(begins)) report(key, `${file} is not PEM: it has no ${begins}`)
    return found
  }
  const ca = read('ca_file', caFile, '-----BEGIN CERTIFICATE-----')
  const clientCertificate = read('client_cert_file', certFile, '-----BEGIN CERTIFICATE-----')
  const key = read('client_key_file', keyFile, 'PRIVATE KEY-----')
  const { facility, max_message_bytes: given } = parsed
  // A datagram on the loopback interface carries that much with its headers; receivers of streams take 64 KiB and more.
  const most = transport === 'udp' ? 65_000 : 16 * mebibyte
  const maxMessageBytes = Math.min(given ?? 65_000, most)
  return {
    config: {
      ...base,
      type: 'syslog',
      transport,
      host: host.replace(/^\[|\]$/g, ''),
      port,
      facility,
      maxMessageBytes,
      ca,
      clientCertificate,
    },
    secrets: { signing: [], clientKey: key === undefined ? undefined : new Secret(key) },
  }
}

function readText(file: string, readFile: ReadFile, baseDir: string): string | undefined {
  try {
    return readFile(path.resolve(baseDir, file))
  } catch {
    return undefined
  }
}

function readLines(file: string, readFile: ReadFile, baseDir: string): string[] | undefined {
  return readText(file, readFile, baseDir)
    ?.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function typeOf(item: unknown): keyof typeof forms | undefined {
  if (typeof item !== 'object' || item === null || !('type' in item)) return undefined
  return sinkTypes.find((type) => type === item.type)
}

function hasKey(item: unknown, key: PropertyKey | undefined): boolean {
  return typeof item === 'object' && item !== null && key !== undefined && Object.hasOwn(item, key)
}
