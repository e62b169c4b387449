/** @module What whoever writes or deletes a connector is told. */
import type { Connector } from '../../core/connector/connector.js'
import type { Authority } from '../../service/authority.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import { warnOfMissingRoles } from './held-roles.js'

/** Roles that lines name and that do not exist; one with a part to fill in is not judged. */
export function warnOfMapping({ mappings }: Connector, catalog: CatalogView, authority: Authority): string[] {
  const named = mappings.flatMap(({ roles }) => roles).filter((role) => !role.includes('$'))
  const words = warnOfMissingRoles([...new Set(named)], catalog, authority)
  if (mappings.length > 0) return words
  return ['Maps no claims: everyone whom the upstream lets in has what access lists and administrators give.']
}

/** Users stay, for what they own and did; nobody signs them in. */
export function describeUsersLeft(name: string, catalog: CatalogView): string[] {
  const left = catalog
    .users()
    .filter(({ value: { origin } }) => origin.kind === 'connector' && origin.connector === name).length
  if (left === 0) return []
  const who = left === 1 ? 'One user' : `${left} users`
  return [
    `${who} of this connector cannot sign in any more; they and their sessions stay. Lock the connector to end the sessions: gatehouse locks add --connector ${name}`,
  ]
}
