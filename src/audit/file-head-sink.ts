/** @module Keeps signed audit heads in a file beside the database, one JSON object a line, to be copied elsewhere. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { formatHeadLine, type HeadSink } from './head-sink.js'

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
  }
}
