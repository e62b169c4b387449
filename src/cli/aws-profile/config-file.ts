/**
 * @module The AWS configuration file on disk: where it is, and how it is replaced at once, with its mode kept and what it
 * was beside it. Where it is a link, as in folders of dotfiles, the file behind it is replaced.
 */
import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { GatewayError } from '../../core/error.js'
import { systemRandom } from '../../lib/random.js'

export interface ConfigFile {
  /** As it is named. */
  readonly path: string
  /** The file behind links. */
  readonly target: string
  /** Empty where there is none. */
  readonly text: string
  /** Of a file that is there. */
  readonly mode: number | undefined
}

/** More than this was not written by hand, and by no tool either. */
const maxBytes = 4 * 1024 * 1024

/** As the AWS CLI finds it. */
export function configPath(env: NodeJS.ProcessEnv): string {
  const named = env.AWS_CONFIG_FILE ?? ''
  const home = env.HOME ?? homedir()
  if (named === '') return join(home, '.aws', 'config')
  return named.startsWith('~/') ? join(home, named.slice(2)) : resolve(named)
}

/** @throws GatewayError `INVALID_INPUT` for what is no file of text. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    const target = await realpath(path)
    const { mode, size } = await stat(target)
    if (size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`)
    const bytes = await readFile(target)
    // What is not UTF-8 could not be written back as it was.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { path, target, text, mode: mode & 0o777 }
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return { path, target: path, text: '', mode: undefined }
    throw new GatewayError('INVALID_INPUT', `cannot read ${path}: ${reasonOf(cause)}`, {}, { cause })
  }
}

/**
 * Replaces the file at once, and keeps what it was as `FILE.before-gatehouse`; answers where. A new one is its owner's.
 * @throws GatewayError `INVALID_INPUT` where it cannot be written, `CONFLICT` where it was changed since it was read.
 */
export async function replaceConfigFile(file: ConfigFile, text: string): Promise<string | undefined> {
  const { path, target, mode } = file
  if ((await readConfigFile(path)).text !== file.text) {
    throw new GatewayError('CONFLICT', `${path} was changed meanwhile; nothing was written, run it again`)
  }
  const backup = `${target}.before-gatehouse`
  const partial = `${target}.${systemRandom.uuid()}`
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    if (mode !== undefined) await replace(backup, file.text, 0o600)
    await replace(target, text, mode ?? 0o600)
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `cannot write ${path}: ${reasonOf(cause)}`, {}, { cause })
  }
  return mode === undefined ? undefined : backup

  async function replace(place: string, content: string, withMode: number): Promise<void> {
    try {
      await writeFile(partial, content, { mode: 0o600, flag: 'wx' })
      // Whatever the umask of this process is.
      await chmod(partial, withMode)
      await rename(partial, place)
    } finally {
      await rm(partial, { force: true })
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
