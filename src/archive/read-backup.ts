/**
 * @module Opens a backup: decrypts, expands within bounds, and hands on its header and its rows as they come. What it is
 * given may be cut off, changed, made for somebody else or made to harm: each is refused by its own words, and the
 * caller commits nothing before the end was read and agreed.
 */
import type { KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decrypter } from 'age-encryption'
import { GatewayError } from '../core/error.js'
import type { Cell } from '../store/whole-store.js'
import { TableDigest, type TableTotals } from './digest.js'
import {
  backupFormat,
  backupVersion,
  endForm,
  headerForm,
  tableLineForm,
  type BackupEnd,
  type BackupHeader,
} from './header.js'
import { isSameCode, originCode } from './origin.js'

export interface BackupKeys {
  /** Lines that begin with `AGE-SECRET-KEY-`. */
  readonly identities?: readonly string[]
  readonly passphrase?: string | undefined
}

export interface BackupLimits {
  readonly lineBytes: number
  /** What the file may become when it is expanded: so much, and so many times its own size. */
  readonly expandedBytes: number
  readonly expandedTimes: number
}

const mebibyte = 1024 * 1024
/** Text of our tables compresses to a tenth; what becomes a hundred times its size is no backup. */
export const defaultLimits: BackupLimits = {
  lineBytes: 64 * mebibyte,
  expandedBytes: 256 * mebibyte,
  expandedTimes: 100,
}

const rowsAtOnce = 500

/** One part of a backup, in the order of the file. */
export type BackupPart =
  | { readonly table: string; readonly rows: readonly (readonly Cell[])[] }
  | {
      readonly end: BackupEnd
      readonly read: Readonly<Record<string, TableTotals>>
      /** What its code of origin shows to the owner of this key. */
      readonly judgeOrigin: (key: KeyObject) => 'good' | 'missing' | 'wrong'
    }

export interface OpenBackup extends AsyncDisposable {
  readonly header: BackupHeader
  /** Ends with the part that has the totals, or throws. May be read once. */
  readonly parts: AsyncIterable<BackupPart>
}

/** Says why a backup is refused. */
export function refused(message: string, cause?: unknown): GatewayError {
  return new GatewayError('BACKUP_REFUSED', message, {}, { cause })
}

/** @throws GatewayError `BACKUP_REFUSED`, `INVALID_INPUT` for a file that cannot be read or an identity that is none. */
export async function openBackup(
  file: string,
  keys: BackupKeys,
  limits: BackupLimits = defaultLimits,
): Promise<OpenBackup> {
  const size = await sizeOf(file)
  const source = createReadStream(file)
  const decrypted = await decrypt(source, keys, file)
  const expanded = createGunzip()
  const failed = (error: Error): void => void expanded.destroy(error)
  decrypted.on('error', failed)
  decrypted.pipe(expanded)
  const most = limits.expandedBytes + limits.expandedTimes * size
  const lines = linesOf(expanded, limits.lineBytes, most)
  const close = (): Promise<void> => {
    source.destroy()
    decrypted.destroy()
    expanded.destroy()
    return Promise.resolve()
  }
  try {
    const first = await lines.next()
    if (first.done === true) throw refused('the backup is empty')
    const header = parseHeader(first.value)
    return { header, parts: partsOf(header, first.value, lines), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `cannot read ${file}; name a backup`, {}, { cause })
  }
}

async function decrypt(source: Readable, keys: BackupKeys, file: string): Promise<Readable> {
  const decrypter = new Decrypter()
  for (const identity of keys.identities ?? []) {
    try {
      decrypter.addIdentity(identity)
    } catch (cause) {
      source.destroy()
      throw new GatewayError(
        'INVALID_INPUT',
        'the identity file holds a line that is no identity of age; each begins with "AGE-SECRET-KEY-"',
        {},
        { cause },
      )
    }
  }
  if (keys.passphrase !== undefined) decrypter.addPassphrase(keys.passphrase)
  try {
    const plain = await decrypter.decrypt(Readable.toWeb(source) as ReadableStream<Uint8Array>)
    return Readable.fromWeb(plain as Parameters<typeof Readable.fromWeb>[0])
  } catch (cause) {
    source.destroy()
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (/no identity matched/.test(reason)) {
      throw refused(
        `${file} cannot be opened: it was made for another identity or passphrase than the one that you gave`,
        cause,
      )
    }
    throw refused(
      `${file} is no backup of Gatehouse, or it was damaged: it does not begin as a file of age (${reason})`,
      cause,
    )
  }
}

