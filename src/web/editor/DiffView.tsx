/** @module What a change does to a document: lines with a sign before them, never a colour alone. */
import { readUnifiedDiff, type DiffRow } from './diff.js'

const signs: Readonly<Record<DiffRow['kind'], string>> = { added: '+', removed: '−', same: ' ', gap: '⋮' }
const words: Readonly<Partial<Record<DiffRow['kind'], string>>> = { added: 'added', removed: 'removed' }

export function DiffView({ diff, label }: { diff: string; label: string }) {
  const rows = readUnifiedDiff(diff)
  if (rows.length === 0) return null
  return (
    <div className="gh-diff" tabIndex={0} role="region" aria-label={label}>
      {rows.map(({ kind, text }, at) => (
        <div key={at} className="gh-diff-line" data-kind={kind}>
          <span aria-hidden="true">{signs[kind]}</span>
          <code>
            {words[kind] ? <span className="gh-hidden">{words[kind]}: </span> : null}
            {text}
          </code>
        </div>
      ))}
    </div>
  )
}
