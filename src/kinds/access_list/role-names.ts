/**
 * @module Names of roles in the document of an access list: in what it grants and in what it asks for. People write and
 * read account assignment roles by name; stored are the ids of account and permission set (T25).
 */
import { resourceError } from '../../api/resource/parse.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { ResourceDocument } from '../../service/resources/kind.js'
import { shownRoleNames, storedRoleNames } from '../../service/resources/role-refs.js'
import type { AccessListDocument } from './form.js'

const sections = ['membership_requires', 'ownership_requires', 'grants', 'owner_grants'] as const

/** @throws GatewayError `INVALID_RESOURCE` for names that no role can have, each with its place. */
export function storeRoleNames(document: ResourceDocument, catalog: CatalogView): ResourceDocument {
  const placed: { path: string; message: string }[] = []
  const stored = mapRoles(document, (written, section) => {
    const { roles, problems } = storedRoleNames(written, catalog.inventory)
    for (const { index, message } of problems)
      placed.push({ path: `spec.${section}.roles.${index}`, message })
    return roles
  })
  if (placed.length > 0) throw resourceError(document.kind, document, placed)
  return stored
}

export function showRoleNames(document: ResourceDocument, { inventory }: CatalogView): ResourceDocument {
  return mapRoles(document, (stored) => shownRoleNames(stored, inventory))
}

/** The document itself where no name is another: of thousands of them few have any. */
function mapRoles(
  document: ResourceDocument,
  map: (roles: readonly string[], section: (typeof sections)[number]) => readonly string[],
): ResourceDocument {
  const { spec } = document as AccessListDocument // the form of this kind made it
  let mapped: Record<string, unknown> | undefined
  for (const section of sections) {
    const of = spec[section]
    if (of?.roles === undefined) continue
    const roles = map(of.roles, section)
    if (roles.length === of.roles.length && roles.every((role, at) => role === of.roles?.[at])) continue
    mapped = { ...(mapped ?? spec), [section]: { ...of, roles } }
  }
  return mapped === undefined ? document : { ...document, spec: mapped }
}
