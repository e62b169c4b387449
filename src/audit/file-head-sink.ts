/** @module Keeps signed audit heads in a file beside the database, one JSON object a line, to be copied elsewhere. */
import { open, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { formatHeadLine, parseHeadLines, type HeadSink } from './head-sink.js'

export const headFileName = 'audit-heads.jsonl'

/** A sink that appends to `audit-heads.jsonl` in the data folder (mode 0600) and waits for the disk. */
export function createFileHeadSink(dataDir: string): HeadSink {
  const path = join(dataDir, headFileName)
  return {
    name: path,
    async write(head) {
      const file = await open(path, 'a', 0o600)
      try {
        await file.appendFile(`${formatHeadLine(head)}\n`, 'utf8')
        await file.datasync()
      } finally {
        await file.close()
      }
    },
    async readLast() {
      let text: string
      try {
        text = await readFile(path, 'utf8')
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
      // A crash may have cut off the line that was being written: it goes, so that the next one stands on its own.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      if (whole !== text) await truncate(path, Buffer.byteLength(whole))
      return parseHeadLines(whole, path).at(-1)
    },
  }
}
