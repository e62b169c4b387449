/**
 * @module Users or groups of a directory: filtered, sorted, by pages. A filter that names one is answered from an index;
 * others look at all of the directory.
 */
import { equalities, matchesFilter, parseFilter, type ScimFilter } from '../../core/scim/filter.js'
import { projectResource, sortResources, type Projection } from '../../core/scim/project.js'
import { findPlace, scimError, type ScimObject } from '../../core/scim/schema.js'
import type { DirectoryResource, StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { viewOf } from './get-resource.js'
import { readDirectoryIds } from './group-members.js'
import { recordRead, tellingFailure } from './told.js'

export interface ListQuery extends Projection {
  readonly filter: string | undefined
  readonly sortBy: string | undefined
  readonly sortOrder: 'ascending' | 'descending'
  /** From 1. */
  readonly startIndex: number
  readonly count: number
}

export interface ScimPage {
  readonly total: number
  readonly startIndex: number
  readonly resources: readonly ScimObject[]
}

/** @throws GatewayError `INVALID_SCIM` (invalidFilter, invalidPath). */
export async function listDirectoryResources(
  deps: DirectoryDeps,
  directory: Directory,
  kind: DirectoryResource['kind'],
  query: ListQuery,
  origin: RequestOrigin,
): Promise<ScimPage> {
  const type = kind === 'user' ? deps.scimServer.userType : deps.scimServer.groupType
  const asked = { event: 'scim.list', type: type.name } as const
  return await tellingFailure(deps, directory, asked, origin, async () => {
    const filter = query.filter === undefined ? undefined : parseFilter(type, query.filter)
    const order = query.sortBy === undefined ? undefined : findPlace(type, query.sortBy)
    if (query.sortBy !== undefined && order?.attribute === undefined)
      throw scimError('invalidPath', `sortBy: there is no attribute "${query.sortBy.slice(0, 100)}"`)
    await deps.catalog.read()
    const answer = await deps.store.transaction(async (tx) => {
      const catalog = await deps.catalog.readIn(tx)
      const rows = await findRows(tx, catalog, directory, { kind, filter })
      // Who is in thousands of groups is read only where it is asked for.
      const asks = kind === 'group' && needsMembers(query, filter)
      const ids = asks ? await readDirectoryIds(tx, directory) : undefined
      const found: ScimObject[] = []
      for (const row of rows) {
        const { resource } = await viewOf(deps, tx, catalog, { row, ids })
        if (filter === undefined || matchesFilter(filter, resource)) found.push(resource)
      }
      const sorted = order === undefined ? found : sortResources(found, order, query.sortOrder)
      const page = sorted.slice(query.startIndex - 1, query.startIndex - 1 + query.count)
      return {
        total: found.length,
        startIndex: query.startIndex,
        resources: page.map((one) =>
          withoutVersion(projectResource(type, one, query), asks || kind === 'user'),
        ),
      }
    })
    const fields = { count: answer.resources.length }
    await recordRead(deps, directory, { ...asked, fields }, origin)
    return answer
  })
}

/** The version is one of the whole, so there is none of a group without its members. */
function withoutVersion(resource: ScimObject, isWhole: boolean): ScimObject {
  if (isWhole) return resource
  const { version: _, ...meta } = resource['meta'] as ScimObject // each view has one
  return { ...resource, meta }
}

function needsMembers({ attributes, excluded }: Projection, filter: ScimFilter | undefined): boolean {
  const names = (list: readonly string[]) => list.some((one) => /(^|:)members(\.|$)/i.test(one))
  return asksFor(filter, 'members') || (attributes === undefined ? !names(excluded) : names(attributes))
}

function asksFor(filter: ScimFilter | undefined, name: string): boolean {
  switch (filter?.kind) {
    case undefined:
      return false
    case 'and':
    case 'or':
      return filter.parts.some((part) => asksFor(part, name))
    case 'not':
      return asksFor(filter.part, name)
    case 'some':
    case 'compare':
      return filter.place.attribute?.name === name
  }
}

async function findRows(
  tx: Pick<StoreTransaction, 'directories'>,
  catalog: CatalogView,
  { connector }: Directory,
  { kind, filter }: { readonly kind: DirectoryResource['kind']; readonly filter: ScimFilter | undefined },
): Promise<readonly DirectoryResource[]> {
  const { directories } = tx
  for (const { name, value } of filter === undefined ? [] : equalities(filter)) {
    if (typeof value !== 'string') continue
    if (name === 'id') {
      const row = value.length > 100 ? undefined : await directories.find(connector, kind, value)
      return row === undefined ? [] : [row]
    }
    if (name === 'externalId') return await directories.listByExternalId(connector, kind, value)
    if (name === 'userName' && kind === 'user') {
      // Names are compared without case, and no two of them differ by it alone.
      const userName = catalog.lookAlike(value)
      const row = userName === undefined ? undefined : await directories.findByName('user', userName)
      return row?.connector === connector ? [row] : []
    }
  }
  return await directories.list(connector, kind)
}
