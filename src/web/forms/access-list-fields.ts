/** @module An access list as its page shows it, and edits of its YAML that change nothing but that field. */
import { editDocument, readDocument, valueAt, type Path } from './edit-document.js'

export interface AccessListFields {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly owners: readonly string[]
  readonly roles: readonly string[]
  /** The plugin that imported it. */
  readonly plugin: string | undefined
}

const paths = {
  name: ['metadata', 'name'],
  title: ['spec', 'title'],
  description: ['spec', 'description'],
  owners: ['spec', 'owners'],
  roles: ['spec', 'grants', 'roles'],
  plugin: ['spec', 'origin', 'plugin'],
} as const satisfies Record<keyof AccessListFields, Path>

/** A new list says nothing but who answers for it: whoever makes it, until they name others. */
export function emptyAccessList(owner: string | undefined): string {
  const owners = owner === undefined ? ' []' : `\n    - name: ${JSON.stringify(owner)}`
  return `kind: access_list\nversion: v1\nmetadata:\n  name: ""\nspec:\n  title: ""\n  owners:${owners}\n  grants:\n    roles: []\n`
}

/** Whatever has another form counts as absent; the YAML shows it. */
export function readAccessListFields(text: string): { fields: AccessListFields } | { problem: string } {
  const read = readDocument(text)
  if ('problem' in read) return read
  const word = (field: keyof typeof paths) => {
    const value = valueAt(read.document, paths[field])
    return typeof value === 'string' ? value : ''
  }
  return {
    fields: {
      name: word('name'),
      title: word('title'),
      description: word('description'),
      owners: listOf(valueAt(read.document, paths.owners)).flatMap(nameOf),
      roles: listOf(valueAt(read.document, paths.roles)).filter((role) => typeof role === 'string'),
      plugin: word('plugin') || undefined,
    },
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** An owner is written as a name, or as an object with one. */
function nameOf(owner: unknown): string[] {
  if (typeof owner === 'string') return [owner]
  const held = typeof owner === 'object' && owner !== null && 'name' in owner ? owner.name : undefined
  return typeof held === 'string' ? [held] : []
}

export const accessListEdits = {
  text: (text: string, field: 'name' | 'title' | 'description', value: string) =>
    editDocument(text, paths[field], value === '' ? undefined : value),
  owners: (text: string, owners: readonly string[]) =>
    editDocument(
      text,
      paths.owners,
      owners.map((name) => ({ name })),
    ),
  roles: (text: string, roles: readonly string[]) => editDocument(text, paths.roles, roles),
} as const
