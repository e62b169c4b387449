/**
 * @module `spec.roles` of whoever holds roles. People write and read account assignment roles by name; stored are the
 * ids of account and permission set (T25). Also says which of the roles do not exist.
 */
import { isPlainObject, resourceError } from '../../api/resource/parse.js'
import { suggest } from '../../core/nearest.js'
import type { Authority } from '../../service/authority.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { ResourceDocument } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { shownRoleNames, storedRoleNames } from '../../service/resources/role-refs.js'

/**
 * The document with the names to store.
 * @throws GatewayError `INVALID_RESOURCE` for names that no role can have, each with its place.
 */
export function storeHeldRoles(document: ResourceDocument, catalog: CatalogView): ResourceDocument {
  return mapRoles(document, (written) => {
    const { roles, problems } = storedRoleNames(written, catalog.inventory)
    if (problems.length === 0) return roles
    const placed = problems.map(({ index, message }) => ({ path: `spec.roles.${index}`, message }))
    throw resourceError(document.kind, document, placed)
  })
}

/** The document with the names to show. */
export function presentHeldRoles(document: ResourceDocument, catalog: CatalogView): ResourceDocument {
  return mapRoles(document, (stored) => shownRoleNames(stored, catalog.inventory))
}

/**
 * A sentence for each role that does not exist: it gives nothing, until somebody makes a role of that name. The nearest
 * name is told to those alone who may list roles.
 */
export function warnOfMissingRoles(
  roles: readonly string[],
  catalog: CatalogView,
  authority: Authority,
): string[] {
  const { missing } = catalog.rolesOf({ roles })
  if (missing.length === 0) return []
  const mayList = mayOnResource(authority, { resource: 'role', verb: 'list' }).effect === 'allow'
  const known = mayList ? catalog.roles().map(({ value }) => value.name) : []
  return missing.map((name, index) => {
    const nearest = index < maxSuggested ? suggest(name, known) : ''
    return `There is no role "${name}"${nearest}; it gives nothing until there is one.`
  })
}

/** Each is compared with the names of all roles. */
const maxSuggested = 20

function mapRoles(
  document: ResourceDocument,
  map: (roles: readonly string[]) => readonly string[],
): ResourceDocument {
  const { spec } = document
  if (!isPlainObject(spec) || !Array.isArray(spec['roles'])) return document
  const roles = spec['roles'].filter((name) => typeof name === 'string')
  return { ...document, spec: { ...spec, roles: map(roles) } }
}
