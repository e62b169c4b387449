/**
 * @module `gatehouse restore` and `gatehouse backup verify`: a backup into an empty store. All is checked before
 * anything counts: the header, every row and the digests, the audit chain, the master key. What was ended after the
 * backup does not come to life, mail of that time is not sent, and nothing is changed in AWS until a person has seen the
 * plan.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  openBackup,
  refused,
  type BackupKeys,
  type BackupPart,
  type OpenBackup,
} from '../archive/read-backup.js'
import { headFileName } from '../audit/file-head-sink.js'
import { GatewayError, isCode } from '../core/error.js'
import { isMasterKeyText } from '../core/master-key.js'
import { formatInstant, type Instant } from '../core/time.js'
import { deriveBackupOriginKey } from '../keys/backup-origin.js'
import { systemClock } from '../lib/clock.js'
import { fillWhole } from '../store/sql/whole.js'
import type { FillableStore } from '../store/whole-store.js'
import { assertChain, checkChain, checkKey } from './check-store.js'
import { assertArrived } from './move-store.js'
import { settleRestored } from './settle-restored.js'
import {
  absoluteUrl,
  appendEvent,
  nameOf,
  readConfig,
  readMasterKey,
  readSecretFile,
  type OfflineHost,
  type OperatorConfig,
} from './surroundings.js'

export interface RestoreOptions {
  readonly identityFile?: string
  readonly passphraseFile?: string
  readonly databaseUrl?: string
  readonly verifyOnly?: true
  readonly acceptBrokenChain?: true
  readonly acceptUnprovenOrigin?: true
  readonly config?: string
}

/** What a person accepts of a backup that would be refused without. */
interface Accepted {
  readonly brokenChain: boolean
  readonly unprovenOrigin: boolean
}

/** What was found in a backup, for the report. */
interface Loaded {
  readonly rows: number
  readonly tables: number
  readonly events: number
  /** Made with the master key of this machine, and unchanged since. */
  readonly isProven: boolean
}

export async function restore(host: OfflineHost, file: string, options: RestoreOptions): Promise<void> {
  const keys = await readKeys(host, options)
  await using opened = await openBackup(path.resolve(host.cwd, file), keys)
  const accept = {
    brokenChain: options.acceptBrokenChain === true,
    unprovenOrigin: options.acceptUnprovenOrigin === true,
  }
  if (options.verifyOnly === true) await verifyOnly(host, opened, file, options, accept)
  else await restoreInto(host, opened, options, accept)
}