async function* linesOf(source: Readable, mostOfLine: number, most: number): AsyncGenerator<string> {
  let pieces: Buffer[] = []
  let held = 0
  let all = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      all += chunk.length
      if (all > most) {
        throw refused(
          `the backup expands to more than ${most} bytes, which no backup of this size does: it was made to harm, or it is no backup`,
        )
      }
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...pieces, chunk.subarray(from, at)]).toString('utf8')
        pieces = []
        held = 0
        from = at + 1
      }
      if (from === chunk.length) continue
      pieces.push(chunk.subarray(from))
      held += chunk.length - from
      if (held > mostOfLine) throw refused(`the backup has a row of more than ${mostOfLine} bytes`)
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw refused(`the backup was cut off or changed: it cannot be read to its end (${reason})`, error)
  }
  if (held > 0) throw refused('the backup was cut off: its last line has no end')
}

function parseHeader(line: string): BackupHeader {
  const json = parseJson(line)
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined
  if (format !== backupFormat)
    throw refused('this is no backup of Gatehouse: its first line says something else')
  const version = 'version' in (json as object) ? (json as { version: unknown }).version : undefined
  if (version !== backupVersion) {
    throw refused(
      `the backup has form ${String(version)}, and this version of Gatehouse reads form ${backupVersion}: restore it with the version that made it, or a newer one`,
    )
  }
  const parsed = headerForm.safeParse(json)
  if (!parsed.success) throw refused('the header of the backup is not whole', parsed.error)
  return parsed.data
}

async function* partsOf(
  { tables }: BackupHeader,
  headerLine: string,
  lines: AsyncGenerator<string>,
): AsyncGenerator<BackupPart> {
  const read: Record<string, TableTotals> = {}
  let current: { name: string; width: number; digest: TableDigest } | undefined
  let rows: (readonly Cell[])[] = []
  let next = 0
  for await (const line of lines) {
    if (line.startsWith('[')) {
      if (current === undefined) throw refused('the backup has rows before the first table')
      const row = parseRow(line, current.width)
      current.digest.add(row)
      rows.push(row)
      if (rows.length < rowsAtOnce) continue
      yield { table: current.name, rows }
      rows = []
      continue
    }
    if (current !== undefined) {
      if (rows.length > 0) yield { table: current.name, rows }
      rows = []
      read[current.name] = current.digest.totals()
    }
    const json = parseJson(line)
    const begun = tableLineForm.safeParse(json)
    if (begun.success) {
      const table = tables[next]
      if (table?.name !== begun.data.table) {
        throw refused(`the backup has the table "${begun.data.table}" where its header says another one`)
      }
      next += 1
      current = { name: table.name, width: table.columns.length, digest: new TableDigest() }
      continue
    }
    const end = endForm.safeParse(json)
    if (!end.success) throw refused('the backup has a line that is no row, no table and no end')
    if (next < tables.length) throw refused('the backup ends before its last table')
    for await (const _ of lines) throw refused('the backup goes on after its end')
    const { end: totals, origin } = end.data
    const judgeOrigin = (key: KeyObject): 'good' | 'missing' | 'wrong' => {
      if (origin === undefined) return 'missing'
      return isSameCode(originCode(key, headerLine, tables, totals), origin) ? 'good' : 'wrong'
    }
    yield { end: totals, read, judgeOrigin }
    return
  }
  throw refused('the backup was cut off: its end is missing')
}

function parseRow(line: string, width: number): readonly Cell[] {
  const row = parseJson(line)
  if (!Array.isArray(row) || row.length !== width || !row.every(isCell)) {
    throw refused('the backup has a row that does not fit its table')
  }
  return row
}

function isCell(value: unknown): value is Cell {
  return value === null || typeof value === 'string' || Number.isSafeInteger(value)
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw refused('the backup has a line that is no JSON', cause)
  }
}
