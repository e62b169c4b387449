/**
 * @module Keeps names of users apart for the eye: no new user whose name differs from that of another one by case or
 * compatible characters alone. Both would be right in every list, and one of them would be taken for the other.
 */
import { GatewayError } from '../../core/error.js'
import type { CatalogView } from '../resources/catalog-view.js'

/**
 * Asked in the transaction of the new user with what that sees, so that two alike cannot be made at once.
 * @throws GatewayError `ALREADY_EXISTS` where another user has a name that looks like it.
 */
export function assertNoLookAlike(catalog: CatalogView, name: string): void {
  const other = catalog.lookAlike(name)
  if (other === undefined || other === name) return
  throw new GatewayError(
    'ALREADY_EXISTS',
    `the name "${name}" looks like that of the user "${other}": they differ in case or in the form of ` +
      'letters alone; use that user, or choose another name',
    { kind: 'user', name, other },
  )
}
