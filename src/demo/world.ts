/**
 * @module The demo's world: an emulated Identity Center and a gateway, each its own process on loopback, with a
 * fresh data folder. Everything after the start goes through the same HTTP that people use.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { openMailbox, type Mailbox } from './mailbox.js'
import { demoResources } from './people.js'
import { takenAddress } from './ports.js'
import { ownEnvironment } from './run-command.js'

const entry = fileURLToPath(new URL('../main.js', import.meta.url))
const organisationFile = fileURLToPath(new URL('../../fixtures/orgs/demo.yaml', import.meta.url))
const inventoryFile = fileURLToPath(new URL('../../fixtures/inventories/demo.yaml', import.meta.url))
const startTimeoutMs = 30_000

/** How AWS knows the gateway's issuer: a public https name, which the emulator finds on this machine. */
export const demoIssuer = 'https://gatehouse.demo.example'

export interface World extends AsyncDisposable {
  readonly gatewayUrl: string
  readonly emulatorUrl: string
  /** The one-time link that the gateway printed for its first administrator. */
  readonly firstAdminLink: string
  readonly dataDir: string
  /** What the gateway sent by mail. */
  readonly mailbox: Mailbox
  /** Settles when one of the two processes ends by itself. */
  readonly ended: Promise<string>
}

export interface WorldPorts {
  readonly gateway: number
  readonly emulator: number
  /** The page that shows the mail. */
  readonly mail: number
}

/**
 * Starts both, connects them as an administrator would, and answers when a person could sign in. What an earlier
 * demo left in the data folder is removed.
 * @throws Error in words, with nothing removed where a port is taken: the data may belong to a demo that runs.
 */
export async function startWorld(dataDir: string, ports: WorldPorts): Promise<World> {
  const taken = await takenAddress([ports.gateway, ports.emulator, ports.mail])
  if (taken !== undefined) {
    throw new Error(
      `${taken} is taken: end the demo or other program that listens there, then start this again`,
    )
  }
  await rm(dataDir, { recursive: true, force: true })
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const children: Child[] = []
  const mailbox = await openMailbox({ smtp: 0, page: ports.mail })
  const end = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()))
    // Last: the gateway may still be sending.
    await mailbox[Symbol.asyncDispose]()
  }
  try {
    const emulatorUrl = `http://127.0.0.1:${ports.emulator}`
    const emulator = new Child('emulator', [
      'emulator',
      '--listen',
      `127.0.0.1:${ports.emulator}`,
      '--org',
      organisationFile,
      '--issuer-map',
      `${demoIssuer}=http://127.0.0.1:${ports.gateway}`,
    ])
    children.push(emulator)
    await emulator.answers(`${emulatorUrl}/_emulator/state`)

    const state = await getJson(`${emulatorUrl}/_emulator/state`)
    const metadata = await getText(metadataUrl(emulatorUrl, state))
    const bootstrapFile = join(dataDir, 'resources.yaml')
    await writeFile(
      bootstrapFile,
      demoResources(metadata)
        .map((resource) => stringify(resource))
        .join('---\n'),
    )
    const gatewayUrl = `http://localhost:${ports.gateway}`
    const configFile = join(dataDir, 'gatehouse.yaml')
    await writeFile(
      configFile,
      stringify({
        cluster_name: 'demo.gatehouse.example',
        public_url: gatewayUrl,
        listen: `127.0.0.1:${ports.gateway}`,
        data_dir: join(dataDir, 'gateway'),
        bootstrap_file: bootstrapFile,
        inventory_file: inventoryFile,
        first_admin_name: 'ada@example.com',
        log_level: 'warn',
        saml: { allow_http_loopback: true },
        smtp_url: mailbox.smtpUrl,
        mail_from: 'Gatehouse <gatehouse@demo.example>',
      }),
    )
    // Every call to AWS goes to the emulator: a person's own credentials must never be used here.
    const gateway = new Child('gateway', ['start', '--config', configFile], {
      AWS_ENDPOINT_URL: emulatorUrl,
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    })
    children.push(gateway)
    await gateway.answers(`${gatewayUrl}/readyz`)
    const firstAdminLink = await gateway.printed(/(http:\/\/\S+\/invite#\S+)/)

    // Step 3 of the guide, the AWS side: the administrator uploads our metadata in the console.
    const upload = await fetch(`${emulatorUrl}/_emulator/saml/idp-metadata`, {
      method: 'PUT',
      headers: { 'content-type': 'application/xml' },
      body: await getText(`${gatewayUrl}/saml/idp/metadata`),
    })
    if (!upload.ok) throw new Error(`the emulator refused our metadata: ${await upload.text()}`)
    return {
      gatewayUrl,
      emulatorUrl,
      firstAdminLink,
      dataDir,
      mailbox,
      ended: Promise.race(children.map((child) => child.ended)),
      [Symbol.asyncDispose]: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

function metadataUrl(emulatorUrl: string, state: unknown): string {
  const text = JSON.stringify(state)
  const identityStoreId = /"identityStoreId":"(d-[0-9a-f]{10})"/.exec(text)?.[1]
  if (identityStoreId === undefined) throw new Error('the emulator does not tell its identity store')
  return `${emulatorUrl}/platform/saml/metadata/${identityStoreId}`
}

async function getText(url: string): Promise<string> {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`)
  return text
}

async function getJson(url: string): Promise<unknown> {
  return JSON.parse(await getText(url))
}

/** One process of the demo, with what it printed. */
class Child {
  readonly ended: Promise<string>
  readonly #name: string
  readonly #process: ChildProcess
  #output = ''

  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#name = name
    this.#process = spawn(process.execPath, [entry, ...args], {
      env: { ...ownEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000)
    }
    this.#process.stdout?.on('data', keep)
    this.#process.stderr?.on('data', keep)
    this.ended = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        resolve(`the ${name} ended (${signal ?? `status ${code}`}):\n${this.#output}`)
      })
    })
  }

  /** Waits until the URL answers 200. @throws Error with the process's output when it ends or takes too long. */
  async answers(url: string): Promise<void> {
    await this.#until(`answer at ${url}`, async () => {
      try {
        const response = await fetch(url)
        await response.body?.cancel()
        return response.ok ? true : undefined
      } catch {
        // Not listening yet; the loop around this has the deadline and sees the process end.
        return undefined
      }
    })
  }

  /** Waits until the process printed something that matches, and answers the first group. */
  async printed(pattern: RegExp): Promise<string> {
    return await this.#until(`print ${pattern}`, async () => Promise.resolve(pattern.exec(this.#output)?.[1]))
  }

  async #until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
    const deadline = AbortSignal.timeout(startTimeoutMs)
    let over: string | undefined
    void this.ended.then((text) => (over = text))
    for (;;) {
      const found = await probe()
      if (found !== undefined) return found
      if (over !== undefined) throw new Error(over)
      if (deadline.aborted) throw new Error(`the ${this.#name} did not ${what} in time:\n${this.#output}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    this.#process.kill('SIGTERM')
    const forced = setTimeout(() => this.#process.kill('SIGKILL'), 5000)
    await this.ended
    clearTimeout(forced)
  }
}
