/** @module Which connectors a directory can belong to, who may look after it, and whether one is good for anything now. */
import { GatewayError } from '../../core/error.js'
import { findLocks } from '../../core/lock/lock.js'
import type { Right } from '../../core/role/right.js'
import type { Instant } from '../../core/time.js'
import type { DirectoryToken } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { assertMayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'
import type { DirectoryDeps } from './deps.js'

/** Why a token of this connector opens nothing now; undefined where it does. */
export function findTokenProblem(
  catalog: CatalogView,
  { connector, createdAt, expiresAt }: Pick<DirectoryToken, 'connector' | 'createdAt' | 'expiresAt'>,
  now: Instant,
): string | undefined {
  const since = createdAtOf(catalog, connector)
  if (since === undefined) return 'the connector is gone'
  // Whoever makes another connector of the name gets no token of the one before.
  if (createdAt < since) return 'the token is one of an earlier connector of the name'
  if (findLocks(catalog.locks(), { connector }, now).length > 0) return 'the connector is locked'
  return now >= expiresAt ? 'the token has expired' : undefined
}

/** When the connector was made; undefined where there is none that can be read. */
export function createdAtOf(catalog: CatalogView, name: string): Instant | undefined {
  const connector = catalog.connector(name)
  return connector && catalog.parsed(connector.kind).get(name)?.stored.createdAt
}

/** The right is one on the kind of the connector. @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export function assertMayOnConnector(
  { kinds }: Pick<DirectoryDeps, 'kinds'>,
  catalog: CatalogView,
  {
    authority,
    verb,
    connector: name,
  }: { readonly authority: Authority; readonly verb: 'read' | 'update'; readonly connector: string },
): Right {
  const connector = catalog.connector(name)
  const kind = connector && kinds.find(connector.kind)
  const parsed = connector && catalog.parsed(connector.kind).get(name)
  if (kind === undefined || parsed === undefined)
    throw new GatewayError('NOT_FOUND', `there is no connector named "${name.slice(0, 200)}"`)
  const document = shownDocument(kind, parsed, catalog)
  const right = { resource: kind.name, verb }
  assertMayOnResource(authority, right, name, document)
  return right
}
