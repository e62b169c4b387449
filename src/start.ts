/**
 * @module `gatehouse start`: configuration, gateway, listening socket, and an orderly end. Prints what a person
 * needs first: where it is, and how the first administrator gets in.
 */
import { readFileSync, statfsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { loadConfig, type Config } from './config/config.js'
import { hostOf } from './config/rules.js'
import {
  readTlsMaterial,
  type FileFacts,
  type TlsFiles,
  type TlsMaterial,
  type TlsProblem,
} from './config/tls.js'
import type { GatewayOptions } from './app.js'
import { GatewayError } from './core/error.js'
import { day, formatDuration, formatInstant } from './core/time.js'
import { systemClock } from './lib/clock.js'
import { createLogger, type Logger } from './lib/logger.js'
import { systemRandom } from './lib/random.js'
import { systemTimers } from './lib/timers.js'
import { writeOperatorToken } from './service/operator-token.js'
import { keepWatching, watchCertificate, type CertificateWatch } from './start/certificate-watch.js'
import { listen, type Listener } from './start/listener.js'
import { listenForRedirects } from './start/redirect-listener.js'

export interface StartHost {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly print: (line: string) => void
  /** Resolves when the process is asked to stop. */
  readonly untilStopped: () => Promise<unknown>
  /** Does this each time that the process is told to read its files again. */
  readonly onHangup: (act: () => void) => void
  /** What only tests compose otherwise; configuration cannot reach it. */
  readonly composition?: Pick<GatewayOptions, 'holder' | 'leaseTimes' | 'databaseTimes' | 'noticeTimes'>
}

export function addStartCommand(program: Command, host: StartHost): void {
  program
    .command('start')
    .description('run the gateway')
    .option('--config <file>', 'configuration file (YAML); GATEHOUSE_CONFIG names one too')
    .action(async (options: { config?: string }) => {
      await start(host, options.config)
    })
}

async function start(host: StartHost, configFile: string | undefined): Promise<void> {
  const { config, secrets, inventory } = loadConfig({
    env: host.env,
    cwd: host.cwd,
    readFile,
    inspect,
    now: systemClock.now(),
    configFile,
  })
  // Loaded here, for it takes longer than most commands run, and they share a process with this one.
  const { createGateway } = await import('./app.js')
  const logger = createLogger(config.logLevel)
  await makeDataDir(config.dataDir)
  const operatorToken = systemRandom.secret()
  const caFile = config.deviceCertificates?.caFile
  const deviceCaText = caFile === undefined ? undefined : readFile(caFile)
  const tls = config.tls && readTls(config.tls, config)
  // Which addresses are proxies the gateway says, and nobody is served before it is there.
  let isProxy = (_address: string): boolean => true
  const connections = { ...config.connections, isProxy: (address: string) => isProxy(address) }
  // The address first: a second start by mistake must change nothing, not even end the first one's link.
  await using listener = await listen({
    listen: config.listen,
    connections,
    tls,
    ...(tls && { deviceAuthorities: deviceCaText }),
  })
  await using _redirects =
    config.redirectListen && (await listenForRedirects(config.redirectListen, config.publicUrl, connections))
  await using served = tls && serveCertificate(tls, config, { host, listener, logger })
  let isStopping = false
  await using gateway = await createGateway({
    config,
    secrets,
    inventory,
    deviceCaText,
    bootstrapText: config.bootstrapFile && readFile(config.bootstrapFile),
    isStopping: () => isStopping,
    ...(served && { tlsValidTo: () => served.validTo }),
    clock: systemClock,
    random: systemRandom,
    logger,
    // Where the build puts the page, beside this compiled file.
    webDir: fileURLToPath(new URL('./web', import.meta.url)),
    operatorToken,
    ...host.composition,
  })
  const trust = gateway.http.get('trust proxy fn') as (address: string, hop: number) => boolean
  isProxy = (address) => trust(address, 0)
  listener.serve(gateway.http)
  gateway.syncs.start()
  // The certificate is for the public name, so commands on this machine take the way of everybody else.
  const url = tls === undefined ? listener.url : config.publicUrl
  const operator = { url, publicUrl: config.publicUrl, token: operatorToken }
  await writeOperatorToken(config.dataDir, operator, systemRandom)

  for (const { kind, name, message } of await gateway.catalog.problems()) {
    logger.error({ kind, name }, message)
  }
  for (const { kind, name, message } of gateway.warnings) logger.warn({ kind, name }, message)
  host.print(`Gatehouse serves ${config.publicUrl} (listening on ${listener.url})`)
  if (gateway.firstAdmin) {
    const { user, url, expiresAt } = gateway.firstAdmin
    host.print('')
    host.print('Nobody administers this gateway yet. Open this link once to become its first administrator,')
    host.print(`with the name ${user}:`)
    host.print(`  ${url}`)
    host.print(`It is good until ${formatInstant(expiresAt)}; a restart prints a new one.`)
  }
  await host.untilStopped()
  isStopping = true
  if (config.shutdownGraceMs > 0) {
    listener.endKeepAlive()
    const grace = formatDuration(config.shutdownGraceMs)
    logger.info({ grace }, 'stopping: not ready any more, serving on so that balancers can notice')
    await systemTimers(systemClock).sleep(config.shutdownGraceMs)
  }
  logger.info('stopping: no new connections, finishing what is open')
  gateway.endStreams()
  await listener[Symbol.asyncDispose]()
}

const readFile = (file: string): string => readFileSync(file, 'utf8')

function inspect(file: string): FileFacts | undefined {
  try {
    return { mode: statSync(file).mode, fileSystem: statfsSync(file).type }
  } catch {
    return undefined
  }
}

function readMaterial(files: TlsFiles, { publicUrl }: Config): TlsMaterial | readonly TlsProblem[] {
  return readTlsMaterial(files, hostOf(new URL(publicUrl)), { readFile, inspect, now: systemClock.now() })
}

/** What the configuration found good a moment ago. */
function readTls(files: TlsFiles, config: Config): TlsMaterial {
  const found = readMaterial(files, config)
  if ('cert' in found) return found
  throw new GatewayError('INVALID_CONFIG', found.map(({ message }) => message).join('\n'))
}

/** Lets the certificate follow its files until disposed of. */
function serveCertificate(
  first: TlsMaterial,
  config: Config,
  { host, listener, logger }: { host: StartHost; listener: Listener; logger: Logger },
): AsyncDisposable & CertificateWatch {
  const files = config.tls
  const watch = watchCertificate({
    first,
    read: () => (files === undefined ? first : readMaterial(files, config)),
    apply: (material) => listener.setCertificate(material),
    logger,
  })
  if (first.validTo - systemClock.now() < 14 * day) {
    logger.warn({ validTo: formatInstant(first.validTo) }, 'the TLS certificate ends soon')
  }
  const ended = new AbortController()
  const watching = keepWatching(watch, systemTimers(systemClock), ended.signal)
  host.onHangup(() => watch.reload())
  return {
    get validTo() {
      return watch.validTo
    },
    reload: watch.reload,
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await watching
    },
  }
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new GatewayError(
      'INVALID_CONFIG',
      `data_dir: cannot make the folder ${dataDir} (${reason}); name a folder that this user may write to`,
      {},
      { cause },
    )
  }
}
