/**
 * @module Audit records as lines of a file, mode 0600, on the disk before the position moves. A file that has reached its
 * size, or that belongs to an earlier period, is set aside under its name with the instant behind it, and the oldest ones
 * beyond `keep` are deleted. A line that a crash or a full disk cut off is removed before the next one: its batch comes
 * again.
 */
import { constants } from 'node:fs'
import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hour, type Instant } from '../../core/time.js'
import type { Clock } from '../../lib/clock.js'

export interface FileSinkOptions {
  readonly path: string
  readonly maxBytes: number
  /** No file spans a boundary of such periods, which are counted from midnight UTC. */
  readonly everyHours: number
  readonly keep: number
  readonly clock: Clock
}

const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW

/** Appends the lines and waits for the disk. @throws what the file system throws. */
export async function appendLines(options: FileSinkOptions, lines: readonly string[]): Promise<void> {
  const data = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8')
  await rotateWhenDue(options, data.length)
  const { path } = options
  await using file = await open(path, flags, 0o600)
  const { size } = await repairTail(file)
  try {
    await file.appendFile(data)
    await file.datasync()
  } catch (error) {
    await file.truncate(size).catch(() => undefined)
    throw error
  }
  if (size === 0) await syncFolder(dirname(path))
}

/** Takes away what stands behind the last newline. */
async function repairTail(file: FileHandle): Promise<{ readonly size: number }> {
  const { size } = await file.stat()
  const chunk = Buffer.alloc(64 * 1024)
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunk.length)
    await file.read(chunk, 0, end - start, start)
    const newline = chunk.subarray(0, end - start).lastIndexOf(0x0a)
    if (newline >= 0) {
      const whole = start + newline + 1
      if (whole < size) await file.truncate(whole)
      return { size: whole }
    }
    end = start
  }
  if (size > 0) await file.truncate(0)
  return { size: 0 }
}

async function rotateWhenDue(
  { path, maxBytes, everyHours, keep, clock }: FileSinkOptions,
  more: number,
): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (found === undefined || found.size === 0) return
  const period = (at: Instant) => Math.floor(at / (everyHours * hour))
  const now = clock.now()
  if (found.size + more <= maxBytes && period(found.mtimeMs) >= period(now)) return
  const taken = new Set(await readdir(dirname(path)))
  const stamp = new Date(now).toISOString().replace(/[-:.]/g, '')
  let aside = `${path}.${stamp}`
  for (let copy = 1; taken.has(basename(aside)); copy++) {
    aside = `${path}.${stamp}-${String(copy).padStart(4, '0')}`
  }
  await rename(path, aside)
  await syncFolder(dirname(path))
  for (const name of (await listRotated(path)).slice(0, -keep)) await rm(join(dirname(path), name))
}

/** Names of what was set aside, the oldest first. */
async function listRotated(path: string): Promise<string[]> {
  const prefix = `${basename(path)}.`
  const names = await readdir(dirname(path))
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{8}T\d{9}Z(-\d{4})?$/.test(name.slice(prefix.length)))
    .sort()
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r')
  await handle.sync()
}
