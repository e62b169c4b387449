/** @module A user as the form shows it, and edits of its YAML that change nothing but that field. */
import { editDocument, readDocument, valueAt } from './edit-document.js'
import type { LabelRow } from './role-fields.js'

export interface UserFields {
  readonly name: string
  readonly roles: readonly string[]
  readonly traits: readonly LabelRow[]
}

export function readUserFields(text: string): { fields: UserFields } | { problem: string } {
  const read = readDocument(text)
  if ('problem' in read) return read
  const roles = valueAt(read.document, ['spec', 'roles']) ?? []
  const traits = valueAt(read.document, ['spec', 'traits']) ?? {}
  const name = valueAt(read.document, ['metadata', 'name']) ?? ''
  if (typeof name !== 'string') return { problem: '"metadata.name" is not a text; edit it as YAML.' }
  if (!isTexts(roles)) return { problem: '"spec.roles" is not a list of names; edit it as YAML.' }
  if (typeof traits !== 'object' || Array.isArray(traits))
    return { problem: '"spec.traits" is not a list of names with values; edit it as YAML.' }
  const rows: LabelRow[] = []
  for (const [key, values] of Object.entries(traits)) {
    const many: unknown = typeof values === 'string' ? [values] : (values ?? [])
    if (!isTexts(many)) return { problem: `"spec.traits.${key}" has no list of texts; edit it as YAML.` }
    rows.push({ key, values: many })
  }
  return { fields: { name, roles, traits: rows } }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

export const userEdits = {
  name: (text: string, name: string) => editDocument(text, ['metadata', 'name'], name),
  roles: (text: string, roles: readonly string[]) => editDocument(text, ['spec', 'roles'], [...roles]),
  traits: (text: string, rows: readonly LabelRow[]) => {
    const traits = Object.fromEntries(rows.map(({ key, values }) => [key, [...values]]))
    return editDocument(text, ['spec', 'traits'], rows.length > 0 ? traits : undefined)
  },
} as const
