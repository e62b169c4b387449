/**
 * @module `gatehouse backup`: one moment of the store into one encrypted file, beside a gateway that goes on working.
 * The file appears under its name when it is whole and on the disk.
 */
import { createWriteStream } from 'node:fs'
import { link, open, stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createEncrypter, writeBackup, type BackupLock, type WrittenTotals } from '../archive/write-backup.js'
import { GatewayError } from '../core/error.js'
import { deriveBackupOriginKey } from '../keys/backup-origin.js'
import { systemClock } from '../lib/clock.js'
import { systemRandom } from '../lib/random.js'
import { amendWhole, readWhole } from '../store/sql/whole.js'
import { checkKey } from './check-store.js'
import {
  appendEvent,
  nameOf,
  readConfig,
  readMasterKey,
  readSecretFile,
  type OfflineHost,
} from './surroundings.js'

export interface BackupOptions {
  readonly out?: string
  readonly recipient?: readonly string[]
  readonly passphraseFile?: string
  readonly withMasterKey?: true
  readonly config?: string
}

export async function backup(host: OfflineHost, options: BackupOptions): Promise<void> {
  // Not required of the command line: its subcommands would be asked for it, too.
  if (options.out === undefined) throw new GatewayError('INVALID_INPUT', 'say where to write it: --out FILE')
  const operator = readConfig(host, options)
  const { clusterName } = operator.config
  const lock = await readLock(host, options)
  const encrypter = createEncrypter(lock)
  const { key } = await readMasterKey(operator)
  const originKey = deriveBackupOriginKey(key)
  const masterKey = options.withMasterKey === true ? key.export().toString('base64url') : undefined
  const file = path.resolve(host.cwd, options.out)
  await assertFree(file)
  const draft = `${file}.${systemRandom.uuid()}.partial`
  const madeAt = systemClock.now()
  let totals: WrittenTotals = { tables: {}, rows: 0 }
  try {
    await readWhole({ url: operator.databaseUrl, alone: false }, async (snapshot) => {
      // With another key, or with nothing sealed, every restore would refuse it.
      if (!(await checkKey(snapshot.aggregates, key))) {
        throw new GatewayError(
          'CONFLICT',
          'nothing in this database was sealed with a master key, so no gateway has worked on it; start one first',
        )
      }
      const facts = { gatehouse: host.version, cluster: clusterName, madeAt, masterKey, originKey }
      const stream = await writeBackup(
        snapshot,
        facts,
        encrypter,
        (written) => {
          totals = written
        },
        (table, rows) => rows > 10_000 && host.tell(`${table}: ${rows} rows`),
      )
      await pipeline(stream, createWriteStream(draft, { mode: 0o600, flags: 'wx' }))
    })
    await toDisk(draft)
    await publish(draft, file)
  } finally {
    await unlink(draft).catch(() => undefined)
  }
  const fields = {
    rows: totals.rows,
    tables: Object.keys(totals.tables).length,
    lock: 'passphrase' in lock ? 'passphrase' : 'recipients',
    recipients: 'recipients' in lock ? lock.recipients : undefined,
    with_master_key: masterKey !== undefined,
  }
  await amendWhole(operator.databaseUrl, async (tx) => {
    await appendEvent(tx, clusterName, { event: 'backup.create', fields })
  })
  const { size } = await stat(file)
  host.print(`Backed up ${nameOf(operator.databaseUrl)} of ${clusterName} into ${file}:`)
  host.print(`  ${totals.rows} rows of ${fields.tables} tables, ${size} bytes, encrypted with age.`)
  host.print(
    masterKey === undefined
      ? '  The master key is not in it: keep a copy of that apart, for nobody restores without it.'
      : '  The master key is in it: whoever opens this file has every secret of the gateway.',
  )
  host.print(`Test it: gatehouse backup verify ${file} --identity-file FILE`)
}

async function readLock(host: OfflineHost, options: BackupOptions): Promise<BackupLock> {
  const recipients = options.recipient ?? []
  if (recipients.length > 0 === (options.passphraseFile !== undefined)) {
    throw new GatewayError(
      'INVALID_INPUT',
      'say who may open the backup: --recipient age1... (once for each), or --passphrase-file FILE, one of the two',
    )
  }
  if (options.passphraseFile === undefined) return { recipients }
  const passphrase = await readSecretFile(host, options.passphraseFile, 'passphrase')
  if (passphrase.length < 16) {
    throw new GatewayError(
      'INVALID_INPUT',
      'the passphrase is shorter than 16 characters, and whoever has the file may guess as long as they like; take a longer one',
    )
  }
  return { passphrase, ...(host.passphraseWork !== undefined && { work: host.passphraseWork }) }
}

async function assertFree(file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  )
  if (isThere) throw alreadyThere(file)
}

function alreadyThere(file: string): GatewayError {
  return new GatewayError(
    'ALREADY_EXISTS',
    `${file} is there already and is not written over; name another file`,
  )
}

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Unlike rename, a link fails where the name was taken meanwhile. */
async function publish(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw alreadyThere(file)
    throw error
  }
}
