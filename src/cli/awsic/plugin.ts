/**
 * @module What all commands of `gatehouse awsic` share: which plugin is meant, its addresses at the interface, lists
 * that are read to their end, and work that takes a while, of which the gateway's status tells.
 */
import type { Command } from 'commander'
import {
  jobAnswer,
  paths,
  syncStatusAnswer,
  type JobItem,
  type SyncStatusAnswer,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { identityCenterPreset } from '../../core/saml/identity-center.js'
import { systemClock } from '../../lib/clock.js'
import { systemTimers } from '../../lib/timers.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ApiClient, ClientOptions } from '../client.js'
import { createConfirmingClient, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'

export interface PluginOptions extends ClientOptions, MfaOptions {
  readonly plugin: string
  readonly json?: true
}

/** Options of every command about one instance of Identity Center. */
export function withPlugin(command: Command): Command {
  return withConnection(command).option(
    '--plugin <name>',
    'which instance, where there are several',
    identityCenterPreset,
  )
}

/** A path of the interface about one plugin. */
export function pluginPath(path: string, { plugin }: Pick<PluginOptions, 'plugin'>): string {
  return path.replace(':plugin', encodeURIComponent(plugin))
}

/** Asks for a code where a change takes one. */
export async function clientOf(
  options: ClientOptions & MfaOptions,
  surroundings: CliSurroundings,
): Promise<ApiClient> {
  return await createConfirmingClient(options, surroundings)
}

interface PageOf<T> {
  readonly items: readonly T[]
  readonly nextCursor?: string | undefined
}

/** Page after page, until the limit is reached; `more` where the gateway has more. */
export async function readPages<T>(
  limit: number,
  readPage: (cursor: string | undefined, pageSize: string) => Promise<PageOf<T>>,
  maxPage = 200,
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await readPage(cursor, String(Math.min(limit - items.length, maxPage)))
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && items.length < limit)
  return { items, more: cursor !== undefined }
}

const timers = systemTimers(systemClock)
const firstPauseMs = 200
const longestPauseMs = 2000

/** Asks again and again, with growing pauses, until `look` answers something. */
export async function poll<T>(look: () => Promise<T | undefined>): Promise<T> {
  let pauseMs = firstPauseMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await timers.sleep(pauseMs)
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)
  }
}

export async function readStatus(
  client: ApiClient,
  options: Pick<PluginOptions, 'plugin'>,
): Promise<SyncStatusAnswer> {
  return syncStatusAnswer.parse(await client.get(pluginPath(paths.awsicStatus, options)))
}

/** "Reading members of groups: 120 of 500". */
export function describeJob({ says, done, total }: JobItem): string {
  const work = says.replace(/\.$/, '')
  if (total !== undefined) return `${work}: ${done} of ${total}`
  return done > 0 ? `${work}: ${done}` : says
}

export interface JobWatch {
  readonly client: ApiClient
  readonly options: Pick<PluginOptions, 'plugin'>
  /** Where progress goes: standard error where the output is for programs. */
  readonly tell: (line: string) => void
}

/**
 * Follows work to its end and tells its progress, each sentence once.
 * @throws GatewayError `CONFLICT` with the words of the gateway where it failed.
 */
export async function followJob(started: unknown, { client, options, tell }: JobWatch): Promise<JobItem> {
  const { job: first } = jobAnswer.parse(started)
  let latest = first
  let told = ''
  const show = (job: JobItem) => {
    const line = describeJob(job)
    if (line !== told) tell(printable(`  ${line}`))
    told = line
  }
  await poll(async () => {
    show(latest)
    if (latest.state !== 'running') return latest
    const { job } = await readStatus(client, options)
    // Another job after ours, or none: ours has ended.
    if (job === undefined || job.startedAt !== first.startedAt) latest = { ...latest, state: 'done' }
    else latest = job
    return undefined
  })
  if (latest.state === 'failed') {
    throw new GatewayError('CONFLICT', latest.error ?? `${latest.says}: this did not succeed`)
  }
  return latest
}

/** What a refusal with this code becomes instead; other errors go on. */
export async function unlessRefused<T, U>(
  work: Promise<T>,
  code: GatewayError['code'],
  instead: (error: GatewayError) => U,
): Promise<T | U> {
  try {
    return await work
  } catch (error) {
    if (error instanceof GatewayError && error.code === code) return instead(error)
    throw error
  }
}
