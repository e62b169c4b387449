/** @module From the configured sinks of the audit log to running ones. */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { appendLines } from '../audit/sinks/file-sink.js'
import type { AuditSink, SinkRecord } from '../audit/sinks/sink.js'
import { SinkRunner, type SinkRunnerOptions } from '../audit/sinks/sink-runner.js'
import { writeLines } from '../audit/sinks/stdout-sink.js'
import { sendSyslog } from '../audit/sinks/syslog-sink.js'
import { sendBatch } from '../audit/sinks/webhook-sink.js'
import type { AuditSinkConfig, AuditSinkSecrets } from '../config/audit-sinks.js'
import type { Clock } from '../lib/clock.js'
import type { WebhookSender } from '../notify/webhook-sender.js'

export interface SinkSurroundings extends Omit<SinkRunnerOptions, 'sink'> {
  readonly configs: readonly AuditSinkConfig[]
  readonly secrets: ReadonlyMap<string, AuditSinkSecrets>
  readonly dataDir: string
  readonly clock: Clock
  readonly webhookSender: WebhookSender
  readonly output: Writable
}

const machineFile = 'machine-id'

/** Runners for all of them, not started. */
export async function createSinkRunners(options: SinkSurroundings): Promise<SinkRunner[]> {
  const machine = options.configs.some(({ type }) => type === 'file')
    ? await readMachineId(options.dataDir)
    : undefined
  return options.configs.map(
    (config) => new SinkRunner({ ...options, sink: createSink(config, options, machine) }),
  )
}

function createSink(
  config: AuditSinkConfig,
  options: SinkSurroundings,
  machine: string | undefined,
): AuditSink {
  const { name, type, format, heads, start } = config
  const { target, deliver } = connect(config, options)
  return {
    name,
    type,
    format,
    heads,
    start,
    target,
    // What stands in a file of this machine says nothing about the files of others.
    machine: type === 'file' ? machine : undefined,
    deliver: oneAtATime(deliver),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

type Deliver = AuditSink['deliver']

function connect(
  config: AuditSinkConfig,
  { clock, clusterName, webhookSender, output, secrets }: SinkSurroundings,
): { readonly target: string; readonly deliver: Deliver } {
  const linesOf = (records: readonly SinkRecord[]) => records.map(({ text }) => text)
  switch (config.type) {
    case 'file':
      return {
        target: config.path,
        deliver: async (records) => {
          await mkdir(dirname(config.path), { recursive: true, mode: 0o700 })
          await appendLines({ ...config, clock }, linesOf(records))
        },
      }
    case 'stdout':
      return {
        target: 'standard output',
        deliver: async (records, signal) => await writeLines(output, linesOf(records), signal),
      }
    case 'syslog': {
      const { transport, host, port, facility, maxMessageBytes: maxBytes, ca, clientCertificate } = config
      const header = { facility, hostname: hostname(), appName: 'gatehouse', maxBytes }
      const key = secrets.get(config.name)?.clientKey?.reveal()
      const own =
        clientCertificate !== undefined && key !== undefined
          ? { certificate: clientCertificate, key }
          : undefined
      const where = { transport, host, port, header, ca, clientCertificate: own }
      return {
        target: `${transport}://${host.includes(':') ? `[${host}]` : host}:${port}`,
        deliver: async (records, signal) => await sendSyslog(where, records, signal),
      }
    }
    case 'webhook': {
      const { url, allowPrivateNetwork: allowsPrivateNetwork, format } = config
      const signing = (secrets.get(config.name)?.signing ?? []).map((secret) => secret.reveal())
      const endpoint = { url, secrets: signing, allowsPrivateNetwork }
      const post: Parameters<typeof sendBatch>[0]['post'] = (message, signal) =>
        webhookSender.send(endpoint, message, signal)
      return {
        // The path may hold a secret of the receiver's.
        target: new URL(url).origin,
        deliver: async (records, signal) => await sendBatch({ post, clusterName, format }, records, signal),
      }
    }
  }
}

/**
 * What was left behind when its time was over may still be writing: the next one waits for it, so that lines of two
 * batches never mix and no more than one batch is in memory.
 */
function oneAtATime(deliver: Deliver): Deliver {
  let before: Promise<unknown> = Promise.resolve()
  return async (records, signal) => {
    await settledOrAborted(before, signal)
    const now = deliver(records, signal)
    before = now.catch(() => undefined)
    await now
  }
}

/** @throws the reason of `signal` once that is aborted. */
async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'))
    signal.addEventListener('abort', stop, { once: true })
    void work.then(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
  })
}

/** Names this data folder, whoever runs on it. */
async function readMachineId(dataDir: string): Promise<string> {
  const path = join(dataDir, machineFile)
  try {
    await writeFile(path, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return (await readFile(path, 'utf8')).trim().slice(0, 40)
}
