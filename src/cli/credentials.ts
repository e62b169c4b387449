/**
 * @module What `gatehouse login` remembers: for each gateway its token, and which gateway is the current one. The file
 * is its owner's alone (0600 in a folder of 0700), and one that others could read is not used but told.
 */
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, platform } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { GatewayError } from '../core/error.js'
import { parseInstant, type Instant } from '../core/time.js'
import { systemRandom } from '../lib/random.js'

const entry = z.object({
  token: z.string().min(1),
  /** As the gateway names whoever the token stands for. */
  user: z.string(),
  kind: z.enum(['session', 'token']),
  /** RFC 3339; absent where the gateway does not say. */
  expiresAt: z.string().optional(),
})
export type Credential = z.infer<typeof entry>

const file = z.object({
  /** Origin of the gateway that commands talk to when nothing else is said. */
  current: z.string().optional(),
  /** By origin: a token goes to no other one. */
  gateways: z.record(z.string(), entry),
})
export type Credentials = z.infer<typeof file>

/** Where the file is; XDG Base Directory Specification: a relative folder is not valid. */
export function credentialsFile(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), 'credentials.json')
}

/** The folder of what this person's command line keeps. */
export function configFolder(env: NodeJS.ProcessEnv): string {
  const configured = env.XDG_CONFIG_HOME ?? ''
  const folder = isAbsolute(configured) ? configured : join(env.HOME ?? homedir(), '.config')
  return join(folder, 'gatehouse')
}

/** @throws GatewayError `INVALID_INPUT` for a file that others can read, or that is none of ours. */
export async function readCredentials(path: string): Promise<Credentials> {
  const text = await readPrivate(path)
  if (text === undefined) return { gateways: {} }
  const parsed = file.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new GatewayError('INVALID_INPUT', `${path} is damaged; delete it and run "gatehouse login" again`)
}

export async function writeCredentials(path: string, credentials: Credentials): Promise<void> {
  await writePrivate(path, credentials)
}

/** Writes JSON for its owner alone, all at once, so that a reader never sees half of it. */
export async function writePrivate(path: string, content: object): Promise<void> {
  const partial = `${path}.${systemRandom.uuid()}`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(partial, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new GatewayError('INVALID_INPUT', `cannot write ${path}: ${reason}`, {}, { cause })
  }
}

/** The same credentials with one more, which becomes the current one. */
export function withCredential(all: Credentials, origin: string, added: Credential): Credentials {
  return { current: origin, gateways: { ...all.gateways, [origin]: added } }
}

/** The same credentials without one; where it was current, the only one that is left is. */
export function withoutCredential(all: Credentials, origin: string): Credentials {
  const gateways = Object.fromEntries(Object.entries(all.gateways).filter(([key]) => key !== origin))
  const left = Object.keys(gateways)
  const current = all.current === origin ? (left.length === 1 ? left[0] : undefined) : all.current
  return { ...(current !== undefined && { current }), gateways }
}

/** Whether the gateway would refuse it for its age, as far as this machine's clock can tell. */
export function hasEnded({ expiresAt }: Credential, now: Instant): boolean {
  const end = expiresAt === undefined ? undefined : parseInstant(expiresAt)
  return end !== undefined && now >= end
}

/**
 * The text of a file that is its owner's alone; undefined where there is none.
 * @throws GatewayError `INVALID_INPUT` where others can read it.
 */
export async function readPrivate(path: string): Promise<string | undefined> {
  let handle
  try {
    handle = await open(path, 'r')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new GatewayError('INVALID_INPUT', `cannot read ${path}; check its permissions`, {}, { cause })
  }
  try {
    // Of the open file, so that what is judged is what is read. Windows keeps no such bits.
    const { mode } = await handle.stat()
    if (platform() !== 'win32' && (mode & 0o077) !== 0) {
      throw new GatewayError(
        'INVALID_INPUT',
        `${path} can be read or changed by others and is not used; run: chmod 600 ${path} — and sign in anew if somebody may have read it`,
      )
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller refuses it with its place
  }
}
