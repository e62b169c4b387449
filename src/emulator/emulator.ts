/**
 * @module Starts and stops one emulator: organisation file, listening socket, application.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../lib/clock.js'
import type { Logger } from '../lib/logger.js'
import { systemRandom, type Random } from '../lib/random.js'
import { EmulatorContext } from './context.js'
import { parseListen } from './local-only.js'
import { createEmulatorApp } from './server.js'
import type { Settings } from './settings.js'
import { loadOrganisation } from './state/load-organisation.js'
import { emptyOrganisation, type Organisation } from './state/organisation.js'

export interface EmulatorOptions {
  /** `HOST:PORT` on loopback; port 0 takes a free one. */
  readonly listen: string
  /** An organisation file; without one there is a management account and nobody in it. */
  readonly orgFile?: string | undefined
  /** An organisation that is read already, instead of a file. */
  readonly organisation?: Organisation | undefined
  /** Laid over the settings of the organisation. */
  readonly settings?: Partial<Settings> | undefined
  /** `https` issuers of web identity tokens, and where each is reached instead, by origin. */
  readonly issuers?: ReadonlyMap<string, string> | undefined
  /** A `ManualClock` can be moved by `POST /_emulator/clock/advance`. */
  readonly clock: Clock
  readonly logger: Logger
  readonly random?: Random
  /** Base of the addresses in metadata and redirects; by default the address listened on. */
  readonly publicUrl?: string | undefined
}

export interface Emulator extends AsyncDisposable {
  /** Base address, without a trailing slash. */
  readonly url: string
  /** Stops listening and drops open connections. */
  close(): Promise<void>
}

/**
 * Starts the emulator.
 * @throws EmulatorError when the address is not loopback or the organisation file does not hold together.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const address = parseListen(options.listen)
  const organisation =
    options.organisation ??
    (options.orgFile === undefined ? emptyOrganisation : await loadOrganisation(options.orgFile))
  const server = createServer()
  const port = await listen(server, address.port, address.host)
  const host = address.host === '::1' ? '[::1]' : address.host
  const url = (options.publicUrl ?? `http://${host}:${port}`).replace(/\/+$/, '')
  const { clock, logger, random = systemRandom, settings = {}, issuers = new Map<string, string>() } = options
  // No request can have been read yet: the listener is in place before the event loop turns.
  const parts = { clock, logger, random, publicUrl: url, settings, issuers }
  const context = new EmulatorContext(organisation, parts)
  server.on('request', createEmulatorApp(context))
  logger.info({ url }, 'emulator listens')
  const close = (): Promise<void> => {
    context.close()
    return stop(server)
  }
  return { url, close, [Symbol.asyncDispose]: close }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      // A TCP server that listens has an AddressInfo; null and strings are for pipes and closed servers.
      const address = server.address() as AddressInfo
      resolve(address.port)
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}
