/** @module A service provider as the form shows it, and edits of its YAML that change nothing but that field. */
import { accessControlPrefix } from '../../core/saml/attributes.js'
import { editDocument, readDocument, valueAt, type Path } from './edit-document.js'

export interface MappingRow {
  readonly name: string
  readonly nameFormat: string
  readonly value: string
}

export interface ServiceProviderFields {
  readonly name: string
  readonly description: string
  readonly preset: string
  readonly entityDescriptor: string
  readonly entityId: string
  readonly acsUrl: string
  readonly labels: readonly TextPair[]
  readonly mapping: readonly MappingRow[]
  readonly relayState: string
}

export interface TextPair {
  readonly key: string
  readonly value: string
}

/** The formats that the form offers; the text may also say the full URN of one of them. */
export const nameFormats = ['unspecified', 'basic', 'uri'] as const

const textPaths = {
  name: ['metadata', 'name'],
  description: ['metadata', 'description'],
  preset: ['spec', 'preset'],
  entityDescriptor: ['spec', 'entity_descriptor'],
  entityId: ['spec', 'entity_id'],
  acsUrl: ['spec', 'acs_url'],
  relayState: ['spec', 'relay_state'],
} as const satisfies Partial<Record<keyof ServiceProviderFields, Path>>

export function readServiceProviderFields(
  text: string,
): { fields: ServiceProviderFields } | { problem: string } {
  const read = readDocument(text)
  if ('problem' in read) return read
  const texts: Record<string, string> = {}
  for (const [field, path] of Object.entries(textPaths)) {
    const value = valueAt(read.document, path) ?? ''
    if (typeof value === 'object') return { problem: `"${path.join('.')}" is no text; edit it as YAML.` }
    texts[field] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  const of = (field: keyof typeof textPaths) => texts[field] ?? ''
  const labels = readLabels(valueAt(read.document, ['metadata', 'labels']) ?? {})
  if (labels === undefined) return { problem: '"metadata.labels" holds no texts; edit it as YAML.' }
  const mapping = readMapping(valueAt(read.document, ['spec', 'attribute_mapping']) ?? [])
  if (mapping === undefined) return { problem: '"spec.attribute_mapping" is not a list; edit it as YAML.' }
  return {
    fields: {
      name: of('name'),
      description: of('description'),
      preset: of('preset'),
      entityDescriptor: of('entityDescriptor'),
      entityId: of('entityId'),
      acsUrl: of('acsUrl'),
      relayState: of('relayState'),
      labels,
      mapping,
    },
  }
}

function readLabels(value: unknown): TextPair[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value).map(([key, one]) => ({ key, value: one as unknown }))
  return entries.every(isTextPair) ? entries : undefined
}

function isTextPair(pair: { key: string; value: unknown }): pair is TextPair {
  return typeof pair.value === 'string'
}

function readMapping(value: unknown): MappingRow[] | undefined {
  if (!Array.isArray(value)) return undefined
  const rows = value.map((row: unknown) => (typeof row === 'object' && row !== null ? row : {}))
  return rows.map((row) => ({
    name: textOf(row, 'name'),
    nameFormat: textOf(row, 'name_format'),
    value: textOf(row, 'value'),
  }))
}

function textOf(row: object, key: string): string {
  const found: unknown = Object.entries(row).find(([name]) => name === key)?.[1]
  return typeof found === 'string' ? found : ''
}

export const serviceProviderEdits = {
  text: (text: string, field: keyof typeof textPaths, value: string) =>
    editDocument(text, textPaths[field], value === '' ? undefined : value),
  /** Metadata says entity ID and ACS itself: what is written beside it could only contradict it. */
  metadata: (text: string, xml: string) =>
    serviceProviderEdits.text(
      serviceProviderEdits.text(serviceProviderEdits.text(text, 'entityId', ''), 'acsUrl', ''),
      'entityDescriptor',
      xml,
    ),
  /** Entity ID and ACS take the place of metadata. */
  withoutMetadata: (text: string, said: { entityId: string; acsUrl: string }) => {
    const bare = serviceProviderEdits.text(text, 'entityDescriptor', '')
    const named = editDocument(bare, textPaths.entityId, said.entityId)
    return editDocument(named, textPaths.acsUrl, said.acsUrl)
  },
  labels: (text: string, pairs: readonly TextPair[]) =>
    editDocument(
      text,
      ['metadata', 'labels'],
      pairs.length > 0 ? Object.fromEntries(pairs.map(({ key, value }) => [key, value])) : undefined,
    ),
  mapping: (text: string, at: number, row: MappingRow) => {
    const path = ['spec', 'attribute_mapping', at] as const
    const named = editDocument(text, [...path, 'name'], row.name)
    const formatted = editDocument(
      named,
      [...path, 'name_format'],
      row.nameFormat === '' ? undefined : row.nameFormat,
    )
    return editDocument(formatted, [...path, 'value'], row.value)
  },
  removeMapping: (text: string, at: number) =>
    editDocument(text, ['spec', 'attribute_mapping', at], undefined),
} as const

/** A mapping to begin with: an attribute for access control where the other side is AWS. */
export function newMapping(preset: string): MappingRow {
  return preset === 'aws-identity-center'
    ? { name: `${accessControlPrefix}CostCenter`, nameFormat: 'uri', value: 'user.spec.traits.cost_center' }
    : { name: 'email', nameFormat: 'basic', value: 'user.metadata.name' }
}
