/** @module How far an export has come, told from its own bytes while they arrive: its rows name their place in the chain. */
import type { ExportFormat } from './export.js'

export interface ExportProgress {
  /** Takes the next bytes, cut anywhere. */
  take(bytes: Uint8Array): void
  /** Events that came. */
  readonly events: number
  /** From 0 to 1, of the places between `first` and `last`. */
  readonly share: number
}

const keptOfRow = 60
const [newline, quote] = [10, 34]

export function createExportProgress(
  format: ExportFormat,
  { first, last }: { readonly first: number; readonly last: number },
): ExportProgress {
  const place = format === 'csv' ? /^(\d+),/ : /^\{"record":"event","sequence":(\d+)/
  let row = ''
  let inQuotes = false
  let events = 0
  let at = first - 1
  const endRow = (): void => {
    const sequence = place.exec(row)?.[1]
    row = ''
    if (sequence === undefined) return
    events += 1
    at = Math.max(at, Number(sequence))
  }
  return {
    take(bytes) {
      for (const byte of bytes) {
        // A cell of CSV may hold the end of a line within its quotes; JSON text never does.
        if (byte === quote && format === 'csv') inQuotes = !inQuotes
        if (byte === newline && !inQuotes) endRow()
        else if (row.length < keptOfRow) row += String.fromCharCode(byte)
      }
    },
    get events() {
      return events
    },
    get share() {
      return last < first ? 1 : Math.min(1, Math.max(0, (at - first + 1) / (last - first + 1)))
    },
  }
}
