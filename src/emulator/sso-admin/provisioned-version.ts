/**
 * @module Whether accounts have the newest version of a permission set, as the filters of two lists ask.
 */
import type { ProvisionedSet } from '../state/permission-set.js'
import type { Tables } from '../state/tables.js'

export type ProvisioningStatus = 'LATEST_PERMISSION_SET_PROVISIONED' | 'LATEST_PERMISSION_SET_NOT_PROVISIONED'

/** The filter for a status; none where none is asked for. */
export function hasStatus(
  { permissionSets }: Tables,
  status: ProvisioningStatus | undefined,
): ((row: ProvisionedSet) => boolean) | undefined {
  if (status === undefined) return undefined
  const wanted = status === 'LATEST_PERMISSION_SET_PROVISIONED'
  return (row) => (permissionSets.get(row.permissionSetArn)?.version === row.version) === wanted
}
