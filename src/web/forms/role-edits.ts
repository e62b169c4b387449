/**
 * @module Edits of a role's YAML by the fields of its form: each function gives the new text, in which nothing but
 * that field differs.
 */
import { editDocument } from './edit-document.js'
import type { AssignmentRow, LabelRow, RuleRow } from './role-fields.js'

export type Side = 'allow' | 'deny'

export const roleEdits = {
  name: (text: string, name: string) => editDocument(text, ['metadata', 'name'], name),
  description: (text: string, description: string) =>
    editDocument(text, ['metadata', 'description'], description === '' ? undefined : description),
  version: (text: string, version: string) => editDocument(text, ['version'], version),
  option: (text: string, name: string, value: string) =>
    editDocument(text, ['spec', 'options', name], value === '' ? undefined : value),
  samlEnabled: (text: string, enabled: boolean | undefined) =>
    editDocument(text, ['spec', 'options', 'idp', 'saml', 'enabled'], enabled),
  labels: (text: string, side: Side, rows: readonly LabelRow[]) => {
    const named = rows.filter(({ key, values }) => key !== '' && values.length > 0)
    const map = Object.fromEntries(named.map(({ key, values }) => [key, oneOrMany(values)]))
    return editDocument(text, ['spec', side, 'app_labels'], named.length > 0 ? map : undefined)
  },
  labelsExpression: (text: string, side: Side, expression: string) =>
    editDocument(text, ['spec', side, 'app_labels_expression'], expression === '' ? undefined : expression),
  assignment: (text: string, side: Side, at: number, row: AssignmentRow) => {
    const path = ['spec', side, 'account_assignments', at]
    const once = editDocument(text, [...path, 'account'], row.account)
    return editDocument(once, [...path, 'permission_set'], row.permissionSet)
  },
  removeAssignment: (text: string, side: Side, at: number) =>
    editDocument(text, ['spec', side, 'account_assignments', at], undefined),
  rule: (text: string, side: Side, at: number, row: RuleRow) => {
    const path = ['spec', side, 'rules', at]
    const resources = editDocument(text, [...path, 'resources'], [...row.resources])
    const verbs = editDocument(resources, [...path, 'verbs'], [...row.verbs])
    return editDocument(verbs, [...path, 'where'], row.where === '' ? undefined : row.where)
  },
  removeRule: (text: string, side: Side, at: number) =>
    editDocument(text, ['spec', side, 'rules', at], undefined),
} as const

function oneOrMany(values: readonly string[]): string | string[] {
  const [first = ''] = values
  return values.length === 1 ? first : [...values]
}
