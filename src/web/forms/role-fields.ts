/**
 * @module A role as the form shows it, read from the text of its YAML. What the form has no field for is listed, so
 * that nobody takes the form for the whole; it stays in the text untouched.
 */
import type { Document } from 'yaml'
import { readDocument, valueAt, type Path } from './edit-document.js'

export interface LabelRow {
  readonly key: string
  readonly values: readonly string[]
}
export interface AssignmentRow {
  readonly account: string
  readonly permissionSet: string
}
export interface RuleRow {
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly where: string
}
export interface ConditionFields {
  readonly labels: readonly LabelRow[]
  readonly labelsExpression: string
  readonly assignments: readonly AssignmentRow[]
  readonly rules: readonly RuleRow[]
}
export interface RoleFields {
  readonly name: string
  readonly description: string
  readonly version: string
  readonly allow: ConditionFields
  readonly deny: ConditionFields
  readonly options: {
    readonly maxSessionTtl: string
    readonly clientIdleTimeout: string
    readonly requireSessionMfa: string
    readonly deviceTrustMode: string
    /** Undefined where the role does not say. */
    readonly samlEnabled: boolean | undefined
  }
}
export type RoleReading =
  { readonly fields: RoleFields; readonly unshown: readonly string[] } | { readonly problem: string }

/** Fields that the form shows, by the section that they are in. */
const shown: readonly { readonly at: Path; readonly fields: readonly string[] }[] = [
  { at: [], fields: ['kind', 'version', 'metadata', 'spec'] },
  { at: ['metadata'], fields: ['name', 'description', 'revision'] },
  { at: ['spec'], fields: ['allow', 'deny', 'options'] },
  ...['allow', 'deny'].map((side) => ({
    at: ['spec', side],
    fields: ['app_labels', 'app_labels_expression', 'account_assignments', 'rules'],
  })),
  {
    at: ['spec', 'options'],
    fields: ['max_session_ttl', 'client_idle_timeout', 'require_session_mfa', 'device_trust_mode', 'idp'],
  },
]

export function readRoleFields(text: string): RoleReading {
  const read = readDocument(text)
  if ('problem' in read) return read
  try {
    return { fields: toFields(read.document), unshown: listUnshown(read.document) }
  } catch (error) {
    if (error instanceof UnexpectedShape) return { problem: error.message }
    throw error
  }
}

/** The text holds something else than the form can show, at a place that it shows. */
class UnexpectedShape extends Error {
  constructor(path: Path) {
    super(`"${path.join('.')}" is not what the form can show; edit it as YAML.`)
  }
}

function toFields(document: Document): RoleFields {
  const text = (...path: Path): string => asText(valueAt(document, path), path)
  const option = (name: string): string => text('spec', 'options', name)
  const saml = ['spec', 'options', 'idp', 'saml', 'enabled']
  const enabled = valueAt(document, saml)
  if (enabled !== undefined && enabled !== null && typeof enabled !== 'boolean')
    throw new UnexpectedShape(saml)
  return {
    name: text('metadata', 'name'),
    description: text('metadata', 'description'),
    version: text('version'),
    allow: readConditions(document, 'allow'),
    deny: readConditions(document, 'deny'),
    options: {
      maxSessionTtl: option('max_session_ttl'),
      clientIdleTimeout: option('client_idle_timeout'),
      requireSessionMfa: option('require_session_mfa'),
      deviceTrustMode: option('device_trust_mode'),
      samlEnabled: enabled ?? undefined,
    },
  }
}

function readConditions(document: Document, side: 'allow' | 'deny'): ConditionFields {
  const at = (field: string): Path => ['spec', side, field]
  const labels = asMap(valueAt(document, at('app_labels')), at('app_labels'))
  const assignments = asList(valueAt(document, at('account_assignments')), at('account_assignments'))
  const rules = asList(valueAt(document, at('rules')), at('rules'))
  return {
    labels: Object.entries(labels).map(([key, values]) => ({
      key,
      values: asTexts(values, [...at('app_labels'), key]),
    })),
    labelsExpression: asText(valueAt(document, at('app_labels_expression')), at('app_labels_expression')),
    assignments: assignments.map((entry, index) => {
      const path = [...at('account_assignments'), index]
      const { account, permission_set: permissionSet } = asMap(entry, path)
      return {
        account: asText(account, [...path, 'account']),
        permissionSet: asText(permissionSet, [...path, 'permission_set']),
      }
    }),
    rules: rules.map((entry, index) => {
      const path = [...at('rules'), index]
      const { resources, verbs, where } = asMap(entry, path)
      return {
        resources: asTexts(resources, [...path, 'resources']),
        verbs: asTexts(verbs, [...path, 'verbs']),
        where: asText(where, [...path, 'where']),
      }
    }),
  }
}

function listUnshown(document: Document): string[] {
  return shown.flatMap(({ at, fields }) => {
    const value: unknown = at.length === 0 ? document.toJS({ maxAliasCount: 0 }) : valueAt(document, at)
    const names = Object.keys(asMap(value, at))
    return names.filter((name) => !fields.includes(name)).map((name) => [...at, name].join('.'))
  })
}

function asMap(value: unknown, path: Path): Record<string, unknown> {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw new UnexpectedShape(path)
  return { ...value }
}

function asList(value: unknown, path: Path): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new UnexpectedShape(path)
  return value
}

/** A text, or what YAML made of one that was written without quotes. */
function asText(value: unknown, path: Path): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  throw new UnexpectedShape(path)
}

/** A list of texts, or a single one in its place. */
function asTexts(value: unknown, path: Path): string[] {
  if (Array.isArray(value)) return value.map((one) => asText(one, path))
  const text = asText(value, path)
  return text === '' ? [] : [text]
}
