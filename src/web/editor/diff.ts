/** @module Two texts line by line: beside each other for a conflict, and the server's unified diff as rows. */
import { diffLines } from 'diff'

export interface SideRow {
  /** Undefined where the other side has a line and this one has none. */
  readonly left: string | undefined
  readonly right: string | undefined
  readonly same: boolean
}

/** Rows of two texts side by side; lines that were changed stand on one row as far as they go. */
export function sideBySide(left: string, right: string): SideRow[] {
  const rows: SideRow[] = []
  let removed: string[] = []
  const flush = (added: readonly string[]): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      rows.push({ left: removed[at], right: added[at], same: false })
    removed = []
  }
  for (const part of diffLines(left, right)) {
    const lines = part.value.replace(/\n$/, '').split('\n')
    if (part.removed) removed = lines
    else if (part.added) flush(lines)
    else {
      flush([])
      rows.push(...lines.map((line) => ({ left: line, right: line, same: true })))
    }
  }
  flush([])
  return rows
}

export interface DiffRow {
  readonly kind: 'added' | 'removed' | 'same' | 'gap'
  readonly text: string
}

/** Rows of a unified diff; file names are left out, and a gap stands between places. */
export function readUnifiedDiff(diff: string): DiffRow[] {
  const rows: DiffRow[] = []
  let within = false
  for (const line of diff.split('\n')) {
    if (line.startsWith('@@')) {
      if (within) rows.push({ kind: 'gap', text: '' })
      within = true
    } else if (!within || line.startsWith('\\') || line === '') continue
    else if (line.startsWith('+')) rows.push({ kind: 'added', text: line.slice(1) })
    else if (line.startsWith('-')) rows.push({ kind: 'removed', text: line.slice(1) })
    else rows.push({ kind: 'same', text: line.slice(1) })
  }
  return rows
}
