/** @module A snapshot of a store as a backup: lines of JSON, compressed, encrypted with age. A stream from end to end. */
import type { KeyObject } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { GatewayError } from '../core/error.js'
import type { Instant } from '../core/time.js'
import type { StoreSnapshot } from '../store/whole-store.js'
import { TableDigest, type TableTotals } from './digest.js'
import { backupFormat, backupVersion, type BackupHeader } from './header.js'
import { originCode } from './origin.js'

export interface BackupFacts {
  readonly gatehouse: string
  readonly cluster: string
  readonly madeAt: Instant
  readonly masterKey?: string | undefined
  /** Proves at the restore who made it; see `deriveBackupOriginKey` in the keys. */
  readonly originKey: KeyObject
}

/** Who can open it: the owners of these keys, or whoever knows the passphrase. */
export type BackupLock =
  | { readonly recipients: readonly string[] }
  /** `work`: base-2 logarithm of what a guess costs; 18 without. */
  | { readonly passphrase: string; readonly work?: number }

export interface WrittenTotals {
  readonly tables: Readonly<Record<string, TableTotals>>
  readonly rows: number
}

/**
 * The lock as the library takes it.
 * @throws GatewayError `INVALID_INPUT` for what is no recipient of age.
 */
export function createEncrypter(lock: BackupLock): Encrypter {
  const encrypter = new Encrypter()
  if ('passphrase' in lock) {
    encrypter.setPassphrase(lock.passphrase)
    if (lock.work !== undefined) encrypter.setScryptWorkFactor(lock.work)
    return encrypter
  }
  for (const recipient of lock.recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      throw new GatewayError(
        'INVALID_INPUT',
        `"${recipient.slice(0, 80)}" is no recipient of age; it begins with "age1" and "age-keygen" prints it beside the identity`,
        {},
        { cause },
      )
    }
  }
  return encrypter
}

/** The encrypted bytes; `onEnd` is called with what they hold before the last of them. */
export async function writeBackup(
  snapshot: StoreSnapshot,
  facts: BackupFacts,
  encrypter: Encrypter,
  onEnd: (totals: WrittenTotals) => void,
  onTable: (name: string, rows: number) => void = () => undefined,
): Promise<Readable> {
  const lines = Readable.from(backupLines(snapshot, facts, onEnd, onTable), { objectMode: false })
  const compressed = createGzip()
  lines.on('error', (error) => compressed.destroy(error))
  lines.pipe(compressed)
  const encrypted = await encrypter.encrypt(Readable.toWeb(compressed) as ReadableStream<Uint8Array>)
  return Readable.fromWeb(encrypted as Parameters<typeof Readable.fromWeb>[0])
}

async function* backupLines(
  snapshot: StoreSnapshot,
  { gatehouse, cluster, madeAt, masterKey, originKey }: BackupFacts,
  onEnd: (totals: WrittenTotals) => void,
  onTable: (name: string, rows: number) => void,
): AsyncGenerator<string> {
  const tables: BackupHeader['tables'] = []
  for (const table of snapshot.tables) {
    const last = await snapshot.lastAssigned(table)
    tables.push({ name: table.name, columns: [...table.columns], last })
  }
  const header: BackupHeader = {
    format: backupFormat,
    version: backupVersion,
    ...{ gatehouse, cluster, madeAt, engine: snapshot.engine },
    migrations: snapshot.migrations.map((one) => ({ ...one })),
    tables,
    ...(masterKey !== undefined && { masterKey }),
  }
  const headerLine = JSON.stringify(header)
  yield `${headerLine}\n`
  const end: Record<string, TableTotals> = {}
  let all = 0
  for (const table of snapshot.tables) {
    yield `${JSON.stringify({ table: table.name })}\n`
    const digest = new TableDigest()
    for await (const rows of snapshot.rows(table)) {
      let text = ''
      for (const row of rows) text += digest.add(row)
      yield text
    }
    const totals = digest.totals()
    end[table.name] = totals
    all += totals.rows
    onTable(table.name, totals.rows)
  }
  onEnd({ tables: end, rows: all })
  yield `${JSON.stringify({ end, origin: originCode(originKey, headerLine, tables, end) })}\n`
}
