/**
 * @module What happens to access lists that nobody reviews in time, as the form of the cluster preference shows it, and
 * edits of its YAML that change nothing but that.
 */
import { editDocument, readDocument, valueAt, type Path } from './edit-document.js'

export interface OverdueFieldValues {
  /** As they are written; empty where the default holds. */
  readonly then: string
  readonly after: string
}

const section = ['spec', 'access_list_reviews', 'when_overdue'] as const
const paths = {
  then: [...section, 'then'],
  after: [...section, 'after'],
} as const satisfies Record<string, Path>

/** Whatever has another form counts as absent; the YAML shows it. */
export function readOverdue(text: string): { fields: OverdueFieldValues } | { problem: string } {
  const read = readDocument(text)
  if ('problem' in read) return read
  const word = (path: Path): string => {
    const value = valueAt(read.document, path)
    return typeof value === 'string' ? value : ''
  }
  return { fields: { then: word(paths.then), after: word(paths.after) } }
}

export function editOverdue(text: string, field: keyof OverdueFieldValues, value: string): string {
  // Without a step there is nothing that could begin later.
  if (field === 'then' && (value === '' || value === 'remind')) {
    const without = editDocument(text, section, undefined)
    return value === '' ? without : editDocument(without, paths.then, value)
  }
  return editDocument(text, paths[field], value === '' ? undefined : value)
}
