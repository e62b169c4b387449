/**
 * @module `gatehouse start`: configuration, gateway, listening socket, and an orderly end. Prints what a person
 * needs first: where it is, and how the first administrator gets in.
 */
import { readFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { loadConfig, type Config } from './config/config.js'
import { GatewayError } from './core/error.js'
import { formatInstant } from './core/time.js'
import { systemClock } from './lib/clock.js'
import { createLogger } from './lib/logger.js'
import { systemRandom } from './lib/random.js'
import { writeOperatorToken } from './service/operator-token.js'

export interface StartHost {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly print: (line: string) => void
  /** Resolves when the process is asked to stop. */
  readonly untilStopped: () => Promise<unknown>
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
    readFile: (file) => readFileSync(file, 'utf8'),
    configFile,
  })
  // Loaded here, for it takes longer than most commands run, and they share a process with this one.
  const { createGateway } = await import('./app.js')
  const logger = createLogger(config.logLevel)
  await makeDataDir(config.dataDir)
  const operatorToken = systemRandom.secret()
  // The address first: a second start by mistake must change nothing, not even end the first one's link.
  await using listener = await listen(config)
  await using gateway = await createGateway({
    config,
    secrets,
    inventory,
    deviceCaText: config.deviceCertificates && (await readFile(config.deviceCertificates.caFile, 'utf8')),
    bootstrapText: config.bootstrapFile && (await readFile(config.bootstrapFile, 'utf8')),
    clock: systemClock,
    random: systemRandom,
    logger,
    // Where the build puts the page, beside this compiled file.
    webDir: fileURLToPath(new URL('./web', import.meta.url)),
    operatorToken,
  })
  listener.serve(gateway.http)
  gateway.syncs.start()
  const operator = { url: listener.url, publicUrl: config.publicUrl, token: operatorToken }
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
  logger.info('stopping: no new connections, finishing what is open')
  gateway.endStreams()
  await listener[Symbol.asyncDispose]()
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

interface Listener extends AsyncDisposable {
  readonly url: string
  /** Until this is called, requests are answered with 503. */
  serve(handler: RequestListener): void
}

/** How long open requests may take to finish when the gateway stops. */
const drainMs = 10_000

async function listen(config: Config): Promise<Listener> {
  const { host, port } = config.listen
  let handler: RequestListener = (_, response) => {
    response.writeHead(503, { 'Retry-After': '1' }).end()
  }
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 15_000, maxHeaderSize: 32_768 },
    (request, response) => handler(request, response),
  )
  // Longer than balancers keep idle connections, so that it is never we who close one that is about to be used.
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new GatewayError(
          'INVALID_CONFIG',
          `cannot listen on ${host}:${port}: ${cause.message}`,
          {},
          { cause },
        ),
      )
    })
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    serve: (next) => {
      handler = next
    },
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const forced = setTimeout(() => server.closeAllConnections(), drainMs)
      await closed
      clearTimeout(forced)
    },
  }
}
