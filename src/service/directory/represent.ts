/**
 * @module A user or a group as a directory sees it: what it sent, with what the gateway knows better: the name, whether a
 * lock of the directory is in force, who is in the list.
 */
import { createHash } from 'node:crypto'
import { directoryLockName } from '../../core/directory/names.js'
import { isObject, type ScimObject, type ScimType } from '../../core/scim/schema.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { DirectoryResource } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { resourceUrl } from './address.js'

export interface ScimView {
  readonly resource: ScimObject
  /** Of what is shown, apart from when it was written: a weak entity tag, with its quotes. */
  readonly version: string
}

/** Whether the lock by which the directory deactivates the user is not in force. */
export function isActive(catalog: CatalogView, id: string, now: Instant): boolean {
  return !directoryLocks(catalog, now).has(directoryLockName(id))
}

/** Names of the locks that are in force; those of directories are among them. */
export function directoryLocks(catalog: CatalogView, now: Instant): ReadonlySet<string> {
  const inForce = catalog
    .locks()
    .filter(({ expiresAt, target }) => target.kind === 'user' && (expiresAt === undefined || expiresAt > now))
  return new Set(inForce.map(({ name }) => name))
}

export function userView(
  { type, publicUrl }: { readonly type: ScimType; readonly publicUrl: string },
  row: DirectoryResource,
  active: boolean,
): ScimView {
  const { externalId, attributes, name } = row
  const said = { ...(externalId !== undefined && { externalId }), userName: name, ...attributes, active }
  return finish({ type, publicUrl }, row, said)
}

export interface ShownMember {
  readonly id: string
  readonly name: string
  readonly kind: 'user' | 'group'
}

/** Without members where they were not asked for: then there is no version either. */
export function groupView(
  { type, publicUrl }: { readonly type: ScimType; readonly publicUrl: string },
  row: DirectoryResource,
  { title, members }: { readonly title: string; readonly members: readonly ShownMember[] | undefined },
): ScimView {
  const { externalId, attributes } = row
  const shown = [...(members ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1))
  const said = {
    ...(externalId !== undefined && { externalId }),
    displayName: title,
    ...attributes,
    ...(shown.length > 0 && {
      members: shown.map(({ id, name, kind }) => ({
        value: id,
        $ref: resourceUrl(publicUrl, { kind, id }),
        display: name,
        type: kind === 'user' ? 'User' : 'Group',
      })),
    }),
  }
  return finish({ type, publicUrl }, row, said)
}

function finish(
  { type, publicUrl }: { readonly type: ScimType; readonly publicUrl: string },
  row: DirectoryResource,
  said: ScimObject,
): ScimView {
  const version = `W/"${createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22)}"`
  const extensions = type.extensions.filter(({ id }) => isObject(said[id])).map(({ id }) => id)
  return {
    version,
    resource: {
      schemas: [type.schema.id, ...extensions],
      id: row.id,
      ...said,
      meta: {
        resourceType: type.name,
        created: formatInstant(row.createdAt),
        lastModified: formatInstant(row.updatedAt),
        location: resourceUrl(publicUrl, row),
        version,
      },
    },
  }
}