/** The restore test: into a database that is gone afterwards. */
async function verifyOnly(
  host: OfflineHost,
  opened: OpenBackup,
  file: string,
  options: RestoreOptions,
  accept: Accepted,
): Promise<void> {
  const { header } = opened
  const masterKey = await findMasterKey(host, options, header.masterKey)
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-verify-'))
  try {
    const target = {
      url: `sqlite:${path.join(folder, 'verify.db')}`,
      alone: true,
      applied: header.migrations,
    }
    const loaded = await fillWhole(target, async (store) => await load(opened, store, masterKey, accept))
    host.print(
      `${file} is whole: made ${formatInstant(header.madeAt)} of ${header.cluster} (${header.engine})`,
    )
    host.print(`by Gatehouse ${header.gatehouse}. It was restored into a temporary database and compared:`)
    host.print(`  ${loaded.rows} rows of ${loaded.tables} tables, all as they were backed up;`)
    host.print(`  the audit chain holds (${loaded.events} events);`)
    host.print(
      header.masterKey === undefined
        ? '  the master key is not in it: keep that apart, for nobody restores without it.'
        : '  the master key is in it.',
    )
    if (masterKey !== undefined) host.print('  the master key opens the secrets.')
    host.print(describeOrigin(loaded, masterKey))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function restoreInto(
  host: OfflineHost,
  opened: OpenBackup,
  options: RestoreOptions,
  accept: Accepted,
): Promise<void> {
  const { header } = opened
  const databaseUrl = options.databaseUrl && absoluteUrl(host, options.databaseUrl)
  const operator = readConfig(host, { ...options, ...(databaseUrl !== undefined && { databaseUrl }) })
  const { clusterName, dataDir } = operator.config
  if (clusterName !== header.cluster) {
    throw refused(
      `the backup is of the cluster "${header.cluster}" and this gateway is "${clusterName}": signed heads and events carry the name; set GATEHOUSE_CLUSTER_NAME=${header.cluster}`,
    )
  }
  const masterKey = await chooseMasterKey(operator, header.masterKey)
  if (masterKey.isNew && !accept.unprovenOrigin) {
    throw refused(
      'this machine has no master key, and the one in the backup proves nothing of where it is from: whoever knows the ' +
        'recipient can make such a file, with people and roles of their own. Put the master key on this machine ' +
        '(GATEHOUSE_MASTER_KEY_FILE), or, where you know where the file has been, add --accept-unproven-origin',
    )
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const now = systemClock.now()
  const target = { url: operator.databaseUrl, alone: true, applied: header.migrations }
  const { loaded, facts } = await fillWhole(target, async (store) => {
    const loaded = await load(opened, store, masterKey, accept)
    const facts = await settleRestored(store, header.madeAt, now)
    const fields = {
      ...facts.fields,
      made_at: formatInstant(header.madeAt),
      rows: loaded.rows,
      origin_proven: loaded.isProven,
    }
    await appendEvent(store.aggregates, clusterName, { event: 'backup.restore', fields })
    return { loaded, facts }
  })
  if (masterKey.isNew) await writeMasterKey(operator, masterKey.key)
  const aside = await moveHeadsAside(dataDir, now)
  const say = host.print
  say(`Restored ${clusterName} as of ${formatInstant(header.madeAt)} into ${nameOf(operator.databaseUrl)}:`)
  say(`  ${loaded.rows} rows of ${loaded.tables} tables, the audit chain holds (${loaded.events} events).`)
  say(describeOrigin(loaded, masterKey))
  if (masterKey.isNew) say(`  The master key of the backup was written beside it.`)
  if (aside !== undefined) say(`  Signed heads of the time after the backup were moved to ${aside}.`)
  say(
    'Not restored, since it may have been ended after the backup: sessions, one-time links, sign-ins that were',
  )
  say(
    `under way, approvals, recovery codes. ${facts.dropped} of these rows and ${facts.messages} waiting messages were dropped.`,
  )
  for (const line of facts.revived) say(line)
  if (facts.plugins.length > 0) {
    say('')
    say(
      `NOTHING IS CHANGED IN AWS until a person has seen the plan. Start the gateway, wait until it has read AWS,`,
    )
    for (const name of facts.plugins) {
      say(`then read and release it: gatehouse awsic release --plugin ${name}`)
    }
  }
}

/** Every row, compared with what the backup says of it and with what arrived. */
async function load(
  { header, parts }: OpenBackup,
  store: FillableStore,
  masterKey: ChosenKey | undefined,
  accept: Accepted,
): Promise<Loaded> {
  const shapes = new Map(store.tables.map((table) => [table.name, table]))
  for (const { name, columns } of header.tables) {
    const shape = shapes.get(name)
    if (shape === undefined || shape.columns.join() !== columns.join()) {
      throw refused(`the backup has a table "${name}" of another form than its version has`)
    }
  }
  if (header.tables.length !== store.tables.length) throw refused('the backup does not have every table')
  let rows = 0
  let origin: ReturnType<JudgeOrigin> = 'missing'
  const originKey = masterKey && deriveBackupOriginKey(masterKey.key)
  for await (const part of parts) {
    if ('rows' in part) {
      const shape = shapes.get(part.table)
      if (shape !== undefined) await store.insert(shape, part.rows)
      continue
    }
    if (originKey !== undefined) origin = part.judgeOrigin(originKey)
    for (const { name, last } of header.tables) {
      const [said, read, shape] = [part.end[name], part.read[name], shapes.get(name)]
      if (said === undefined || read === undefined || shape === undefined || said.digest !== read.digest) {
        throw refused(`table "${name}" of the backup is not what its digest says: it was changed`)
      }
      await assertArrived(store, shape, said)
      await store.assignAfter(shape, last)
      rows += said.rows
    }
  }
  const report = await checkChain(store.aggregates, header.cluster)
  assertChain(report, { accept: accept.brokenChain })
  if (masterKey !== undefined) {
    if (!(await checkKey(store.aggregates, masterKey.key))) {
      throw refused(
        'nothing in the backup is sealed with a master key: keys and secrets were taken out of it',
      )
    }
    assertOrigin(origin, accept)
  }
  const isProven = origin === 'good' && masterKey?.isNew === false
  return { rows, tables: store.tables.length, events: report.eventsChecked, isProven }
}

type JudgeOrigin = Extract<BackupPart, { end: unknown }>['judgeOrigin']

/** @throws GatewayError `BACKUP_REFUSED` for a code that is wrong, or that is missing where that is not accepted. */
function assertOrigin(origin: ReturnType<JudgeOrigin>, accept: Accepted): void {
  if (origin === 'wrong') {
    throw refused(
      'the backup was not made with this master key, or was changed since: its code of origin is wrong',
    )
  }
  if (origin === 'missing' && !accept.unprovenOrigin) {
    throw refused(
      'the backup has no code of origin: it was made by an early version, or by somebody without the master key; ' +
        'where you know where the file has been, add --accept-unproven-origin',
    )
  }
}

function describeOrigin({ isProven }: Loaded, masterKey: ChosenKey | undefined): string {
  if (isProven) return '  Its origin is proven: it was made with the master key of this machine.'
  const why =
    masterKey === undefined
      ? 'there is no master key here to check it with (GATEHOUSE_MASTER_KEY_FILE)'
      : masterKey.isNew
        ? 'the master key that came in it proves nothing by itself'
        : 'it has no code of origin'
  return `  ITS ORIGIN IS NOT PROVEN: ${why}. Whoever knows the recipient may have made it.`
}

interface ChosenKey {
  readonly key: KeyObject
  /** It came with the backup, and this machine has none. */
  readonly isNew: boolean
}

/**
 * The key of this machine, or the one in the backup where it has none.
 * @throws GatewayError `MASTER_KEY_MISSING` where there is neither.
 */
async function chooseMasterKey(operator: OperatorConfig, inBackup: string | undefined): Promise<ChosenKey> {
  try {
    const { key } = await readMasterKey(operator)
    return { key, isNew: false }
  } catch (error) {
    if (!isCode(error, 'MASTER_KEY_MISSING') || inBackup === undefined) throw error
    if (!isMasterKeyText(inBackup)) throw refused('the master key in the backup has another form than one')
    return { key: createSecretKey(Buffer.from(inBackup.trim(), 'base64url')), isNew: true }
  }
}

/** As for a restore; a test of a backup goes on without one. No configuration has to be there. */
async function findMasterKey(
  host: OfflineHost,
  options: RestoreOptions,
  inBackup: string | undefined,
): Promise<ChosenKey | undefined> {
  const env = {
    ...host.env,
    GATEHOUSE_PUBLIC_URL: host.env['GATEHOUSE_PUBLIC_URL'] ?? 'http://localhost:3080',
  }
  try {
    return await chooseMasterKey(readConfig({ ...host, env }, options), inBackup)
  } catch (error) {
    if (isCode(error, 'MASTER_KEY_MISSING')) return undefined
    throw error
  }
}

async function writeMasterKey({ config: { masterKey } }: OperatorConfig, key: KeyObject): Promise<void> {
  if (masterKey.from !== 'file') return
  await mkdir(path.dirname(masterKey.file), { recursive: true, mode: 0o700 })
  await writeFile(masterKey.file, `${key.export().toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
}

/** They tell of events that the store has no more: with them in place no further head would be signed. */
async function moveHeadsAside(dataDir: string, now: Instant): Promise<string | undefined> {
  const stamp = formatInstant(now).replaceAll(/[:.]/g, '-')
  const aside = path.join(dataDir, `audit-heads.before-restore-${stamp}.jsonl`)
  try {
    await rename(path.join(dataDir, headFileName), aside)
    return aside
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function readKeys(host: OfflineHost, options: RestoreOptions): Promise<BackupKeys> {
  const { identityFile, passphraseFile } = options
  if (identityFile === undefined && passphraseFile === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      'say how to open the backup: --identity-file FILE (as age-keygen writes it), or --passphrase-file FILE',
    )
  }
  const passphrase =
    passphraseFile === undefined ? undefined : await readSecretFile(host, passphraseFile, 'passphrase')
  if (identityFile === undefined) return { passphrase }
  const text = await readSecretFile(host, identityFile, 'identity')
  const identities = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  return { identities, passphrase }
}
