/**
 * @module The master key, under which every secret at rest is sealed: 32 random bytes, from the environment or a file.
 * It is made only at the first start of a single machine. Where other machines share the database, or anything is
 * sealed already, a missing key is an error and never a new key: a new one would make every sealed secret unreadable.
 * The key is held as a KeyObject, which shows nothing when it is printed or logged.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { link, mkdir, open, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GatewayError } from '../core/error.js'
import { isKeyFileOpen, isMasterKeyText, masterKeyForm } from '../core/master-key.js'
import type { Random } from '../lib/random.js'

export const masterKeyFileName = 'master.key'
const keyBytes = 32

export interface MasterKey {
  readonly key: KeyObject
  /** Where it came from; a path, or the environment. */
  readonly source: string
  /** Whether it was made just now. */
  readonly created: boolean
}

export interface MasterKeyOptions {
  readonly dataDir: string
  /** The file that was configured; `master.key` in the data folder where none was. */
  readonly file?: string | undefined
  /** The key itself, from the environment. */
  readonly value?: string | undefined
  readonly engine: 'sqlite' | 'postgres'
  /** Whether the store holds anything that was sealed; see {@link hasCanary} in `master-key-check.ts`. */
  readonly hasSealedRows: boolean
  readonly random: Random
}

/**
 * Loads the master key, or makes it where that is safe.
 * @throws GatewayError `MASTER_KEY_MISSING`, or `INVALID_CONFIG` for a key that is malformed, unreadable or open to
 * others.
 */
export async function loadMasterKey(options: MasterKeyOptions): Promise<MasterKey> {
  if (options.value !== undefined && options.file !== undefined) {
    throw new GatewayError(
      'INVALID_CONFIG',
      'the master key is given twice, as a value and as a file; keep one of the two',
    )
  }
  if (options.value !== undefined) {
    const source = 'the environment'
    return { key: parseKey(options.value, source), source, created: false }
  }
  const path = options.file ?? join(options.dataDir, masterKeyFileName)
  const found = await readKeyFile(path)
  if (found !== undefined) return { key: parseKey(found, path), source: path, created: false }
  assertMayBeMade(options, path)
  const created = await writeKeyFile(path, options.random)
  // Another process may have been quicker: what is in the file counts, not what was made here.
  const text = await readKeyFile(path)
  if (text === undefined) {
    throw new GatewayError('MASTER_KEY_MISSING', `the master key in ${path} vanished while it was being made`)
  }
  return { key: parseKey(text, path), source: path, created }
}

function assertMayBeMade({ engine, hasSealedRows }: MasterKeyOptions, path: string): void {
  const mend =
    'put the key back from its backup, or name its place with GATEHOUSE_MASTER_KEY_FILE; ' +
    'it is a line of 43 characters of base64url'
  if (hasSealedRows) {
    throw new GatewayError(
      'MASTER_KEY_MISSING',
      `there is no master key in ${path}, but the database holds secrets that were sealed with one; ${mend}`,
      { path },
    )
  }
  if (engine === 'postgres') {
    throw new GatewayError(
      'MASTER_KEY_MISSING',
      `there is no master key in ${path}; with PostgreSQL all replicas need the same one, so none is made here: ` +
        `make it once ("(umask 077; openssl rand -base64 32 | tr +/ -_ | tr -d = > master.key)") and give it to each, or ${mend}`,
      { path },
    )
  }
}

function parseKey(text: string, source: string): KeyObject {
  if (!isMasterKeyText(text)) {
    throw new GatewayError('INVALID_CONFIG', `the master key in ${source} is not ${masterKeyForm}`, {
      source,
    })
  }
  return createSecretKey(Buffer.from(text.trim(), 'base64url'))
}

async function readKeyFile(path: string): Promise<string | undefined> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    const problem = `the master key file ${path} cannot be read (${errnoOf(error)}); check its owner and its folder`
    throw new GatewayError('INVALID_CONFIG', problem, { path }, { cause: error })
  }
  try {
    // Asked of the open file, so that nobody can exchange it between the question and the reading.
    const { mode, size, uid } = await file.stat()
    if (isKeyFileOpen({ mode, owner: uid, reader: process.geteuid?.() })) {
      throw new GatewayError(
        'INVALID_CONFIG',
        `the master key file ${path} is open to other users (mode ${(mode & 0o777).toString(8)}); ` +
          `run: chmod 600 ${path}`,
        { path },
      )
    }
    if (size > 1024) {
      throw new GatewayError(
        'INVALID_CONFIG',
        `the master key file ${path} has ${size} bytes: that is no master key`,
      )
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Answers whether this process made the file. The name appears only once the content is on the disk. */
async function writeKeyFile(path: string, random: Random): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${random.uuid()}.new`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${random.bytes(keyBytes).toString('base64url')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path) // unlike rename, fails where the name is taken
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  } finally {
    await unlink(draft)
    await syncFolder(dirname(path))
  }
}

/** Makes the name itself durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

function isErrno(error: unknown, code: string): boolean {
  return errnoOf(error) === code
}
