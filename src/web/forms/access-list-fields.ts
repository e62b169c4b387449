/** @module An access list as its form shows it, and edits of its YAML that change nothing but that field. */
import type { Document } from 'yaml'
import { editDocument, readDocument, valueAt, type Path } from './edit-document.js'
import type { LabelRow } from './role-fields.js'

export interface OwnerField {
  readonly kind: 'user' | 'list'
  readonly name: string
}

/** Roles and traits: what somebody gets, or needs. */
export interface HoldingFields {
  readonly roles: readonly string[]
  readonly traits: readonly LabelRow[]
}

export interface AccessListFields {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly type: string
  readonly owners: readonly OwnerField[]
  readonly holdings: Readonly<Record<Holding, HoldingFields>>
  /** As they are written; empty where the default holds. */
  readonly review: Readonly<Record<ReviewField, string>>
  /** The plugin that imported it. */
  readonly plugin: string | undefined
}

const textPaths = {
  name: ['metadata', 'name'],
  title: ['spec', 'title'],
  description: ['spec', 'description'],
  type: ['spec', 'type'],
} as const satisfies Record<string, Path>
type TextField = keyof typeof textPaths

const holdingPaths = {
  memberGrants: ['spec', 'grants'],
  memberNeeds: ['spec', 'membership_requires'],
  ownerGrants: ['spec', 'owner_grants'],
  ownerNeeds: ['spec', 'ownership_requires'],
} as const satisfies Record<string, Path>
export type Holding = keyof typeof holdingPaths

const reviewPaths = {
  frequency: ['spec', 'audit', 'recurrence', 'frequency'],
  day: ['spec', 'audit', 'recurrence', 'day_of_month'],
  nextDate: ['spec', 'audit', 'next_audit_date'],
  notice: ['spec', 'audit', 'notifications', 'start'],
  overdueThen: ['spec', 'audit', 'when_overdue', 'then'],
  overdueAfter: ['spec', 'audit', 'when_overdue', 'after'],
} as const satisfies Record<string, Path>
export type ReviewField = keyof typeof reviewPaths

const ownersPath = ['spec', 'owners'] as const
const pluginPath = ['spec', 'origin', 'plugin'] as const

/** A new list says nothing but who answers for it: whoever makes it, until they name others. */
export function emptyAccessList(owner: string | undefined): string {
  const owners = owner === undefined ? ' []' : `\n    - name: ${JSON.stringify(owner)}`
  return `kind: access_list\nversion: v1\nmetadata:\n  name: ""\nspec:\n  title: ""\n  owners:${owners}\n  grants:\n    roles: []\n`
}

/** Whatever has another form counts as absent; the YAML shows it. */
export function readAccessListFields(text: string): { fields: AccessListFields } | { problem: string } {
  const read = readDocument(text)
  if ('problem' in read) return read
  const { document } = read
  const word = (path: Path) => {
    const value = valueAt(document, path)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  return {
    fields: {
      name: word(textPaths.name),
      title: word(textPaths.title),
      description: word(textPaths.description),
      type: word(textPaths.type),
      owners: listOf(valueAt(document, ownersPath)).flatMap((owner) => ownerOf(owner) ?? []),
      holdings: {
        memberGrants: holdingOf(document, 'memberGrants'),
        memberNeeds: holdingOf(document, 'memberNeeds'),
        ownerGrants: holdingOf(document, 'ownerGrants'),
        ownerNeeds: holdingOf(document, 'ownerNeeds'),
      },
      review: {
        frequency: word(reviewPaths.frequency),
        day: word(reviewPaths.day),
        nextDate: word(reviewPaths.nextDate).slice(0, 10),
        notice: word(reviewPaths.notice),
        overdueThen: word(reviewPaths.overdueThen),
        overdueAfter: word(reviewPaths.overdueAfter),
      },
      plugin: word(pluginPath) || undefined,
    },
  }
}

function holdingOf(document: Document, holding: Holding): HoldingFields {
  const path = holdingPaths[holding]
  const traits = valueAt(document, [...path, 'traits'])
  return {
    roles: listOf(valueAt(document, [...path, 'roles'])).filter((role) => typeof role === 'string'),
    traits:
      typeof traits === 'object' && traits !== null && !Array.isArray(traits)
        ? Object.entries(traits).map(([key, values]: [string, unknown]) => ({ key, values: textsOf(values) }))
        : [],
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
}

/** An owner is written as a name, or as an object with one. */
function ownerOf(owner: unknown): OwnerField | undefined {
  if (typeof owner === 'string') return { kind: 'user', name: owner }
  if (typeof owner !== 'object' || owner === null || !('name' in owner)) return undefined
  if (typeof owner.name !== 'string') return undefined
  const kind = 'membership_kind' in owner ? String(owner.membership_kind) : ''
  return { kind: /^(?:2|(?:MEMBERSHIP_KIND_)?list)$/i.test(kind) ? 'list' : 'user', name: owner.name }
}

function same(a: OwnerField, b: OwnerField | undefined): boolean {
  return a.kind === b?.kind && a.name === b.name
}

export const accessListEdits = {
  text: (text: string, field: TextField, value: string) =>
    editDocument(text, textPaths[field], value === '' ? undefined : value),
  addOwner: (text: string, { kind, name }: OwnerField) =>
    changeOwners(text, (owners) => [
      ...owners,
      kind === 'list' ? { name, membership_kind: 'list' } : { name },
    ]),
  removeOwner: (text: string, owner: OwnerField) =>
    changeOwners(text, (owners) => owners.filter((one) => !same(owner, ownerOf(one)))),
  roles: (text: string, holding: Holding, roles: readonly string[]) =>
    editDocument(text, [...holdingPaths[holding], 'roles'], roles.length > 0 ? [...roles] : undefined),
  traits: (text: string, holding: Holding, rows: readonly LabelRow[]) => {
    const traits = Object.fromEntries(rows.map(({ key, values }) => [key, [...values]]))
    return editDocument(text, [...holdingPaths[holding], 'traits'], rows.length > 0 ? traits : undefined)
  },
  review: (text: string, field: ReviewField, value: string) => {
    // Without what happens there is nothing that could happen later.
    if (field === 'overdueThen' && value === '')
      return editDocument(text, ['spec', 'audit', 'when_overdue'], undefined)
    const isNumber = (field === 'frequency' || field === 'day') && /^\d+$/.test(value)
    return editDocument(text, reviewPaths[field], value === '' ? undefined : isNumber ? Number(value) : value)
  },
} as const

/** What stands beside the names of others stays as it was written. */
function changeOwners(text: string, change: (owners: readonly unknown[]) => readonly unknown[]): string {
  const read = readDocument(text)
  if ('problem' in read) return text
  return editDocument(text, ownersPath, change(listOf(valueAt(read.document, ownersPath))))
}
