/** @module Audit records as lines on the standard output, for whatever collects it. A slow reader makes it wait. */
import type { Writable } from 'node:stream'

export async function writeLines(
  output: Writable,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'))
    signal.addEventListener('abort', stop, { once: true })
    output.write(lines.map((line) => `${line}\n`).join(''), (error) => {
      signal.removeEventListener('abort', stop)
      if (error) reject(error)
      else resolve()
    })
  })
}
